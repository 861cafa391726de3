// What findings of JSON Schema checks are called and say.
//
// Threads:  immutable
// Source:   REST contract 5.3; json-schema-compat.md 10 and 11
// Tested by tests/unit/compat/finding_test.cpp
#pragma once

#include "compat/finding_table.hpp"

namespace symbolon::compat::json {

namespace description {
inline constexpr std::string_view not_present =
    "The keyword at path '%P' in the %1 schema is not present in the %2 schema";
inline constexpr std::string_view is_more =
    "The value at path '%P' in the %1 schema is more than its value in the %2 schema";
inline constexpr std::string_view is_less =
    "The value at path '%P' in the %1 schema is less than its value in the %2 schema";
inline constexpr std::string_view is_different =
    "The value at path '%P' is different between the %1 and %2 schema";
inline constexpr std::string_view has_fewer =
    "An array or combined type at path '%P' has fewer elements in the %1 schema than the %2 schema";
inline constexpr std::string_view has_more =
    "An array or combined type at path '%P' has more elements in the %1 schema than the %2 schema";
inline constexpr std::string_view other_type =
    "A type at path '%P' is different between the %1 schema and the %2 schema";
inline constexpr std::string_view open_addition =
    "The %1 schema has an open content model and has a property or item at path '%P' which is "
    "missing in the %2 schema";
inline constexpr std::string_view unopen_addition =
    "The %1 schema has an unopen content model and has a required property at path '%P' which is "
    "missing in the %2 schema";
inline constexpr std::string_view closed_removal =
    "The %1 has a closed content model and is missing a property or item present at path '%P' in "
    "the %2 schema";
inline constexpr std::string_view uncovered_removal =
    "A property or item is missing in the %1 schema but present at path '%P' in the %2 schema and "
    "is not covered by its partially open content model";
inline constexpr std::string_view uncovered_addition =
    "The %1 schema has a property or item at path '%P' which is missing in the %2 schema and is "
    "not covered by its partially open content model";
}  // namespace description

// In the order of FindingKind; the last nine are allowed under the policy LENIENT. %M is the name
// of the property or the number of the item that a finding is about.
inline constexpr std::array finding_rows{
    FindingRow{FindingKind::max_length_added, Frame::json, "MAX_LENGTH_ADDED",
               description::not_present, "Remove \"maxLength\" at %P.",
               "The %R schema has \"maxLength\" at %P; the %W schema has none there, and its data "
               "may be longer.",
               "Give the new schema at %Q the \"maxLength\" of the old schema, or a lower one."},
    FindingRow{FindingKind::max_length_decreased, Frame::json, "MAX_LENGTH_DECREASED",
               description::is_less,
               "Set \"maxLength\" at %P back to its old value or a higher one.",
               "\"maxLength\" is lower in the %R schema at %P than in the %W schema, whose data "
               "may be longer.",
               "Set \"maxLength\" at %Q back to its old value or a lower one."},
    FindingRow{FindingKind::min_length_added, Frame::json, "MIN_LENGTH_ADDED",
               description::not_present, "Remove \"minLength\" at %P.",
               "The %R schema has \"minLength\" at %P; the %W schema has none there, and its data "
               "may be shorter.",
               "Give the new schema at %Q the \"minLength\" of the old schema, or a higher one."},
    FindingRow{FindingKind::min_length_increased, Frame::json, "MIN_LENGTH_INCREASED",
               description::is_more,
               "Set \"minLength\" at %P back to its old value or a lower one.",
               "\"minLength\" is higher in the %R schema at %P than in the %W schema, whose data "
               "may be shorter.",
               "Set \"minLength\" at %Q back to its old value or a higher one."},
    FindingRow{FindingKind::pattern_added, Frame::json, "PATTERN_ADDED", description::not_present,
               "Remove \"pattern\" at %P.",
               "The %R schema has a \"pattern\" at %P; the %W schema has none there, and its data "
               "need not match it.",
               "Give the new schema at %Q the \"pattern\" of the old schema."},
    FindingRow{FindingKind::pattern_changed, Frame::json, "PATTERN_CHANGED",
               description::is_different,
               "Set \"pattern\" at %P back to its old text, or remove it.",
               "\"pattern\" at %P of the %R schema is not that of the %W schema, whose data need "
               "not match it.",
               "Set \"pattern\" at %Q back to its old text."},
    FindingRow{FindingKind::maximum_added, Frame::json, "MAXIMUM_ADDED", description::not_present,
               "Remove \"maximum\" at %P.",
               "The %R schema has \"maximum\" at %P; the %W schema has none there, and its data "
               "may be larger.",
               "Give the new schema at %Q the \"maximum\" of the old schema, or a lower one."},
    FindingRow{FindingKind::maximum_decreased, Frame::json, "MAXIMUM_DECREASED",
               description::is_less, "Set \"maximum\" at %P back to its old value or a higher one.",
               "\"maximum\" is lower in the %R schema at %P than in the %W schema, whose data may "
               "be larger.",
               "Set \"maximum\" at %Q back to its old value or a lower one."},
    FindingRow{FindingKind::minimum_added, Frame::json, "MINIMUM_ADDED", description::not_present,
               "Remove \"minimum\" at %P.",
               "The %R schema has \"minimum\" at %P; the %W schema has none there, and its data "
               "may be smaller.",
               "Give the new schema at %Q the \"minimum\" of the old schema, or a higher one."},
    FindingRow{FindingKind::minimum_increased, Frame::json, "MINIMUM_INCREASED",
               description::is_more, "Set \"minimum\" at %P back to its old value or a lower one.",
               "\"minimum\" is higher in the %R schema at %P than in the %W schema, whose data may "
               "be smaller.",
               "Set \"minimum\" at %Q back to its old value or a higher one."},
    FindingRow{
        FindingKind::exclusive_maximum_added, Frame::json, "EXCLUSIVE_MAXIMUM_ADDED",
        description::not_present, "Remove \"exclusiveMaximum\" at %P.",
        "The %R schema has \"exclusiveMaximum\" at %P; the %W schema has none there, and its data "
        "may be larger.",
        "Give the new schema at %Q the \"exclusiveMaximum\" of the old schema, or a lower one."},
    FindingRow{FindingKind::exclusive_maximum_decreased, Frame::json, "EXCLUSIVE_MAXIMUM_DECREASED",
               description::is_less,
               "Set \"exclusiveMaximum\" at %P back to its old value or a higher one.",
               "\"exclusiveMaximum\" is lower in the %R schema at %P than in the %W schema, whose "
               "data may be larger.",
               "Set \"exclusiveMaximum\" at %Q back to its old value or a lower one."},
    FindingRow{
        FindingKind::exclusive_minimum_added, Frame::json, "EXCLUSIVE_MINIMUM_ADDED",
        description::not_present, "Remove \"exclusiveMinimum\" at %P.",
        "The %R schema has \"exclusiveMinimum\" at %P; the %W schema has none there, and its data "
        "may be smaller.",
        "Give the new schema at %Q the \"exclusiveMinimum\" of the old schema, or a higher one."},
    FindingRow{FindingKind::exclusive_minimum_increased, Frame::json, "EXCLUSIVE_MINIMUM_INCREASED",
               description::is_more,
               "Set \"exclusiveMinimum\" at %P back to its old value or a lower one.",
               "\"exclusiveMinimum\" is higher in the %R schema at %P than in the %W schema, whose "
               "data may be smaller.",
               "Set \"exclusiveMinimum\" at %Q back to its old value or a higher one."},
    FindingRow{FindingKind::multiple_of_added, Frame::json, "MULTIPLE_OF_ADDED",
               description::not_present, "Remove \"multipleOf\" at %P.",
               "The %R schema has \"multipleOf\" at %P; the %W schema has none there, and its data "
               "may be other numbers.",
               "Give the new schema at %Q the \"multipleOf\" of the old schema."},
    FindingRow{FindingKind::multiple_of_expanded, Frame::json, "MULTIPLE_OF_EXPANDED",
               description::is_more,
               "Set \"multipleOf\" at %P back to its old value or a divisor of it.",
               "\"multipleOf\" at %P of the %R schema is a multiple of the one of the %W schema, "
               "whose data may lie between.",
               "Set \"multipleOf\" at %Q back to its old value or a multiple of it."},
    FindingRow{FindingKind::multiple_of_changed, Frame::json, "MULTIPLE_OF_CHANGED",
               description::is_different,
               "Set \"multipleOf\" at %P back to its old value or a divisor of it.",
               "\"multipleOf\" at %P of the %R schema is no divisor of the one of the %W schema, "
               "whose data may be other multiples.",
               "Set \"multipleOf\" at %Q back to its old value or a multiple of it."},
    FindingRow{
        FindingKind::type_narrowed, Frame::json, "TYPE_NARROWED", description::other_type,
        "Set \"type\" at %P back to \"number\".",
        "The %R schema takes only integers at %P, where data of the %W schema may have fractions.",
        "Set \"type\" at %Q back to \"integer\"."},
    FindingRow{
        FindingKind::type_changed, Frame::json, "TYPE_CHANGED", description::other_type,
        "Set the type at %P back to the old one, or list both types in \"type\".",
        "What the %R schema asks for at %P is of another kind than what the %W schema writes.",
        "Set the type at %Q back to the old one."},
    FindingRow{FindingKind::required_attribute_added, Frame::json, "REQUIRED_ATTRIBUTE_ADDED",
               description::not_present,
               "Take \"%M\" out of \"required\" at %P, or give that property a \"default\".",
               "The %R schema requires the property \"%M\" (%P), which data of the %W schema may "
               "leave out.",
               "Put \"%M\" back into \"required\" at %Q."},
    FindingRow{
        FindingKind::max_properties_added, Frame::json, "MAX_PROPERTIES_ADDED",
        description::not_present, "Remove \"maxProperties\" at %P.",
        "The %R schema has \"maxProperties\" at %P; the %W schema has none there, and its data may "
        "have more properties.",
        "Give the new schema at %Q the \"maxProperties\" of the old schema, or a lower one."},
    FindingRow{FindingKind::max_properties_decreased, Frame::json, "MAX_PROPERTIES_DECREASED",
               description::is_less,
               "Set \"maxProperties\" at %P back to its old value or a higher one.",
               "\"maxProperties\" is lower in the %R schema at %P than in the %W schema, whose "
               "data may have more properties.",
               "Set \"maxProperties\" at %Q back to its old value or a lower one."},
    FindingRow{
        FindingKind::min_properties_added, Frame::json, "MIN_PROPERTIES_ADDED",
        description::not_present, "Remove \"minProperties\" at %P.",
        "The %R schema has \"minProperties\" at %P; the %W schema has none there, and its data may "
        "have fewer properties.",
        "Give the new schema at %Q the \"minProperties\" of the old schema, or a higher one."},
    FindingRow{FindingKind::min_properties_increased, Frame::json, "MIN_PROPERTIES_INCREASED",
               description::is_more,
               "Set \"minProperties\" at %P back to its old value or a lower one.",
               "\"minProperties\" is higher in the %R schema at %P than in the %W schema, whose "
               "data may have fewer properties.",
               "Set \"minProperties\" at %Q back to its old value or a higher one."},
    FindingRow{FindingKind::dependency_array_added, Frame::json, "DEPENDENCY_ARRAY_ADDED",
               description::not_present, "Remove the dependency on \"%M\" at %P.",
               "The %R schema asks at %P for more properties where \"%M\" is present; the %W "
               "schema does not, and its data may lack them.",
               "Give the new schema at %Q the dependency on \"%M\" of the old schema."},
    FindingRow{FindingKind::dependency_array_extended, Frame::json, "DEPENDENCY_ARRAY_EXTENDED",
               description::has_more, "Take the added names out of the dependency on \"%M\" at %P.",
               "The %R schema asks at %P for more properties where \"%M\" is present than the %W "
               "schema, whose data may lack them.",
               "Put the missing names back into the dependency on \"%M\" at %Q."},
    FindingRow{FindingKind::dependency_array_changed, Frame::json, "DEPENDENCY_ARRAY_CHANGED",
               description::is_different,
               "Set the dependency on \"%M\" at %P back to its old names, or fewer of them.",
               "The %R schema asks at %P for other properties where \"%M\" is present than the %W "
               "schema, whose data may lack them.",
               "Put the missing names back into the dependency on \"%M\" at %Q."},
    FindingRow{FindingKind::dependency_schema_added, Frame::json, "DEPENDENCY_SCHEMA_ADDED",
               description::not_present, "Remove the dependency on \"%M\" at %P.",
               "The %R schema has a schema at %P for data in which \"%M\" is present; the %W "
               "schema has none, and its data need not keep to it.",
               "Give the new schema at %Q the dependency on \"%M\" of the old schema."},
    FindingRow{FindingKind::required_property_added_to_open_content_model, Frame::json,
               "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
               "Take \"%M\" out of \"required\" and declare it at %P as {}.",
               "The %R schema requires and declares the property \"%M\" at %P; data of the %W "
               "schema may lack it, or hold anything under that name.",
               "Put the property \"%M\" back, and into \"required\", at %Q."},
    FindingRow{FindingKind::required_property_added_to_unopen_content_model, Frame::json,
               "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", description::unopen_addition,
               "Take \"%M\" out of \"required\", or give it a \"default\" at %P.",
               "The %R schema requires the property \"%M\" at %P, which the %W schema does not "
               "declare, so that its data may lack it.",
               "Put the property \"%M\" back, and into \"required\", at %Q."},
    FindingRow{FindingKind::max_items_added, Frame::json, "MAX_ITEMS_ADDED",
               description::not_present, "Remove \"maxItems\" at %P.",
               "The %R schema has \"maxItems\" at %P; the %W schema has none there, and its data "
               "may have more items.",
               "Give the new schema at %Q the \"maxItems\" of the old schema, or a lower one."},
    FindingRow{FindingKind::max_items_decreased, Frame::json, "MAX_ITEMS_DECREASED",
               description::is_less,
               "Set \"maxItems\" at %P back to its old value or a higher one.",
               "\"maxItems\" is lower in the %R schema at %P than in the %W schema, whose data may "
               "have more items.",
               "Set \"maxItems\" at %Q back to its old value or a lower one."},
    FindingRow{FindingKind::min_items_added, Frame::json, "MIN_ITEMS_ADDED",
               description::not_present, "Remove \"minItems\" at %P.",
               "The %R schema has \"minItems\" at %P; the %W schema has none there, and its data "
               "may have fewer items.",
               "Give the new schema at %Q the \"minItems\" of the old schema, or a higher one."},
    FindingRow{FindingKind::min_items_increased, Frame::json, "MIN_ITEMS_INCREASED",
               description::is_more, "Set \"minItems\" at %P back to its old value or a lower one.",
               "\"minItems\" is higher in the %R schema at %P than in the %W schema, whose data "
               "may have fewer items.",
               "Set \"minItems\" at %Q back to its old value or a higher one."},
    FindingRow{FindingKind::max_contains_added, Frame::json, "MAX_CONTAINS_ADDED",
               description::not_present, "Remove \"maxContains\" at %P.",
               "The %R schema has \"maxContains\" at %P; the %W schema has none there, and its "
               "data may have more such items.",
               "Give the new schema at %Q the \"maxContains\" of the old schema, or a lower one."},
    FindingRow{FindingKind::max_contains_decreased, Frame::json, "MAX_CONTAINS_DECREASED",
               description::is_less,
               "Set \"maxContains\" at %P back to its old value or a higher one.",
               "\"maxContains\" is lower in the %R schema at %P than in the %W schema, whose data "
               "may have more such items.",
               "Set \"maxContains\" at %Q back to its old value or a lower one."},
    FindingRow{FindingKind::min_contains_added, Frame::json, "MIN_CONTAINS_ADDED",
               description::not_present, "Remove \"minContains\" at %P.",
               "The %R schema has \"minContains\" at %P; the %W schema has none there, and its "
               "data may have fewer such items.",
               "Give the new schema at %Q the \"minContains\" of the old schema, or a higher one."},
    FindingRow{FindingKind::min_contains_increased, Frame::json, "MIN_CONTAINS_INCREASED",
               description::is_more,
               "Set \"minContains\" at %P back to its old value or a lower one.",
               "\"minContains\" is higher in the %R schema at %P than in the %W schema, whose data "
               "may have fewer such items.",
               "Set \"minContains\" at %Q back to its old value or a higher one."},
    FindingRow{FindingKind::unique_items_added, Frame::json, "UNIQUE_ITEMS_ADDED",
               description::not_present, "Remove \"uniqueItems\" at %P.",
               "The %R schema has \"uniqueItems\" at %P; the %W schema has not, and its data may "
               "repeat items.",
               "Set \"uniqueItems\" at %Q to true again."},
    FindingRow{FindingKind::additional_items_removed, Frame::json, "ADDITIONAL_ITEMS_REMOVED",
               description::not_present, "Permit additional items at %P again.",
               "The %R schema permits no additional items at %P; the %W schema does, and its data "
               "may have some.",
               "Permit no additional items at %Q, as the old schema does."},
    FindingRow{FindingKind::additional_items_narrowed, Frame::json, "ADDITIONAL_ITEMS_NARROWED",
               description::has_fewer, "Remove the schema of additional items at %P.",
               "The %R schema has a schema for additional items at %P; data of the %W schema may "
               "hold any.",
               "Give additional items at %Q the schema that the old schema has for them."},
    FindingRow{FindingKind::unevaluated_items_removed, Frame::json, "UNEVALUATED_ITEMS_REMOVED",
               description::not_present, "Permit unevaluated items at %P again.",
               "The %R schema permits no unevaluated items at %P; the %W schema does, and its data "
               "may have some.",
               "Permit no unevaluated items at %Q, as the old schema does."},
    FindingRow{FindingKind::unevaluated_items_narrowed, Frame::json, "UNEVALUATED_ITEMS_NARROWED",
               description::has_fewer, "Remove the schema of unevaluated items at %P.",
               "The %R schema has a schema for unevaluated items at %P; data of the %W schema may "
               "hold any.",
               "Give unevaluated items at %Q the schema that the old schema has for them."},
    FindingRow{FindingKind::item_removed_from_closed_content_model, Frame::json,
               "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", description::closed_removal,
               "Put item %M back at %P, or permit additional items.",
               "The %R schema permits no item %M at %P; the %W schema declares one, and its data "
               "may have it.",
               "Remove item %M at %Q: the old schema permits no such item."},
    FindingRow{FindingKind::item_removed_not_covered_by_partially_open_content_model, Frame::json,
               "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_removal,
               "Put item %M back, or make the schema at %P take what it was.",
               "The %R schema takes item %M by its schema for other items at %P, which does not "
               "take all that the %W schema writes there.",
               "Make item %M at %Q one that the old schema takes as an additional item."},
    FindingRow{FindingKind::item_added_to_open_content_model, Frame::json,
               "ITEM_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
               "Declare item %M at %P as {}.",
               "The %R schema has a schema for item %M at %P; the %W schema has none, and its data "
               "may hold anything there.",
               "Put item %M back at %Q with its old schema."},
    FindingRow{FindingKind::item_added_not_covered_by_partially_open_content_model, Frame::json,
               "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_addition,
               "Give item %M at %P a schema that takes what the old one of additional items did.",
               "The %R schema has a schema for item %M at %P that does not take all that the %W "
               "schema writes there as an additional item.",
               "Put item %M back with its old schema, or narrow the schema at %Q."},
    FindingRow{FindingKind::enum_array_narrowed, Frame::json, "ENUM_ARRAY_NARROWED",
               description::has_fewer, "Put the missing values back at %P.",
               "The %R schema lists fewer values at %P than the %W schema, whose data may hold the "
               "missing ones.",
               "Remove the added values at %Q."},
    FindingRow{FindingKind::enum_array_changed, Frame::json, "ENUM_ARRAY_CHANGED",
               description::other_type, "Put the missing values back at %P; new ones may stay.",
               "The %R schema lists other values at %P than the %W schema, whose data may hold "
               "those that are missing.",
               "Remove the values at %Q that the old schema does not list."},
    FindingRow{
        FindingKind::combined_type_changed, Frame::json, "COMBINED_TYPE_CHANGED",
        description::other_type, "Set the keyword at %P back to the old one, or to \"anyOf\".",
        "The %R schema combines the schemas at %P by another keyword than the %W schema does.",
        "Set the keyword at %Q back to the old one."},
    FindingRow{FindingKind::combined_type_subschemas_changed, Frame::json,
               "COMBINED_TYPE_SUBSCHEMAS_CHANGED", description::other_type,
               "Give every old schema combined at %P back a counterpart that takes the same data.",
               "Of the schemas that the %W schema combines, not every one has a counterpart at %P "
               "of the %R schema that takes its data.",
               "Set the schemas combined at %Q back to such as the old ones take."},
    FindingRow{FindingKind::product_type_extended, Frame::json, "PRODUCT_TYPE_EXTENDED",
               description::has_more, "Take the added schema out of \"allOf\" at %P.",
               "The %R schema asks data at %P to fit more schemas at once than the %W schema does.",
               "Put the missing schema back into \"allOf\" at %Q."},
    FindingRow{FindingKind::sum_type_narrowed, Frame::json, "SUM_TYPE_NARROWED",
               description::has_fewer, "Put the missing alternatives back at %P.",
               "The %R schema has fewer alternatives at %P than the %W schema, whose data may be "
               "of the missing ones.",
               "Remove the added alternatives at %Q."},
    FindingRow{FindingKind::not_type_extended, Frame::json, "NOT_TYPE_EXTENDED",
               description::has_more,
               "Set \"not\" at %P back to a schema that refuses no more than the old one.",
               "\"not\" at %P of the %R schema refuses data that the %W schema takes.",
               "Set \"not\" at %Q back to a schema that refuses no less than the old one."},
    FindingRow{FindingKind::schema_added, Frame::json, "SCHEMA_ADDED", "",
               "Remove the schema at %P.",
               "The %R schema has a schema at %P; the %W schema has none there, and its data may "
               "hold anything.",
               "Give the new schema at %Q the schema of the old one."},
    FindingRow{FindingKind::additional_properties_removed, Frame::json,
               "ADDITIONAL_PROPERTIES_REMOVED", description::not_present,
               "Permit additional properties at %P again, or set the policy LENIENT.",
               "The %R schema permits no additional properties at %P; the %W schema does, and its "
               "data may have some.",
               "Permit no additional properties at %Q, as the old schema does, or set the policy "
               "LENIENT."},
    FindingRow{FindingKind::additional_properties_narrowed, Frame::json,
               "ADDITIONAL_PROPERTIES_NARROWED", description::has_fewer,
               "Remove the schema of additional properties at %P, or set the policy LENIENT.",
               "The %R schema has a schema for additional properties at %P; data of the %W schema "
               "may hold any.",
               "Give additional properties at %Q the schema that the old schema has for them, or "
               "set the policy LENIENT."},
    FindingRow{FindingKind::unevaluated_properties_removed, Frame::json,
               "UNEVALUATED_PROPERTIES_REMOVED", description::not_present,
               "Permit unevaluated properties at %P again, or set the policy LENIENT.",
               "The %R schema permits no unevaluated properties at %P; the %W schema does, and its "
               "data may have some.",
               "Permit no unevaluated properties at %Q, as the old schema does, or set the policy "
               "LENIENT."},
    FindingRow{FindingKind::unevaluated_properties_narrowed, Frame::json,
               "UNEVALUATED_PROPERTIES_NARROWED", description::has_fewer,
               "Remove the schema of unevaluated properties at %P, or set the policy LENIENT.",
               "The %R schema has a schema for unevaluated properties at %P; data of the %W schema "
               "may hold any.",
               "Give unevaluated properties at %Q the schema that the old schema has for them, or "
               "set the policy LENIENT."},
    FindingRow{
        FindingKind::required_property_with_default_added_to_open_content_model, Frame::json,
        "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
        "Declare the property \"%M\" at %P as {}, or set the policy LENIENT.",
        "The %R schema declares the property \"%M\" at %P; the %W schema is open there, and its "
        "data may hold anything under that name.",
        "Put the property \"%M\" back at %Q with its old schema, or set the policy LENIENT."},
    FindingRow{
        FindingKind::optional_property_added_to_open_content_model, Frame::json,
        "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
        "Declare the property \"%M\" at %P as {}, or set the policy LENIENT.",
        "The %R schema declares the property \"%M\" at %P; the %W schema is open there, and its "
        "data may hold anything under that name.",
        "Put the property \"%M\" back at %Q with its old schema, or set the policy LENIENT."},
    FindingRow{FindingKind::property_removed_from_closed_content_model, Frame::json,
               "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", description::closed_removal,
               "Put the property \"%M\" back at %P, permit additional properties there, or set the "
               "policy LENIENT.",
               "The %R schema permits no property \"%M\" at %P; the %W schema declares it, and its "
               "data may have it.",
               "Remove the property \"%M\" at %Q, which the old schema does not permit, or set the "
               "policy LENIENT."},
    FindingRow{FindingKind::property_removed_not_covered_by_partially_open_content_model,
               Frame::json, "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_removal,
               "Put the property \"%M\" back, make the schema at %P take what it was, or set the "
               "policy LENIENT.",
               "The %R schema takes the property \"%M\" by its schema for other properties at %P, "
               "which does not take all that the %W schema writes there.",
               "Make the property \"%M\" at %Q one that the old schema takes as another property, "
               "or set the policy LENIENT."},
    FindingRow{FindingKind::property_added_not_covered_by_partially_open_content_model, Frame::json,
               "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_addition,
               "Give the property \"%M\" at %P a schema that takes what the old one of other "
               "properties did, or set the policy LENIENT.",
               "The %R schema declares the property \"%M\" at %P with a schema that does not take "
               "all that the %W schema writes there as another property.",
               "Put the property \"%M\" back with its old schema, narrow the schema at %Q, or set "
               "the policy LENIENT."},
};

}  // namespace symbolon::compat::json
