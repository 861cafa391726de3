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

// In the order of FindingKind; the last nine are allowed under the policy LENIENT.
inline constexpr std::array finding_rows{
    FindingRow{
        FindingKind::max_length_added, Frame::json, "MAX_LENGTH_ADDED", description::not_present,
        "Remove \"maxLength\" at %P: old data may be longer.", "",
        "Keep \"maxLength\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::max_length_decreased, Frame::json, "MAX_LENGTH_DECREASED",
               description::is_less,
               "Set \"maxLength\" at %P back to its old value or a higher one.", "",
               "Do not raise \"maxLength\" at %P above its old value."},
    FindingRow{
        FindingKind::min_length_added, Frame::json, "MIN_LENGTH_ADDED", description::not_present,
        "Remove \"minLength\" at %P: old data may be shorter.", "",
        "Keep \"minLength\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::min_length_increased, Frame::json, "MIN_LENGTH_INCREASED",
               description::is_more,
               "Set \"minLength\" at %P back to its old value or a lower one.", "",
               "Do not lower \"minLength\" at %P below its old value."},
    FindingRow{FindingKind::pattern_added, Frame::json, "PATTERN_ADDED", description::not_present,
               "Remove \"pattern\" at %P: old data may not match it.", "",
               "Keep \"pattern\" at %P: the old schema refuses what does not match it."},
    FindingRow{FindingKind::pattern_changed, Frame::json, "PATTERN_CHANGED",
               description::is_different,
               "Set \"pattern\" at %P back to its old text, or remove it.", "",
               "Set \"pattern\" at %P back to its old text."},
    FindingRow{
        FindingKind::maximum_added, Frame::json, "MAXIMUM_ADDED", description::not_present,
        "Remove \"maximum\" at %P: old data may be larger.", "",
        "Keep \"maximum\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::maximum_decreased, Frame::json, "MAXIMUM_DECREASED",
               description::is_less, "Set \"maximum\" at %P back to its old value or a higher one.",
               "", "Do not raise \"maximum\" at %P above its old value."},
    FindingRow{
        FindingKind::minimum_added, Frame::json, "MINIMUM_ADDED", description::not_present,
        "Remove \"minimum\" at %P: old data may be smaller.", "",
        "Keep \"minimum\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::minimum_increased, Frame::json, "MINIMUM_INCREASED",
               description::is_more, "Set \"minimum\" at %P back to its old value or a lower one.",
               "", "Do not lower \"minimum\" at %P below its old value."},
    FindingRow{FindingKind::exclusive_maximum_added, Frame::json, "EXCLUSIVE_MAXIMUM_ADDED",
               description::not_present,
               "Remove \"exclusiveMaximum\" at %P: old data may be larger.", "",
               "Keep \"exclusiveMaximum\" at %P as the old schema has it: it refuses data without "
               "that limit."},
    FindingRow{FindingKind::exclusive_maximum_decreased, Frame::json, "EXCLUSIVE_MAXIMUM_DECREASED",
               description::is_less,
               "Set \"exclusiveMaximum\" at %P back to its old value or a higher one.", "",
               "Do not raise \"exclusiveMaximum\" at %P above its old value."},
    FindingRow{FindingKind::exclusive_minimum_added, Frame::json, "EXCLUSIVE_MINIMUM_ADDED",
               description::not_present,
               "Remove \"exclusiveMinimum\" at %P: old data may be smaller.", "",
               "Keep \"exclusiveMinimum\" at %P as the old schema has it: it refuses data without "
               "that limit."},
    FindingRow{FindingKind::exclusive_minimum_increased, Frame::json, "EXCLUSIVE_MINIMUM_INCREASED",
               description::is_more,
               "Set \"exclusiveMinimum\" at %P back to its old value or a lower one.", "",
               "Do not lower \"exclusiveMinimum\" at %P below its old value."},
    FindingRow{FindingKind::multiple_of_added, Frame::json, "MULTIPLE_OF_ADDED",
               description::not_present,
               "Remove \"multipleOf\" at %P: old data may be no such multiple.", "",
               "Keep \"multipleOf\" at %P: the old schema refuses other numbers."},
    FindingRow{FindingKind::multiple_of_expanded, Frame::json, "MULTIPLE_OF_EXPANDED",
               description::is_more,
               "Set \"multipleOf\" at %P back to its old value or a divisor of it.", "",
               "Set \"multipleOf\" at %P back to its old value or a multiple of it."},
    FindingRow{FindingKind::multiple_of_changed, Frame::json, "MULTIPLE_OF_CHANGED",
               description::is_different,
               "Set \"multipleOf\" at %P back to its old value or a divisor of it.", "",
               "Set \"multipleOf\" at %P back to its old value or a multiple of it."},
    FindingRow{
        FindingKind::type_narrowed, Frame::json, "TYPE_NARROWED", description::other_type,
        "Keep \"number\" at %P: old data may have fractions.",
        "The %R schema takes only integers at %P, where data of the %W schema may have fractions.",
        "Keep \"integer\" at %P: the old schema refuses fractions."},
    FindingRow{FindingKind::type_changed, Frame::json, "TYPE_CHANGED", description::other_type,
               "Keep the old type at %P, or list both types in \"type\".",
               "The type at %P in the %R schema does not take what the %W schema writes there.",
               "Keep the old type at %P."},
    FindingRow{FindingKind::required_attribute_added, Frame::json, "REQUIRED_ATTRIBUTE_ADDED",
               description::not_present,
               "Take the property out of \"required\", or give it a \"default\" (%P).",
               "The %R schema requires a property that data of the %W schema may leave out (%P).",
               "Keep the property in \"required\": the old schema needs it (%P)."},
    FindingRow{FindingKind::max_properties_added, Frame::json, "MAX_PROPERTIES_ADDED",
               description::not_present,
               "Remove \"maxProperties\" at %P: old data may have more properties.", "",
               "Keep \"maxProperties\" at %P as the old schema has it: it refuses data without "
               "that limit."},
    FindingRow{FindingKind::max_properties_decreased, Frame::json, "MAX_PROPERTIES_DECREASED",
               description::is_less,
               "Set \"maxProperties\" at %P back to its old value or a higher one.", "",
               "Do not raise \"maxProperties\" at %P above its old value."},
    FindingRow{FindingKind::min_properties_added, Frame::json, "MIN_PROPERTIES_ADDED",
               description::not_present,
               "Remove \"minProperties\" at %P: old data may have fewer properties.", "",
               "Keep \"minProperties\" at %P as the old schema has it: it refuses data without "
               "that limit."},
    FindingRow{FindingKind::min_properties_increased, Frame::json, "MIN_PROPERTIES_INCREASED",
               description::is_more,
               "Set \"minProperties\" at %P back to its old value or a lower one.", "",
               "Do not lower \"minProperties\" at %P below its old value."},
    FindingRow{FindingKind::dependency_array_added, Frame::json, "DEPENDENCY_ARRAY_ADDED",
               description::not_present,
               "Remove the dependency at %P: old data need not keep to it.", "",
               "Keep the dependency at %P: the old schema asks for it."},
    FindingRow{FindingKind::dependency_array_extended, Frame::json, "DEPENDENCY_ARRAY_EXTENDED",
               description::has_more, "Take the added names out of the dependency at %P.", "",
               "Keep all names of the dependency at %P."},
    FindingRow{FindingKind::dependency_array_changed, Frame::json, "DEPENDENCY_ARRAY_CHANGED",
               description::is_different,
               "Give the dependency at %P its old names, or fewer of them.", "",
               "Keep all old names in the dependency at %P."},
    FindingRow{FindingKind::dependency_schema_added, Frame::json, "DEPENDENCY_SCHEMA_ADDED",
               description::not_present,
               "Remove the dependency at %P: old data need not keep to it.", "",
               "Keep the dependency at %P: the old schema asks for it."},
    FindingRow{FindingKind::required_property_added_to_open_content_model, Frame::json,
               "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
               "Take the property out of \"required\" and declare it without a schema ({}), or "
               "close the old schema first with \"additionalProperties\": false (%P).",
               "Data of the %W schema may hold anything under the name that the %R schema requires "
               "at %P, or nothing.",
               "Keep the property: the old schema needs it (%P)."},
    FindingRow{FindingKind::required_property_added_to_unopen_content_model, Frame::json,
               "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", description::unopen_addition,
               "Take the property out of \"required\", or give it a \"default\" (%P).",
               "The %R schema requires a property at %P that data of the %W schema does not have.",
               "Keep the property: the old schema needs it (%P)."},
    FindingRow{
        FindingKind::max_items_added, Frame::json, "MAX_ITEMS_ADDED", description::not_present,
        "Remove \"maxItems\" at %P: old data may have more items.", "",
        "Keep \"maxItems\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::max_items_decreased, Frame::json, "MAX_ITEMS_DECREASED",
               description::is_less,
               "Set \"maxItems\" at %P back to its old value or a higher one.", "",
               "Do not raise \"maxItems\" at %P above its old value."},
    FindingRow{
        FindingKind::min_items_added, Frame::json, "MIN_ITEMS_ADDED", description::not_present,
        "Remove \"minItems\" at %P: old data may have fewer items.", "",
        "Keep \"minItems\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::min_items_increased, Frame::json, "MIN_ITEMS_INCREASED",
               description::is_more, "Set \"minItems\" at %P back to its old value or a lower one.",
               "", "Do not lower \"minItems\" at %P below its old value."},
    FindingRow{
        FindingKind::max_contains_added, Frame::json, "MAX_CONTAINS_ADDED",
        description::not_present,
        "Remove \"maxContains\" at %P: old data may have more such items.", "",
        "Keep \"maxContains\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::max_contains_decreased, Frame::json, "MAX_CONTAINS_DECREASED",
               description::is_less,
               "Set \"maxContains\" at %P back to its old value or a higher one.", "",
               "Do not raise \"maxContains\" at %P above its old value."},
    FindingRow{
        FindingKind::min_contains_added, Frame::json, "MIN_CONTAINS_ADDED",
        description::not_present,
        "Remove \"minContains\" at %P: old data may have fewer such items.", "",
        "Keep \"minContains\" at %P as the old schema has it: it refuses data without that limit."},
    FindingRow{FindingKind::min_contains_increased, Frame::json, "MIN_CONTAINS_INCREASED",
               description::is_more,
               "Set \"minContains\" at %P back to its old value or a lower one.", "",
               "Do not lower \"minContains\" at %P below its old value."},
    FindingRow{FindingKind::unique_items_added, Frame::json, "UNIQUE_ITEMS_ADDED",
               description::not_present, "Remove \"uniqueItems\" at %P: old data may repeat items.",
               "", "Keep \"uniqueItems\" at %P: the old schema refuses repeated items."},
    FindingRow{
        FindingKind::additional_items_removed, Frame::json, "ADDITIONAL_ITEMS_REMOVED",
        description::not_present, "Permit additional items at %P again: old data may have some.",
        "The %R schema permits no additional items at %P, which data of the %W schema may have.",
        "Do not permit additional items at %P: the old schema refuses them."},
    FindingRow{FindingKind::additional_items_narrowed, Frame::json, "ADDITIONAL_ITEMS_NARROWED",
               description::has_fewer,
               "Remove the schema of additional items at %P: old data may hold others.",
               "The %R schema takes fewer additional items at %P than the %W schema writes.",
               "Keep the schema of additional items at %P: the old schema refuses others."},
    FindingRow{
        FindingKind::unevaluated_items_removed, Frame::json, "UNEVALUATED_ITEMS_REMOVED",
        description::not_present, "Permit unevaluated items at %P again: old data may have some.",
        "The %R schema permits no unevaluated items at %P, which data of the %W schema may have.",
        "Do not permit unevaluated items at %P: the old schema refuses them."},
    FindingRow{FindingKind::unevaluated_items_narrowed, Frame::json, "UNEVALUATED_ITEMS_NARROWED",
               description::has_fewer,
               "Remove the schema of unevaluated items at %P: old data may hold others.",
               "The %R schema takes fewer unevaluated items at %P than the %W schema writes.",
               "Keep the schema of unevaluated items at %P: the old schema refuses others."},
    FindingRow{FindingKind::item_removed_from_closed_content_model, Frame::json,
               "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", description::closed_removal,
               "Keep the item at %P, or permit additional items.",
               "The %R schema permits no item at %P, where data of the %W schema may have one.",
               "Do not add the item at %P: the old schema permits no more items."},
    FindingRow{FindingKind::item_removed_not_covered_by_partially_open_content_model, Frame::json,
               "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_removal,
               "Keep the item at %P, or make the schema of additional items take it.", "",
               "Make the item at %P one that the old schema of additional items takes."},
    FindingRow{FindingKind::item_added_to_open_content_model, Frame::json,
               "ITEM_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
               "Declare the item at %P without a schema ({}): old data may hold anything there.",
               "Data of the %W schema may hold anything at %P, where the %R schema asks for more.",
               "Keep the item at %P: the old schema takes nothing else there."},
    FindingRow{
        FindingKind::item_added_not_covered_by_partially_open_content_model, Frame::json,
        "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", description::uncovered_addition,
        "Give the item at %P a schema that takes what the old schema of additional items did.", "",
        "Keep the item at %P: the old schema takes nothing else there."},
    FindingRow{FindingKind::enum_array_narrowed, Frame::json, "ENUM_ARRAY_NARROWED",
               description::has_fewer, "Keep all old values at %P.",
               "Data of the %W schema may hold values that the %R schema does not list at %P.",
               "Do not add values at %P: the old schema does not know them."},
    FindingRow{FindingKind::enum_array_changed, Frame::json, "ENUM_ARRAY_CHANGED",
               description::other_type, "Keep all old values at %P; new ones may be added.",
               "Data of the %W schema may hold values that the %R schema does not list at %P.",
               "Keep to the old values at %P; some may be left out."},
    FindingRow{
        FindingKind::combined_type_changed, Frame::json, "COMBINED_TYPE_CHANGED",
        description::other_type, "Keep the old keyword at %P, or use \"anyOf\".",
        "The schemas at %P are combined in another way in the %R schema than in the %W schema.",
        "Keep the old keyword at %P."},
    FindingRow{FindingKind::combined_type_subschemas_changed, Frame::json,
               "COMBINED_TYPE_SUBSCHEMAS_CHANGED", description::other_type,
               "Keep for every old schema combined at %P one that takes the same data.",
               "Of the schemas combined at %P, not every one of the %W schema has a counterpart in "
               "the %R schema that takes its data.",
               "Change the schemas combined at %P only to such as the old ones take."},
    FindingRow{FindingKind::product_type_extended, Frame::json, "PRODUCT_TYPE_EXTENDED",
               description::has_more,
               "Take the added schema out of \"allOf\" at %P: old data need not keep to it.", "",
               "Keep all schemas of \"allOf\" at %P: the old schema asks for each."},
    FindingRow{FindingKind::sum_type_narrowed, Frame::json, "SUM_TYPE_NARROWED",
               description::has_fewer, "Keep all old alternatives at %P.", "",
               "Do not add alternatives at %P: the old schema does not know them."},
    FindingRow{FindingKind::not_type_extended, Frame::json, "NOT_TYPE_EXTENDED",
               description::has_more, "Make \"not\" at %P refuse no more than it did.",
               "The %R schema refuses more by \"not\" at %P than the %W schema does.",
               "Make \"not\" at %P refuse no less than it did."},
    FindingRow{FindingKind::schema_added, Frame::json, "SCHEMA_ADDED", "",
               "Remove the schema at %P: old data may hold anything there.",
               "The %R schema asks for more at %P, where the %W schema writes anything.",
               "Keep the schema at %P: the old schema asks for it."},
    FindingRow{FindingKind::additional_properties_removed, Frame::json,
               "ADDITIONAL_PROPERTIES_REMOVED", description::not_present,
               "Permit additional properties at %P again, or set the policy LENIENT.",
               "The %R schema permits no additional properties at %P, which data of the %W schema "
               "may have.",
               "Do not permit additional properties at %P: the old schema refuses them. Or set the "
               "policy LENIENT."},
    FindingRow{FindingKind::additional_properties_narrowed, Frame::json,
               "ADDITIONAL_PROPERTIES_NARROWED", description::has_fewer,
               "Remove the schema of additional properties at %P, or set the policy LENIENT.",
               "The %R schema takes fewer additional properties at %P than the %W schema writes.",
               "Keep the schema of additional properties at %P, or set the policy LENIENT."},
    FindingRow{FindingKind::unevaluated_properties_removed, Frame::json,
               "UNEVALUATED_PROPERTIES_REMOVED", description::not_present,
               "Permit unevaluated properties at %P again, or set the policy LENIENT.",
               "The %R schema permits no unevaluated properties at %P, which data of the %W schema "
               "may have.",
               "Do not permit unevaluated properties at %P: the old schema refuses them. Or set "
               "the policy LENIENT."},
    FindingRow{FindingKind::unevaluated_properties_narrowed, Frame::json,
               "UNEVALUATED_PROPERTIES_NARROWED", description::has_fewer,
               "Remove the schema of unevaluated properties at %P, or set the policy LENIENT.",
               "The %R schema takes fewer unevaluated properties at %P than the %W schema writes.",
               "Keep the schema of unevaluated properties at %P, or set the policy LENIENT."},
    FindingRow{FindingKind::required_property_with_default_added_to_open_content_model, Frame::json,
               "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",
               description::open_addition,
               "Declare the property without a schema ({}), close the old schema first with "
               "\"additionalProperties\": false, or set the policy LENIENT (%P).",
               "Data of the %W schema may already hold anything under the name that the %R schema "
               "declares at %P.",
               "Keep the property: the old schema declares it (%P). Or set the policy LENIENT."},
    FindingRow{FindingKind::optional_property_added_to_open_content_model, Frame::json,
               "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", description::open_addition,
               "Declare the property without a schema ({}), close the old schema first with "
               "\"additionalProperties\": false, or set the policy LENIENT (%P).",
               "Data of the %W schema may already hold anything under the name that the %R schema "
               "declares at %P.",
               "Keep the property: the old schema declares it (%P). Or set the policy LENIENT."},
    FindingRow{FindingKind::property_removed_from_closed_content_model, Frame::json,
               "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", description::closed_removal,
               "Keep the property at %P, permit additional properties, or set the policy LENIENT.",
               "The %R schema permits no property at %P, which data of the %W schema may have.",
               "Do not add the property at %P: the old schema permits no others. Or set the policy "
               "LENIENT."},
    FindingRow{FindingKind::property_removed_not_covered_by_partially_open_content_model,
               Frame::json, "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_removal,
               "Keep the property at %P, make the schema of additional properties take it, or set "
               "the policy LENIENT.",
               "",
               "Make the property at %P one that the old schema of additional properties takes, or "
               "set the policy LENIENT."},
    FindingRow{FindingKind::property_added_not_covered_by_partially_open_content_model, Frame::json,
               "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
               description::uncovered_addition,
               "Give the property at %P a schema that takes what the old schema of additional "
               "properties did, or set the policy LENIENT.",
               "",
               "Keep the property at %P: the old schema declares it. Or set the policy LENIENT."},
};

}  // namespace symbolon::compat::json
