#include "compat/finding.hpp"

#include "compat/avro/avro_finding_rows.hpp"
#include "compat/finding_table.hpp"
#include "compat/json_schema/json_finding_rows.hpp"
#include "compat/protobuf/proto_finding_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace symbolon::compat {

namespace {

constexpr std::array common_rows{
    FindingRow{FindingKind::schema_type_changed, Frame::bare, "SCHEMA_TYPE_CHANGED", "%M",
               "A subject keeps its schema type unless its compatibility level is NONE. Register "
               "this schema under another subject.",
               "The new schema is of another schema type than the old one."},
    FindingRow{FindingKind::reserved_field_removed, Frame::bare, "RESERVED_FIELD_REMOVED",
               "The new schema has reserved field %M removed from its metadata which is present in "
               "the old schema's metadata.",
               "Keep \"%M\" in the metadata property confluent:reserved.",
               "The old schema's metadata reserves the field name \"%M\", the new schema's does "
               "not."},
    FindingRow{FindingKind::reserved_field_conflict, Frame::bare, "RESERVED_FIELD_CONFLICT",
               "The new schema has field that conflicts with the reserved field %M.",
               "Rename the field \"%M\": its metadata property confluent:reserved keeps that name "
               "free.",
               "The new schema has a field \"%M\", a name that its own metadata reserves."},
    FindingRow{FindingKind::check_exception, Frame::bare, "CHECK_EXCEPTION",
               "Unexpected exception during compatibility check: %M",
               "Leave the field at %P aliases that match one field of the %W schema only.",
               "The field at %P in the %R schema matches several fields of the %W schema by its "
               "name and aliases."},
    FindingRow{FindingKind::referrer_invalid, Frame::bare, "REFERRER_INVALID",
               "The referrer cannot move to the new version: %M",
               "Keep what the referrer needs, or change both in one bundle.",
               "With the new version in place the referring schema is no longer valid: %M"},
    FindingRow{FindingKind::referrers_not_checked, Frame::bare, "REFERRERS_NOT_CHECKED",
               "More schemas refer to this subject than are checked; checked: %M",
               "Check the others one by one, or register with force=true.",
               "More schemas refer to this subject than are checked at once; %M were checked."},
};

// In the order of FindingKind.
constexpr auto finding_table =
    concat_rows(avro::finding_rows, protobuf::finding_rows, common_rows, json::finding_rows);

constexpr bool finding_rows_match_enum() {
    for (std::size_t at = 0; at < finding_table.size(); ++at) {
        if (finding_table[at].kind != static_cast<FindingKind>(at)) {
            return false;
        }
    }
    return finding_table.size() == finding_kind_count;
}
static_assert(finding_rows_match_enum(), "one row per FindingKind, in enum order");

constexpr const FindingRow& row_of(FindingKind kind) {
    return finding_table[static_cast<std::size_t>(kind)];
}

std::string fill(std::string_view pattern, const Finding& finding, Direction direction,
                 std::string_view path) {
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
                text += path;
                break;
            case 'Q':
                text += writer_place(finding);
                break;
            case 'r':
                text += finding.reader_text;
                break;
            case 'w':
                text += finding.writer_text;
                break;
            case 'O':
                text += backward ? finding.writer_text : finding.reader_text;
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

// Placeholders with the words before them, as they read where no schemas are at hand; the first
// that fits is taken.
struct GenericWords {
    std::string_view pattern;
    std::string_view words;
};
constexpr std::array generic_words{
    GenericWords{"Take \"%M\"", "Take the property"},
    GenericWords{" on \"%M\"", " on the property"},
    GenericWords{"where \"%M\"", "where a property"},
    GenericWords{"in which \"%M\"", "in which a property"},
    GenericWords{"has no field \"%M\"", "lacks a field"},
    GenericWords{"has a field \"%M\", a name", "has a field with a name"},
    GenericWords{"Keep \"%M\"", "Keep the name"},
    GenericWords{" \"%M\"", ""},
    GenericWords{" the symbols %M, which", " symbols that"},
    GenericWords{" (%M at %P)", ""},
    GenericWords{" (%M)", ""},
    GenericWords{" (%P)", ""},
    GenericWords{"valid: %M", "valid."},
    GenericWords{"; %M were checked", ""},
    GenericWords{
        "is %r in the %R schema and %w in the %W schema: %M",
        "is of one type or label in the reading schema and of another in the writing schema"},
    GenericWords{"has %r and the %W schema has %w",
                 "is of another package than the writing schema"},
    GenericWords{": %O", ""},
    GenericWords{"Keep %O:", "Keep the old label:"},
    GenericWords{"%O", "the old type"},
    GenericWords{"Keep %w at %Q", "Keep the message"},
    GenericWords{"has no %w", "has no message"},
    GenericWords{"requires %r at %P", "requires a field"},
    GenericWords{"requires %w at %Q", "requires a field"},
    GenericWords{"%w of the oneof at %Q", "a field of a oneof"},
    GenericWords{"both %w", "both fields"},
    GenericWords{"one of %w", "one of the fields"},
    GenericWords{" in %r.", "."},
    GenericWords{" in %w.", "."},
    GenericWords{"%w", "the field"},
    GenericWords{"%r", "the oneof"},
    GenericWords{" at %P of the", " in the"},
    GenericWords{" at %P", ""},
    GenericWords{" at %Q", ""},
    GenericWords{"no item %M", "no such item"},
    GenericWords{" item %M", " the item"},
    GenericWords{" %M", ""},
    GenericWords{"%R", "reading"},
    GenericWords{"%W", "writing"},
};

std::string fill_generic(std::string_view pattern) {
    std::string text;
    while (!pattern.empty()) {
        const auto* const found = std::find_if(
            generic_words.begin(), generic_words.end(),
            [&](const GenericWords& each) { return pattern.starts_with(each.pattern); });
        if (found != generic_words.end()) {
            text += found->words;
            pattern.remove_prefix(found->pattern.size());
        } else {
            text += pattern.front();
            pattern.remove_prefix(1);
        }
    }
    return text;
}

}  // namespace

std::string_view to_string(FindingKind kind) {
    return row_of(kind).name;
}

std::string to_message(const Finding& finding, Direction direction) {
    const FindingRow& row = row_of(finding.kind);
    std::string description = fill(row.description, finding, direction, finding.path);
    switch (row.frame) {
        case Frame::bare:
            return description;
        case Frame::avro:
            return fmt::format("{{errorType:'{}', description:'{}', additionalInfo:'{}'}}",
                               row.name, description, finding.message);
        case Frame::json:
            return fmt::format("{{errorType:\"{}\", description:\"{}'}}", row.name, description);
        case Frame::protobuf:
            return fmt::format("{{errorType:\"{}\", description:\"{}\"}}", row.name, description);
    }
    return description;
}

std::string_view reader_place(const Finding& finding) {
    return finding.reader_path.empty() ? finding.path : finding.reader_path;
}

std::string_view writer_place(const Finding& finding) {
    return finding.writer_path.empty() ? reader_place(finding) : finding.writer_path;
}

std::string to_sentence(const Finding& finding, Direction direction) {
    const FindingRow& row = row_of(finding.kind);
    if (row.sentence.empty() && row.description.empty()) {
        return fmt::format("{} at {}", row.name, reader_place(finding));
    }
    return row.sentence.empty() ? fill(row.description, finding, direction, finding.path)
                                : fill(row.sentence, finding, direction, reader_place(finding));
}

std::string to_hint(const Finding& finding, Direction direction) {
    const FindingRow& row = row_of(finding.kind);
    const bool for_old_reader = direction == Direction::forward && !row.forward_hint.empty();
    return fill(for_old_reader ? row.forward_hint : row.hint, finding, direction,
                reader_place(finding));
}

KindDescription describe(FindingKind kind) {
    const FindingRow& row = row_of(kind);
    return {fill_generic(row.sentence.empty() ? row.description : row.sentence),
            fill_generic(row.hint)};
}

}  // namespace symbolon::compat
