#include "compat/json_schema/json_samples.hpp"

#include "compat/json_schema/json_pattern.hpp"
#include "compat/json_schema/json_pattern_text.hpp"
#include "compat/json_schema/json_schema.hpp"
#include "tests/support/json_builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace symbolon::compat {

using tests::json_schema;

namespace {

json::Texts samples_of(std::string_view text) {
    const SchemaPtr schema = json_schema(text);
    json::Sampler sampler;
    return sampler.samples({&static_cast<const json::JsonSchema&>(*schema).root(), nullptr}, 100);
}

}  // namespace

TEST(JsonSamples, KeepToTheSchema) {
    EXPECT_THAT(samples_of(R"({"type":"integer","minimum":3,"maximum":4})"),
                testing::UnorderedElementsAre("3", "4"));
    EXPECT_THAT(samples_of(R"({"type":"null"})"), testing::ElementsAre("null"));
    EXPECT_THAT(samples_of("false"), testing::IsEmpty());
    EXPECT_THAT(samples_of(R"({"type":"object","required":["a"],"properties":{"a":{"enum":[1]}},)"
                           R"("additionalProperties":false})"),
                testing::ElementsAre(R"({"a":1})"));
    EXPECT_THAT(samples_of(R"({"type":"array","minItems":2,"uniqueItems":true,"maxItems":2,)"
                           R"("items":{"enum":[1,2]}})"),
                testing::Contains("[1,2]"));
}

TEST(JsonSamples, OfRecursiveSchemasEnd) {
    EXPECT_FALSE(samples_of(R"({"required":["a"],"properties":{"a":{"anyOf":[{"type":"null"},)"
                            R"({"$ref":"#"}]}},"type":"object"})")
                     .empty());
    EXPECT_TRUE(samples_of(R"({"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}}})")
                    .empty());
}

TEST(JsonSamples, OfLargeSchemasAreBounded) {
    std::string text = R"({"type":"object","properties":{)";
    for (int at = 0; at < 500; ++at) {
        text += (at == 0 ? "\"" : ",\"") + std::to_string(at) +
                R"(":{"oneOf":[{"$ref":"#"},{"type":"integer"},{"items":{"$ref":"#"}}]})";
    }
    const auto before = std::chrono::steady_clock::now();
    samples_of(text + "}}");
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST(JsonSamples, TextsMatchTheirPatterns) {
    for (const std::string_view pattern : {"^[A-Z]{2}-\\d+$", "^(a|b)c?$", "x{2,3}[^a]y*",
                                           "^\\w+@\\w+\\.com$", "^$", "[0-9a-f]{8}"}) {
        const auto texts = json::texts_for_pattern(pattern);
        EXPECT_FALSE(texts.empty()) << pattern;
        for (const std::string& text : texts) {
            EXPECT_TRUE(*(*json::compile_pattern(pattern))->is_found_in(text))
                << pattern << " " << text;
        }
    }
    EXPECT_TRUE(json::texts_for_pattern("(?=a)b").empty());
    EXPECT_TRUE(json::texts_for_pattern("(a").empty());
    EXPECT_TRUE(json::texts_for_pattern("a{100000}").empty());
}

}  // namespace symbolon::compat
