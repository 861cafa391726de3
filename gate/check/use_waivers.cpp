#include "gate/check/use_waivers.hpp"

#include "compat/finding.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

/// "#/fields/3", "/fields/3/" and "fields/3" are one place; so are "Order.id" and "/Order/id".
std::string plain_path(std::string_view path) {
    std::string plain;
    if (path.starts_with('#')) {
        path.remove_prefix(1);
    }
    if (path.find('/') == std::string_view::npos) {
        plain = path;
        std::replace(plain.begin(), plain.end(), '.', '/');
    } else {
        plain = path;
    }
    while (!plain.empty() && plain.back() == '/') {
        plain.pop_back();
    }
    return plain.starts_with('/') ? plain : "/" + plain;
}

bool covers(const Waiver& waiver, std::string_view subject, const GateFinding& finding) {
    return waiver.rule == finding.rule && (waiver.subject.empty() || waiver.subject == subject) &&
           (waiver.path.empty() || plain_path(waiver.path) == plain_path(finding.path));
}

bool is_check_rule(std::string_view name) {
    constexpr std::array own{rule_invalid_schema,   rule_undecided,     rule_reference_not_found,
                             rule_reference_cycle,  rule_subject_twice, rule_older_version,
                             rule_server_disagrees, rule_read_only,     rule_message_unreadable,
                             rule_waiver_expired,   rule_waiver_unused};
    if (std::find(own.begin(), own.end(), name) != own.end()) {
        return true;
    }
    for (std::size_t at = 0; at < compat::finding_kind_count; ++at) {
        if (compat::to_string(static_cast<compat::FindingKind>(at)) == name) {
            return true;
        }
    }
    return false;
}

bool concerns(const Waiver& waiver, WaiverScope scope) {
    return find_rule(waiver.rule) == nullptr ||
           is_check_rule(waiver.rule) == (scope == WaiverScope::check);
}

/// Whether the report can tell that the exception is needed by nothing.
bool was_looked_at(const Waiver& waiver, const GateReport& report) {
    if (waiver.rule == rule_message_unreadable) {
        return false;  // Messages are read in some runs alone.
    }
    const auto open = [](const SubjectReport& subject) {
        return subject.verdict == Verdict::invalid || subject.verdict == Verdict::undecided;
    };
    if (waiver.subject.empty()) {
        return std::none_of(report.subjects.begin(), report.subjects.end(), open);
    }
    const auto found =
        std::find_if(report.subjects.begin(), report.subjects.end(),
                     [&](const SubjectReport& each) { return each.subject == waiver.subject; });
    return found != report.subjects.end() && !open(*found);
}

std::string described(const Waiver& waiver) {
    std::string text = waiver.rule;
    if (!waiver.subject.empty()) {
        text += " of " + waiver.subject;
    }
    if (!waiver.path.empty()) {
        text += " at " + waiver.path;
    }
    return text;
}

GateFinding warning(std::string_view rule, const Waiver& waiver, std::string message,
                    std::string hint) {
    GateFinding finding;
    finding.rule = rule;
    finding.severity = Severity::warning;
    finding.message = std::move(message);
    finding.hint = std::move(hint);
    finding.file = waiver.file;
    finding.line = waiver.line;
    return finding;
}

bool has_expired(const Waiver& waiver, std::string_view today) {
    return !waiver.expires.empty() && waiver.expires < today;
}

/// Counts for each waiver what it covers, or covered before it expired.
void cover(SubjectReport& subject, const std::vector<Waiver>& waivers, std::string_view today,
           std::vector<std::size_t>& uses) {
    for (GateFinding& finding : subject.findings) {
        for (std::size_t at = 0; at < waivers.size(); ++at) {
            if (!covers(waivers[at], subject.subject, finding)) {
                continue;
            }
            ++uses[at];
            if (!finding.waiver && !has_expired(waivers[at], today)) {
                finding.waiver = waivers[at];
            }
        }
    }
}

}  // namespace

bool is_waived(const GateFinding& finding, std::string_view subject, const SchemaTree& tree,
               std::string_view today) {
    return std::any_of(tree.rules.waivers.begin(), tree.rules.waivers.end(),
                       [&](const Waiver& waiver) {
                           return covers(waiver, subject, finding) && !has_expired(waiver, today);
                       });
}

void cover_findings(SubjectReport& subject, const SchemaTree& tree, std::string_view today) {
    std::vector<std::size_t> uses(tree.rules.waivers.size());
    cover(subject, tree.rules.waivers, today, uses);
}

void use_waivers(GateReport& report, const SchemaTree& tree, std::string_view today,
                 WaiverScope scope) {
    const std::vector<Waiver>& waivers = tree.rules.waivers;
    std::vector<std::size_t> uses(waivers.size());
    for (SubjectReport& subject : report.subjects) {
        cover(subject, waivers, today, uses);
    }
    SubjectReport own;
    for (std::size_t at = 0; at < waivers.size(); ++at) {
        const Waiver& waiver = waivers[at];
        if (!concerns(waiver, scope)) {
            continue;
        }
        if (has_expired(waiver, today)) {
            own.findings.push_back(
                warning(rule_waiver_expired, waiver,
                        fmt::format("The exception for {} expired on {}{}", described(waiver),
                                    waiver.expires,
                                    uses[at] > 0 ? ", so what it covered counts again" : ""),
                        uses[at] > 0 ? "Solve the finding, or agree on a new date" : "Remove it"));
        } else if (uses[at] == 0 && was_looked_at(waiver, report)) {
            own.findings.push_back(
                warning(rule_waiver_unused, waiver,
                        fmt::format("The exception for {} covers nothing", described(waiver)),
                        "Remove it, or correct its rule, subject and path"));
        }
    }
    if (!own.findings.empty()) {
        own.file = own.findings.front().file;
        report.subjects.push_back(std::move(own));
    }
}

}  // namespace symbolon::gate
