#include "gate/baseline/subject_settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::gate {

namespace {

/// It belongs to one version and is not inherited (REST contract, CV-2).
constexpr const char* own_version_property = "confluent:version";

Result<std::string> text_member(const Json& config, const char* name) {
    const auto found = config.find(name);
    if (found == config.end() || found->is_null()) {
        return std::string();
    }
    if (!found->is_string()) {
        return failure(
            make_error(ErrorCode::unavailable,
                       fmt::format("The registry's config is none: \"{}\" is not a text", name)));
    }
    return found->get<std::string>();
}

std::optional<std::string> property_of(const std::map<std::string, std::string>& properties,
                                       const std::string& name) {
    const auto found = properties.find(name);
    return found == properties.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Result<SubjectSettings> parse_subject_settings(const Json& config) {
    SubjectSettings settings;
    SYMBOLON_TRY(const auto level, text_member(config, "compatibilityLevel"));
    SYMBOLON_TRY(const auto policy, text_member(config, "compatibilityPolicy"));
    SYMBOLON_TRY(settings.alias, text_member(config, "alias"));
    SYMBOLON_TRY(settings.group_property, text_member(config, "compatibilityGroup"));
    settings.level = compat::find_level(level);
    if (!level.empty() && !settings.level) {
        return failure(make_error(ErrorCode::unavailable,
                                  fmt::format("The registry's level '{}' is unknown here", level)));
    }
    settings.policy = policy == "LENIENT" ? compat::Policy::lenient : compat::Policy::strict;
    const auto normalize = config.find("normalize");
    settings.normalize =
        normalize != config.end() && normalize->is_boolean() && normalize->get<bool>()
            ? compat::Normalize::yes
            : compat::Normalize::no;
    settings.default_properties = client::properties_of(config, "defaultMetadata");
    settings.override_properties = client::properties_of(config, "overrideMetadata");
    return settings;
}

std::optional<std::string> group_of_candidate(const SubjectSettings& settings,
                                              const client::SchemaDocument& latest) {
    const auto& name = settings.group_property;
    if (auto group = property_of(settings.override_properties, name)) {
        return group;
    }
    if (name != own_version_property) {
        if (auto group = property_of(latest.properties, name)) {
            return group;
        }
    }
    return property_of(settings.default_properties, name);
}

std::optional<std::string> group_of_version(const SubjectSettings& settings,
                                            const client::SchemaDocument& version) {
    return property_of(version.properties, settings.group_property);
}

bool refuses_registrations(const std::string& mode) {
    return mode == "READONLY" || mode == "READONLY_OVERRIDE" || mode == "IMPORT" ||
           mode == "FORWARD";
}

}  // namespace symbolon::gate
