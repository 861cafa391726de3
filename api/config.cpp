#include "api/config.hpp"

#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <array>
#include <utility>

namespace symbolon {

namespace {

constexpr std::array mode_names{
    std::pair{Mode::readwrite, std::string_view("READWRITE")},
    std::pair{Mode::readonly, std::string_view("READONLY")},
    std::pair{Mode::readonly_override, std::string_view("READONLY_OVERRIDE")},
    std::pair{Mode::import, std::string_view("IMPORT")},
    std::pair{Mode::forward, std::string_view("FORWARD")},
};

tl::unexpected<Error> wrong_config(std::string_view key, std::string_view expected) {
    return failure(
        make_error(ErrorCode::malformed_json, fmt::format("{} must be {}", key, expected)));
}

Status merge_text(const Json& request, const char* key, std::optional<std::string>& text) {
    const auto found = request.find(key);
    if (found == request.end()) {
        return {};
    }
    if (!found->is_null() && !found->is_string()) {
        return wrong_config(key, "a string");
    }
    text = found->is_null() ? std::nullopt : std::optional(found->get<std::string>());
    return {};
}

Status merge_flag(const Json& request, const char* key, std::optional<bool>& flag) {
    const auto found = request.find(key);
    if (found == request.end()) {
        return {};
    }
    if (!found->is_null() && !found->is_boolean()) {
        return wrong_config(key, "true or false");
    }
    flag = found->is_null() ? std::nullopt : std::optional(found->get<bool>());
    return {};
}

Status merge_count(const Json& request, const char* key, std::int32_t maximum,
                   std::optional<std::int32_t>& count) {
    const auto found = request.find(key);
    if (found == request.end()) {
        return {};
    }
    if (found->is_null()) {
        count.reset();
        return {};
    }
    // A negative number is no unsigned one, so one comparison bounds it on both sides.
    if (!found->is_number_unsigned() ||
        found->get<std::uint64_t>() > static_cast<std::uint64_t>(maximum)) {
        return wrong_config(key, fmt::format("a whole number from 0 to {}", maximum));
    }
    count = found->get<std::int32_t>();
    return {};
}

Status merge_metadata(const Json& request, const char* key, std::optional<Metadata>& metadata) {
    const auto found = request.find(key);
    if (found == request.end()) {
        return {};
    }
    metadata.reset();
    if (!found->is_null()) {
        SYMBOLON_TRY(metadata, parse_metadata(*found));
    }
    return {};
}

Status merge_rule_set(const Json& request, const char* key, std::optional<RuleSet>& rules) {
    const auto found = request.find(key);
    if (found == request.end()) {
        return {};
    }
    rules.reset();
    if (!found->is_null()) {
        SYMBOLON_TRY(auto parsed, parse_rule_set(*found));
        SYMBOLON_CHECK(check_rule_set(parsed));
        rules = std::move(parsed);
    }
    return {};
}

Status merge_level(const Json& request, std::optional<compat::Level>& level) {
    const auto found = request.find("compatibility");
    if (found == request.end()) {
        return {};
    }
    if (found->is_null()) {
        level.reset();
        return {};
    }
    level = found->is_string() ? compat::find_level(found->get<std::string>()) : std::nullopt;
    if (!level) {
        return failure(make_error(ErrorCode::invalid_level));
    }
    return {};
}

// CFG-E4: an unknown policy is dropped without a word, which leaves what was there.
Status merge_policy(const Json& request, std::optional<std::string>& policy) {
    std::optional<std::string> given = policy;
    SYMBOLON_CHECK(merge_text(request, "compatibilityPolicy", given));
    if (given) {
        *given = to_upper_ascii(*given);
        if (*given != "STRICT" && *given != "LENIENT" && *given != "LOGICAL") {
            return {};
        }
    }
    policy = std::move(given);
    return {};
}

}  // namespace

Json to_json(const Config& config, LevelKey key) {
    Json json = Json::object();
    const auto add_text = [&](const char* name, const std::optional<std::string>& text) {
        if (text && !text->empty()) {
            json[name] = *text;
        }
    };
    const auto add_flag = [&](const char* name, const std::optional<bool>& flag) {
        if (flag) {
            json[name] = *flag;
        }
    };
    const auto add_count = [&](const char* name, const std::optional<std::int32_t>& number) {
        if (number) {
            json[name] = *number;
        }
    };
    const auto add_json = [&](const char* name, const auto& value) {
        if (value) {
            json[name] = to_json(*value);
        }
    };
    add_text("alias", config.alias);
    add_text("aliasForDeks", config.alias_for_deks);
    add_flag("normalize", config.normalize);
    add_flag("validateFields", config.validate_fields);
    add_flag("validateNewSchemas", config.validate_new_schemas);
    add_flag("validateRules", config.validate_rules);
    add_flag("checkReferrers", config.check_referrers);
    if (config.level) {
        json[key == LevelKey::compatibility ? "compatibility" : "compatibilityLevel"] =
            compat::to_string(*config.level);
    }
    add_count("keepVersions", config.keep_versions);
    add_count("keepDays", config.keep_days);
    add_text("compatibilityPolicy", config.compatibility_policy);
    add_text("compatibilityGroup", config.compatibility_group);
    add_json("defaultMetadata", config.default_metadata);
    add_json("overrideMetadata", config.override_metadata);
    add_json("defaultRuleSet", config.default_rule_set);
    add_json("overrideRuleSet", config.override_rule_set);
    return json;
}

Result<Config> merge_config(const Config& stored, const Json& request) {
    if (!request.is_object()) {
        return wrong_config("config", "an object");
    }
    Config merged = stored;
    SYMBOLON_CHECK(merge_text(request, "alias", merged.alias));
    SYMBOLON_CHECK(merge_text(request, "aliasForDeks", merged.alias_for_deks));
    SYMBOLON_CHECK(merge_flag(request, "normalize", merged.normalize));
    SYMBOLON_CHECK(merge_flag(request, "validateFields", merged.validate_fields));
    SYMBOLON_CHECK(merge_flag(request, "validateNewSchemas", merged.validate_new_schemas));
    SYMBOLON_CHECK(merge_flag(request, "validateRules", merged.validate_rules));
    SYMBOLON_CHECK(merge_flag(request, "checkReferrers", merged.check_referrers));
    SYMBOLON_CHECK(merge_level(request, merged.level));
    SYMBOLON_CHECK(merge_policy(request, merged.compatibility_policy));
    SYMBOLON_CHECK(merge_text(request, "compatibilityGroup", merged.compatibility_group));
    SYMBOLON_CHECK(
        merge_count(request, "keepVersions", limits::keep_versions_max, merged.keep_versions));
    SYMBOLON_CHECK(merge_count(request, "keepDays", limits::keep_days_max, merged.keep_days));
    SYMBOLON_CHECK(merge_metadata(request, "defaultMetadata", merged.default_metadata));
    SYMBOLON_CHECK(merge_metadata(request, "overrideMetadata", merged.override_metadata));
    SYMBOLON_CHECK(merge_rule_set(request, "defaultRuleSet", merged.default_rule_set));
    SYMBOLON_CHECK(merge_rule_set(request, "overrideRuleSet", merged.override_rule_set));
    return merged;
}

std::string_view to_string(Mode mode) {
    return mode_names[static_cast<std::size_t>(mode)].second;
}

std::optional<Mode> find_mode(std::string_view name) {
    const std::string upper = to_upper_ascii(name);
    for (const auto& [mode, wire_name] : mode_names) {
        if (wire_name == upper) {
            return mode;
        }
    }
    return std::nullopt;
}

bool is_read_only(Mode mode) {
    return mode == Mode::readonly || mode == Mode::readonly_override;
}

bool takes_ids(Mode mode) {
    return mode == Mode::import || mode == Mode::forward;
}

}  // namespace symbolon
