// What findings of Avro checks are called and say.
//
// Threads:  immutable
// Source:   REST contract 5.2
// Tested by tests/unit/compat/finding_test.cpp
#pragma once

#include "compat/finding_table.hpp"

namespace symbolon::compat::avro {

inline constexpr std::array finding_rows{
    FindingRow{FindingKind::name_mismatch, Frame::avro, "NAME_MISMATCH",
               "The name of the schema has changed (path '%P')",
               "Give the type at %P its old name back, or add that name to its \"aliases\" (%M).",
               "The type at %P in the %R schema has another name than in the %W schema (%M).",
               "Give the type the name that the old schema has at %P."},
    FindingRow{FindingKind::fixed_size_mismatch, Frame::avro, "FIXED_SIZE_MISMATCH",
               "The size of FIXED type field at path '%P' in the %1 schema does not match with the "
               "%2 schema",
               "Keep the size (%M at %P), or add a new type under a new name.",
               "The fixed type at %P has another size in the %R schema than in the %W schema "
               "(%M)."},
    FindingRow{
        FindingKind::missing_enum_symbols, Frame::avro, "MISSING_ENUM_SYMBOLS",
        "The %1 schema is missing enum symbols '%M' at path '%P' in the %2 schema",
        "Keep the symbols %M, or add a \"default\" symbol to the enum.",
        "Data of the %W schema may hold the symbols %M, which the %R schema does not know at %P.",
        "Leave out the symbols %M: the old schema's enum at %P has no default to read them as."},
    FindingRow{
        FindingKind::reader_field_missing_default_value, Frame::avro,
        "READER_FIELD_MISSING_DEFAULT_VALUE",
        "The field '%M' at path '%P' in the %1 schema has no default value and is missing in "
        "the %2 schema",
        "Add a \"default\" to the field \"%M\".",
        "The %W schema has no field \"%M\", and the %R schema has no default for it at %P.",
        "Keep the field \"%M\": the old schema needs it."},
    FindingRow{FindingKind::type_mismatch, Frame::avro, "TYPE_MISMATCH",
               "The type (path '%P') of a field in the %1 schema does not match with the %2 schema",
               "Keep the old type. Only int to long, float or double, long to float or double, "
               "float to double, and string to bytes and back can change.",
               "The type at %P in the %R schema cannot read what the %W schema writes there (%M).",
               "Keep the old type. While the old schema reads, a type can only become a narrower "
               "number, such as int for long, or change from string to bytes and back."},
    FindingRow{FindingKind::missing_union_branch, Frame::avro, "MISSING_UNION_BRANCH",
               "The %1 schema is missing a type inside a union field at path '%P' in the %2 schema",
               "Keep a branch for that type in the union at %P (%M).",
               "Data of the %W schema may hold a type that no branch of the union at %P in the %R "
               "schema can read (%M).",
               "Leave that type out: the old schema's union at %P cannot read it (%M)."},
};

}  // namespace symbolon::compat::avro
