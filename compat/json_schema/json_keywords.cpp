#include "compat/json_schema/json_keywords.hpp"

#include "compat/json_schema/json_pattern.hpp"
#include "compat/json_schema/json_uri.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::compat::json {

namespace {

std::string_view name_of(JsonKind kind) {
    switch (kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return "a boolean";
        case JsonKind::int32:
        case JsonKind::int64:
        case JsonKind::big_integer:
        case JsonKind::real:
            return "a number";
        case JsonKind::string:
            return "a text";
        case JsonKind::array:
            return "an array";
        case JsonKind::object:
            return "an object";
    }
    return {};
}

}  // namespace

bool is_number(const JsonNode& json) {
    return json.is_integer() || json.kind == JsonKind::real;
}

double to_double(const JsonNode& number) {
    if (number.kind == JsonKind::big_integer) {
        return parse_real(number.text);
    }
    return number.kind == JsonKind::real ? number.real : static_cast<double>(number.integer);
}

std::nullptr_t Keywords::fail(const Place& here, const JsonNode& json, std::string what) {
    if (problem_.what.empty()) {
        problem_ = {std::move(what), here.document, json.offset};
    }
    return nullptr;
}

bool Keywords::expect(bool good, const Place& here, const JsonNode& json, std::string_view wanted) {
    if (!good) {
        const std::string subject = json.key.empty() ? "" : fmt::format("\"{}\": ", json.key);
        fail(here, json,
             fmt::format("{}expected {}, found {}", subject, wanted, name_of(json.kind)));
    }
    return good;
}

bool Keywords::read_text(const JsonNode& json, std::string_view word, const Place& here,
                         const JsonNode*& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    out = found;
    return expect(found->kind == JsonKind::string, here, *found, "a text");
}

bool Keywords::read_flag(const JsonNode& json, std::string_view word, const Place& here,
                         bool& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    out = found->boolean;
    return expect(found->kind == JsonKind::boolean, here, *found, "a boolean");
}

bool Keywords::read_bound(const JsonNode& json, std::string_view word, const Place& here,
                          Bound32& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    out = static_cast<std::int32_t>(found->integer);
    return expect(found->kind == JsonKind::int32, here, *found,
                  "an integer of at most 32 bits, without a fraction");
}

bool Keywords::read_limit(const JsonNode& json, std::string_view word, const Place& here,
                          std::optional<double>& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    if (!expect(is_number(*found), here, *found, "a number")) {
        return false;
    }
    out = to_double(*found);
    return true;
}

bool Keywords::read_factor(const JsonNode& json, std::string_view word, const Place& here,
                           const JsonNode*& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    if (!expect(is_number(*found), here, *found, "a number")) {
        return false;
    }
    const auto decimal = parse_decimal(found->text);
    if (!decimal || decimal->digits == "0") {
        fail(here, *found, fmt::format("\"{}\" is 0, of which nothing is a multiple", word));
        return false;
    }
    out = found;
    return true;
}

bool Keywords::read_names(const JsonNode& json, const Place& here,
                          std::span<const std::string_view>& out) {
    if (!expect(json.kind == JsonKind::array, here, json, "an array of texts")) {
        return false;
    }
    std::vector<std::string_view> names;
    names.reserve(json.count);
    for (const JsonNode* item = json.first; item != nullptr; item = item->next) {
        if (!expect(item->kind == JsonKind::string, here, *item, "a text")) {
            return false;
        }
        names.push_back(item->text);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    out = keep(names);
    return true;
}

bool Keywords::check_pattern(std::string_view pattern, const JsonNode& json, const Place& here) {
    if (++pattern_count_ > limits::patterns_max) {
        fail(here, json, fmt::format("More than {} patterns", limits::patterns_max));
        return false;
    }
    if (const auto compiled = compile_pattern(pattern); !compiled) {
        fail(here, json, compiled.error().message);
        return false;
    }
    return true;
}

bool Keywords::check_uri(const JsonNode& json, const Place& here) {
    if (json.text.size() > limits::uri_bytes_max) {
        fail(here, json, fmt::format("A URI is longer than {} bytes", limits::uri_bytes_max));
        return false;
    }
    if (!is_uri_reference(json.text)) {
        fail(here, json, fmt::format("\"{}\" is no URI: \"{}\"", json.key, json.text));
        return false;
    }
    return true;
}

}  // namespace symbolon::compat::json
