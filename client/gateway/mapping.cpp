#include "client/gateway/mapping.hpp"

#include "core/limits.hpp"

#include <yaml-cpp/yaml.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <utility>

namespace symbolon::client {
namespace {

Error mapping_error(std::string_view what) {
    return make_error(ErrorCode::cannot_start, fmt::format("the mapping file: {}", what));
}

/// A YAML scalar as the JSON value that it stands for by YAML's core schema; in quotes: a text.
Json scalar_of(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    if (node.Tag() == "!") {
        return text;
    }
    if (text == "true" || text == "false") {
        return text == "true";
    }
    std::int64_t integer = 0;
    const char* const end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, integer);
        read.ec == std::errc() && read.ptr == end) {
        return integer;
    }
    double real = 0;
    if (const auto read = std::from_chars(text.data(), end, real);
        read.ec == std::errc() && read.ptr == end && std::isfinite(real)) {
        return real;
    }
    return text;
}

}  // namespace

Result<JsonPointer> JsonPointer::parse(std::string_view text) {
    JsonPointer pointer;
    pointer.text_ = text;
    if (!text.empty() && text.front() != '/') {
        return failure(make_error(
            ErrorCode::malformed_request,
            fmt::format("\"{}\" is no JSON pointer: it must be empty or begin with /", text)));
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '/') {
            pointer.steps_.emplace_back();
        } else if (text[at] != '~') {
            pointer.steps_.back() += text[at];
        } else if (at + 1 < text.size() && (text[at + 1] == '0' || text[at + 1] == '1')) {
            pointer.steps_.back() += text[++at] == '0' ? '~' : '/';
        } else {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("\"{}\" is no JSON pointer: ~ must be followed by 0 or 1", text)));
        }
    }
    return pointer;
}

const Json* JsonPointer::find(const Json& value) const {
    const Json* place = &value;
    for (const auto& step : steps_) {
        if (place->is_object()) {
            const auto member = place->find(step);
            if (member == place->end()) {
                return nullptr;
            }
            place = &*member;
            continue;
        }
        std::size_t index = 0;
        const char* const end = step.data() + step.size();
        const auto read = std::from_chars(step.data(), end, index);
        const bool plain =
            read.ec == std::errc() && read.ptr == end && (step.size() == 1 || step.front() != '0');
        if (!place->is_array() || !plain || index >= place->size()) {
            return nullptr;
        }
        place = &(*place)[index];
    }
    return place;
}

std::string to_rfc3339(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
    const std::int64_t rest = ((ms % 1'000) + 1'000) % 1'000;
    const auto seconds = static_cast<std::time_t>((ms - rest) / 1'000);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), rest);
}

/// Reads the file's rules. yaml-cpp throws, and its exceptions end in parse().
struct Mapping::Reader {
    std::size_t nodes_left = limits::mapping_nodes_max;

    /// Why: aliases let a short YAML text stand for a huge value, so that nodes are counted.
    Result<Json> to_json(const YAML::Node& node, std::size_t depth) {
        if (nodes_left-- == 0 || depth > limits::mapping_depth_max) {
            nodes_left = 0;
            return failure(mapping_error("a default or constant is too large"));
        }
        if (node.IsSequence()) {
            Json list = Json::array();
            for (const auto& item : node) {
                SYMBOLON_TRY(auto value, to_json(item, depth + 1));
                list.push_back(std::move(value));
            }
            return list;
        }
        if (node.IsMap()) {
            Json object = Json::object();
            for (const auto& member : node) {
                SYMBOLON_TRY(auto value, to_json(member.second, depth + 1));
                object[member.first.Scalar()] = std::move(value);
            }
            return object;
        }
        return node.IsScalar() ? scalar_of(node) : Json();
    }

    static Result<bool> read_flag(const YAML::Node& node, const std::string& place) {
        if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) {
            return node.Scalar() == "true";
        }
        return failure(mapping_error(fmt::format("{} must be true or false", place)));
    }

    static Status add_pointer(Rule& rule, const YAML::Node& node) {
        if (!node.IsScalar()) {
            return failure(mapping_error(fmt::format(
                "field \"{}\": from must be a JSON pointer or a list of them", rule.field)));
        }
        auto pointer = JsonPointer::parse(node.Scalar());
        if (!pointer) {
            return failure(mapping_error(
                fmt::format("field \"{}\": {}", rule.field, pointer.error().message)));
        }
        if (rule.pointers.size() == limits::mapping_pointers_max) {
            return failure(mapping_error(fmt::format("field \"{}\" has more than {} pointers",
                                                     rule.field, limits::mapping_pointers_max)));
        }
        rule.pointers.push_back(std::move(*pointer));
        return {};
    }

    static Status read_pointers(Rule& rule, const YAML::Node& node) {
        if (!node.IsSequence()) {
            return add_pointer(rule, node);
        }
        for (const auto& pointer : node) {
            SYMBOLON_CHECK(add_pointer(rule, pointer));
        }
        return {};
    }

    /// One member of a rule; answers how many of from, value and now it is.
    Result<int> read_member(Rule& rule, const std::string& key, const YAML::Node& node) {
        const auto place = fmt::format("field \"{}\": {}", rule.field, key);
        if (key == "from") {
            SYMBOLON_CHECK(read_pointers(rule, node));
            return 1;
        }
        if (key == "value") {
            rule.kind = Kind::constant;
            SYMBOLON_TRY(rule.value, to_json(node, 0));
            return 1;
        }
        if (key == "now") {
            SYMBOLON_TRY(const bool now, read_flag(node, place));
            if (!now) {
                return failure(mapping_error(place + " must be true or left out"));
            }
            rule.kind = Kind::now;
            return 1;
        }
        if (key == "default") {
            SYMBOLON_TRY(rule.value, to_json(node, 0));
            return 0;
        }
        if (key == "required") {
            SYMBOLON_TRY(rule.required, read_flag(node, place));
            return 0;
        }
        return failure(mapping_error(place + " is none of from, required, default, value, now"));
    }

    Result<Rule> read_rule(const std::string& field, const YAML::Node& node) {
        Rule rule;
        rule.field = field;
        if (!node.IsMap()) {
            SYMBOLON_CHECK(read_pointers(rule, node));
        }
        int sources = node.IsMap() ? 0 : 1;
        bool has_default = false;
        if (node.IsMap()) {
            for (const auto& member : node) {
                const auto key = member.first.Scalar();
                has_default |= key == "default";
                SYMBOLON_TRY(const int found, read_member(rule, key, member.second));
                sources += found;
            }
        }
        if (sources != 1) {
            return failure(mapping_error(
                fmt::format("field \"{}\" needs exactly one of from, value, now", field)));
        }
        if ((has_default || rule.required) && rule.kind != Kind::from) {
            return failure(mapping_error(fmt::format(
                "field \"{}\": required and default go together with from only", field)));
        }
        if (has_default && rule.required) {
            return failure(mapping_error(
                fmt::format("field \"{}\" is required, so that it needs no default", field)));
        }
        return rule;
    }
};

Result<Mapping> Mapping::parse(std::string_view text) {
    if (text.size() > limits::mapping_bytes_max) {
        return failure(
            mapping_error(fmt::format("it is larger than {} bytes", limits::mapping_bytes_max)));
    }
    try {
        const auto root = YAML::Load(std::string(text));  // JSON is YAML
        if (!root.IsMap() || !root["fields"] || !root["fields"].IsMap() || root.size() != 1) {
            return failure(
                mapping_error("it must be an object with the one member \"fields\", an object from "
                              "output names to rules"));
        }
        Mapping mapping;
        Reader reader;
        for (const auto& field : root["fields"]) {
            if (mapping.rules_.size() == limits::mapping_fields_max) {
                return failure(mapping_error(
                    fmt::format("it has more than {} fields", limits::mapping_fields_max)));
            }
            const auto name = field.first.Scalar();
            if (std::ranges::find(mapping.rules_, name, &Rule::field) != mapping.rules_.end()) {
                return failure(mapping_error(fmt::format("field \"{}\" stands there twice", name)));
            }
            SYMBOLON_TRY(auto rule, reader.read_rule(name, field.second));
            mapping.rules_.push_back(std::move(rule));
        }
        if (mapping.rules_.empty()) {
            return failure(mapping_error("it has no field"));
        }
        return mapping;
    } catch (const YAML::Exception& error) {
        return failure(mapping_error(error.what()));
    }
}

Result<std::string> Mapping::apply(const Json& event,
                                   std::chrono::system_clock::time_point now) const {
    std::string out = "{";
    for (const auto& rule : rules_) {
        const Json* value = &rule.value;
        const Json moment = rule.kind == Kind::now ? Json(to_rfc3339(now)) : Json();
        if (rule.kind == Kind::now) {
            value = &moment;
        } else if (rule.kind == Kind::from) {
            const Json* found = nullptr;
            for (const auto& pointer : rule.pointers) {
                found = pointer.find(event);
                if (found != nullptr && !found->is_null()) {
                    break;
                }
            }
            if (found != nullptr && !found->is_null()) {
                value = found;
            } else if (rule.required) {
                std::string places;
                for (const auto& pointer : rule.pointers) {
                    places += (places.empty() ? "" : " or ") + pointer.text();
                }
                return failure(make_error(
                    ErrorCode::malformed_datum,
                    fmt::format("{}: The field \"{}\" is required and has no value there.", places,
                                rule.field)));
            }
        }
        out += out.size() == 1 ? "" : ",";
        out += to_text(Json(rule.field)) + ":" + to_text(*value);
    }
    return out + "}";
}

}  // namespace symbolon::client
