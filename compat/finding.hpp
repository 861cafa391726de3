// One incompatibility between a reader and a writer schema, as a value; text is made at the end.
//
// Example:  to_message(finding, Direction::backward)
//           == "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field …"
// Units:    `path` is a place in the reader schema as the reference prints it; the root is "/"
// Threads:  immutable
// Source:   REST contract section 5
// Tested by tests/unit/compat/finding_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat {

enum class FindingKind {
    name_mismatch,
    fixed_size_mismatch,
    missing_enum_symbols,
    reader_field_missing_default_value,
    type_mismatch,
    missing_union_branch,
    package_changed,
    message_removed,
    field_kind_changed,
    field_scalar_kind_changed,
    field_named_type_changed,
    field_numeric_label_changed,
    required_field_added,
    required_field_removed,
    oneof_field_removed,
    multiple_fields_moved_to_oneof,
    field_moved_to_existing_oneof,
    schema_type_changed,
    reserved_field_removed,   ///< `message` is the field (VAL-2)
    reserved_field_conflict,  ///< likewise
    /// The reference's checker gives up with an exception on such a pair; so the pair fails.
    check_exception,
    referrer_invalid,       ///< `message` is the parser's
    referrers_not_checked,  ///< `message` is the number of those that were

    // JSON Schema; from additional_properties_removed on allowed under the policy LENIENT.
    max_length_added,
    max_length_decreased,
    min_length_added,
    min_length_increased,
    pattern_added,
    pattern_changed,
    maximum_added,
    maximum_decreased,
    minimum_added,
    minimum_increased,
    exclusive_maximum_added,
    exclusive_maximum_decreased,
    exclusive_minimum_added,
    exclusive_minimum_increased,
    multiple_of_added,
    multiple_of_expanded,
    multiple_of_changed,
    type_narrowed,
    type_changed,
    required_attribute_added,
    max_properties_added,
    max_properties_decreased,
    min_properties_added,
    min_properties_increased,
    dependency_array_added,
    dependency_array_extended,
    dependency_array_changed,
    dependency_schema_added,
    required_property_added_to_open_content_model,
    required_property_added_to_unopen_content_model,
    max_items_added,
    max_items_decreased,
    min_items_added,
    min_items_increased,
    max_contains_added,
    max_contains_decreased,
    min_contains_added,
    min_contains_increased,
    unique_items_added,
    additional_items_removed,
    additional_items_narrowed,
    unevaluated_items_removed,
    unevaluated_items_narrowed,
    item_removed_from_closed_content_model,
    item_removed_not_covered_by_partially_open_content_model,
    item_added_to_open_content_model,
    item_added_not_covered_by_partially_open_content_model,
    enum_array_narrowed,
    enum_array_changed,
    combined_type_changed,
    combined_type_subschemas_changed,
    product_type_extended,
    sum_type_narrowed,
    not_type_extended,
    schema_added,
    additional_properties_removed,
    additional_properties_narrowed,
    unevaluated_properties_removed,
    unevaluated_properties_narrowed,
    required_property_with_default_added_to_open_content_model,
    optional_property_added_to_open_content_model,
    property_removed_from_closed_content_model,
    property_removed_not_covered_by_partially_open_content_model,
    property_added_not_covered_by_partially_open_content_model,
};
/// The number of kinds; name the last one here.
inline constexpr std::size_t finding_kind_count =
    static_cast<std::size_t>(
        FindingKind::property_added_not_covered_by_partially_open_content_model) +
    1;

/// Which schema reads: the new one (backward) or the old one (forward).
enum class Direction { backward, forward };

/// A datum that the writer may write and that the reader refuses or reads as something else.
struct CounterExample {
    std::string datum;    ///< JSON text; of Avro and Protobuf in their JSON encodings
    std::string reading;  ///< what the reader made of it, a sentence
};

struct Finding {
    FindingKind kind;
    std::string path;     ///< in the reader schema
    std::string message;  ///< the reference's detail text, `additionalInfo` on the wire
    /// Where it is: JSON Pointers into the two schemas, for Protobuf names such as
    /// "/Outer/Inner/field", "/Outer/choice/field" (of a oneof) or "/package"; "/" for all of one.
    /// What a schema lacks is placed at the type that would hold it, what is in another file at the
    /// field that leads there. Empty: `path` will do for both.
    std::string reader_path{};
    std::string writer_path{};
    /// What stands there, between backticks, where the sentence and the hint quote it.
    std::string reader_text{};
    std::string writer_text{};
    /// Built only where it is asked for, and only kept when reading it has failed.
    std::optional<CounterExample> counter_example{};
};
using Findings = std::vector<Finding>;

/// The wire name, such as "NAME_MISMATCH".
std::string_view to_string(FindingKind kind);
/// The entry of the contract's section 5 for this finding, in the frame of its schema type.
std::string to_message(const Finding& finding, Direction direction);
/// Where in the reading and in the writing schema.
std::string_view reader_place(const Finding& finding);
std::string_view writer_place(const Finding& finding);
/// A sentence for people: what changed and whose data can no longer be read.
std::string to_sentence(const Finding& finding, Direction direction);
/// A sentence for people: what would make the change pass.
std::string to_hint(const Finding& finding, Direction direction);

/// What a kind of finding means whatever the schemas are, and what helps: for a list of rules.
struct KindDescription {
    std::string sentence{};
    std::string hint{};
};
KindDescription describe(FindingKind kind);

}  // namespace symbolon::compat
