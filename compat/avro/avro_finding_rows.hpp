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
               "The type at %P has another name than in the %W schema (%M). Give it back its name, "
               "or list the other name among the aliases of the %R schema's type."},
    FindingRow{FindingKind::fixed_size_mismatch, Frame::avro, "FIXED_SIZE_MISMATCH",
               "The size of FIXED type field at path '%P' in the %1 schema does not match with the "
               "%2 schema",
               "A fixed type must keep its size (%M at %P). Add a new type under a new name "
               "instead."},
    FindingRow{
        FindingKind::missing_enum_symbols, Frame::avro, "MISSING_ENUM_SYMBOLS",
        "The %1 schema is missing enum symbols '%M' at path '%P' in the %2 schema",
        "Data of the %W schema may hold the symbols %M, which the %R schema does not know at "
        "%P. Keep them, or give the %R schema's enum a default symbol."},
    FindingRow{
        FindingKind::reader_field_missing_default_value, Frame::avro,
        "READER_FIELD_MISSING_DEFAULT_VALUE",
        "The field '%M' at path '%P' in the %1 schema has no default value and is missing in "
        "the %2 schema",
        "The field \"%M\" at %P is not in the %W schema, and the %R schema does not say what "
        "to take instead. Give the field a default."},
    FindingRow{FindingKind::type_mismatch, Frame::avro, "TYPE_MISMATCH",
               "The type (path '%P') of a field in the %1 schema does not match with the %2 schema",
               "The types at %P cannot be read as one another (%M). Only int to long, float and "
               "double, and string to bytes and back, can change."},
    FindingRow{FindingKind::missing_union_branch, Frame::avro, "MISSING_UNION_BRANCH",
               "The %1 schema is missing a type inside a union field at path '%P' in the %2 schema",
               "Data of the %W schema may hold a type that no branch of the union at %P in the %R "
               "schema can read (%M). Keep that branch."},
};

}  // namespace symbolon::compat::avro
