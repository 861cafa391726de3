#include "client/decoder/json_text.hpp"

#include "core/json.hpp"

namespace symbolon::client {
namespace {

std::size_t skip_string(std::string_view json, std::size_t at) {
    for (++at; at < json.size(); ++at) {
        if (json[at] == '\\') {
            ++at;
        } else if (json[at] == '"') {
            return at + 1;
        }
    }
    return json.size();
}

bool is_called(std::string_view quoted, std::string_view name) {
    if (quoted.find('\\') == std::string_view::npos) {
        return quoted.substr(1, quoted.size() - 2) == name;
    }
    const auto key = parse_json(quoted);
    return key && key->is_string() && key->get_ref<const std::string&>() == name;
}

/// Behind the comma or at the closing bracket.
std::size_t skip_separator(std::string_view json, std::size_t at) {
    at = skip_json_blanks(json, at);
    return at < json.size() && json[at] == ',' ? skip_json_blanks(json, at + 1) : at;
}

}  // namespace

std::size_t skip_json_blanks(std::string_view json, std::size_t at) {
    while (at < json.size() &&
           (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')) {
        ++at;
    }
    return at;
}

std::size_t skip_json_value(std::string_view json, std::size_t at) {
    std::size_t depth = 0;
    while (at < json.size()) {
        const char next = json[at];
        if (next == '"') {
            at = skip_string(json, at);
        } else if (next == '{' || next == '[') {
            ++depth;
            ++at;
            continue;
        } else if (next == '}' || next == ']') {
            if (depth == 0) {
                return at;
            }
            --depth;
            ++at;
        } else if (depth > 0) {
            ++at;
            continue;
        } else {
            const auto end = json.find_first_of(",]} \t\r\n", at);
            at = end == std::string_view::npos ? json.size() : end;
        }
        if (depth == 0) {
            return at;
        }
    }
    return at;
}

std::optional<JsonPlace> find_json_member_place(std::string_view json, std::size_t at,
                                                std::string_view name) {
    if (at >= json.size() || json[at] != '{') {
        return std::nullopt;
    }
    at = skip_json_blanks(json, at + 1);
    while (at < json.size() && json[at] == '"') {
        const auto key_end = skip_string(json, at);
        const auto key = json.substr(at, key_end - at);
        // Behind the colon.
        const auto begin = skip_json_blanks(json, skip_json_blanks(json, key_end) + 1);
        const auto end = skip_json_value(json, begin);
        if (is_called(key, name)) {
            return JsonPlace{begin, end};
        }
        at = skip_separator(json, end);
    }
    return std::nullopt;
}

std::optional<JsonPlace> find_json_item_place(std::string_view json, std::size_t at,
                                              std::size_t index) {
    if (at >= json.size() || json[at] != '[') {
        return std::nullopt;
    }
    at = skip_json_blanks(json, at + 1);
    while (at < json.size() && json[at] != ']') {
        const auto end = skip_json_value(json, at);
        if (index == 0) {
            return JsonPlace{at, end};
        }
        --index;
        at = skip_separator(json, end);
    }
    return std::nullopt;
}

std::optional<std::string_view> find_json_member(std::string_view json, std::string_view name) {
    const auto place = find_json_member_place(json, skip_json_blanks(json, 0), name);
    return place ? std::optional(json.substr(place->begin, place->end - place->begin))
                 : std::nullopt;
}

std::string on_one_line(std::string_view json) {
    std::string line(json);
    for (char& each : line) {
        // Within its strings JSON has them escaped.
        if (each == '\n' || each == '\r') {
            each = ' ';
        }
    }
    return line;
}

}  // namespace symbolon::client
