// What findings are called, and what each name means: the gate's own rules, and those of the
// compatibility engine.
//
// Example:  find_rule("READER_FIELD_MISSING_DEFAULT_VALUE")->summary
// Threads:  immutable
// Source:   docs/gate.md
// Tested by tests/unit/gate/report/model_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

// The gate's own rules.
inline constexpr std::string_view rule_invalid_schema = "INVALID_SCHEMA";
inline constexpr std::string_view rule_undecided = "UNDECIDED";
inline constexpr std::string_view rule_reference_not_found = "REFERENCE_NOT_FOUND";
inline constexpr std::string_view rule_reference_cycle = "REFERENCE_CYCLE";
inline constexpr std::string_view rule_subject_twice = "SUBJECT_TWICE";
inline constexpr std::string_view rule_older_version = "OLDER_VERSION_INCOMPATIBLE";
inline constexpr std::string_view rule_server_disagrees = "SERVER_DISAGREES";
inline constexpr std::string_view rule_read_only = "SUBJECT_READ_ONLY";
inline constexpr std::string_view rule_message_unreadable = "MESSAGE_UNREADABLE";
inline constexpr std::string_view rule_waiver_expired = "WAIVER_EXPIRED";
inline constexpr std::string_view rule_waiver_unused = "WAIVER_UNUSED";

struct Rule {
    std::string name{};
    std::string summary{};  ///< a sentence
    std::string help{};     ///< what to do about it; may be empty
};

/// Every rule that a report may name, sorted by name; lint's rules are among them.
const std::vector<Rule>& all_rules();
/// nullptr: there is no such rule.
const Rule* find_rule(std::string_view name);

}  // namespace symbolon::gate
