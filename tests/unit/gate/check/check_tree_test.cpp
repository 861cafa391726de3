#include "gate/check/check_tree.hpp"

#include "gate/model/rule.hpp"
#include "tests/unit/gate/check/fake_baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace symbolon::gate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string id_field = R"({"name":"id","type":"int"})";
const std::string note_field = R"({"name":"note","type":"string"})";
const std::string noted_field = R"({"name":"note","type":"string","default":""})";
const std::string order = record("Order", {id_field});
const std::string wider_order = record("Order", {id_field, note_field});
const std::string kinder_order = record("Order", {id_field, noted_field});

SubjectReport only(const Result<GateReport>& report) {
    EXPECT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->subjects.size(), 1U);
    return report->subjects.front();
}

SubjectReport check_one(FakeBaseline& base, const std::string& text,
                        const CheckOptions& options = {}) {
    return only(check_tree(tree_of({tree_file("orders.avsc", text)}), base, options));
}

std::vector<std::string> rules_of(const SubjectReport& report) {
    std::vector<std::string> rules;
    for (const GateFinding& finding : report.findings) {
        rules.push_back(finding.rule);
    }
    return rules;
}

TEST(CheckTree, ANewSubjectPassesWithANote) {
    FakeBaseline base;
    const auto report = check_one(base, order);
    EXPECT_EQ(report.verdict, Verdict::added);
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_THAT(report.notes, ElementsAre(HasSubstr("orders-value is new")));
}

TEST(CheckTree, TheSameTextAndAnEqualSchemaAreUnchanged) {
    FakeBaseline base;
    base.add("orders-value", order);
    EXPECT_EQ(check_one(base, order).verdict, Verdict::unchanged);
    EXPECT_EQ(check_one(base, "\n  " + order + "\n").verdict, Verdict::unchanged);
    EXPECT_THAT(check_one(base, order).compared, ElementsAre("orders-value version 1"));
}

TEST(CheckTree, AFieldWithADefaultIsCompatible) {
    FakeBaseline base;
    base.add("orders-value", order);
    const auto report = check_one(base, kinder_order);
    EXPECT_EQ(report.verdict, Verdict::compatible);
    EXPECT_EQ(report.level, compat::Level::backward);
    EXPECT_THAT(report.findings, IsEmpty());
}

TEST(CheckTree, AFieldWithoutDefaultIsAFindingOnItsLine) {
    FakeBaseline base;
    base.add("orders-value", order);
    const auto report = check_one(base, wider_order);
    EXPECT_EQ(report.verdict, Verdict::incompatible);
    ASSERT_EQ(report.findings.size(), 1U);
    const GateFinding& finding = report.findings.front();
    EXPECT_EQ(finding.rule, "READER_FIELD_MISSING_DEFAULT_VALUE");
    EXPECT_EQ(finding.file, "schemas/orders.avsc");
    EXPECT_EQ(finding.line, 3U);
    EXPECT_EQ(finding.column, 3U);
    EXPECT_EQ(finding.path, "/fields/1");
    EXPECT_EQ(*finding.text, wider_order);
    EXPECT_EQ(finding.reader->name, "schemas/orders.avsc");
    EXPECT_EQ(finding.reader->line, 3U);
    EXPECT_EQ(finding.reader->file, "schemas/orders.avsc");
    EXPECT_EQ(finding.writer->name, "orders-value version 1");
    EXPECT_EQ(finding.writer->file, "");
    EXPECT_EQ(*finding.writer->text, order);
    EXPECT_TRUE(finding.writer->line);
    EXPECT_TRUE(finding.counter_example);
    EXPECT_FALSE(finding.hint.empty());
}

TEST(CheckTree, WhereTheOldSchemaReadsThePlaceIsTheWriters) {
    FakeBaseline base;
    base.add("orders-value", wider_order);
    base.level = compat::Level::forward;
    const auto report = check_one(base, order);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].direction, compat::Direction::forward);
    EXPECT_EQ(report.findings[0].reader->name, "orders-value version 1");
    EXPECT_EQ(report.findings[0].reader->line, 3U);
    EXPECT_EQ(report.findings[0].writer->name, "schemas/orders.avsc");
    EXPECT_EQ(report.findings[0].line, 1U);
}

TEST(CheckTree, AnOldFileIsNamedWhereItStands) {
    FakeBaseline base;
    base.add("orders-value", order).file = "old/orders.avsc";
    const auto report = check_one(base, wider_order);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].writer->file, "old/orders.avsc");
}

TEST(CheckTree, AnotherSchemaTypeIsAFinding) {
    FakeBaseline base;
    base.add("orders-value", R"({"type":"object"})", SchemaType::json);
    const auto report = check_one(base, order);
    EXPECT_EQ(report.verdict, Verdict::incompatible);
    EXPECT_THAT(rules_of(report), ElementsAre("SCHEMA_TYPE_CHANGED"));
    EXPECT_EQ(report.findings[0].writer->name, "orders-value version 1");
}

TEST(CheckTree, TheLevelIsTheOptionsThenTheFilesThenTheBasesThenTheTrees) {
    FakeBaseline base;
    base.add("orders-value", order);
    SchemaTree tree = tree_of({tree_file("orders.avsc", wider_order)});
    EXPECT_EQ(only(check_tree(tree, base, {})).level, compat::Level::backward);
    tree.rules.level = compat::Level::forward;
    EXPECT_EQ(only(check_tree(tree, base, {})).level, compat::Level::forward);
    base.level = compat::Level::full;
    EXPECT_EQ(only(check_tree(tree, base, {})).level, compat::Level::full);
    tree.files[0].level = compat::Level::none;
    EXPECT_EQ(only(check_tree(tree, base, {})).level, compat::Level::none);
    EXPECT_EQ(only(check_tree(tree, base, {})).verdict, Verdict::compatible);
    CheckOptions options;
    options.level = compat::Level::full_transitive;
    EXPECT_EQ(only(check_tree(tree, base, options)).level, compat::Level::full_transitive);
}

TEST(CheckTree, TextsThatDoNotParseAreInvalidAtTheirPlace) {
    FakeBaseline base;
    const auto report = check_one(base, "{\"type\":\"record\",\n \"name\":\"A\",\n \"fields\":7}");
    EXPECT_EQ(report.verdict, Verdict::invalid);
    ASSERT_THAT(rules_of(report), ElementsAre("INVALID_SCHEMA"));
    const auto json = check_one(base, "{\n  7}");
    EXPECT_EQ(json.findings[0].line, 2U);
    EXPECT_EQ(json.findings[0].column, 3U);
    EXPECT_NE(json.findings[0].text, nullptr);
    const auto proto = only(check_tree(
        tree_of({tree_file("a.proto", "syntax = \"proto3\";\nmessage { }", SchemaType::protobuf)}),
        base, {}));
    EXPECT_EQ(proto.findings[0].line, 2U);
}

TEST(CheckTree, AFileThatIsNotUtf8IsInvalidWhereItCeasesToBe) {
    FakeBaseline base;
    SchemaTree tree = tree_of({tree_file("a.proto", "syntax = \"proto3\";\n// caf\xe9\n")});
    tree.files[0].type = SchemaType::protobuf;
    const auto report = check_tree(tree, base, {});
    ASSERT_TRUE(report);
    ASSERT_EQ(report->subjects[0].findings.size(), 1U);
    EXPECT_EQ(report->subjects[0].verdict, Verdict::invalid);
    EXPECT_EQ(report->subjects[0].findings[0].line, 2U);
    EXPECT_EQ(report->subjects[0].findings[0].column, 7U);
}

TEST(CheckTree, WhatIsRegisteredAsItIsPassesThoughItWouldBeRefusedToday) {
    const std::string lax = R"({"type":"record","name":"A","fields":[)"
                            R"({"name":"x","type":"int","default":"seven"}]})";
    FakeBaseline base;
    EXPECT_EQ(check_one(base, lax).verdict, Verdict::invalid);
    base.add("orders-value", lax);
    const auto report = check_one(base, lax);
    EXPECT_EQ(report.verdict, Verdict::unchanged);
    EXPECT_THAT(report.notes, ElementsAre(HasSubstr("would be refused")));
}

TEST(CheckTree, OlderVersionsThatWouldNotFitAreAWarning) {
    FakeBaseline base;
    base.add("orders-value", record("Order", {id_field}));
    base.add("orders-value", record("Order", {id_field, noted_field}));
    const std::string now = record("Order", {id_field, note_field});
    const auto report = check_one(base, now);
    EXPECT_EQ(report.verdict, Verdict::compatible);
    ASSERT_THAT(rules_of(report), ElementsAre("OLDER_VERSION_INCOMPATIBLE"));
    EXPECT_EQ(report.findings[0].severity, Severity::warning);
    EXPECT_THAT(report.findings[0].message, HasSubstr("BACKWARD_TRANSITIVE"));
    EXPECT_THAT(report.findings[0].message, HasSubstr("orders-value version 1"));
    EXPECT_EQ(report.findings[0].line, 3U);
    CheckOptions options;
    options.older_versions = false;
    EXPECT_THAT(check_one(base, now, options).findings, IsEmpty());
    options.level = compat::Level::backward_transitive;
    const auto strict = check_one(base, now, options);
    EXPECT_EQ(strict.verdict, Verdict::incompatible);
    EXPECT_THAT(strict.compared, ElementsAre("orders-value version 2", "orders-value version 1"));
}

// An exception for what one version has against the schema says nothing of the versions before it.
TEST(CheckTree, AWaivedFindingDoesNotHideWhatOlderVersionsForbid) {
    const std::string id_text = R"({"name":"id","type":"string"})";
    FakeBaseline base;
    base.level = compat::Level::backward_transitive;
    base.add("orders-value", record("Order", {id_text}));
    base.add("orders-value", record("Order", {id_text}));
    base.add("orders-value", order);
    auto tree = tree_of({tree_file("orders.avsc", wider_order)});
    Waiver agreed;
    agreed.rule = "READER_FIELD_MISSING_DEFAULT_VALUE";
    agreed.expires = "2026-11-22";
    tree.rules.waivers = {agreed};
    CheckOptions options;
    options.today = "2026-11-22";
    const auto whole = check_tree(tree, base, options);
    const auto report = only(whole);
    EXPECT_TRUE(fails(*whole));
    EXPECT_EQ(report.verdict, Verdict::incompatible);
    EXPECT_THAT(rules_of(report),
                ElementsAre("READER_FIELD_MISSING_DEFAULT_VALUE", "TYPE_MISMATCH"));
    EXPECT_TRUE(report.findings[0].waiver);
    EXPECT_FALSE(report.findings[1].waiver);
    EXPECT_EQ(report.findings[1].writer->name, "orders-value version 2");
    EXPECT_THAT(report.compared, ElementsAre("orders-value version 3", "orders-value version 2"));

    agreed.rule = "TYPE_MISMATCH";
    tree.rules.waivers.push_back(agreed);
    EXPECT_FALSE(fails(*check_tree(tree, base, options)));
}

TEST(CheckTree, ATransitiveLevelThatIsTriedLooksAtUnchangedFilesToo) {
    FakeBaseline base;
    base.add("orders-value", order);
    base.add("orders-value", wider_order);
    EXPECT_EQ(check_one(base, wider_order).verdict, Verdict::unchanged);
    CheckOptions options;
    options.level = compat::Level::backward_transitive;
    EXPECT_EQ(check_one(base, wider_order, options).verdict, Verdict::incompatible);
}

TEST(CheckTree, AnEarlierVersionThatDoesNotParseIsToldOf) {
    FakeBaseline base;
    base.add("orders-value", "{");
    const auto report = check_one(base, order);
    EXPECT_EQ(report.verdict, Verdict::invalid);
    EXPECT_THAT(report.findings[0].message, HasSubstr("orders-value version 1"));
}

TEST(CheckTree, AFileThatIsNoLongerTakenForASchemaIsInvalid) {
    FakeBaseline base;
    base.lost = {{"payments", "main:payments.json", "schemas/payments.json"}};
    const auto report = check_tree(tree_of({tree_file("orders.avsc", order)}), base, {});
    ASSERT_TRUE(report);
    ASSERT_EQ(report->subjects.size(), 2U);
    EXPECT_EQ(report->subjects[1].verdict, Verdict::invalid);
    EXPECT_THAT(rules_of(report->subjects[1]), ElementsAre("INVALID_SCHEMA"));
    EXPECT_TRUE(fails(*report));
}

TEST(CheckTree, ASubjectThatTakesNoVersionIsAWarning) {
    FakeBaseline base;
    base.add("orders-value", order);
    base.subject("orders-value").mode = "READONLY";
    EXPECT_THAT(check_one(base, order).findings, IsEmpty());
    const auto report = check_one(base, kinder_order);
    EXPECT_THAT(rules_of(report), ElementsAre("SUBJECT_READ_ONLY"));
    EXPECT_EQ(report.findings[0].severity, Severity::warning);
}

TEST(CheckTree, TwoFilesOfOneSubjectAreAnError) {
    FakeBaseline base;
    SchemaTree tree = tree_of({tree_file("a.avsc", order), tree_file("b.avsc", order)});
    tree.files[1].subject = tree.files[0].subject;
    const auto report = check_tree(tree, base, {});
    ASSERT_TRUE(report);
    EXPECT_THAT(rules_of(report->subjects[1]), ElementsAre("SUBJECT_TWICE"));
    EXPECT_THAT(report->subjects[1].findings[0].message, HasSubstr("schemas/a.avsc"));
    EXPECT_TRUE(fails(*report));
}

const std::string line_now = record("Line", {id_field, note_field});
const std::string with_line = record("Order", {R"({"name":"line","type":"Line"})"});

SchemaTree order_and_line(const std::string& line) {
    SchemaTree tree = tree_of({tree_file("line.avsc", line), tree_file("orders.avsc", with_line)});
    tree.files[1].references = {local("Line", 0, 2, 24)};
    return tree;
}

FakeBaseline& with_registered_line(FakeBaseline& base) {
    base.add("line-value", record("Line", {id_field}));
    auto& orders = base.add("orders-value", with_line);
    orders.references = {{"Line", "line-value", 1}};
    orders.reference_texts = {{"Line", record("Line", {id_field}), "line-value", 1}};
    return base;
}

TEST(CheckTree, AChangedReferenceChangesWhatRefersToIt) {
    FakeBaseline base;
    with_registered_line(base);
    const auto same = check_tree(order_and_line(record("Line", {id_field})), base, {});
    ASSERT_TRUE(same);
    EXPECT_EQ(same->subjects[1].verdict, Verdict::unchanged);
    const auto report = check_tree(order_and_line(line_now), base, {});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->subjects[0].verdict, Verdict::incompatible);
    EXPECT_EQ(report->subjects[1].verdict, Verdict::incompatible);
    ASSERT_EQ(report->subjects[1].findings.size(), 1U);
    EXPECT_EQ(report->subjects[1].findings[0].file, "schemas/orders.avsc");
    EXPECT_EQ(report->subjects[1].findings[0].line, 2U);
}

TEST(CheckTree, AnImportThatChangesIsSeenInProtobufAndJsonSchemaToo) {
    const std::string main =
        "syntax = \"proto3\";\nimport \"line.proto\";\nmessage Order {\n  Line line = 1;\n}\n";
    const std::string old_line = "syntax = \"proto3\";\nmessage Line { int32 id = 1; }\n";
    const std::string new_line = "syntax = \"proto3\";\nmessage Line { string id = 1; }\n";
    FakeBaseline base;
    auto& orders = base.add("orders-value", main, SchemaType::protobuf);
    orders.references = {{"line.proto", "line-value", 1}};
    orders.reference_texts = {{"line.proto", old_line, "line-value", 1}};
    base.add("line-value", old_line, SchemaType::protobuf);
    SchemaTree tree =
        tree_of({tree_file("line.proto", "// words\n" + old_line, SchemaType::protobuf),
                 tree_file("orders.proto", main, SchemaType::protobuf)});
    tree.files[1].references = {local("line.proto", 0, 2)};
    const auto same = check_tree(tree, base, {});
    ASSERT_TRUE(same);
    EXPECT_EQ(same->subjects[1].verdict, Verdict::unchanged);
    tree.files[0].text = new_line;
    const auto report = check_tree(tree, base, {});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->subjects[1].verdict, Verdict::incompatible);
}

TEST(CheckTree, TheServersVerdictIsAskedWhereItCanBe) {
    FakeBaseline base;
    base.level = compat::Level::backward;
    base.add("orders-value", order);
    base.server = [](const DryRun&) { return ServerVerdict{true, {}}; };
    const auto agreed = check_one(base, kinder_order);
    EXPECT_EQ(agreed.server_compatible, true);
    EXPECT_THAT(agreed.findings, IsEmpty());
    const auto report = check_one(base, wider_order);
    EXPECT_EQ(report.server_compatible, true);
    EXPECT_THAT(rules_of(report),
                ElementsAre("READER_FIELD_MISSING_DEFAULT_VALUE", "SERVER_DISAGREES"));
    base.server = [](const DryRun&) { return ServerVerdict{false, {"because"}}; };
    const auto other = check_one(base, kinder_order);
    EXPECT_THAT(rules_of(other), ElementsAre("SERVER_DISAGREES"));
    EXPECT_THAT(other.findings[0].message, HasSubstr("because"));
    EXPECT_EQ(base.dry_runs.size(), 3U);
    // Another level than the server's own, and what would not be registered, are no questions.
    CheckOptions options;
    options.level = compat::Level::backward;
    check_one(base, wider_order, options);
    check_one(base, order);
    EXPECT_EQ(base.dry_runs.size(), 3U);
}

TEST(CheckTree, AServerThatCannotBeAskedIsAnError) {
    FakeBaseline base;
    base.level = compat::Level::backward;
    base.add("orders-value", order);
    base.server = [](const DryRun&) -> Result<std::optional<ServerVerdict>> {
        return failure(make_error(ErrorCode::unavailable, "gone"));
    };
    const auto report = check_tree(tree_of({tree_file("orders.avsc", kinder_order)}), base, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::unavailable);
    base.server = [](const DryRun&) -> Result<std::optional<ServerVerdict>> {
        return failure(make_error(ErrorCode::invalid_schema, "not for me"));
    };
    EXPECT_THAT(rules_of(check_one(base, kinder_order)), ElementsAre("SERVER_DISAGREES"));
}

TEST(CheckTree, TheServerIsAskedWithTheVersionsThatTheTreeHas) {
    FakeBaseline base;
    with_registered_line(base);
    base.level = compat::Level::backward;
    SchemaTree tree = order_and_line(record("Line", {id_field}));
    tree.files[1].text = record("Order", {R"({"name":"line","type":"Line"})", noted_field});
    ASSERT_TRUE(check_tree(tree, base, {}));
    ASSERT_EQ(base.dry_runs.size(), 1U);
    EXPECT_EQ(base.dry_runs[0].references, (std::vector<Reference>{{"Line", "line-value", 1}}));
    // A line that is not registered yet cannot be told of.
    tree.files[0].text = record("Line", {id_field, noted_field});
    ASSERT_TRUE(check_tree(tree, base, {}));
    EXPECT_EQ(base.dry_runs.size(), 2U);
    EXPECT_EQ(base.dry_runs[1].subject, "line-value");
}

TEST(CheckTree, TheFirstFilesErrorIsTheOneThatIsTold) {
    FakeBaseline base;
    base.failing = "f3-value";
    std::vector<TreeFile> files;
    for (int at = 0; at < 10; ++at) {
        files.push_back(tree_file("f" + std::to_string(at) + ".avsc", order));
    }
    const auto report = check_tree(tree_of(std::move(files)), base, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "no answer");
}

TEST(CheckTree, SubjectsStandInTheOrderOfTheFilesAndProgressIsTold) {
    FakeBaseline base;
    std::vector<TreeFile> files;
    for (int at = 0; at < 50; ++at) {
        files.push_back(
            tree_file("f" + std::to_string(at) + ".avsc", at % 2 ? order : kinder_order));
        base.add("f" + std::to_string(at) + "-value", order);
    }
    CheckOptions options;
    std::size_t last = 0;
    options.progress = [&](std::size_t done, std::size_t all) {
        EXPECT_EQ(done, last + 1);
        EXPECT_EQ(all, 50U);
        last = done;
    };
    const auto report = check_tree(tree_of(std::move(files)), base, options);
    ASSERT_TRUE(report);
    EXPECT_EQ(last, 50U);
    for (std::size_t at = 0; at < 50; ++at) {
        EXPECT_EQ(report->subjects[at].subject, "f" + std::to_string(at) + "-value");
    }
    EXPECT_EQ(count(*report).unchanged, 25U);
    EXPECT_EQ(count(*report).compatible, 25U);
}

TEST(CheckTree, WhatIsNotChangedCostsOneQuestion) {
    FakeBaseline base;
    base.add("orders-value", order);
    base.add("orders-value", kinder_order);
    check_one(base, kinder_order);
    EXPECT_EQ(base.asked, 1U);
}

TEST(CheckTree, ACheckThatIsTooCostlyIsUndecided) {
    // A chain of records, longer than a comparison follows; the first is defined last.
    const auto chain = [](const std::string& type) {
        std::vector<std::string> fields;
        for (int at = 3'000; at > 0; --at) {
            const std::string name = "R" + std::to_string(at);
            const std::string next = at == 1 ? type : "R" + std::to_string(at - 1);
            fields.push_back(R"({"name":"f)" + std::to_string(at) + R"(","type":)" +
                             record(name, {R"({"name":"x","type":")" + next + R"("})"}) + "}");
        }
        return record("Top", fields);
    };
    FakeBaseline base;
    base.add("orders-value", chain("int"));
    const auto report = check_one(base, chain("string"));
    EXPECT_EQ(report.verdict, Verdict::undecided);
    EXPECT_THAT(rules_of(report), ElementsAre("UNDECIDED"));
}

}  // namespace
}  // namespace symbolon::gate
