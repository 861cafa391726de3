#include "gate/diff/structural_diff.hpp"

#include "compat/compat.hpp"
#include "core/limits.hpp"
#include "gate/diff/diff_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

compat::SchemaPtr parsed(SchemaType type, std::string_view text) {
    auto schema = compat::parse_schema(type, text, {}, compat::Strictness::lenient);
    EXPECT_TRUE(schema) << (schema ? "" : schema.error().message) << "\n" << text;
    return schema ? *schema : nullptr;
}

SchemaDiff diff_of(SchemaType type, std::string_view before, std::string_view after) {
    auto diff =
        diff_schemas({parsed(type, before), {}}, {parsed(type, after), {}}, compat::Policy::strict);
    EXPECT_TRUE(diff);
    return diff ? std::move(*diff) : SchemaDiff();
}
SchemaDiff avro_diff(std::string_view before, std::string_view after) {
    return diff_of(SchemaType::avro, before, after);
}
SchemaDiff json_diff(std::string_view before, std::string_view after) {
    return diff_of(SchemaType::json, before, after);
}
SchemaDiff proto_diff(const std::string& before, const std::string& after) {
    return diff_of(SchemaType::protobuf, "syntax = \"proto3\";\n" + before,
                   "syntax = \"proto3\";\n" + after);
}

/// Sign and words of each change, with "<" where it breaks backward and ">" where forward.
std::vector<std::string> words_of(const SchemaDiff& diff) {
    std::vector<std::string> words;
    for (const Change& change : diff.changes) {
        std::string line = change.kind == ChangeKind::added     ? "+ "
                           : change.kind == ChangeKind::removed ? "- "
                                                                : "~ ";
        line += change.words;
        for (const std::size_t finding : change.findings) {
            const bool back = diff.findings[finding].direction == compat::Direction::backward;
            line += back ? " <" : " >";
        }
        words.push_back(line);
    }
    return words;
}

std::string record_of(std::string_view fields) {
    return fmt::format(R"({{"type":"record","name":"Order","namespace":"a","fields":[{}]}})",
                       fields);
}
constexpr std::string_view id_field = R"({"name":"id","type":"long"})";

TEST(StructuralDiff, EqualSchemasDifferInNothing) {
    const SchemaDiff diff = avro_diff(record_of(id_field), record_of(id_field));
    EXPECT_TRUE(diff.empty());
    EXPECT_EQ(diff.backward, true);
    EXPECT_EQ(diff.forward, true);
}

TEST(StructuralDiff, AFieldWithDefaultBreaksNothing) {
    const SchemaDiff diff = avro_diff(record_of(id_field), record_of(R"({"name":"id","type":"long"},
                               {"name":"total","type":"double","default":0})"));
    EXPECT_THAT(words_of(diff), ElementsAre("+ field /total (double, default 0)"));
    EXPECT_EQ(diff.changes[0].group, "record a.Order");
    EXPECT_EQ(diff.changes[0].new_path, "/fields/1");
}

TEST(StructuralDiff, AFieldWithoutDefaultBreaksTheSideThatReadsWithIt) {
    const std::string with = record_of(R"({"name":"id","type":"long"},{"name":"x","type":"int"})");
    EXPECT_THAT(words_of(avro_diff(record_of(id_field), with)), ElementsAre("+ field /x (int) <"));
    EXPECT_THAT(words_of(avro_diff(with, record_of(id_field))), ElementsAre("- field /x (int) >"));
}

TEST(StructuralDiff, APromotionBreaksOnlyForward) {
    EXPECT_THAT(
        words_of(avro_diff(record_of(R"({"name":"id","type":"int"})"), record_of(id_field))),
        ElementsAre("~ type of /id: int → long >"));
}

TEST(StructuralDiff, AnAliasIsARename) {
    const SchemaDiff diff = avro_diff(
        record_of(id_field), record_of(R"({"name":"key","type":"long","aliases":["id"]})"));
    EXPECT_THAT(words_of(diff), Contains(HasSubstr("~ field renamed by alias: /id → /key")));
    EXPECT_THAT(words_of(diff), Not(Contains(HasSubstr("- field"))));
}

TEST(StructuralDiff, EnumSymbolsBreakTheSideThatLacksThem) {
    const auto status = [](std::string_view symbols) {
        return record_of(fmt::format(
            R"({{"name":"status","type":{{"type":"enum","name":"Status","symbols":[{}]}}}})",
            symbols));
    };
    EXPECT_THAT(words_of(avro_diff(status(R"("NEW","OLD")"), status(R"("NEW","LOST")"))),
                ElementsAre("- enum symbol OLD of /status <", "+ enum symbol LOST of /status >"));
    EXPECT_THAT(words_of(avro_diff(status(R"("A","B")"), status(R"("B","A")"))),
                ElementsAre("~ order of enum symbols of /status: A, B → B, A"));
}

TEST(StructuralDiff, DocsDefaultsOrderAndLogicalTypesAreTold) {
    const SchemaDiff diff = avro_diff(
        record_of(
            R"({"name":"a","type":"long","doc":"old","default":1},{"name":"b","type":"int"})"),
        record_of(R"({"name":"b","type":"int","order":"ignore"},
            {"name":"a","type":{"type":"long","logicalType":"timestamp-millis"},"default":2})"));
    EXPECT_THAT(words_of(diff), ElementsAre("- doc of /a: old", "~ default of /a: 1 → 2",
                                            "+ logical type of /a: \"timestamp-millis\"",
                                            "~ sort order of /b: ascending → ignore",
                                            "~ order of fields of /: a, b → b, a"));
    EXPECT_EQ(diff.changes[0].effect, ChangeEffect::documentation);
}

TEST(StructuralDiff, UnionsAreComparedBranchByBranch) {
    EXPECT_THAT(words_of(avro_diff(record_of(R"({"name":"a","type":["null","string"]})"),
                                   record_of(R"({"name":"a","type":["null","int"]})"))),
                ElementsAre("- branch string of /a <", "+ branch int of /a >"));
    EXPECT_THAT(words_of(avro_diff(record_of(R"({"name":"a","type":"string"})"),
                                   record_of(R"({"name":"a","type":["null","string"]})"))),
                ElementsAre("~ type of /a: string → null | string >"));
}

TEST(StructuralDiff, TheOrderOfBranchesIsNotBlamedForABranchThatIsMissing) {
    const SchemaDiff diff = avro_diff(record_of(R"({"name":"u","type":["int","string"]})"),
                                      record_of(R"({"name":"u","type":["string","int","null"]})"));
    EXPECT_THAT(words_of(diff),
                ElementsAre("+ branch null of /u >",
                            "~ order of branches of /u: int, string → string, int"));
}

TEST(StructuralDiff, ADefinitionThatIsUsedTwiceHasItsFindingOnce) {
    const auto with_length = [](int length) {
        return fmt::format(
            R"({{"properties":{{"b":{{"$ref":"#/definitions/B"}}}},
                "definitions":{{"B":{{"properties":{{
                "c":{{"maxLength":{}}},"self":{{"$ref":"#/definitions/B"}}}}}}}}}})",
            length);
    };
    EXPECT_THAT(words_of(json_diff(with_length(5), with_length(3))),
                ElementsAre("~ maxLength of /definitions/B/c: 5 → 3 <"));
}

TEST(StructuralDiff, ATypeThatIsUsedTwiceIsToldOnceWithItsFindings) {
    const auto two = [](std::string_view inner) {
        return record_of(fmt::format(
            R"({{"name":"a","type":{{"type":"array","items":{{"type":"record","name":"Line",
                "fields":[{}]}}}}}},{{"name":"b","type":"Line"}})",
            inner));
    };
    const SchemaDiff diff = avro_diff(two(id_field), two(R"({"name":"id","type":"string"})"));
    EXPECT_EQ(diff.changes.size(), 1U);
    EXPECT_EQ(diff.changes[0].group, "record a.Line");
    EXPECT_FALSE(diff.changes[0].findings.empty());
    EXPECT_THAT(diff.loose_findings, IsEmpty());
}

TEST(StructuralDiff, TypesThatContainThemselvesEnd) {
    const auto list = [](std::string_view type) {
        return fmt::format(
            R"({{"type":"record","name":"List","fields":[{{"name":"value","type":"{}"}},
            {{"name":"next","type":["null","List"]}}]}})",
            type);
    };
    EXPECT_THAT(words_of(avro_diff(list("int"), list("string"))),
                ElementsAre("~ type of /value: int → string < >"));
}

TEST(StructuralDiff, AChainOfNamesCostsNoStack) {
    const auto chain = [](std::string_view type) {
        std::string text = fmt::format(
            R"([{{"type":"record","name":"R0","fields":[{{"name":"x","type":"{}"}}]}})", type);
        for (int at = 1; at < 100; ++at) {
            text += fmt::format(
                R"(,{{"type":"record","name":"R{}","fields":[{{"name":"x","type":"R{}"}}]}})", at,
                at - 1);
        }
        return text + "]";
    };
    const SchemaDiff diff = avro_diff(chain("int"), chain("string"));
    ASSERT_FALSE(diff.empty());
    EXPECT_EQ(diff.changes[0].words, "type of /x: int → string");
}

TEST(StructuralDiff, TooManyChangesAreCutAndSaidSo) {
    std::string before;
    std::string after;
    for (std::size_t at = 0; at < limits::diff_changes_max; ++at) {
        before +=
            fmt::format(R"({}{{"name":"a{}","type":"int","default":0}})", at == 0 ? "" : ",", at);
        after +=
            fmt::format(R"({}{{"name":"b{}","type":"int","default":0}})", at == 0 ? "" : ",", at);
    }
    const SchemaDiff diff = avro_diff(record_of(before), record_of(after));
    EXPECT_EQ(diff.changes.size(), limits::diff_changes_max);
    EXPECT_THAT(diff.notes, Contains(HasSubstr("only the first")));
}

TEST(StructuralDiff, JsonPropertiesConstraintsAndContentModels) {
    const SchemaDiff diff = json_diff(
        R"({"type":"object","additionalProperties":false,
            "properties":{"a":{"type":"integer"},"b":{"type":"string","maxLength":9}}})",
        R"({"type":"object","required":["c"],
            "properties":{"a":{"type":"string"},"b":{"type":"string","maxLength":5},
                          "c":{"type":"number","default":0}}})");
    const auto words = words_of(diff);
    EXPECT_THAT(words, Contains("~ content model of /: closed → open >"));
    EXPECT_THAT(words, Contains(HasSubstr("~ type of /a: integer → string <")));
    EXPECT_THAT(words, Contains(HasSubstr("~ maxLength of /b: 9 → 5 <")));
    EXPECT_THAT(words, Contains(HasSubstr("+ property /c (number, default 0, required)")));
    EXPECT_THAT(words, Contains(HasSubstr("+ required property c of /")));
}

TEST(StructuralDiff, JsonDefinitionsBranchesAndValues) {
    const SchemaDiff diff = json_diff(
        R"({"$defs":{"M":{"enum":["a","b"]}},"oneOf":[{"type":"string"},{"$ref":"#/$defs/M"}]})",
        R"({"$defs":{"M":{"enum":["a","c"]}},"title":"T",
            "oneOf":[{"type":"null"},{"type":"string"},{"$ref":"#/$defs/M"}]})");
    const auto words = words_of(diff);
    EXPECT_THAT(words, Contains(HasSubstr("- enum value \"b\" of /$defs/M")));
    EXPECT_THAT(words, Contains(HasSubstr("+ enum value \"c\" of /$defs/M")));
    EXPECT_THAT(words, Contains(HasSubstr("+ oneOf branch 1 of / (null)")));
    EXPECT_THAT(words, Contains("+ title of /: T"));
}

TEST(StructuralDiff, ProtobufFieldsGoByTheirNumbers) {
    const SchemaDiff diff = proto_diff(
        "message Order { int32 id = 1; string old_name = 2; string gone = 3; }",
        "message Order { string id = 1; string new_name = 2; repeated int64 fresh = 4; }");
    const auto words = words_of(diff);
    EXPECT_THAT(words, Contains("~ type of /Order/id: int32 → string < >"));
    EXPECT_THAT(words, Contains("~ field 2 renamed: old_name → new_name"));
    EXPECT_THAT(words, Contains("- field /Order/gone (string, number 3)"));
    EXPECT_THAT(words, Contains("+ field /Order/fresh (repeated int64, number 4)"));
    EXPECT_EQ(diff.changes[0].group, "message Order");
}

TEST(StructuralDiff, ProtobufEnumsOneofsReservedServicesOptionsAndImports) {
    const auto words = words_of(proto_diff(
        R"(package a; import "google/protobuf/any.proto"; option java_package = "a";
           enum E { ZERO = 0; ONE = 1; } message M { reserved 5;
               oneof c { int32 x = 1; } int32 y = 2; }
           service S { rpc Do(M) returns (M); })",
        R"(package b; option java_package = "b"; enum E { ZERO = 0; TWO = 1; }
           message M { reserved 5, 6; oneof c { int32 x = 1; int32 y = 2; } }
           service S { rpc Do(M) returns (stream M); })"));
    EXPECT_THAT(words, Contains(HasSubstr("~ package of /: a → b")));
    EXPECT_THAT(words, Contains("- import google/protobuf/any.proto of /"));
    EXPECT_THAT(words, Contains("~ option java_package of /: \"a\" → \"b\""));
    EXPECT_THAT(words, Contains("- enum value ONE = 1 of /E"));
    EXPECT_THAT(words, Contains("+ enum value TWO = 1 of /E"));
    EXPECT_THAT(words, Contains("+ reserved 6 of /M"));
    EXPECT_THAT(words, Contains(HasSubstr("+ oneof of /M/c/y: c")));
    EXPECT_THAT(words, Contains("~ signature of /S/Do: (M) returns (M) → (M) returns (stream M)"));
}

TEST(StructuralDiff, ReferencesThatMovedAreChanges) {
    const auto schema = parsed(SchemaType::avro, "\"int\"");
    const auto diff = diff_schemas({schema, {{"a.B", "b-value", 1}}},
                                   {schema, {{"a.B", "b-value", 2}}}, compat::Policy::strict);
    ASSERT_TRUE(diff);
    EXPECT_THAT(words_of(*diff),
                ElementsAre("~ reference of a.B: b-value version 1 → b-value version 2"));
}

TEST(StructuralDiff, SchemasOfTwoTypesAreRefused) {
    const auto diff = diff_schemas({parsed(SchemaType::avro, "\"int\""), {}},
                                   {parsed(SchemaType::json, "{}"), {}}, compat::Policy::strict);
    ASSERT_FALSE(diff);
    EXPECT_THAT(diff.error().message, HasSubstr("type AVRO"));
}

TEST(DiffReport, ControlCharactersAreShownNotObeyed) {
    const SchemaDiff diff =
        avro_diff(record_of(R"({"name":"a","type":"int"})"),
                  record_of(R"({"name":"a","type":"int","doc":"\u001b[2J\u009b"})"));
    const std::string text = to_text(diff, {"old\x1b", "new"}, Colours::no);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_THAT(text, HasSubstr("\\x1b[2J\\u009b"));
}

TEST(DiffReport, ASentenceIsToldOnceAndCutWhenItIsLong) {
    const auto symbols = [](char letter) {
        std::string text;
        for (int at = 0; at < 1'000; ++at) {
            text += fmt::format("{}\"{}{}\"", at == 0 ? "" : ",", letter, at);
        }
        return fmt::format(R"({{"type":"enum","name":"E","symbols":[{}]}})", text);
    };
    const std::string text =
        to_text(avro_diff(symbols('A'), symbols('B')), {"old", "new"}, Colours::no);
    EXPECT_THAT(text, HasSubstr("- enum symbol A1 of /\n      forward compatible\n"
                                "      not backward compatible: as above"));
    EXPECT_LT(text.size(), 300'000U);
}

TEST(DiffReport, EachChangeSaysWhatItMeansInBothDirections) {
    const SchemaDiff diff =
        avro_diff(record_of(R"({"name":"id","type":"int"})"), record_of(id_field));
    const std::string text = to_text(diff, {"old", "new"}, Colours::no);
    EXPECT_THAT(text, HasSubstr("old → new\n\nrecord a.Order\n  ~ type of /id: int → long\n"
                                "      backward compatible\n      not forward compatible: "));
    EXPECT_THAT(text, HasSubstr("0 added, 0 removed, 1 changed; backward compatible: yes; "
                                "forward compatible: no\n"));
    const Json json = to_json(diff, {"old", "new"}, SchemaType::avro);
    EXPECT_EQ(json["changes"][0]["findings"][0]["direction"], "forward");
    EXPECT_EQ(json["forwardCompatible"], false);
}

}  // namespace
}  // namespace symbolon::gate
