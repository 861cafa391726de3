#include "client/decoder/json_defaults.hpp"

#include "client/decoder/json_text.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>

namespace symbolon::client {
namespace {

Result<std::vector<std::string>> parse_pointer(std::string_view pointer) {
    const auto wrong = [&](std::string_view why) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("\"{}\" is no JSON Pointer to a member: {}", pointer, why)));
    };
    if (pointer.empty() || pointer.front() != '/') {
        return wrong("it must begin with a slash, as /agent/id does");
    }
    std::vector<std::string> path;
    for (std::size_t at = 0; at < pointer.size(); ++at) {
        if (pointer[at] == '/') {
            path.emplace_back();
        } else if (pointer[at] != '~') {
            path.back() += pointer[at];
        } else if (const auto next = pointer.substr(at + 1, 1); next == "0" || next == "1") {
            path.back() += next == "0" ? '~' : '/';
            ++at;
        } else {
            return wrong("a ~ is written ~0, and a / within a name ~1");
        }
    }
    return path;
}

/// {"b":{"c":value}} for the tokens b and c.
std::string wrapped(const JsonDefault& fallback, std::size_t from) {
    std::string text;
    for (std::size_t at = from; at < fallback.path.size(); ++at) {
        text += '{' + symbolon::to_text(Json(fallback.path[at])) + ':';
    }
    text += fallback.value;
    text.append(fallback.path.size() - from, '}');
    return text;
}

std::optional<JsonPlace> find_part(const std::string& json, std::size_t at,
                                   const std::string& token) {
    if (json[at] == '{') {
        return find_json_member_place(json, at, token);
    }
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc{} || end != token.data() + token.size()) {
        return std::nullopt;
    }
    return find_json_item_place(json, at, index);
}

/// Adds a member at the end of the object that begins at `at`.
void add_member(std::string& json, std::size_t at, const std::string& name,
                const std::string& value) {
    const auto end = skip_json_value(json, at) - 1;  // the closing bracket
    const bool is_empty = skip_json_blanks(json, at + 1) == end;
    json.insert(end, (is_empty ? "" : ",") + symbolon::to_text(Json(name)) + ':' + value);
}

void fill_default(std::string& json, const JsonDefault& fallback) {
    std::size_t at = skip_json_blanks(json, 0);
    for (std::size_t depth = 0; depth < fallback.path.size(); ++depth) {
        if (at >= json.size() || (json[at] != '{' && json[at] != '[')) {
            return;
        }
        const auto place = find_part(json, at, fallback.path[depth]);
        if (!place) {
            if (json[at] == '{') {
                add_member(json, at, fallback.path[depth], wrapped(fallback, depth + 1));
            }
            return;
        }
        if (json.compare(place->begin, place->end - place->begin, "null") == 0) {
            json.replace(place->begin, place->end - place->begin, wrapped(fallback, depth + 1));
            return;
        }
        at = place->begin;
    }
}

}  // namespace

Result<std::vector<JsonDefault>> parse_json_defaults(std::string_view json) {
    SYMBOLON_TRY(const Json object, parse_json(json));
    if (!object.is_object()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  R"(defaults are an object, as {"/agent/id":"anonymous"})"));
    }
    std::vector<JsonDefault> defaults;
    for (const auto& [pointer, value] : object.items()) {
        SYMBOLON_TRY(auto path, parse_pointer(pointer));
        defaults.push_back({std::move(path), symbolon::to_text(value)});
    }
    return defaults;
}

void fill_defaults(std::string& json, const std::vector<JsonDefault>& defaults) {
    for (const auto& fallback : defaults) {
        fill_default(json, fallback);
    }
}

}  // namespace symbolon::client
