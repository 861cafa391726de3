#include "core/limits.hpp"
#include "tests/support/json_builders.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

using tests::json_problem_of;
using tests::json_schema;

namespace {

constexpr std::string_view draft2020 =
    R"("$schema":"https://json-schema.org/draft/2020-12/schema")";

std::string modern(std::string_view members) {
    return "{" + std::string(draft2020) + "," + std::string(members) + "}";
}

std::string nested(std::size_t levels) {
    std::string text;
    for (std::size_t at = 0; at + 1 < levels; ++at) {
        text += R"({"not":)";
    }
    return text + "{}" + std::string(levels - 1, '}');
}

}  // namespace

TEST(JsonParse, AFaultIsToldWithItsPlace) {
    EXPECT_EQ(json_problem_of("{\"type\":\n  \"strnig\"}"),
              "Invalid JSON schema: No type is called \"strnig\" (line 2, column 3)");
    EXPECT_EQ(json_problem_of(R"({"properties":{"a":{"minLength":"2"}}})"),
              "Invalid JSON schema: \"minLength\": expected an integer of at most 32 bits, without "
              "a fraction, found a text (line 1, column 33)");
    EXPECT_EQ(json_problem_of("{\"a\" 1}"),
              "Invalid JSON schema: Not valid JSON: expected \":\" (line 1, column 6)");
}

TEST(JsonParse, AFaultInAReferenceNamesIt) {
    EXPECT_EQ(json_problem_of(R"({"$ref":"other.json"})", {{"other.json", R"({"type":"bogus"})"}}),
              "Invalid JSON schema: Reference \"other.json\": No type is called \"bogus\" (line 1, "
              "column 9)");
    EXPECT_EQ(json_problem_of(R"({"$ref":"other.json"})", {{"other.json", "{"}}),
              "Invalid JSON schema: Reference \"other.json\": Not valid JSON: expected a name in "
              "quotation marks (line 1, column 2)");
}

TEST(JsonParse, TheRootIsAnObjectOrABoolean) {
    EXPECT_EQ(json_problem_of("true"), "");
    EXPECT_NE(json_problem_of("[]").find("found ARRAY"), std::string::npos);
    EXPECT_NE(json_problem_of(" ").find("found MISSING"), std::string::npos);
}

TEST(JsonParse, DraftsDifferInWhatKeywordsMean) {
    EXPECT_NE(json_problem_of(R"({"exclusiveMaximum":true})"), "");
    EXPECT_EQ(json_problem_of(R"({"$schema":"http://json-schema.org/draft-04/schema#",
                                  "exclusiveMaximum":true})"),
              "");
    EXPECT_EQ(json_problem_of(R"({"items":[{}]})"), "");
    EXPECT_NE(json_problem_of(modern(R"("items":[{}])")), "");
    EXPECT_EQ(json_problem_of(R"({"definitions":{"a":{"type":"bogus"}}})"), "");
    EXPECT_NE(json_problem_of(modern(R"("$defs":{"a":{"type":"bogus"}})")), "");
}

TEST(JsonParse, NestingIsBounded) {
    EXPECT_EQ(json_problem_of(nested(limits::json_depth_max)), "");
    EXPECT_NE(json_problem_of(nested(limits::json_depth_max + 1)).find("nested too deeply"),
              std::string::npos);
}

TEST(JsonParse, PatternsAreBounded) {
    const auto with_pattern = [](std::size_t size) {
        return R"({"pattern":")" + std::string(size, 'a') + R"("})";
    };
    EXPECT_EQ(json_problem_of(with_pattern(limits::pattern_bytes_max)), "");
    EXPECT_NE(json_problem_of(with_pattern(limits::pattern_bytes_max + 1)), "");
}

TEST(JsonParse, ALongChainOfReferencesCostsNoStack) {
    std::string text = R"({"$ref":"#/definitions/0","definitions":{)";
    constexpr int length = 5'000;
    for (int at = 0; at < length; ++at) {
        text += "\"" + std::to_string(at) + R"(":{"not":{"$ref":"#/definitions/)" +
                std::to_string(at + 1) + "\"}},";
    }
    text += "\"" + std::to_string(length) + R"(":{"type":"string"}}})";
    EXPECT_EQ(json_problem_of(text), "");
}

TEST(JsonSchema, IsTheSameWhenTextAndReferencesAre) {
    const auto schema = json_schema(R"({"type":"string","title":"a"})");
    EXPECT_TRUE(schema->equivalent_to(*json_schema(R"({ "type": "string", "title": "a" })")));
    EXPECT_FALSE(schema->equivalent_to(*json_schema(R"({"title":"a","type":"string"})")));
    const auto referring = [](std::string_view other) {
        return json_schema(R"({"$ref":"o"})", {{"o", std::string(other)}});
    };
    EXPECT_TRUE(referring("{}")->equivalent_to(*referring("{}")));
    EXPECT_FALSE(referring("{}")->equivalent_to(*referring(R"({"type":"string"})")));
}

TEST(JsonSchema, KnowsItsPropertiesAtTheTop) {
    const auto schema =
        json_schema(R"({"properties":{"a":{"properties":{"b":{}}}},"required":["c"]})");
    EXPECT_TRUE(schema->has_top_level_field("a"));
    EXPECT_FALSE(schema->has_top_level_field("b"));
    EXPECT_FALSE(schema->has_top_level_field("c"));
}

TEST(JsonSchema, HasNoPropertyAtTheTopThatBeginsWithTwoDollarsWhenFieldsAreValidated) {
    const auto fields_of = [](std::string_view text) { return json_schema(text)->check_fields(); };
    const auto refused = fields_of("{\"properties\":{\n \"a\":{}, \"$$a\":{}}}");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_schema);
    EXPECT_NE(refused.error().message.find("\"$$a\""), std::string::npos);
    EXPECT_NE(refused.error().message.find("line 2"), std::string::npos);
    EXPECT_TRUE(fields_of(R"({"properties":{"$a":{},"a$$":{},"b":{"properties":{"$$b":{}}}}})"));
    EXPECT_TRUE(fields_of(R"({"properties":{},"$$a":{}})"));
    EXPECT_TRUE(fields_of("true"));
}

}  // namespace symbolon::compat
