// Can data of one Protobuf schema be read with another? The reference's answer.
//
// Errors:   check_too_costly
// Threads:  any thread
// Limits:   check_steps_max, check_depth_max, findings_max, findings_bytes_max
// Source:   protobuf-compat.md 4, 5 and 6
// Tested by tests/unit/compat/proto_check_test.cpp
#pragma once

#include "compat/finding.hpp"
#include "compat/protobuf/proto_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

/// What can change between two schemas: first what every reader bears, then what breaks readers.
enum class ProtoChange : std::uint8_t {
    message_added,
    message_moved,
    enum_added,
    enum_removed,
    enum_const_added,
    enum_const_changed,
    enum_const_removed,
    field_added,
    field_removed,
    field_name_changed,
    field_string_or_bytes_label_changed,
    oneof_added,
    oneof_removed,
    oneof_field_added,
    oneof_field_moved_to_top_level,
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
};

/// The reference's name, such as "FIELD_ADDED".
std::string_view to_string(ProtoChange change);
/// What the change is called where it breaks readers; nullopt where it does not.
std::optional<FindingKind> finding_kind_of(ProtoChange change);

struct ProtoDifference {
    ProtoChange change;
    std::string path;  ///< the reference's
    /// Where it is in each schema, by names: "/Outer/Inner/field", "/M/choice/field" for a field of
    /// a oneof, "/package", or "/" for all of the file.
    std::string old_place{};
    std::string new_place{};
    /// What stands there, in the words of the schema; only for what breaks readers.
    std::string old_text{};
    std::string new_text{};
    std::string detail{};
};

enum class Reported { all, breaking };

/// What differs between an original and its update, in the reference's words.
Result<std::vector<ProtoDifference>> diff_schemas(const ProtoSchema& original,
                                                  const ProtoSchema& update, Reported reported);

/// Findings when data of `writer` is read with `reader`; empty means readable.
Result<Findings> check_reading(const ProtoSchema& reader, const ProtoSchema& writer);

}  // namespace symbolon::compat::protobuf
