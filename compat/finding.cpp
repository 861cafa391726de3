#include "compat/finding.hpp"

#include <array>
#include <cstddef>

namespace symbolon::compat {

namespace {

// In descriptions %1 and %2 are "new" and "old", the reading schema first; %P is the path and %M
// the message. In hints %R and %W are the reading and the writing schema.
struct FindingRow {
    FindingKind kind;
    std::string_view name;
    std::string_view description;
    std::string_view hint;
};

constexpr std::array finding_table{
    FindingRow{FindingKind::name_mismatch, "NAME_MISMATCH",
               "The name of the schema has changed (path '%P')",
               "The type at %P has another name than in the %W schema (%M). Give it back its name, "
               "or list the other name among the aliases of the %R schema's type."},
    FindingRow{FindingKind::fixed_size_mismatch, "FIXED_SIZE_MISMATCH",
               "The size of FIXED type field at path '%P' in the %1 schema does not match with the "
               "%2 schema",
               "A fixed type must keep its size (%M at %P). Add a new type under a new name "
               "instead."},
    FindingRow{
        FindingKind::missing_enum_symbols, "MISSING_ENUM_SYMBOLS",
        "The %1 schema is missing enum symbols '%M' at path '%P' in the %2 schema",
        "Data of the %W schema may hold the symbols %M, which the %R schema does not know at "
        "%P. Keep them, or give the %R schema's enum a default symbol."},
    FindingRow{
        FindingKind::reader_field_missing_default_value, "READER_FIELD_MISSING_DEFAULT_VALUE",
        "The field '%M' at path '%P' in the %1 schema has no default value and is missing in "
        "the %2 schema",
        "The field \"%M\" at %P is not in the %W schema, and the %R schema does not say what "
        "to take instead. Give the field a default."},
    FindingRow{FindingKind::type_mismatch, "TYPE_MISMATCH",
               "The type (path '%P') of a field in the %1 schema does not match with the %2 schema",
               "The types at %P cannot be read as one another (%M). Only int to long, float and "
               "double, and string to bytes and back, can change."},
    FindingRow{FindingKind::missing_union_branch, "MISSING_UNION_BRANCH",
               "The %1 schema is missing a type inside a union field at path '%P' in the %2 schema",
               "Data of the %W schema may hold a type that no branch of the union at %P in the %R "
               "schema can read (%M). Keep that branch."},
    FindingRow{FindingKind::schema_type_changed, "SCHEMA_TYPE_CHANGED", "%M",
               "A subject keeps its schema type unless its compatibility level is NONE. Register "
               "this schema under another subject."},
    FindingRow{FindingKind::reserved_field_removed, "RESERVED_FIELD_REMOVED",
               "The new schema has reserved field %M removed from its metadata which is present in "
               "the old schema's metadata.",
               "Keep \"%M\" in the metadata property confluent:reserved."},
    FindingRow{FindingKind::reserved_field_conflict, "RESERVED_FIELD_CONFLICT",
               "The new schema has field that conflicts with the reserved field %M.",
               "Rename the field \"%M\": its metadata property confluent:reserved keeps that name "
               "free."},
    FindingRow{FindingKind::check_exception, "CHECK_EXCEPTION",
               "Unexpected exception during compatibility check: %M",
               "A field at %P in the %R schema matches several fields of the %W schema by its name "
               "and aliases. Leave aliases that match one field only."},
};

constexpr bool finding_rows_match_enum() {
    for (std::size_t at = 0; at < finding_table.size(); ++at) {
        if (finding_table[at].kind != static_cast<FindingKind>(at)) {
            return false;
        }
    }
    return finding_table.size() == static_cast<std::size_t>(FindingKind::check_exception) + 1;
}
static_assert(finding_rows_match_enum(), "one row per FindingKind, in enum order");

constexpr const FindingRow& row_of(FindingKind kind) {
    return finding_table[static_cast<std::size_t>(kind)];
}

std::string fill(std::string_view pattern, const Finding& finding, Direction direction) {
    const bool backward = direction == Direction::backward;
    const std::string_view reader = backward ? "new" : "old";
    const std::string_view writer = backward ? "old" : "new";
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '%' || at + 1 == pattern.size()) {
            text += pattern[at];
            continue;
        }
        switch (pattern[++at]) {
            case '1':
            case 'R':
                text += reader;
                break;
            case '2':
            case 'W':
                text += writer;
                break;
            case 'P':
                text += finding.path;
                break;
            case 'M':
                text += finding.message;
                break;
            default:
                text += pattern[at];
        }
    }
    return text;
}

// Entries that are sentences without a frame (REST contract 5.1 and 5.5).
constexpr bool is_bare(FindingKind kind) {
    return kind == FindingKind::schema_type_changed ||
           kind == FindingKind::reserved_field_removed ||
           kind == FindingKind::reserved_field_conflict || kind == FindingKind::check_exception;
}

}  // namespace

std::string_view to_string(FindingKind kind) {
    return row_of(kind).name;
}

std::string to_message(const Finding& finding, Direction direction) {
    const FindingRow& row = row_of(finding.kind);
    std::string description = fill(row.description, finding, direction);
    if (is_bare(finding.kind)) {
        return description;
    }
    std::string text = "{errorType:'";
    text += row.name;
    text += "', description:'";
    text += description;
    text += "', additionalInfo:'";
    text += finding.message;
    text += "'}";
    return text;
}

std::string to_hint(const Finding& finding, Direction direction) {
    return fill(row_of(finding.kind).hint, finding, direction);
}

}  // namespace symbolon::compat
