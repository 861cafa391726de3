#include "gate/report/formats.hpp"

#include "core/json.hpp"
#include "tests/unit/gate/report/gate_report_schema.hpp"
#include "tests/unit/gate/report/sample_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace symbolon::gate {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string shown(const GateReport& report, Format format) {
    return render(report, format, {});
}

Json shown_json(const GateReport& report, Format format) {
    return parse_json(shown(report, format)).value();
}

TEST(Formats, EachIsFoundByItsName) {
    EXPECT_EQ(find_format("text"), Format::text);
    EXPECT_EQ(find_format("github-actions"), Format::github_actions);
    EXPECT_EQ(find_format("markdown"), Format::markdown);
    EXPECT_EQ(find_format("TEXT"), std::nullopt);
    EXPECT_EQ(format_names().size(), 7U);
}

TEST(ReportText, ReadsAsACompilersMessages) {
    EXPECT_EQ(
        shown(sample_report(), Format::text),
        "schemas/orders.avsc:5:5: error: The old schema has no field "
        "\"customer_satisfaction_score\", and the new schema has no default for it at /fields/1. "
        "[READER_FIELD_MISSING_DEFAULT_VALUE]\n"
        "     5 |     {\"name\": \"customer_satisfaction_score\", \"type\": \"int\"}\n"
        "       |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
        "  reader: schemas/orders.avsc (line 5, column 5, /fields/1)\n"
        "  writer: orders-value version 3 (line 3, column 13, /fields)\n"
        "     3 |   \"fields\": [{\"name\": \"id\", \"type\": \"long\"}]\n"
        "       |             ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
        "  counter-example: {\"id\":1}\n"
        "  read as: the reader has no value for customer_satisfaction_score\n"
        "  hint: Add a \"default\" to the field \"customer_satisfaction_score\".\n"
        "schemas/orders.avsc:1:1: warning: The change would not pass against orders-value version "
        "1. [OLDER_VERSION_INCOMPATIBLE]\n"
        "schemas/orders.avsc:5:5: waived error: The old schema has no field "
        "\"customer_satisfaction_score\", and the new schema has no default for it at /fields/1. "
        "[TYPE_MISMATCH]\n"
        "  waived: every consumer was asked, until 2027-01-31 (symbolon.yaml:12)\n"
        "symbolon.yaml:7:1: note: An exception covers no finding. [WAIVER_UNUSED]\n"
        "\n"
        "incompatible  orders-value    schemas/orders.avsc     BACKWARD  against orders-value "
        "version 3, the server says incompatible\n"
        "new           payments-value  schemas/payments.proto\n"
        "  note: The registry has no subject payments-value yet.\n"
        "note: 2 .json files are no JSON Schemas and were passed over.\n"
        "3 subjects: 1 incompatible, 1 new, 1 unchanged; 1 error, 1 warning, 1 waived\n");
}

TEST(ReportText, NamesUnchangedSubjectsWhenAllIsAskedFor) {
    RenderOptions options;
    options.detail = RenderOptions::Detail::all;
    EXPECT_THAT(render(sample_report(), Format::text, options), HasSubstr("\nunchanged     users"));
}

TEST(ReportText, HasColoursOnlyWhenAskedFor) {
    RenderOptions options;
    EXPECT_THAT(render(sample_report(), Format::text, options), Not(HasSubstr("\x1b")));
    options.colours = Colours::yes;
    EXPECT_THAT(render(sample_report(), Format::text, options),
                HasSubstr("\x1b[1;31merror:\x1b[0m"));
}

TEST(ReportText, AnEmptyReportIsOneLine) {
    EXPECT_EQ(shown({}, Format::text), "0 subjects; no findings\n");
}

TEST(ReportText, AFileNamedLikeABuildCommandIsNone) {
    GateReport report = sample_report();
    report.subjects[0].findings[0].file = "::stop-commands::x.avsc";
    EXPECT_THAT(shown(report, Format::text), StartsWith("./::stop-commands::x.avsc:5:5:"));
}

TEST(ReportText, AShortObjectIsShownToItsEnd) {
    GateReport report = sample_report();
    GateFinding& finding = report.subjects[0].findings[0];
    finding.text = std::make_shared<const std::string>("[\n  {\n    \"a\": 1\n  }\n]");
    finding.line = 2;
    finding.column = 3;
    finding.writer->path = "/";
    const std::string text = shown(report, Format::text);
    EXPECT_THAT(text,
                HasSubstr("     2 |   {\n       |   ^\n     3 |     \"a\": 1\n     4 |   }\n"));
    EXPECT_THAT(text, Not(HasSubstr("\"fields\": [{")));
    EXPECT_THAT(shown(report, Format::markdown), HasSubstr("\n    4 |   }\n```"));
}

TEST(ReportText, AMinifiedSchemaIsCutToTheColumns) {
    GateReport report = sample_report();
    GateFinding& finding = report.subjects[0].findings[0];
    finding.text = std::make_shared<const std::string>(std::string(100'000, 'x'));
    finding.line = 1;
    finding.column = 50'000;
    finding.reader.reset();
    finding.writer.reset();
    finding.message = finding.hint = "";
    RenderOptions options;
    options.columns = 60;
    const std::string text = render(report, Format::text, options);
    const std::size_t start = text.find('\n') + 1;
    EXPECT_LE(text.find('\n', start) - start, 60U);
    EXPECT_THAT(text.substr(start, 20), StartsWith("     1 | ...xxx"));
}

TEST(ReportJson, IsWhatItsSchemaSays) {
    EXPECT_EQ(why_invalid(shown(sample_report(), Format::json)), "");
    EXPECT_EQ(why_invalid(shown({}, Format::json)), "");
}

TEST(ReportJson, TheSchemaRefusesWhatItDoesNotKnow) {
    Json report = shown_json(sample_report(), Format::json);
    report["subjects"][0]["findings"][0]["colour"] = "red";
    EXPECT_NE(why_invalid(to_text(report)), "");
}

TEST(ReportJson, TellsAll) {
    const Json report = shown_json(sample_report(), Format::json);
    EXPECT_EQ(report["passed"], false);
    EXPECT_EQ(report["counts"]["errors"], 1);
    EXPECT_EQ(report["counts"]["new"], 1);
    const Json& finding = report["subjects"][0]["findings"][0];
    EXPECT_EQ(finding["direction"], "backward");
    EXPECT_EQ(finding["writer"]["name"], "orders-value version 3");
    EXPECT_EQ(finding["counterExample"]["datum"], R"({"id":1})");
    EXPECT_EQ(report["subjects"][0]["findings"][2]["waiver"]["expires"], "2027-01-31");
    EXPECT_EQ(report["subjects"][0]["serverCompatible"], false);
}

TEST(ReportJunit, HasACaseForEachSubjectAndAFailureForEachError) {
    const std::string xml = shown(sample_report(), Format::junit);
    EXPECT_THAT(xml, HasSubstr("<testsuite name=\"symbolon check\" tests=\"3\" failures=\"1\" "
                               "errors=\"0\" skipped=\"0\">"));
    EXPECT_THAT(xml, HasSubstr("<testcase classname=\"schemas/\" name=\"orders-value\">\n"
                               "      <failure type=\"READER_FIELD_MISSING_DEFAULT_VALUE\" "
                               "message=\"The old schema has no field &quot;customer"));
    EXPECT_THAT(xml, HasSubstr(">schemas/orders.avsc:5:5: The old"));
    EXPECT_THAT(xml, HasSubstr("<system-out>warning [OLDER_VERSION_INCOMPATIBLE]"));
    EXPECT_THAT(xml, HasSubstr("waived error [TYPE_MISMATCH]"));
}

TEST(ReportJunit, WhatCouldNotBeDecidedIsAnError) {
    GateReport report = sample_report();
    report.subjects[0].verdict = Verdict::undecided;
    EXPECT_THAT(shown(report, Format::junit), HasSubstr("failures=\"0\" errors=\"1\""));
    EXPECT_THAT(shown(report, Format::junit), HasSubstr("<error type=\"READER_FIELD"));
}

TEST(ReportJunit, FindingsOfTheConfigurationAreACaseOfTheFile) {
    GateReport report;
    report.subjects.push_back({.file = "symbolon.yaml", .findings = {sample_note()}});
    EXPECT_THAT(shown(report, Format::junit), HasSubstr("name=\"symbolon.yaml\">"));
    EXPECT_THAT(shown(report, Format::github_actions), Not(HasSubstr("subject:")));
    EXPECT_THAT(shown(report, Format::text), HasSubstr("\n0 subjects; "));
}

TEST(ReportSarif, NamesRulesResultsAndSuppressions) {
    RenderOptions options;
    options.program_version = "1.2.3";
    const Json log = parse_json(render(sample_report(), Format::sarif, options)).value();
    const Json& run = log["runs"][0];
    EXPECT_EQ(run["tool"]["driver"]["version"], "1.2.3");
    const Json& rules = run["tool"]["driver"]["rules"];
    ASSERT_EQ(rules.size(), 4U);
    for (const Json& result : run["results"]) {
        EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    }
    EXPECT_EQ(rules[1]["id"], "READER_FIELD_MISSING_DEFAULT_VALUE");
    EXPECT_THAT(rules[1]["shortDescription"]["text"].get<std::string>(), HasSubstr("no default"));
    const Json& error = run["results"][0];
    EXPECT_EQ(error["level"], "error");
    EXPECT_EQ(error["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
    EXPECT_TRUE(error["suppressions"].empty());
    const Json& waived = run["results"][2];
    EXPECT_EQ(waived["level"], "note");
    EXPECT_EQ(waived["suppressions"][0]["kind"], "external");
}

TEST(ReportSarif, PathsArePercentEncodedUris) {
    GateReport report = sample_report();
    report.subjects[0].findings[0].file = "./a b/\xC3\xBC#1%.avsc";
    const Json log = shown_json(report, Format::sarif);
    EXPECT_EQ(
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "a%20b/%C3%BC%231%25.avsc");
}

TEST(ReportSarif, TheOtherSideIsARelatedLocationWhenItIsAFile) {
    GateReport report = sample_report();
    EXPECT_FALSE(
        shown_json(report, Format::sarif)["runs"][0]["results"][0].contains("relatedLocations"));
    report.subjects[0].findings[0].writer->file = "old/orders.avsc";
    const Json log = shown_json(report, Format::sarif);
    EXPECT_EQ(log["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"]
                 ["artifactLocation"]["uri"],
              "old/orders.avsc");
}

TEST(ReportSarif, BracesOfASchemaAreNoPlaceholders) {
    GateReport report = sample_report();
    report.subjects[0].findings[1].message = "a {0} [b](c)";
    EXPECT_EQ(shown_json(report, Format::sarif)["runs"][0]["results"][1]["message"]["text"],
              "a {{0}} [b\\](c)");
}

TEST(ReportSarif, FingerprintsOutliveMovedLinesAndDiffer) {
    GateReport report = sample_report();
    report.subjects[0].findings.push_back(sample_error());
    const auto prints = [&] {
        std::vector<std::string> found;
        const Json log = shown_json(report, Format::sarif);
        for (const Json& result : log["runs"][0]["results"]) {
            found.push_back(result["partialFingerprints"]["symbolonFinding/v1"]);
        }
        return found;
    };
    const auto before = prints();
    EXPECT_EQ(std::set(before.begin(), before.end()).size(), before.size());
    report.subjects[0].findings[0].line = 99;
    EXPECT_EQ(prints(), before);
}

TEST(ReportGithub, EachFindingIsAnAnnotationOfItsLine) {
    const std::string text = shown(sample_report(), Format::github_actions);
    EXPECT_THAT(text, StartsWith("::error file=schemas/orders.avsc,line=5,col=5,title=READER_FIELD_"
                                 "MISSING_DEFAULT_VALUE::The old schema"));
    EXPECT_THAT(text, HasSubstr("%0Ahint: Add a"));
    EXPECT_THAT(text, HasSubstr("\n::warning file=schemas/orders.avsc,line=1,col=1,"));
    EXPECT_THAT(text, HasSubstr("\n::notice file=schemas/orders.avsc,line=5,col=5,title=TYPE_"));
    EXPECT_THAT(text, HasSubstr("\n::notice file=symbolon.yaml,line=7,"));
}

TEST(ReportGithub, EscapesAsTheRunnerWantsIt) {
    GateReport report = sample_report();
    report.subjects[0].findings = {sample_warning()};
    report.subjects[0].findings[0].file = "a,b:c%.avsc";
    report.subjects[0].findings[0].message = "50%\r\n::error::x";
    EXPECT_THAT(shown(report, Format::github_actions),
                StartsWith("::warning file=a%2Cb%3Ac%25.avsc,line=1,col=1,title=OLDER_VERSION_"
                           "INCOMPATIBLE::50%25%0D%0A::error::x%0Asubject"));
}

TEST(ReportGitlab, IsAListOfIssuesWithoutTheWaivedOnes) {
    const Json issues = shown_json(sample_report(), Format::gitlab_code_quality);
    ASSERT_EQ(issues.size(), 3U);
    EXPECT_EQ(issues[0]["check_name"], "READER_FIELD_MISSING_DEFAULT_VALUE");
    EXPECT_EQ(issues[0]["severity"], "critical");
    EXPECT_EQ(issues[0]["location"]["lines"]["begin"], 5);
    EXPECT_EQ(issues[0]["fingerprint"].get<std::string>().size(), 32U);
    EXPECT_EQ(issues[2]["severity"], "info");
}

TEST(ReportMarkdown, HasAHeadingATableAndTheLines) {
    const std::string text = shown(sample_report(), Format::markdown);
    EXPECT_THAT(text, StartsWith("### symbolon `check`: failed\n"));
    EXPECT_THAT(text, HasSubstr("| `orders-value` | `schemas/orders.avsc` | incompatible | "
                                "`orders-value version 3` | 1 error, 1 warning, 1 waived |\n"));
    EXPECT_THAT(text, HasSubstr("```\n    5 |     {\"name\": \"customer_satisfaction_score\""));
    EXPECT_THAT(text, HasSubstr("Waived until `2027-01-31`: every consumer was asked"));
}

TEST(ReportMarkdown, ASchemaCannotInjectMarkup) {
    GateReport report = sample_report();
    GateFinding& finding = report.subjects[0].findings[0];
    finding.message = "<img src=x> @team [a](http://b) see #1 `x` www.example.com";
    report.subjects[0].subject = "a|b`@team";
    const std::string text = shown(report, Format::markdown);
    EXPECT_THAT(text,
                HasSubstr("&lt;img src\\=x&gt; \\@\xE2\x80\x8Bteam \\[a\\]\\(http:\xE2\x80\x8B"
                          "/\xE2\x80\x8B/b\\) see \\#\xE2\x80\x8B"
                          "1 `x` www\xE2\x80\x8B.example.com"));
    EXPECT_THAT(text, HasSubstr("| ``a\\|b`@team`` |"));
}

TEST(ReportMarkdown, AFenceIsLongerThanBackticksWithin) {
    GateReport report = sample_report();
    report.subjects[0].findings[0].text = std::make_shared<const std::string>("````\n@team");
    report.subjects[0].findings[0].line = 1;
    EXPECT_THAT(shown(report, Format::markdown), HasSubstr("`````\n    1 | ````\n"));
}

TEST(ReportMarkdown, AHugeReportFitsIntoAComment) {
    GateReport report = sample_report();
    for (int at = 0; at < 1'200; ++at) {
        report.subjects.push_back(report.subjects[0]);
    }
    const std::string comment = shown(report, Format::markdown);
    EXPECT_LE(comment.size(), 60'000U);
    EXPECT_THAT(comment, HasSubstr(" more"));
    EXPECT_LE(to_step_summary(report).size(), 1'000'000U);
    EXPECT_GT(to_step_summary(report).size(), 500'000U);
}

}  // namespace
}  // namespace symbolon::gate
