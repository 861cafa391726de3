// Settings of a scope (subject, context, global): compatibility config and mode.
//
// Errors:   invalid_level, invalid_mode, invalid_rule_set, malformed_json
// Threads:  values
// Limits:   keep_versions_max, keep_days_max
// Source:   REST contract 3.6, 3.7, 4.10 and 4.11
// Tested by tests/unit/api/config_test.cpp
#pragma once

#include "api/data_contract.hpp"
#include "compat/level.hpp"
#include "core/json.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

struct Config {
    std::optional<std::string> alias;
    std::optional<std::string> alias_for_deks;
    std::optional<bool> normalize;
    std::optional<bool> validate_fields;
    std::optional<bool> validate_new_schemas;
    std::optional<bool> validate_rules;
    /// A new version that would break those who refer to this subject is refused; ours alone.
    std::optional<bool> check_referrers;
    std::optional<compat::Level> level;
    std::optional<std::int32_t> keep_versions;  ///< of the retention guard
    std::optional<std::int32_t> keep_days;      ///< of the retention guard
    std::optional<std::string> compatibility_policy;
    std::optional<std::string> compatibility_group;
    std::optional<Metadata> default_metadata;
    std::optional<Metadata> override_metadata;
    std::optional<RuleSet> default_rule_set;
    std::optional<RuleSet> override_rule_set;

    friend bool operator==(const Config&, const Config&) = default;
};

/// The level is called `compatibility` in PUT requests and echoes, `compatibilityLevel` elsewhere.
enum class LevelKey { compatibility, compatibility_level };
Json to_json(const Config& config, LevelKey key);
/// `stored` with the keys of `request` merged in: absent keeps, null clears, a value sets (CFG-E2).
Result<Config> merge_config(const Config& stored, const Json& request);

enum class Mode { readwrite, readonly, readonly_override, import, forward };
std::string_view to_string(Mode mode);
/// Accepts any letter case; nullopt otherwise.
std::optional<Mode> find_mode(std::string_view name);
/// READONLY and READONLY_OVERRIDE.
bool is_read_only(Mode mode);
/// IMPORT and FORWARD: ids come from outside.
bool takes_ids(Mode mode);

}  // namespace symbolon
