#include "compat/json_schema/json_change.hpp"

#include <array>
#include <cstddef>

namespace symbolon::compat::json {

namespace {

struct Row {
    AllowedChange change;
    std::string_view name;
};

constexpr std::array allowed_rows{
    Row{AllowedChange::id_changed, "ID_CHANGED"},
    Row{AllowedChange::description_changed, "DESCRIPTION_CHANGED"},
    Row{AllowedChange::title_changed, "TITLE_CHANGED"},
    Row{AllowedChange::default_changed, "DEFAULT_CHANGED"},
    Row{AllowedChange::schema_removed, "SCHEMA_REMOVED"},
    Row{AllowedChange::type_extended, "TYPE_EXTENDED"},
    Row{AllowedChange::max_length_increased, "MAX_LENGTH_INCREASED"},
    Row{AllowedChange::max_length_removed, "MAX_LENGTH_REMOVED"},
    Row{AllowedChange::min_length_decreased, "MIN_LENGTH_DECREASED"},
    Row{AllowedChange::min_length_removed, "MIN_LENGTH_REMOVED"},
    Row{AllowedChange::pattern_removed, "PATTERN_REMOVED"},
    Row{AllowedChange::maximum_increased, "MAXIMUM_INCREASED"},
    Row{AllowedChange::maximum_removed, "MAXIMUM_REMOVED"},
    Row{AllowedChange::minimum_decreased, "MINIMUM_DECREASED"},
    Row{AllowedChange::minimum_removed, "MINIMUM_REMOVED"},
    Row{AllowedChange::exclusive_maximum_increased, "EXCLUSIVE_MAXIMUM_INCREASED"},
    Row{AllowedChange::exclusive_maximum_removed, "EXCLUSIVE_MAXIMUM_REMOVED"},
    Row{AllowedChange::exclusive_minimum_decreased, "EXCLUSIVE_MINIMUM_DECREASED"},
    Row{AllowedChange::exclusive_minimum_removed, "EXCLUSIVE_MINIMUM_REMOVED"},
    Row{AllowedChange::multiple_of_reduced, "MULTIPLE_OF_REDUCED"},
    Row{AllowedChange::multiple_of_removed, "MULTIPLE_OF_REMOVED"},
    Row{AllowedChange::required_attribute_with_default_added,
        "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED"},
    Row{AllowedChange::required_attribute_removed, "REQUIRED_ATTRIBUTE_REMOVED"},
    Row{AllowedChange::max_properties_increased, "MAX_PROPERTIES_INCREASED"},
    Row{AllowedChange::max_properties_removed, "MAX_PROPERTIES_REMOVED"},
    Row{AllowedChange::min_properties_decreased, "MIN_PROPERTIES_DECREASED"},
    Row{AllowedChange::min_properties_removed, "MIN_PROPERTIES_REMOVED"},
    Row{AllowedChange::additional_properties_added, "ADDITIONAL_PROPERTIES_ADDED"},
    Row{AllowedChange::additional_properties_extended, "ADDITIONAL_PROPERTIES_EXTENDED"},
    Row{AllowedChange::unevaluated_properties_added, "UNEVALUATED_PROPERTIES_ADDED"},
    Row{AllowedChange::unevaluated_properties_extended, "UNEVALUATED_PROPERTIES_EXTENDED"},
    Row{AllowedChange::dependency_array_narrowed, "DEPENDENCY_ARRAY_NARROWED"},
    Row{AllowedChange::dependency_array_removed, "DEPENDENCY_ARRAY_REMOVED"},
    Row{AllowedChange::dependency_schema_removed, "DEPENDENCY_SCHEMA_REMOVED"},
    Row{AllowedChange::property_with_empty_schema_added_to_open_content_model,
        "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::required_property_with_default_added_to_unopen_content_model,
        "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL"},
    Row{AllowedChange::optional_property_added_to_unopen_content_model,
        "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL"},
    Row{AllowedChange::property_with_false_removed_from_closed_content_model,
        "PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL"},
    Row{AllowedChange::property_removed_from_open_content_model,
        "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::property_added_is_covered_by_partially_open_content_model,
        "PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::property_removed_is_covered_by_partially_open_content_model,
        "PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::max_items_increased, "MAX_ITEMS_INCREASED"},
    Row{AllowedChange::max_items_removed, "MAX_ITEMS_REMOVED"},
    Row{AllowedChange::min_items_decreased, "MIN_ITEMS_DECREASED"},
    Row{AllowedChange::min_items_removed, "MIN_ITEMS_REMOVED"},
    Row{AllowedChange::max_contains_increased, "MAX_CONTAINS_INCREASED"},
    Row{AllowedChange::max_contains_removed, "MAX_CONTAINS_REMOVED"},
    Row{AllowedChange::min_contains_decreased, "MIN_CONTAINS_DECREASED"},
    Row{AllowedChange::min_contains_removed, "MIN_CONTAINS_REMOVED"},
    Row{AllowedChange::unique_items_removed, "UNIQUE_ITEMS_REMOVED"},
    Row{AllowedChange::additional_items_added, "ADDITIONAL_ITEMS_ADDED"},
    Row{AllowedChange::additional_items_extended, "ADDITIONAL_ITEMS_EXTENDED"},
    Row{AllowedChange::unevaluated_items_added, "UNEVALUATED_ITEMS_ADDED"},
    Row{AllowedChange::unevaluated_items_extended, "UNEVALUATED_ITEMS_EXTENDED"},
    Row{AllowedChange::item_with_empty_schema_added_to_open_content_model,
        "ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::item_added_to_closed_content_model, "ITEM_ADDED_TO_CLOSED_CONTENT_MODEL"},
    Row{AllowedChange::item_with_false_removed_from_closed_content_model,
        "ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL"},
    Row{AllowedChange::item_removed_from_open_content_model,
        "ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::item_added_is_covered_by_partially_open_content_model,
        "ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::item_removed_is_covered_by_partially_open_content_model,
        "ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"},
    Row{AllowedChange::enum_array_extended, "ENUM_ARRAY_EXTENDED"},
    Row{AllowedChange::combined_type_extended, "COMBINED_TYPE_EXTENDED"},
    Row{AllowedChange::product_type_narrowed, "PRODUCT_TYPE_NARROWED"},
    Row{AllowedChange::sum_type_extended, "SUM_TYPE_EXTENDED"},
    Row{AllowedChange::not_type_narrowed, "NOT_TYPE_NARROWED"},
};

constexpr bool rows_match_enum() {
    for (std::size_t at = 0; at < allowed_rows.size(); ++at) {
        if (allowed_rows[at].change != static_cast<AllowedChange>(at)) {
            return false;
        }
    }
    return allowed_rows.size() == static_cast<std::size_t>(AllowedChange::not_type_narrowed) + 1;
}
static_assert(rows_match_enum(), "one row per AllowedChange, in enum order");

}  // namespace

bool ChangeKind::is_allowed(Policy policy) const {
    return !is_finding_ ||
           (policy == Policy::lenient &&
            value_ >= static_cast<std::uint8_t>(FindingKind::additional_properties_removed) &&
            value_ <= static_cast<std::uint8_t>(
                          FindingKind::property_added_not_covered_by_partially_open_content_model));
}

std::string_view ChangeKind::name() const {
    return is_finding_ ? to_string(finding()) : allowed_rows[value_].name;
}

}  // namespace symbolon::compat::json
