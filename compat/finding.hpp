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
    schema_type_changed,
    reserved_field_removed,   ///< `message` is the field (VAL-2)
    reserved_field_conflict,  ///< likewise
    /// The reference's checker gives up with an exception on such a pair; so the pair fails.
    check_exception,
};
/// The number of kinds; name the last one here.
inline constexpr std::size_t finding_kind_count =
    static_cast<std::size_t>(FindingKind::check_exception) + 1;

/// Which schema reads: the new one (backward) or the old one (forward).
enum class Direction { backward, forward };

struct Finding {
    FindingKind kind;
    std::string path;     ///< in the reader schema
    std::string message;  ///< the reference's detail text, `additionalInfo` on the wire
    /// Where it is: JSON Pointers into the two schemas, "/" for all of one; what a schema lacks is
    /// placed at the type that would hold it. Empty: `path` will do for both.
    std::string reader_path{};
    std::string writer_path{};
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

}  // namespace symbolon::compat
