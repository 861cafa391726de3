#include "gate/model/report.hpp"
#include "gate/model/rule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace symbolon::gate {
namespace {

GateFinding finding_of(Severity severity) {
    GateFinding finding;
    finding.rule = "TYPE_MISMATCH";
    finding.severity = severity;
    return finding;
}

TEST(GateReport, CountsFindingsThatCount) {
    GateReport report;
    report.subjects.push_back({.subject = "a", .verdict = Verdict::incompatible});
    report.subjects.push_back({.subject = "b", .verdict = Verdict::unchanged});
    report.subjects[0].findings = {finding_of(Severity::error), finding_of(Severity::warning),
                                   finding_of(Severity::note), finding_of(Severity::error)};
    report.subjects[0].findings[3].waiver = Waiver{};
    const GateCounts counts = count(report);
    EXPECT_EQ(counts.subjects, 2U);
    EXPECT_EQ(counts.incompatible, 1U);
    EXPECT_EQ(counts.unchanged, 1U);
    EXPECT_EQ(counts.errors, 1U);
    EXPECT_EQ(counts.warnings, 1U);
    EXPECT_EQ(counts.waived, 1U);
    EXPECT_TRUE(fails(report));
}

TEST(GateReport, AWaivedErrorDoesNotFailIt) {
    GateReport report;
    report.subjects.push_back({.subject = "a", .verdict = Verdict::incompatible});
    report.subjects[0].findings = {finding_of(Severity::error), finding_of(Severity::warning)};
    report.subjects[0].findings[0].waiver = Waiver{};
    EXPECT_FALSE(fails(report));
}

TEST(GateReport, FindingsOfTheConfigurationAreOfNoSubject) {
    GateReport report;
    report.subjects.push_back({.file = "symbolon.yaml"});
    report.subjects[0].findings = {finding_of(Severity::error)};
    EXPECT_EQ(count(report).subjects, 0U);
    EXPECT_TRUE(fails(report));
}

TEST(Rule, EachHasASummaryWithoutPlaceholders) {
    for (const Rule& rule : all_rules()) {
        EXPECT_FALSE(rule.name.empty());
        EXPECT_TRUE(rule.summary.ends_with('.')) << rule.name << ": " << rule.summary;
        EXPECT_EQ((rule.summary + rule.help).find('%'), std::string::npos) << rule.name;
        EXPECT_EQ((rule.summary + rule.help).find("  "), std::string::npos) << rule.name;
    }
}

TEST(Rule, IsFoundByItsName) {
    ASSERT_NE(find_rule("READER_FIELD_MISSING_DEFAULT_VALUE"), nullptr);
    EXPECT_NE(find_rule(rule_older_version), nullptr);
    EXPECT_EQ(find_rule("READER"), nullptr);
    EXPECT_TRUE(
        std::is_sorted(all_rules().begin(), all_rules().end(),
                       [](const Rule& left, const Rule& right) { return left.name < right.name; }));
}

}  // namespace
}  // namespace symbolon::gate
