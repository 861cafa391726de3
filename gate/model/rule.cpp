#include "gate/model/rule.hpp"

#include "compat/finding.hpp"
#include "gate/lint/lint_rules.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace symbolon::gate {

namespace {

struct RuleRow {
    std::string_view name;
    std::string_view summary;
    std::string_view help;
};

constexpr std::array own_rules{
    RuleRow{rule_invalid_schema, "The schema does not parse.",
            "Correct the text at the place that the finding names."},
    RuleRow{rule_undecided, "The check would take too many steps, so nothing is known.",
            "Split the schema, or compare it with --level NONE and decide by hand."},
    RuleRow{rule_reference_not_found, "The schema refers to something that is nowhere.",
            "Add the file to the tree, or name its subject under references in symbolon.yaml."},
    RuleRow{rule_reference_cycle, "Schemas refer to each other in a circle.",
            "Move what both need into a third schema."},
    RuleRow{rule_subject_twice, "Two files have the same subject.",
            "Give one of them another subject in symbolon.yaml."},
    RuleRow{rule_older_version,
            "The change passes against the latest version, and not against an older one.",
            "Readers that go back to the older version need the level's TRANSITIVE form."},
    RuleRow{rule_server_disagrees, "The registry itself says otherwise than this check.",
            "Trust neither; compare the versions of both programs, and report it."},
    RuleRow{rule_read_only, "The registry takes no new version of the subject.",
            "Set its mode to READWRITE before the schema is registered."},
    RuleRow{rule_message_unreadable, "A recorded message cannot be read with the new schema.",
            "Make the schema read what was written, or show that the message is gone."},
    RuleRow{rule_waiver_expired, "An exception has expired, so the finding counts again.",
            "Solve the finding, or agree on a new date."},
    RuleRow{rule_waiver_unused, "An exception covers no finding.", "Remove it from symbolon.yaml."},
};

std::vector<Rule> collect_rules() {
    std::vector<Rule> rules;
    for (const RuleRow& row : own_rules) {
        rules.push_back({std::string(row.name), std::string(row.summary), std::string(row.help)});
    }
    for (std::size_t at = 0; at < compat::finding_kind_count; ++at) {
        const auto kind = static_cast<compat::FindingKind>(at);
        compat::KindDescription what = compat::describe(kind);
        rules.push_back(
            {std::string(compat::to_string(kind)), std::move(what.sentence), std::move(what.hint)});
    }
    for (const LintRule& rule : lint_rules) {
        rules.push_back(
            {std::string(rule.name), std::string(rule.summary), std::string(rule.help)});
    }
    std::sort(rules.begin(), rules.end(),
              [](const Rule& left, const Rule& right) { return left.name < right.name; });
    return rules;
}

}  // namespace

const std::vector<Rule>& all_rules() {
    static const std::vector<Rule> rules = collect_rules();
    return rules;
}

const Rule* find_rule(std::string_view name) {
    const auto& rules = all_rules();
    const auto found =
        std::lower_bound(rules.begin(), rules.end(), name,
                         [](const Rule& rule, std::string_view key) { return rule.name < key; });
    return found != rules.end() && found->name == name ? &*found : nullptr;
}

}  // namespace symbolon::gate
