#include "gate/check/use_waivers.hpp"

#include "gate/model/rule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::gate {
namespace {

using testing::HasSubstr;

constexpr const char* today = "2026-11-22";

Waiver waiver(std::string rule, std::string subject, std::string path, std::string expires) {
    return {std::move(rule),
            std::move(subject),
            std::move(path),
            "agreed",
            std::move(expires),
            "schemas/symbolon.yaml",
            12};
}

GateReport report_of(const std::string& rule, const std::string& path) {
    GateReport report;
    SubjectReport subject;
    subject.subject = "orders-value";
    subject.verdict = Verdict::incompatible;
    GateFinding finding;
    finding.rule = rule;
    finding.path = path;
    subject.findings.push_back(finding);
    report.subjects.push_back(subject);
    return report;
}

SchemaTree with(Waiver only) {
    SchemaTree tree;
    tree.rules.waivers.push_back(std::move(only));
    return tree;
}

TEST(UseWaivers, RuleSubjectAndPathDecideWhatIsCovered) {
    const auto is_covered = [](const Waiver& given) {
        GateReport report = report_of("NAME_MISMATCH", "/fields/3");
        use_waivers(report, with(given), today);
        return report.subjects[0].findings[0].waiver.has_value();
    };
    EXPECT_TRUE(is_covered(waiver("NAME_MISMATCH", "", "", "")));
    EXPECT_TRUE(is_covered(waiver("NAME_MISMATCH", "orders-value", "/fields/3", "2026-11-22")));
    EXPECT_TRUE(is_covered(waiver("NAME_MISMATCH", "", "#/fields/3", "")));
    EXPECT_FALSE(is_covered(waiver("NAME_MISMATCH", "", "/fields/30", "")));
    EXPECT_FALSE(is_covered(waiver("NAME_MISMATCH", "other-value", "", "")));
    EXPECT_FALSE(is_covered(waiver("TYPE_MISMATCH", "", "", "")));
    EXPECT_FALSE(is_covered(waiver("NAME_MISMATCH", "", "", "2026-11-21")));
}

TEST(UseWaivers, DottedPlacesAreThoseOfProtobuf) {
    GateReport report = report_of("FIELD_KIND_CHANGED", "/Order/Line/id");
    use_waivers(report, with(waiver("FIELD_KIND_CHANGED", "", "Order.Line.id", "")), today);
    EXPECT_TRUE(report.subjects[0].findings[0].waiver);
    EXPECT_FALSE(fails(report));
    EXPECT_EQ(count(report).waived, 1U);
}

TEST(UseWaivers, OneThatExpiredIsAWarningAtItsLine) {
    GateReport report = report_of("NAME_MISMATCH", "/");
    use_waivers(report, with(waiver("NAME_MISMATCH", "", "", "2026-11-21")), today);
    ASSERT_EQ(report.subjects.size(), 2U);
    const GateFinding& finding = report.subjects[1].findings[0];
    EXPECT_EQ(finding.rule, "WAIVER_EXPIRED");
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.file, "schemas/symbolon.yaml");
    EXPECT_EQ(finding.line, 12U);
    EXPECT_THAT(finding.message, HasSubstr("2026-11-21"));
    EXPECT_TRUE(fails(report));
    EXPECT_EQ(count(report).subjects, 1U);
}

TEST(UseWaivers, OneThatCoversNothingIsAWarning) {
    const auto warns = [](const Waiver& given, Verdict verdict = Verdict::compatible) {
        GateReport report = report_of("NAME_MISMATCH", "/");
        report.subjects[0].verdict = verdict;
        use_waivers(report, with(given), today);
        return report.subjects.size() == 2 &&
               report.subjects[1].findings[0].rule == rule_waiver_unused;
    };
    EXPECT_TRUE(warns(waiver("TYPE_MISMATCH", "", "", "")));
    EXPECT_TRUE(warns(waiver("NO_SUCH_RULE", "", "", "")));
    EXPECT_FALSE(warns(waiver("NAME_MISMATCH", "", "", "")));
    // Nothing is known of a subject that is not among the files, or whose file is invalid.
    EXPECT_FALSE(warns(waiver("TYPE_MISMATCH", "other-value", "", "")));
    EXPECT_FALSE(warns(waiver("TYPE_MISMATCH", "", "", ""), Verdict::invalid));
}

}  // namespace
}  // namespace symbolon::gate
