#include "core/json.hpp"

#include "core/limits.hpp"
#include "core/repeated_member.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon {

namespace {

// Why: nlohmann's parser itself is iterative, but code that walks the value is not always; the
// depth is therefore bounded before anything is built.
bool deeper_than(std::string_view text, std::size_t depth_max) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char next = text[at];
        if (in_string) {
            if (next == '\\') {
                ++at;
            } else if (next == '"') {
                in_string = false;
            }
        } else if (next == '"') {
            in_string = true;
        } else if (next == '{' || next == '[') {
            if (++depth > depth_max) {
                return true;
            }
        } else if ((next == '}' || next == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

// nlohmann prefixes its own name and error number; what follows them is fit for people.
std::string without_library_prefix(std::string_view what) {
    const auto bracket = what.find("] ");
    return std::string(bracket == std::string_view::npos ? what : what.substr(bracket + 2));
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
    if (deeper_than(text, limits::json_depth_max)) {
        return failure(make_error(
            ErrorCode::malformed_json,
            fmt::format("JSON is nested deeper than {} levels", limits::json_depth_max)));
    }
    // Why: nlohmann takes a NUL for the end of the text and passes over what follows it.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        return failure(
            make_error(ErrorCode::malformed_json,
                       fmt::format("byte {} is a NUL, which JSON does not have anywhere; "
                                   "in a string it is written \\u0000",
                                   nul + 1)));
    }
    try {
        return Json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        return failure(make_error(ErrorCode::malformed_json, without_library_prefix(error.what())));
    }
}

std::optional<std::string> find_repeated_member(std::string_view text) {
    std::vector<std::set<std::string>> names;  // of the objects that are open
    std::optional<std::string> repeated;
    const auto visit = [&](int /*depth*/, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) {
            names.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            names.pop_back();
        } else if (event == Json::parse_event_t::key && !repeated) {
            const auto& name = value.get_ref<const std::string&>();
            if (!names.back().insert(name).second) {
                repeated = name;
            }
        }
        return true;
    };
    const Json parsed = Json::parse(text, visit, false);
    static_cast<void>(parsed);
    return repeated;
}

std::string to_text(const Json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace symbolon
