#include "gate/tree/waivers.hpp"

#include "gate/tree/tree_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace symbolon::gate {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

GateReport report_of(std::string rule, std::string subject, std::string path) {
    GateFinding finding;
    finding.rule = std::move(rule);
    finding.path = std::move(path);
    SubjectReport about;
    about.subject = std::move(subject);
    about.findings.push_back(std::move(finding));
    GateReport report;
    report.subjects.push_back(std::move(about));
    return report;
}

TEST(IgnoreSnippet, AFindingBecomesAnEntryThatWaitsForItsReason) {
    EXPECT_EQ(
        to_ignore_snippet(report_of("TYPE_MISMATCH", "orders-value", "/fields/3"), "2027-01-31"),
        "ignore:\n"
        "  - rule: TYPE_MISMATCH\n"
        "    subject: orders-value\n"
        "    path: /fields/3\n"
        "    reason: \"(why this is agreed, and by whom)\"\n"
        "    expires: 2027-01-31\n");
}

/// As a person does it.
TreeConfig pasted(std::string snippet) {
    const std::string unwritten(unwritten_reason);
    for (auto at = snippet.find(unwritten); at != std::string::npos; at = snippet.find(unwritten)) {
        snippet.replace(at, unwritten.size(), "agreed");
    }
    auto config = parse_tree_config(snippet, "symbolon.yaml");
    EXPECT_TRUE(config) << config.error().message << "\n" << snippet;
    return config ? std::move(*config) : TreeConfig();
}

TEST(IgnoreSnippet, WhatIsPastedIsReadAsItWas) {
    for (const std::string subject :
         {"plain", "null", "true", "a: b # c", "\"quoted\"", "back\\slash", "tab\tline\nbell\a",
          "- list", "{map}", ":.ctx:s", "ünïcode", "-", "1"}) {
        const auto config =
            pasted(to_ignore_snippet(report_of("TYPE_MISMATCH", subject, subject), "2027-01-31"));
        ASSERT_EQ(config.rules.waivers.size(), 1U) << subject;
        EXPECT_EQ(config.rules.waivers[0].subject, subject);
        EXPECT_EQ(config.rules.waivers[0].path, subject);
        EXPECT_EQ(config.rules.waivers[0].expires, "2027-01-31");
    }
}

TEST(IgnoreSnippet, OnlyWhatFailsTheGateIsThereAndOnce) {
    auto report = report_of("TYPE_MISMATCH", "s", "/a");
    auto& findings = report.subjects[0].findings;
    findings.push_back(findings[0]);
    findings.push_back(findings[0]);
    findings.back().severity = Severity::warning;
    findings.back().path = "/warned";
    findings.push_back(findings[0]);
    findings.back().waiver = Waiver{};
    findings.back().path = "/waived";
    const auto snippet = to_ignore_snippet(report, "2027-01-31");
    EXPECT_EQ(pasted(snippet).rules.waivers.size(), 1U);
    EXPECT_THAT(snippet, HasSubstr("path: /a\n"));
}

TEST(IgnoreSnippet, NothingToIgnoreIsAComment) {
    EXPECT_THAT(to_ignore_snippet({}, "2027-01-31"), StartsWith("# There is nothing to ignore"));
}

}  // namespace
}  // namespace symbolon::gate
