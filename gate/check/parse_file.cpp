#include "gate/check/parse_file.hpp"

#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace symbolon::gate {

namespace {

/// A number at the front of `text`, which is left behind it.
std::optional<std::size_t> take_number(std::string_view& text) {
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number == 0) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return number;
}

/// Two numbers, each behind its mark.
std::optional<FindingPlace> take_place(std::string_view text, std::string_view before_line,
                                       std::string_view before_column) {
    if (!text.starts_with(before_line)) {
        return std::nullopt;
    }
    text.remove_prefix(before_line.size());
    const auto line = take_number(text);
    if (!line || !text.starts_with(before_column)) {
        return std::nullopt;
    }
    text.remove_prefix(before_column.size());
    const auto column = take_number(text);
    return column ? std::optional(FindingPlace{*line, *column}) : std::nullopt;
}

FindingPlace place_of_offset(std::string_view text, std::size_t offset) {
    FindingPlace place;
    for (const char letter : text.substr(0, offset)) {
        if (letter == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(letter) & 0xC0U) != 0x80U) {
            ++place.column;
        }
    }
    return place;
}

/// Where the first thing that the message quotes stands in the text.
std::optional<FindingPlace> place_of_quoted(std::string_view message, std::string_view text) {
    const std::size_t begin = message.find('"');
    const std::size_t end = begin == std::string_view::npos ? begin : message.find('"', begin + 1);
    if (end == std::string_view::npos || end == begin + 1) {
        return std::nullopt;
    }
    const std::size_t found = text.find(message.substr(begin + 1, end - begin - 1));
    return found == std::string_view::npos ? std::nullopt
                                           : std::optional(place_of_offset(text, found));
}

bool is_too_costly(const Error& error) {
    return error.code == ErrorCode::check_too_costly;
}

/// The first of the texts that is no schema, each with those before it.
struct BadText {
    std::size_t at = 0;
    std::string message{};
};
std::optional<BadText> find_bad_text(SchemaType type, std::span<const compat::NamedText> texts) {
    for (std::size_t at = 0; at < texts.size(); ++at) {
        const auto parsed = compat::parse_schema(type, texts[at].text, texts.first(at),
                                                 compat::Strictness::lenient);
        if (!parsed) {
            return BadText{at, parsed.error().message};
        }
    }
    return std::nullopt;
}

/// A text that is needed through another one is shown where the file names that one.
FindingPlace place_of_text(const ResolvedReferences& resolved, const std::string& name) {
    const auto named =
        std::find_if(resolved.direct.begin(), resolved.direct.end(),
                     [&](const DirectReference& direct) { return direct.reference.name == name; });
    if (named != resolved.direct.end()) {
        return {named->line, named->column};
    }
    return resolved.direct.empty()
               ? FindingPlace{}
               : FindingPlace{resolved.direct.front().line, resolved.direct.front().column};
}

GateFinding to_finding(const TreeFile& file, const ResolvedReferences& resolved,
                       const Error& error) {
    if (is_too_costly(error)) {
        return make_finding(rule_undecided, file, {}, error.message,
                            "Split the schema into smaller ones");
    }
    if (const auto bad = find_bad_text(file.type, resolved.texts)) {
        const std::string& name = resolved.texts[bad->at].name;
        return make_finding(
            rule_invalid_schema, file, place_of_text(resolved, name),
            fmt::format("It refers to \"{}\", which is no valid schema: {}", name, bad->message),
            "Correct that schema first");
    }
    return make_finding(rule_invalid_schema, file,
                        place_in_message(error.message, file.type, file.text), error.message, {});
}

}  // namespace

FindingPlace place_in_message(std::string_view message, SchemaType type, std::string_view text) {
    if (type == SchemaType::protobuf) {
        for (std::size_t at = message.find(':'); at != std::string_view::npos;
             at = message.find(':', at + 1)) {
            if (const auto place = take_place(message.substr(at), ":", ":")) {
                return *place;
            }
        }
        return place_of_quoted(message, text).value_or(FindingPlace{});
    }
    constexpr std::string_view line_mark = "line ";
    for (std::size_t at = message.rfind(line_mark); at != std::string_view::npos;
         at = at == 0 ? std::string_view::npos : message.rfind(line_mark, at - 1)) {
        if (const auto place = take_place(message.substr(at), line_mark, ", column ")) {
            return *place;
        }
    }
    return place_of_quoted(message, text).value_or(FindingPlace{});
}

Result<TreeReading> read_tree_file(const SchemaTree& tree, std::size_t file,
                                   LatestVersions& latest) {
    const TreeFile& candidate = tree.files[file];
    TreeReading reading;
    SYMBOLON_TRY(reading.resolved, resolve_references(tree, file, latest));
    if (!reading.resolved.problems.empty()) {
        return reading;
    }
    if (candidate.text.size() > limits::schema_bytes_max) {
        reading.resolved.problems.push_back(make_finding(
            rule_invalid_schema, candidate, {},
            fmt::format("The schema is longer than {} bytes", limits::schema_bytes_max),
            "Split the schema into smaller ones"));
        return reading;
    }
    // Why: a registry gets texts as JSON, in which other bytes would become another text.
    if (const auto bad = compat::find_bad_utf8(candidate.text); bad != std::string_view::npos) {
        reading.resolved.problems.push_back(make_finding(
            rule_invalid_schema, candidate, place_of_offset(candidate.text, bad),
            fmt::format("The file is not UTF-8, from byte {} on", bad), "Save it as UTF-8"));
        return reading;
    }
    auto parsed = compat::parse_schema(candidate.type, candidate.text, reading.resolved.texts,
                                       compat::Strictness::strict);
    if (parsed) {
        reading.schema = *std::move(parsed);
        return reading;
    }
    reading.too_costly = is_too_costly(parsed.error());
    reading.resolved.problems.push_back(to_finding(candidate, reading.resolved, parsed.error()));
    return reading;
}

}  // namespace symbolon::gate
