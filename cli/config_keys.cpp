#include "cli/config_keys.hpp"

#include "cli/registry_command.hpp"
#include "cli/text_file.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"
#include "core/nearest_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace symbolon::cli {

namespace {

enum class ValueKind { level, policy, truth, number, text, object };

struct ConfigKey {
    std::string_view name;
    std::string_view member;  ///< of the body of PUT /config
    ValueKind kind;
    std::string_view help;
};

constexpr std::array config_keys{
    ConfigKey{"level", "compatibility", ValueKind::level,
              "which changes are allowed: NONE, BACKWARD, FORWARD, FULL or the last three with "
              "_TRANSITIVE"},
    ConfigKey{"normalize", "normalize", ValueKind::truth,
              "schemas are normalised before they are compared and stored"},
    ConfigKey{"compatibilityPolicy", "compatibilityPolicy", ValueKind::policy,
              "how strictly schemas are compared: STRICT, LENIENT or LOGICAL"},
    ConfigKey{"compatibilityGroup", "compatibilityGroup", ValueKind::text,
              "the metadata property by which versions are grouped; only within a group are they "
              "compared"},
    ConfigKey{"checkReferrers", "checkReferrers", ValueKind::truth,
              "refuse a version that would break those who refer to its subject"},
    ConfigKey{"validateFields", "validateFields", ValueKind::truth, "reserved fields stay free"},
    ConfigKey{"validateNewSchemas", "validateNewSchemas", ValueKind::truth,
              "defaults of new schemas are checked"},
    ConfigKey{"validateRules", "validateRules", ValueKind::truth,
              "rules are checked when they are stored"},
    ConfigKey{"keepVersions", "keepVersions", ValueKind::number,
              "the newest so many versions of a subject are not deleted for good"},
    ConfigKey{"keepDays", "keepDays", ValueKind::number, "nor are those of so many last days"},
    ConfigKey{"alias", "alias", ValueKind::text, "the subject that is meant when this is named"},
    ConfigKey{"aliasForDeks", "aliasForDeks", ValueKind::text,
              "the same for the keys of clients that encrypt"},
    ConfigKey{"defaultMetadata", "defaultMetadata", ValueKind::object,
              "for schemas that come without"},
    ConfigKey{"overrideMetadata", "overrideMetadata", ValueKind::object,
              "put over what schemas come with"},
    ConfigKey{"defaultRuleSet", "defaultRuleSet", ValueKind::object,
              "for schemas that come without"},
    ConfigKey{"overrideRuleSet", "overrideRuleSet", ValueKind::object,
              "put over what schemas come with"},
};

constexpr std::array<std::string_view, 7> levels{
    "NONE", "BACKWARD",       "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE",
    "FULL", "FULL_TRANSITIVE"};
constexpr std::array<std::string_view, 3> policies{"STRICT", "LENIENT", "LOGICAL"};
constexpr std::array<std::string_view, 5> modes{"READWRITE", "READONLY", "READONLY_OVERRIDE",
                                                "IMPORT", "FORWARD"};

/// What REST calls a key is understood too.
const ConfigKey* find_config_key(std::string_view name) {
    const auto found = std::find_if(config_keys.begin(), config_keys.end(), [&](const auto& key) {
        return key.name == name || key.member == name ||
               (key.kind == ValueKind::level && name == "compatibilityLevel");
    });
    return found == config_keys.end() ? nullptr : &*found;
}

std::string in_capitals(std::string_view text) {
    std::string out = to_upper_ascii(text);
    std::replace(out.begin(), out.end(), '-', '_');
    return out;
}

tl::unexpected<Error> unknown_word(std::string_view what, std::string_view word,
                                   const std::vector<std::string>& known) {
    auto refused = usage_failure(fmt::format("'{}' is no {}", word, what));
    auto advice = std::make_shared<Advice>();
    advice->called_wrongly = true;
    const auto meant = did_you_mean(nearest_names(word, known));
    advice->hint = meant.empty() ? fmt::format("Known are {}.", fmt::join(known, ", ")) : meant;
    refused.value().detail = std::move(advice);
    return refused;
}

Result<std::string> one_of(std::span<const std::string_view> words, std::string_view what,
                           std::string_view value) {
    std::string wanted = in_capitals(value);
    if (std::find(words.begin(), words.end(), wanted) != words.end()) {
        return wanted;
    }
    return unknown_word(what, value, std::vector<std::string>(words.begin(), words.end()));
}

Result<Json> parse_number(const ConfigKey& key, std::string_view value) {
    std::int32_t number = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || stop != value.data() + value.size() || number < 0) {
        return usage_failure(
            fmt::format("{}={}: a whole number from 0 is wanted", key.name, value));
    }
    return Json(number);
}

Result<Json> parse_object(const ConfigKey& key, std::string_view value) {
    std::string text(value);
    if (value.starts_with('@')) {
        SYMBOLON_TRY(text, read_whole_file(std::string(value.substr(1)), limits::schema_bytes_max));
    }
    auto json = parse_json(text);
    if (!json) {
        return usage_failure(fmt::format("{}: {}", key.name, json.error().message));
    }
    if (!json->is_object()) {
        return usage_failure(fmt::format("{}: a JSON object is wanted, or @FILE", key.name));
    }
    return json;
}

Result<Json> parse_value(const ConfigKey& key, std::string_view value) {
    if (value.empty()) {
        return Json();
    }
    switch (key.kind) {
        case ValueKind::level: {
            SYMBOLON_TRY(auto level, one_of(levels, "level", value));
            return Json(std::move(level));
        }
        case ValueKind::policy: {
            SYMBOLON_TRY(auto policy, one_of(policies, "policy", value));
            return Json(std::move(policy));
        }
        case ValueKind::truth:
            if (value != "true" && value != "false") {
                return usage_failure(
                    fmt::format("{}={}: true or false is wanted", key.name, value));
            }
            return Json(value == "true");
        case ValueKind::number:
            return parse_number(key, value);
        case ValueKind::text:
            return Json(value);
        case ValueKind::object:
            return parse_object(key, value);
    }
    return Json();
}

}  // namespace

Result<Json> parse_config_changes(const std::vector<std::string>& words) {
    Json body = Json::object();
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            return usage_failure(fmt::format("'{}': write KEY=VALUE, such as level=FULL", word));
        }
        const auto name = std::string_view(word).substr(0, equals);
        const ConfigKey* const key = find_config_key(name);
        if (key == nullptr) {
            std::vector<std::string> known;
            for (const auto& each : config_keys) {
                known.emplace_back(each.name);
            }
            return unknown_word("key of a config", name, known);
        }
        const std::string member(key->member);
        if (body.contains(member)) {
            return usage_failure(fmt::format("{} is given twice", key->name));
        }
        SYMBOLON_TRY(body[member], parse_value(*key, std::string_view(word).substr(equals + 1)));
    }
    return body;
}

bool is_config_change(std::string_view word) {
    const auto equals = word.find('=');
    return equals != std::string_view::npos && find_config_key(word.substr(0, equals)) != nullptr;
}

std::string config_key_of(std::string_view member) {
    const ConfigKey* const key = find_config_key(member);
    return std::string(key == nullptr ? member : key->name);
}

std::string config_keys_help() {
    std::string text = "Keys (an empty value clears a key; true or false where nothing is said):\n";
    for (const auto& key : config_keys) {
        text += fmt::format("  {:<20} {}{}\n", key.name, key.help,
                            key.kind == ValueKind::object ? "; JSON, or @FILE" : "");
    }
    return text;
}

Result<std::string> parse_mode(const std::string& text) {
    return one_of(modes, "mode", text);
}

std::string modes_help() {
    return "Modes:\n"
           "  READWRITE          everything is allowed\n"
           "  READONLY           only reading\n"
           "  READONLY_OVERRIDE  only reading, whatever subjects say themselves\n"
           "  IMPORT             registration with ids and versions from outside\n"
           "  FORWARD            reads go to another registry; globally only\n";
}

}  // namespace symbolon::cli
