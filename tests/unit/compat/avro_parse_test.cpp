#include "compat/avro/avro_parse.hpp"

#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat::avro {

using tests::problem_of;

namespace {

std::string canonical(std::string_view text, const std::vector<NamedText>& references = {}) {
    return *tests::avro_schema(text, references)->canonical_text(Normalize::no);
}

std::string record_of(std::string_view field) {
    return R"({"type":"record","name":"R","fields":[)" + std::string(field) + "]}";
}

}  // namespace

TEST(AvroParse, ErrorsNameTheThingAndItsPlace) {
    EXPECT_EQ(problem_of("{\"type\":\"array\",\n \"items\":\"Foo\"}"),
              "Undefined name: \"Foo\" (line 2, column 10)");
    EXPECT_EQ(problem_of(R"({"type":"Foo"})"), "Undefined name: \"Foo\" (line 1, column 1)");
    EXPECT_EQ(problem_of("[1"), "Not valid JSON: expected \",\" or \"]\" (line 1, column 3)");
    EXPECT_EQ(problem_of(R"(["int","int"])"), "Duplicate in union: \"int\" (line 1, column 1)");
    EXPECT_EQ(problem_of(record_of(R"({"name":"a-b","type":"int"})")),
              "Illegal field name \"a-b\" (line 1, column 39)");
    EXPECT_EQ(problem_of(record_of(R"({"name":"a","type":"int","default":"x"})")),
              "Invalid default for field \"a\": it does not fit the type int (line 1, column 74)");
    EXPECT_EQ(problem_of(R"({"type":"enum","name":"E","symbols":["A","A"]})"),
              "Duplicate enum symbol: \"A\" (line 1, column 37)");
}

TEST(AvroParse, ANameMayComeBeforeItsDefinition) {
    EXPECT_EQ(canonical(record_of(R"({"name":"x","type":"B"},{"name":"y","type":)"
                                  R"({"type":"fixed","name":"B","size":1}})")),
              record_of(R"({"name":"x","type":{"type":"fixed","name":"B","size":1}},)"
                        R"({"name":"y","type":"B"})"));
}

TEST(AvroParse, TwoNamesForOneTypeInAUnionAreFoundLate) {
    EXPECT_EQ(problem_of(R"(["B","B",{"type":"fixed","name":"B","size":1}])"),
              "Duplicate in union: \"B\" (line 1, column 1)");
}

TEST(AvroParse, ADefinitionMayBeRepeatedButNotChanged) {
    const auto twice = [](std::string_view first, std::string_view second) {
        return problem_of(R"([{"type":"array","items":)" + std::string(first) +
                          R"(},{"type":"map","values":)" + std::string(second) + "}]");
    };
    EXPECT_EQ(twice(R"({"type":"fixed","name":"F","size":1})",
                    R"({"type":"fixed","name":"F","size":1,"doc":"d"})"),
              "");
    EXPECT_NE(
        twice(R"({"type":"fixed","name":"F","size":1})", R"({"type":"fixed","name":"F","size":2})")
            .find("Can't redefine: \"F\""),
        std::string::npos);
}

TEST(AvroParse, LenientTakesUnicodeNamesOddNamespacesAndWrongDefaults) {
    for (const std::string& text :
         {record_of("{\"name\":\"\xC3\xA9\",\"type\":\"int\"}"),
          record_of(R"({"name":"a","type":"int","default":"x"})"),
          std::string(R"({"type":"fixed","name":"F","namespace":"a-b","size":1})")}) {
        EXPECT_NE(problem_of(text, Strictness::strict), "") << text;
        EXPECT_EQ(problem_of(text, Strictness::lenient), "") << text;
    }
}

TEST(AvroParse, NamesHaveALimit) {
    const auto named = [](std::size_t length) {
        return R"({"type":"fixed","name":")" + std::string(length, 'n') + R"(","size":1})";
    };
    EXPECT_EQ(problem_of(named(4'096)), "");
    EXPECT_EQ(problem_of(named(4'097)), "A name is longer than 4096 bytes (line 1, column 1)");
}

TEST(AvroParse, AReferenceIsNamedInItsError) {
    const std::vector<NamedText> references{{"com.acme.A", "[1"}};
    const auto schema = parse_schema(SchemaType::avro, R"("int")", references, Strictness::strict);
    ASSERT_FALSE(schema.has_value());
    EXPECT_EQ(schema.error().code, ErrorCode::invalid_schema);
    EXPECT_EQ(schema.error().message.find("Reference \"com.acme.A\": Not valid JSON"), 0U);
}

TEST(AvroParse, TypesOfReferencesStayNames) {
    const std::vector<NamedText> references{
        {"A", R"({"type":"record","name":"n.A","fields":[{"name":"x","type":"int"}]})"}};
    const auto schema = tests::avro_schema(R"({"type":"array","items":"n.A"})", references);
    EXPECT_EQ(*schema->canonical_text(Normalize::no), R"({"type":"array","items":"n.A"})");
    EXPECT_EQ(*schema->formatted_text(TextFormat::resolved),
              R"({"type":"array","items":{"type":"record","name":"A","namespace":"n",)"
              R"("fields":[{"name":"x","type":"int"}]}})");
}

TEST(AvroParse, LogicalTypesThatTheReferenceCopiesComeFirst) {
    EXPECT_EQ(canonical(R"({"type":"array","z":1,"logicalType":"map","items":{"type":"record",)"
                        R"("name":"KV","fields":[{"name":"k","type":"int"},)"
                        R"({"name":"v","type":"int"}]}})"),
              R"({"type":"array","items":{"type":"record","name":"KV","fields":[)"
              R"({"name":"k","type":"int"},{"name":"v","type":"int"}]},)"
              R"("logicalType":"map","z":1})");
    EXPECT_EQ(canonical(R"({"type":"int","z":1,"logicalType":"date"})"),
              R"({"type":"int","z":1,"logicalType":"date"})");
}

TEST(AvroParse, WhatIsStoredParsesToItself) {
    for (const std::string& text :
         {std::string(R"({"type":"record","name":"R","namespace":"n","doc":"d","fields":[)"
                      R"({"name":"f","type":["null","R"],"default":null,"order":"ignore",)"
                      R"("aliases":["g"],"p":{"b":1,"a":2}}],"aliases":["S","m.T"]})"),
          std::string(R"({"type":"enum","name":"E","symbols":["A"],"default":"A","x":[1.5]})")}) {
        EXPECT_EQ(canonical(text), text);
    }
}

TEST(AvroNames, LettersOfTheBasePlaneCountWhenAllowed) {
    EXPECT_TRUE(is_name("_a1", NameLetters::ascii));
    EXPECT_FALSE(is_name("1a", NameLetters::unicode));
    EXPECT_FALSE(is_name("", NameLetters::unicode));
    EXPECT_FALSE(is_name("\xC3\xA9", NameLetters::ascii));
    EXPECT_TRUE(is_name("\xC3\xA9\xD9\xA0", NameLetters::unicode));   // a letter and a digit
    EXPECT_FALSE(is_name("\xD9\xA0", NameLetters::unicode));          // a digit first
    EXPECT_FALSE(is_name("\xF0\x90\x90\x80", NameLetters::unicode));  // beyond the base plane
    EXPECT_TRUE(is_namespace("a.b"));
    EXPECT_FALSE(is_namespace("a..b"));
    EXPECT_FALSE(is_namespace(""));
}

}  // namespace symbolon::compat::avro
