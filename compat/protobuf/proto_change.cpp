#include "compat/protobuf/proto_check.hpp"

#include <array>
#include <cstddef>

namespace symbolon::compat::protobuf {

namespace {

struct ChangeRow {
    ProtoChange change;
    std::string_view name;
    std::optional<FindingKind> kind{};
};

constexpr std::array change_table{
    ChangeRow{ProtoChange::message_added, "MESSAGE_ADDED"},
    ChangeRow{ProtoChange::message_moved, "MESSAGE_MOVED"},
    ChangeRow{ProtoChange::enum_added, "ENUM_ADDED"},
    ChangeRow{ProtoChange::enum_removed, "ENUM_REMOVED"},
    ChangeRow{ProtoChange::enum_const_added, "ENUM_CONST_ADDED"},
    ChangeRow{ProtoChange::enum_const_changed, "ENUM_CONST_CHANGED"},
    ChangeRow{ProtoChange::enum_const_removed, "ENUM_CONST_REMOVED"},
    ChangeRow{ProtoChange::field_added, "FIELD_ADDED"},
    ChangeRow{ProtoChange::field_removed, "FIELD_REMOVED"},
    ChangeRow{ProtoChange::field_name_changed, "FIELD_NAME_CHANGED"},
    ChangeRow{ProtoChange::field_string_or_bytes_label_changed,
              "FIELD_STRING_OR_BYTES_LABEL_CHANGED"},
    ChangeRow{ProtoChange::oneof_added, "ONEOF_ADDED"},
    ChangeRow{ProtoChange::oneof_removed, "ONEOF_REMOVED"},
    ChangeRow{ProtoChange::oneof_field_added, "ONEOF_FIELD_ADDED"},
    ChangeRow{ProtoChange::oneof_field_moved_to_top_level, "ONEOF_FIELD_MOVED_TO_TOP_LEVEL"},
    ChangeRow{ProtoChange::package_changed, "PACKAGE_CHANGED", FindingKind::package_changed},
    ChangeRow{ProtoChange::message_removed, "MESSAGE_REMOVED", FindingKind::message_removed},
    ChangeRow{ProtoChange::field_kind_changed, "FIELD_KIND_CHANGED",
              FindingKind::field_kind_changed},
    ChangeRow{ProtoChange::field_scalar_kind_changed, "FIELD_SCALAR_KIND_CHANGED",
              FindingKind::field_scalar_kind_changed},
    ChangeRow{ProtoChange::field_named_type_changed, "FIELD_NAMED_TYPE_CHANGED",
              FindingKind::field_named_type_changed},
    ChangeRow{ProtoChange::field_numeric_label_changed, "FIELD_NUMERIC_LABEL_CHANGED",
              FindingKind::field_numeric_label_changed},
    ChangeRow{ProtoChange::required_field_added, "REQUIRED_FIELD_ADDED",
              FindingKind::required_field_added},
    ChangeRow{ProtoChange::required_field_removed, "REQUIRED_FIELD_REMOVED",
              FindingKind::required_field_removed},
    ChangeRow{ProtoChange::oneof_field_removed, "ONEOF_FIELD_REMOVED",
              FindingKind::oneof_field_removed},
    ChangeRow{ProtoChange::multiple_fields_moved_to_oneof, "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
              FindingKind::multiple_fields_moved_to_oneof},
    ChangeRow{ProtoChange::field_moved_to_existing_oneof, "FIELD_MOVED_TO_EXISTING_ONEOF",
              FindingKind::field_moved_to_existing_oneof},
};

constexpr bool change_rows_match_enum() {
    for (std::size_t at = 0; at < change_table.size(); ++at) {
        if (change_table[at].change != static_cast<ProtoChange>(at)) {
            return false;
        }
    }
    return true;
}
static_assert(change_rows_match_enum(), "one row per ProtoChange, in enum order");

}  // namespace

std::string_view to_string(ProtoChange change) {
    return change_table[static_cast<std::size_t>(change)].name;
}

std::optional<FindingKind> finding_kind_of(ProtoChange change) {
    return change_table[static_cast<std::size_t>(change)].kind;
}

}  // namespace symbolon::compat::protobuf
