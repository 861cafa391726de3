// What findings of Protobuf checks are called and say.
//
// Threads:  immutable
// Source:   REST contract 5.4
// Tested by tests/unit/compat/proto_places_test.cpp
#pragma once

#include "compat/finding_table.hpp"

namespace symbolon::compat::protobuf {

inline constexpr std::array finding_rows{
    FindingRow{FindingKind::package_changed, Frame::protobuf, "PACKAGE_CHANGED",
               "The package at '%P' in the %1 schema does not match the package in the %2 schema",
               "Keep what the old schema has: %O.",
               "The %R schema has %r and the %W schema has %w, so the full names of all messages "
               "differ."},
    FindingRow{FindingKind::message_removed, Frame::protobuf, "MESSAGE_REMOVED",
               "The %1 schema is missing a MESSAGE type at path '%P' in the %2 schema",
               "Keep %w at %Q, even if nothing uses it any more.",
               "The %R schema has no %w to read data of the %W schema's message at %Q with.",
               "Leave %w at %Q out, or register it under another subject: the old schema does not "
               "know it."},
    FindingRow{FindingKind::field_kind_changed, Frame::protobuf, "FIELD_KIND_CHANGED",
               "The type of a field at path '%P' in the %1 schema does not match the %2 schema",
               "Keep %O. The new type can come as another field with a number of its own.",
               "The field at %P is %r in the %R schema and %w in the %W schema: %M."},
    FindingRow{FindingKind::field_scalar_kind_changed, Frame::protobuf, "FIELD_SCALAR_KIND_CHANGED",
               "The kind of a SCALAR field at path '%P' in the %1 schema does not match its kind "
               "in the %2 schema",
               "Keep %O, or a type with the same encoding: int32, int64, uint32, uint64, bool and "
               "enums; sint32 and sint64; string and bytes; fixed32 and sfixed32; fixed64 and "
               "sfixed64. The new type can come as another field with a number of its own.",
               "The field at %P is %r in the %R schema and %w in the %W schema: %M."},
    FindingRow{FindingKind::field_named_type_changed, Frame::protobuf, "FIELD_NAMED_TYPE_CHANGED",
               "The type of a MESSAGE field at path '%P' in the %1 schema does not match its type "
               "in the %2 schema",
               "Keep %O, and the message that it names readable. Another message can come as "
               "another field with a number of its own.",
               "The field at %P is %r in the %R schema and %w in the %W schema: %M."},
    FindingRow{FindingKind::field_numeric_label_changed, Frame::protobuf,
               "FIELD_NUMERIC_LABEL_CHANGED",
               "The label for a NUMERIC field at path '%P' in the %1 schema does not match its "
               "label in the %2 schema",
               "Keep %O: of several packed numbers nothing or one is read where one is expected.",
               "The field at %P is %r in the %R schema and %w in the %W schema: %M."},
    FindingRow{FindingKind::required_field_added, Frame::protobuf, "REQUIRED_FIELD_ADDED",
               "A required field  at path '%P' in the %1 schema is missing in the %2 schema",
               "Write optional instead of required in %r.",
               "The %R schema requires %r at %P, and data of the %W schema does not hold that "
               "field.",
               "Keep %r: the old schema requires it."},
    FindingRow{FindingKind::required_field_removed, Frame::protobuf, "REQUIRED_FIELD_REMOVED",
               "The %1 schema is missing a required field at path: '%P' in the %2 schema",
               "Keep %w.",
               "The %W schema requires %w at %Q, and the %R schema has no field of that number.",
               "Write optional instead of required in %w."},
    FindingRow{FindingKind::oneof_field_removed, Frame::protobuf, "ONEOF_FIELD_REMOVED",
               "The %1 schema is missing a oneof field at path '%P' in the %2 schema",
               "Keep %w in its oneof, with the option `deprecated = true` if it is no longer to be "
               "used.",
               "Data of the %W schema may hold %w of the oneof at %Q, and the %R schema has no "
               "field of that number.",
               "Leave %w out of the oneof, or declare it beside it: the old schema does not know "
               "it."},
    FindingRow{FindingKind::multiple_fields_moved_to_oneof, Frame::protobuf,
               "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
               "Multiple fields in the oneof at path '%P' in the %1 schema are outside a oneof in "
               "the %2 schema",
               "Leave all but one of %w outside %r.",
               "Data of the %W schema may hold both %w, and %r of the %R schema keeps only one of "
               "them.",
               "Leave all but one of %w in %r, as in the old schema."},
    FindingRow{FindingKind::field_moved_to_existing_oneof, Frame::protobuf,
               "FIELD_MOVED_TO_EXISTING_ONEOF",
               "A field in the oneof at path '%P' in the %1 schema is outside an existing oneof in "
               "the %2 schema",
               "Leave the field at %Q where the old schema has it: one that joins %r erases what "
               "is set there.",
               "Data of the %W schema may hold both %w, and %r of the %R schema keeps only one of "
               "them.",
               "Leave %w together in %r, as in the old schema."},
};

}  // namespace symbolon::compat::protobuf
