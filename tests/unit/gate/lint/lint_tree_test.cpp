#include "gate/lint/lint_tree.hpp"

#include "compat/compat.hpp"
#include "core/limits.hpp"
#include "gate/lint/lint_names.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SchemaTree tree_of(SchemaType type, std::string text) {
    SchemaTree tree;
    tree.name = "schemas/";
    TreeFile file;
    file.path = "a";
    file.shown_path = "schemas/a";
    file.subject = "a-value";
    file.type = type;
    file.text = std::move(text);
    tree.files.push_back(std::move(file));
    return tree;
}

GateReport lint_of(const SchemaTree& tree, const LintOptions& options) {
    std::vector<ParsedFile> parsed(1);
    auto schema = compat::parse_schema(tree.files[0].type, tree.files[0].text, {},
                                       compat::Strictness::strict);
    EXPECT_TRUE(schema) << (schema ? "" : schema.error().message);
    parsed[0].schema = schema ? *schema : nullptr;
    auto report = lint_tree(tree, parsed, options);
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    return report ? std::move(*report) : GateReport();
}

/// "line:column RULE" of each finding.
std::vector<std::string> hits_of(SchemaType type, std::string text,
                                 std::vector<std::string> use = {}) {
    std::vector<std::string> hits;
    LintOptions options;
    options.use = std::move(use);
    const GateReport report = lint_of(tree_of(type, std::move(text)), options);
    for (const GateFinding& finding : report.subjects.at(0).findings) {
        hits.push_back(fmt::format("{}:{} {}", finding.line, finding.column, finding.rule));
    }
    return hits;
}
std::vector<std::string> avro_hits(std::string text, std::vector<std::string> use = {}) {
    return hits_of(SchemaType::avro, std::move(text), std::move(use));
}
std::vector<std::string> json_hits(std::string text, std::vector<std::string> use = {}) {
    return hits_of(SchemaType::json, std::move(text), std::move(use));
}
std::vector<std::string> proto_hits(std::string text, std::vector<std::string> use = {}) {
    return hits_of(SchemaType::protobuf, std::move(text), std::move(use));
}

TEST(Lint, AGoodAvroSchemaHasNoFindings) {
    EXPECT_THAT(
        avro_hits(R"({"type":"record","name":"Order","namespace":"com.acme","doc":"An order.",
        "fields":[{"name":"id","type":"long","doc":"Unique."},
          {"name":"ship_to","type":["null","string"],"default":null,"doc":"Where to."},
          {"name":"status","doc":"Where it is.","type":{"type":"enum","name":"Status",
            "doc":"States.",
            "symbols":["NEW","IN_PROGRESS"],"default":"NEW"}}]})"),
        IsEmpty());
}

TEST(Lint, AGoodJsonSchemaHasNoFindings) {
    EXPECT_THAT(
        json_hits(R"({"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://a/b",
        "title":"Order","type":"object","additionalProperties":false,"required":["order_id"],
        "properties":{"order_id":{"type":"integer","description":"Unique."},
                      "line":{"$ref":"#/definitions/Line"}},
        "definitions":{"Line":{"title":"A line","type":"string"}}})"),
        IsEmpty());
}

TEST(Lint, AGoodProtobufSchemaHasNoFindings) {
    EXPECT_THAT(proto_hits(R"(syntax = "proto3"; package com.acme;
        message Order { reserved 2; int64 order_id = 1; Status status = 3; }
        enum Status { STATUS_UNSPECIFIED = 0; STATUS_NEW = 1; })"),
                IsEmpty());
}

TEST(Lint, AvroNamesArePlacedWhereTheyStand) {
    EXPECT_THAT(
        avro_hits("{\"type\":\"record\",\n \"name\":\"order\",\n \"namespace\":\"Com.Acme\",\n"
                  " \"fields\":[\n  {\"name\":\"Order_Id\",\"type\":\"long\"},\n"
                  "  {\"name\":\"s\",\"type\":{\"type\":\"enum\",\"name\":\"S\","
                  "\"symbols\":[\"a\"]}}]}",
                  {"LINT_TYPE_NAME", "LINT_PACKAGE_NAME", "LINT_FIELD_NAME", "LINT_SYMBOL_NAME"}),
        ElementsAre("2:9 LINT_TYPE_NAME", "3:14 LINT_PACKAGE_NAME", "5:11 LINT_FIELD_NAME",
                    "6:59 LINT_SYMBOL_NAME"));
}

TEST(Lint, OfTwoStylesTheRarerIsTold) {
    const std::string text = R"({"type":"record","name":"A","fields":[
        {"name":"first_name","type":"int"},{"name":"last_name","type":"int"},
        {"name":"shipTo","type":"int"},{"name":"id","type":"int"}]})";
    EXPECT_THAT(avro_hits(text, {"LINT_FIELD_NAME"}), ElementsAre("3:17 LINT_FIELD_NAME"));
}

TEST(Lint, MissingDocsNamespacesAndEnumDefaultsAreTold) {
    EXPECT_THAT(avro_hits(R"({"type":"record","name":"A","doc":" ","fields":[
        {"name":"e","type":{"type":"enum","name":"E","symbols":["X"]}}]})"),
                testing::UnorderedElementsAre("1:25 LINT_NAMESPACE_MISSING", "1:1 LINT_TYPE_DOC",
                                              "2:9 LINT_FIELD_DOC", "2:28 LINT_TYPE_DOC",
                                              "2:28 LINT_ENUM_WITHOUT_DEFAULT"));
}

TEST(Lint, AFieldThatMayBeNullWantsADefault) {
    EXPECT_THAT(
        avro_hits(R"({"type":"record","name":"A","fields":[
        {"name":"a","type":["null","int"]},
        {"name":"b","type":["null","int"],"default":null},
        {"name":"c","type":["int","null"],"default":1},
        {"name":"d","type":["int","null"]}]})",
                  {"LINT_NULLABLE_WITHOUT_DEFAULT"}),
        ElementsAre("2:9 LINT_NULLABLE_WITHOUT_DEFAULT", "5:9 LINT_NULLABLE_WITHOUT_DEFAULT"));
}

TEST(Lint, MoneyIsNoBinaryFraction) {
    EXPECT_THAT(avro_hits(R"({"type":"record","name":"A","fields":[
        {"name":"unitPrice","type":"double"},{"name":"priceless","type":"double"},
        {"name":"tax","type":["null","float"],"default":null},{"name":"fee","type":"long"}]})",
                          {"LINT_FLOAT_MONEY"}),
                ElementsAre("2:36 LINT_FLOAT_MONEY", "3:30 LINT_FLOAT_MONEY"));
    EXPECT_THAT(proto_hits("syntax = \"proto3\";\nmessage A {\n  double total_amount = 1;\n}",
                           {"LINT_FLOAT_MONEY"}),
                ElementsAre("3:3 LINT_FLOAT_MONEY"));
}

TEST(Lint, JsonSaysItsDialectIdAndContentModel) {
    EXPECT_THAT(json_hits("{\"type\":\"object\",\n\"properties\":{\"a\":{\"title\":\"A\"}}}"),
                ElementsAre("1:1 LINT_DIALECT_MISSING", "1:1 LINT_ID_MISSING", "1:1 LINT_TYPE_DOC",
                            "1:1 LINT_OPEN_CONTENT_MODEL", "2:19 LINT_UNTYPED_PROPERTY"));
}

TEST(Lint, PartsThatAddToASchemaMayStayOpen) {
    EXPECT_THAT(json_hits(R"({"allOf":[{"properties":{"a":{"type":"string"}}}],
        "if":{"properties":{"a":{"const":"x"}}},"then":{"required":["a"]}})",
                          {"LINT_OPEN_CONTENT_MODEL"}),
                IsEmpty());
    EXPECT_THAT(json_hits(R"({"oneOf":[{"properties":{"a":{"type":"string"}}}]})",
                          {"LINT_OPEN_CONTENT_MODEL"}),
                ElementsAre("1:11 LINT_OPEN_CONTENT_MODEL"));
}

TEST(Lint, WhatIsRequiredAndNotAllowedIsAnError) {
    const std::string text =
        R"({"additionalProperties":false,"required":["a","b"],"properties":{"a":{"type":"null"}}})";
    const GateReport report =
        lint_of(tree_of(SchemaType::json, text), {.use = {"LINT_REQUIRED_UNDECLARED"}});
    ASSERT_EQ(report.subjects[0].findings.size(), 1U);
    EXPECT_EQ(report.subjects[0].findings[0].path, "/required/1");
    EXPECT_TRUE(fails(report));
    EXPECT_THAT(json_hits(R"({"required":["b"],"properties":{"a":{"type":"null"}}})",
                          {"LINT_REQUIRED_UNDECLARED"}),
                IsEmpty());
}

TEST(Lint, ProtobufNamesZeroValuesAndRequiredFields) {
    EXPECT_THAT(
        proto_hits(
            "message order {\n  required int32 orderId = 1;\n  enum kind {\n    new = 0;\n  }\n}"),
        testing::UnorderedElementsAre("1:1 LINT_SYNTAX_MISSING", "1:1 LINT_NAMESPACE_MISSING",
                                      "1:1 LINT_TYPE_NAME", "2:3 LINT_FIELD_NAME",
                                      "2:3 LINT_PROTO_REQUIRED", "3:3 LINT_TYPE_NAME",
                                      "4:5 LINT_SYMBOL_NAME"));
    EXPECT_THAT(
        proto_hits("syntax = \"proto3\";\nenum A {\n  NEW = 0;\n}", {"LINT_ENUM_ZERO_VALUE"}),
        ElementsAre("3:3 LINT_ENUM_ZERO_VALUE"));
}

TEST(Lint, NumbersThatAreNeitherUsedNorReservedAreANote) {
    const auto gaps = [](std::string_view body) {
        return lint_of(tree_of(SchemaType::protobuf,
                               fmt::format("syntax = \"proto3\"; message A {{ {} }}", body)),
                       {.use = {"LINT_NUMBER_GAP"}, .warnings = WarningsCount::as_errors});
    };
    const GateReport report =
        gaps("int32 a = 1; int32 b = 5; oneof c { int32 d = 9; } reserved 2, 6 to 8;");
    ASSERT_EQ(report.subjects[0].findings.size(), 1U);
    EXPECT_THAT(report.subjects[0].findings[0].message, HasSubstr("Numbers 3 to 4 of message `A`"));
    EXPECT_EQ(report.subjects[0].findings[0].severity, Severity::note);
    EXPECT_FALSE(fails(report));
    EXPECT_THAT(gaps("int32 a = 1; int32 b = 2; reserved 3 to max;").subjects[0].findings,
                IsEmpty());
    EXPECT_EQ(
        gaps("int32 a = 18999; int32 b = 20000; reserved 1 to 18998;").subjects[0].findings.size(),
        0U);
}

TEST(Lint, RulesAreChosenByFileAndFlags) {
    SchemaTree tree = tree_of(SchemaType::avro, R"({"type":"fixed","name":"md5","size":16})");
    const auto rules = [&tree](const LintOptions& options) {
        std::vector<std::string> names;
        const GateReport report = lint_of(tree, options);
        for (const GateFinding& finding : report.subjects[0].findings) {
            names.push_back(finding.rule);
        }
        return names;
    };
    EXPECT_THAT(rules({}), ElementsAre("LINT_TYPE_NAME", "LINT_NAMESPACE_MISSING"));
    tree.rules.lint_except = {"LINT_TYPE_NAME"};
    EXPECT_THAT(rules({}), ElementsAre("LINT_NAMESPACE_MISSING"));
    EXPECT_THAT(rules({.use = {"LINT_TYPE_NAME"}}), ElementsAre("LINT_TYPE_NAME"));
    tree.rules.lint_use = {"LINT_NAMESPACE_MISSING"};
    EXPECT_THAT(rules({.except = {"LINT_NAMESPACE_MISSING"}}), IsEmpty());
}

TEST(Lint, ARuleThatThereIsNotIsAnError) {
    const SchemaTree tree = tree_of(SchemaType::avro, "\"int\"");
    const auto report = lint_tree(tree, {}, {.use = {"LINT_NOTHING"}});
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr("--list-rules"));
}

TEST(Lint, StrictMakesErrorsOfWarnings) {
    const SchemaTree tree = tree_of(SchemaType::avro, R"({"type":"fixed","name":"md5","size":16})");
    EXPECT_FALSE(fails(lint_of(tree, {})));
    EXPECT_TRUE(fails(lint_of(tree, {.warnings = WarningsCount::as_errors})));
}

TEST(Lint, AnExceptionCoversAFindingUntilItExpires) {
    SchemaTree tree = tree_of(SchemaType::avro, R"({"type":"fixed","name":"md5","size":16})");
    Waiver waiver;
    waiver.rule = "LINT_TYPE_NAME";
    waiver.reason = "as the standard has it";
    waiver.expires = "2027-01-31";
    tree.rules.waivers.push_back(waiver);
    LintOptions options;
    options.use = {"LINT_TYPE_NAME"};
    options.warnings = WarningsCount::as_errors;
    options.today = "2026-11-22";
    EXPECT_FALSE(fails(lint_of(tree, options)));
    options.today = "2027-02-01";
    EXPECT_TRUE(fails(lint_of(tree, options)));
}

TEST(Lint, TooManyFindingsAreCounted) {
    std::string fields;
    for (std::size_t at = 0; at < limits::lint_findings_max + 5; ++at) {
        fields += fmt::format(R"({}{{"name":"f{}","type":"int"}})", at == 0 ? "" : ",", at);
    }
    const GateReport report =
        lint_of(tree_of(SchemaType::avro,
                        fmt::format(R"({{"type":"record","name":"A","fields":[{}]}})", fields)),
                {.use = {"LINT_FIELD_DOC"}});
    EXPECT_EQ(report.subjects[0].findings.size(), limits::lint_findings_max);
    EXPECT_THAT(report.subjects[0].notes, Contains(HasSubstr("5 more findings")));
}

TEST(Lint, EveryRuleIsInTheGatesTable) {
    for (const LintRule& rule : lint_rules) {
        const Rule* found = find_rule(rule.name);
        ASSERT_NE(found, nullptr) << rule.name;
        EXPECT_EQ(found->summary, rule.summary);
    }
}

TEST(LintNames, StylesAreToldApart) {
    EXPECT_EQ(style_of("id"), NameStyle::plain);
    EXPECT_EQ(style_of("_id"), NameStyle::plain);
    EXPECT_EQ(style_of("order_id"), NameStyle::snake);
    EXPECT_EQ(style_of("orderId"), NameStyle::camel);
    EXPECT_EQ(style_of("OrderId"), NameStyle::upper_camel);
    EXPECT_EQ(style_of("order-id"), NameStyle::kebab);
    EXPECT_EQ(style_of("Order_Id"), NameStyle::other);
    EXPECT_EQ(style_of("größe"), NameStyle::other);
}

}  // namespace
}  // namespace symbolon::gate
