// What can change between two JSON Schemas, and which changes a policy allows.
//
// Example:  ChangeKind(AllowedChange::type_extended).name() == "TYPE_EXTENDED"
// Threads:  immutable
// Source:   json-schema-compat.md 10
// Tested by tests/unit/compat/json_check_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/finding.hpp"

#include <cstdint>
#include <string_view>

namespace symbolon::compat::json {

/// Changes that never break a reader; the others are kinds of findings.
enum class AllowedChange : std::uint8_t {
    id_changed,
    description_changed,
    title_changed,
    default_changed,
    schema_removed,
    type_extended,
    max_length_increased,
    max_length_removed,
    min_length_decreased,
    min_length_removed,
    pattern_removed,
    maximum_increased,
    maximum_removed,
    minimum_decreased,
    minimum_removed,
    exclusive_maximum_increased,
    exclusive_maximum_removed,
    exclusive_minimum_decreased,
    exclusive_minimum_removed,
    multiple_of_reduced,
    multiple_of_removed,
    required_attribute_with_default_added,
    required_attribute_removed,
    max_properties_increased,
    max_properties_removed,
    min_properties_decreased,
    min_properties_removed,
    additional_properties_added,
    additional_properties_extended,
    unevaluated_properties_added,
    unevaluated_properties_extended,
    dependency_array_narrowed,
    dependency_array_removed,
    dependency_schema_removed,
    property_with_empty_schema_added_to_open_content_model,
    required_property_with_default_added_to_unopen_content_model,
    optional_property_added_to_unopen_content_model,
    property_with_false_removed_from_closed_content_model,
    property_removed_from_open_content_model,
    property_added_is_covered_by_partially_open_content_model,
    property_removed_is_covered_by_partially_open_content_model,
    max_items_increased,
    max_items_removed,
    min_items_decreased,
    min_items_removed,
    max_contains_increased,
    max_contains_removed,
    min_contains_decreased,
    min_contains_removed,
    unique_items_removed,
    additional_items_added,
    additional_items_extended,
    unevaluated_items_added,
    unevaluated_items_extended,
    item_with_empty_schema_added_to_open_content_model,
    item_added_to_closed_content_model,
    item_with_false_removed_from_closed_content_model,
    item_removed_from_open_content_model,
    item_added_is_covered_by_partially_open_content_model,
    item_removed_is_covered_by_partially_open_content_model,
    enum_array_extended,
    combined_type_extended,
    product_type_narrowed,
    sum_type_extended,
    not_type_narrowed,
};

class ChangeKind {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): each is a kind of change
    constexpr ChangeKind(AllowedChange allowed) : value_(static_cast<std::uint8_t>(allowed)) {}
    // NOLINTNEXTLINE(google-explicit-constructor): each is a kind of change
    constexpr ChangeKind(FindingKind finding)
        : value_(static_cast<std::uint8_t>(finding)), is_finding_(true) {}

    bool is_allowed(Policy policy) const;
    /// The reference's name, such as "TYPE_EXTENDED".
    std::string_view name() const;
    /// REQUIRES: it is not allowed under every policy.
    FindingKind finding() const { return static_cast<FindingKind>(value_); }

private:
    std::uint8_t value_;
    bool is_finding_ = false;
};

}  // namespace symbolon::compat::json
