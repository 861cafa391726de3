#include "compat/json_schema/json_check.hpp"

#include "compat/json_schema/json_schema.hpp"
#include "core/limits.hpp"
#include "tests/support/json_builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::compat {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using tests::json_schema;

namespace {

const json::Model& root_of(const SchemaPtr& schema) {
    return static_cast<const json::JsonSchema&>(*schema).root();
}

// "TYPE path" of every change.
std::vector<std::string> changes(std::string_view original, std::string_view update) {
    const SchemaPtr from = json_schema(original);
    const SchemaPtr to = json_schema(update);
    const auto found =
        json::changes_between(root_of(from), root_of(to), Policy::strict, json::Wanted::all);
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
    std::vector<std::string> texts;
    for (const auto& change : *found) {
        texts.push_back(std::string(change.kind.name()) + " " + change.path);
    }
    return texts;
}

bool reads(std::string_view update, std::string_view original, Policy policy = Policy::strict) {
    const auto findings = json_schema(update)->findings_under(policy, *json_schema(original));
    EXPECT_TRUE(findings.has_value()) << (findings ? "" : findings.error().message);
    return findings && findings->empty();
}

ErrorCode error_of(std::string_view update, std::string_view original) {
    const auto findings = json_schema(update)->findings_reading(*json_schema(original));
    EXPECT_FALSE(findings.has_value());
    return findings ? ErrorCode::internal_error : findings.error().code;
}

// A chain of `levels` definitions, each a oneOf of two that lead on to the next: 2^levels paths.
std::string doubling(int levels, std::string_view leaf) {
    std::string text = R"({"$ref":"#/definitions/0","definitions":{)";
    for (int at = 0; at < levels; ++at) {
        const std::string next = R"({"$ref":"#/definitions/)" + std::to_string(at + 1) + "\"}";
        text += "\"" + std::to_string(at) + R"(":{"oneOf":[{"type":"object","properties":{"a":)" +
                next + R"(}},{"type":"array","items":)" + next + "}]},";
    }
    return text + "\"" + std::to_string(levels) + "\":" + std::string(leaf) + "}}";
}

std::string many_properties(std::size_t count, std::string_view schema) {
    std::string text = R"({"properties":{)";
    for (std::size_t at = 0; at < count; ++at) {
        text += (at == 0 ? "\"" : ",\"") + std::to_string(at) + "\":" + std::string(schema);
    }
    return text + "}}";
}

}  // namespace

TEST(JsonCheck, ALimitThatIsTightenedIsAFinding) {
    EXPECT_THAT(changes(R"({"maxLength":5,"minLength":0})", R"({"maxLength":4,"minLength":0})"),
                ElementsAre("MAX_LENGTH_DECREASED #/maxLength"));
    EXPECT_THAT(changes(R"({"minimum":5})", R"({"minimum":5.0})"), IsEmpty());
    EXPECT_THAT(changes(R"({"maximum":5})", R"({"maximum":6})"),
                ElementsAre("MAXIMUM_INCREASED #/maximum"));
    EXPECT_THAT(
        changes(R"({"exclusiveMaximum":6,"maximum":40})", R"({"exclusiveMaximum":5,"maximum":40})"),
        ElementsAre("EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"));
}

TEST(JsonCheck, MultiplesAreToldApartWithoutRounding) {
    EXPECT_THAT(changes(R"({"multipleOf":0.1})", R"({"multipleOf":0.3})"),
                ElementsAre("MULTIPLE_OF_EXPANDED #/multipleOf"));
    EXPECT_THAT(changes(R"({"multipleOf":0.3})", R"({"multipleOf":0.10})"),
                ElementsAre("MULTIPLE_OF_REDUCED #/multipleOf"));
    EXPECT_THAT(changes(R"({"multipleOf":5})", R"({"multipleOf":5.0})"), IsEmpty());
}

TEST(JsonCheck, APropertyMoreBreaksAnOpenSchemaAndNoClosedOne) {
    const std::string open = R"({"properties":{"a":{}}})";
    const std::string closed = R"({"properties":{"a":{}},"additionalProperties":false})";
    const std::string more = R"({"properties":{"a":{},"b":{"type":"string"}}})";
    EXPECT_THAT(changes(open, more),
                ElementsAre("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b"));
    EXPECT_FALSE(reads(more, open));
    EXPECT_TRUE(reads(more, open, Policy::lenient));
    EXPECT_TRUE(reads(more, closed));
    EXPECT_TRUE(reads(open, more));
    EXPECT_FALSE(reads(closed, more));
}

TEST(JsonCheck, APatternCoversThePropertiesThatItIsFoundIn) {
    const std::string patterned =
        R"({"patternProperties":{"_n$":{"type":"number"}},"additionalProperties":false})";
    const auto with_property = [](const std::string& name) {
        return R"({"patternProperties":{"_n$":{"type":"number"}},"additionalProperties":false,)"
               R"("properties":{")" +
               name + R"(":{"type":"string"}}})";
    };
    EXPECT_THAT(changes(patterned, with_property("a_n")),
                UnorderedElementsAre(
                    "TYPE_CHANGED #/properties/a_n",
                    "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a_n",
                    "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a_n"));
    EXPECT_THAT(changes(patterned, with_property("a_s")),
                ElementsAre("OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a_s"));
}

TEST(JsonCheck, AlternativesAreMatchedWhateverTheirOrder) {
    // The first pair that fits must not be taken: the narrow one would find nobody.
    const std::string before = R"({"oneOf":[{"type":"integer"},{"type":"number"}]})";
    const std::string after = R"({"oneOf":[{"type":"number"},{"type":"integer"}]})";
    EXPECT_TRUE(reads(after, before));
    EXPECT_TRUE(
        reads(R"({"oneOf":[{"type":"number"},{"type":"integer"},{"type":"null"}]})", before));
    EXPECT_THAT(changes(before, R"({"oneOf":[{"type":"integer"},{"type":"string"}]})"),
                UnorderedElementsAre("COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"));
}

TEST(JsonCheck, RecursionEnds) {
    const auto list_of = [](std::string_view type) {
        return R"({"properties":{"v":{"type":")" + std::string(type) +
               R"("},"next":{"$ref":"#"}}})";
    };
    EXPECT_TRUE(reads(list_of("number"), list_of("integer")));
    EXPECT_FALSE(reads(list_of("integer"), list_of("number")));
    EXPECT_TRUE(reads(R"({"$ref":"#"})", R"({"$ref":"#"})"));
}

TEST(JsonCheck, AWrongGuessAboutACycleIsFoundOut) {
    // "x" is compared first, inside the comparison of the roots; that they differ shows later.
    const auto cyclic = [](std::string_view last) {
        return R"({"properties":{"a":{"oneOf":[{"$ref":"#/definitions/x"},{"type":"null"}]},)"
               R"("z":{"$ref":"#/definitions/x"}},"definitions":{"x":{"properties":)"
               R"({"back":{"oneOf":[{"$ref":"#/definitions/x"}]},"z":{"type":")" +
               std::string(last) + R"("}}}}})";
    };
    EXPECT_TRUE(reads(cyclic("number"), cyclic("integer")));
    EXPECT_FALSE(reads(cyclic("integer"), cyclic("number")));
}

TEST(JsonCheck, SidesStayApartWhereNotExchangesThem) {
    // Under "not" the new schema is the one that writes. A pair of definitions that is met both
    // ways is two pairs.
    const auto both_ways = [](std::string_view type) {
        return R"({"properties":{"n":{"not":{"$ref":"#/definitions/d"}},)"
               R"("p":{"$ref":"#/definitions/d"}},"definitions":{"d":{"type":")" +
               std::string(type) + R"("}}})";
    };
    EXPECT_THAT(changes(both_ways("integer"), both_ways("number")),
                UnorderedElementsAre("NOT_TYPE_EXTENDED #/properties/n/not",
                                     "TYPE_EXTENDED #/properties/p"));
    EXPECT_THAT(changes(both_ways("number"), both_ways("integer")),
                UnorderedElementsAre("NOT_TYPE_NARROWED #/properties/n/not",
                                     "TYPE_NARROWED #/properties/p"));
}

TEST(JsonCheck, SharedDefinitionsAreComparedOnce) {
    // 2^60 ways lead from the root to the leaf.
    const std::string integer = doubling(60, R"({"type":"integer"})");
    const std::string number = doubling(60, R"({"type":"number"})");
    EXPECT_TRUE(reads(integer, integer));
    EXPECT_FALSE(reads(integer, number));
}

TEST(JsonCheck, NestingOfAPairIsBounded) {
    const auto chain = [](std::size_t length, std::string_view type) {
        std::string text = R"({"$ref":"#/definitions/0","definitions":{)";
        for (std::size_t at = 0; at < length; ++at) {
            text += "\"" + std::to_string(at) + R"(":{"items":{"$ref":"#/definitions/)" +
                    std::to_string(at + 1) + "\"}},";
        }
        return text + "\"" + std::to_string(length) + R"(":{"type":")" + std::string(type) +
               "\"}}}";
    };
    const std::size_t most = limits::check_depth_max;
    EXPECT_FALSE(reads(chain(most, "null"), chain(most, "string")));
    EXPECT_EQ(error_of(chain(most + 1, "null"), chain(most + 1, "string")),
              ErrorCode::check_too_costly);
}

TEST(JsonCheck, FindingsAreBounded) {
    const auto findings =
        json_schema(many_properties(12'000, R"({"type":"string"})"))
            ->findings_reading(*json_schema(many_properties(12'000, R"({"type":"null"})")));
    ASSERT_TRUE(findings.has_value());
    EXPECT_EQ(findings->size(), limits::findings_max);
}

TEST(JsonCheck, AFindingIsWordedForTheWire) {
    const auto findings = json_schema(R"({"properties":{"a/b":{"maxLength":3}}})")
                              ->findings_reading(*json_schema(
                                  R"({"properties":{"a/b":{"minLength":0,"maxLength":4}}})"));
    ASSERT_TRUE(findings.has_value());
    ASSERT_EQ(findings->size(), 1U);
    const Finding& finding = findings->front();
    EXPECT_EQ(to_message(finding, Direction::backward),
              "{errorType:\"MAX_LENGTH_DECREASED\", description:\"The value at path "
              "'#/properties/a/b/maxLength' in the new schema is less than its value in the old "
              "schema'}");
    EXPECT_EQ(to_message(finding, Direction::forward),
              "{errorType:\"MAX_LENGTH_DECREASED\", description:\"The value at path "
              "'#/properties/a/b/maxLength' in the old schema is less than its value in the new "
              "schema'}");
    EXPECT_EQ(reader_place(finding), "/properties/a~1b/maxLength");
    EXPECT_EQ(to_hint(finding, Direction::backward),
              "Set \"maxLength\" at /properties/a~1b/maxLength back to its old value or a higher "
              "one.");
}

}  // namespace symbolon::compat
