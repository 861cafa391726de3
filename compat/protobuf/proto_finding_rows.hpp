// What findings of Protobuf checks are called and say.
//
// Threads:  immutable
// Source:   REST contract 5.4
// Tested by tests/unit/compat/finding_test.cpp
#pragma once

#include "compat/finding_table.hpp"

namespace symbolon::compat::protobuf {

inline constexpr std::array finding_rows{
    FindingRow{FindingKind::package_changed, Frame::protobuf, "PACKAGE_CHANGED",
               "The package at '%P' in the %1 schema does not match the package in the %2 schema",
               "Keep the package of the old schema.",
               "The %R schema is in another package than the %W schema, so all its full names "
               "differ."},
    FindingRow{FindingKind::message_removed, Frame::protobuf, "MESSAGE_REMOVED",
               "The %1 schema is missing a MESSAGE type at path '%P' in the %2 schema",
               "Keep the message at %P, even if nothing uses it any more.",
               "The %R schema has no message at %P, and the %W schema has one.",
               "Leave the message at %P out, or add it to another subject: the old schema does "
               "not know it."},
    FindingRow{FindingKind::field_kind_changed, Frame::protobuf, "FIELD_KIND_CHANGED",
               "The type of a field at path '%P' in the %1 schema does not match the %2 schema",
               "Keep the field's type. Add the new type as another field with a new number.",
               "The field at %P is a scalar, a map or a message in the %R schema and another of "
               "these in the %W schema."},
    FindingRow{FindingKind::field_scalar_kind_changed, Frame::protobuf, "FIELD_SCALAR_KIND_CHANGED",
               "The kind of a SCALAR field at path '%P' in the %1 schema does not match its kind "
               "in the %2 schema",
               "Keep the field's type, or one with the same encoding: int32, int64, uint32, "
               "uint64, bool and enums; sint32 and sint64; string and bytes; fixed32 and "
               "sfixed32; fixed64 and sfixed64.",
               "The field at %P has a type in the %R schema that is encoded in another way than "
               "its type in the %W schema."},
    FindingRow{FindingKind::field_named_type_changed, Frame::protobuf, "FIELD_NAMED_TYPE_CHANGED",
               "The type of a MESSAGE field at path '%P' in the %1 schema does not match its type "
               "in the %2 schema",
               "Keep the message type of the field at %P, and keep that message readable. Add "
               "another message as another field with a new number.",
               "The field at %P is of another message type in the %R schema than in the %W "
               "schema."},
    FindingRow{FindingKind::field_numeric_label_changed, Frame::protobuf,
               "FIELD_NUMERIC_LABEL_CHANGED",
               "The label for a NUMERIC field at path '%P' in the %1 schema does not match its "
               "label in the %2 schema",
               "Keep the label of the field at %P: packed numbers cannot be read as one.",
               "The number at %P has another label in the %R schema than in the %W schema."},
    FindingRow{FindingKind::required_field_added, Frame::protobuf, "REQUIRED_FIELD_ADDED",
               "A required field  at path '%P' in the %1 schema is missing in the %2 schema",
               "Make the field at %P optional.",
               "The %R schema requires a field at %P that data of the %W schema does not hold.",
               "Keep the field at %P: the old schema requires it."},
    FindingRow{FindingKind::required_field_removed, Frame::protobuf, "REQUIRED_FIELD_REMOVED",
               "The %1 schema is missing a required field at path: '%P' in the %2 schema",
               "Keep the field at %P.",
               "The %W schema requires a field at %P, and the %R schema does not have it.",
               "Make the field at %P optional."},
    FindingRow{FindingKind::oneof_field_removed, Frame::protobuf, "ONEOF_FIELD_REMOVED",
               "The %1 schema is missing a oneof field at path '%P' in the %2 schema",
               "Keep the field in its oneof; mark it deprecated if it is no longer to be used.",
               "Data of the %W schema may hold the oneof's field at %P, which the %R schema does "
               "not know.",
               "Leave the field at %P out of the oneof: the old schema does not know it."},
    FindingRow{FindingKind::multiple_fields_moved_to_oneof, Frame::protobuf,
               "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
               "Multiple fields in the oneof at path '%P' in the %1 schema are outside a oneof in "
               "the %2 schema",
               "Move at most one field that stood alone into a new oneof.",
               "Data of the %W schema may hold several of the fields that the oneof at %P in the "
               "%R schema keeps only one of."},
    FindingRow{FindingKind::field_moved_to_existing_oneof, Frame::protobuf,
               "FIELD_MOVED_TO_EXISTING_ONEOF",
               "A field in the oneof at path '%P' in the %1 schema is outside an existing oneof in "
               "the %2 schema",
               "Leave fields where they are: one that joins an existing oneof erases what is set "
               "there.",
               "Data of the %W schema may hold a field and one of a oneof, and the oneof at %P in "
               "the %R schema keeps only one of them."},
};

}  // namespace symbolon::compat::protobuf
