// What a registry's config says about the comparison of a subject's versions.
//
// Example:  SYMBOLON_TRY(const auto settings, parse_subject_settings(config));
// Errors:   unavailable (not a registry's config)
// Threads:  values
// Source:   REST contract 3.6 and 4.15
// Tested by tests/unit/gate/baseline/registry_baseline_test.cpp
#pragma once

#include "client/registry_client/schema_document.hpp"
#include "compat/compat.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <map>
#include <optional>
#include <string>

namespace symbolon::gate {

struct SubjectSettings {
    std::string subject{};  ///< the one that counts: an alias stands for another
    std::string mode{};     ///< empty: new versions are taken
    std::optional<compat::Level> level{};
    compat::Policy policy = compat::Policy::strict;
    compat::Normalize normalize = compat::Normalize::no;
    std::string alias{};  ///< as the config says; may be inherited, and then it means nothing
    /// Versions are compared within groups: those of one value of this metadata property.
    std::string group_property{};
    std::map<std::string, std::string> default_properties{};
    std::map<std::string, std::string> override_properties{};
};

Result<SubjectSettings> parse_subject_settings(const Json& config);

/// The group of a candidate without metadata of its own, which the registry completes from the
/// config and from the latest version; nullopt: no group.
std::optional<std::string> group_of_candidate(const SubjectSettings& settings,
                                              const client::SchemaDocument& latest);
std::optional<std::string> group_of_version(const SubjectSettings& settings,
                                            const client::SchemaDocument& version);

/// Of a mode in which registering is refused.
bool refuses_registrations(const std::string& mode);

}  // namespace symbolon::gate
