// What may be costly to compare, and that it ends: decided, or said to be too costly.
#include "compat/json_schema/json_check.hpp"
#include "tests/support/json_builders.hpp"
#include "tests/support/json_families.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

using tests::json_schema;
using tests::shared_unions;
using tests::wide_union;
using tests::wide_union_downwards;
using tests::WrittenUnions;

namespace {

// "yes", "no" or "too costly": whether `reader` reads what `writer` wrote.
std::string verdict(const std::string& reader, const std::string& writer) {
    const auto findings = json_schema(reader)->findings_reading(*json_schema(writer));
    if (!findings) {
        EXPECT_EQ(findings.error().code, ErrorCode::check_too_costly);
        return "too costly";
    }
    return findings->empty() ? "yes" : "no";
}

constexpr auto told_by_limits = WrittenUnions::Told::by_limits;
constexpr auto downwards = WrittenUnions::Order::downwards;
constexpr std::string_view number_leaf = R"({"type":"number"})";

}  // namespace

TEST(JsonBudget, NestedUnionsAreDecidedWhetherSharedOrWrittenOut) {
    EXPECT_EQ(verdict(shared_unions(5, number_leaf), shared_unions(5, R"({"type":"integer"})")),
              "yes");
    EXPECT_EQ(verdict(shared_unions(5, R"({"type":"integer"})"), shared_unions(5, number_leaf)),
              "no");
    const WrittenUnions writer{.levels = 4, .ways = 8};
    EXPECT_EQ(
        verdict(WrittenUnions{.levels = 4, .ways = 8, .leaf = number_leaf}.text(), writer.text()),
        "yes");
    EXPECT_EQ(
        verdict(writer.text(), WrittenUnions{.levels = 4, .ways = 8, .leaf = number_leaf}.text()),
        "no");
}

TEST(JsonBudget, TheOrderOfWrittenUnionsDoesNotMatter) {
    const WrittenUnions writer{.levels = 4, .ways = 6};
    EXPECT_EQ(
        verdict(WrittenUnions{.levels = 4, .ways = 6, .order = downwards}.text(), writer.text()),
        "yes");
}

TEST(JsonBudget, AlternativesThatAreWrittenAlikeAreComparedAsOne) {
    // 36 to the fourth power pairs of leaves fit: far too many without knowing equals.
    const WrittenUnions writer{.levels = 4, .ways = 8, .told = told_by_limits};
    WrittenUnions reader = writer;
    reader.order = downwards;
    EXPECT_EQ(verdict(reader.text(), writer.text()), "yes");
    reader.leaf = R"({"type":"null"})";
    EXPECT_EQ(verdict(reader.text(), writer.text()), "no");
}

TEST(JsonBudget, NothingIsGuessedWhenItIsTooMuch) {
    // A name of 60,000 letters is searched for a pattern in each of 400 pairs.
    std::string writer = R"({"properties":{)";
    std::string reader = writer;
    for (int at = 0; at < 400; ++at) {
        const std::string name = (at == 0 ? "\"" : ",\"") + std::to_string(at) + "\":";
        writer +=
            name + R"({"patternProperties":{"^b":{}},"minProperties":)" + std::to_string(at) + "}";
        reader += name + R"({"$ref":"#/definitions/a"})";
    }
    reader += R"(},"definitions":{"a":{"properties":{")" + std::string(60'000, 'a') + R"(":{}}}}})";
    EXPECT_EQ(verdict(reader, writer + "}}"), "too costly");
}

TEST(JsonBudget, AlternativesInTheirOrderAreNotAllCompared) {
    EXPECT_EQ(verdict(wide_union(5'000), wide_union(5'000)), "yes");
    EXPECT_EQ(verdict(wide_union_downwards(200), wide_union(200)), "yes");
}

TEST(JsonBudget, AVerdictDoesNotDependOnKnowingEquals) {
    // The same pair, small enough to be decided without and, repeated, large enough not to be.
    const auto repeated = [](std::string_view schema, int times) {
        std::string text = R"({"allOf":[)";
        for (int at = 0; at < times; ++at) {
            text += (at == 0 ? R"({"title":")" : R"(,{"title":")") + std::to_string(at) +
                    R"(","properties":{"p":)" + std::string(schema) + "}}";
        }
        return text + "]}";
    };
    const std::string list = R"({"type":"array","items":{"oneOf":[{"type":"null"},)"
                             R"({"properties":{"a":{"enum":[1,2]}}}]}})";
    const std::string longer = R"({"type":"array","items":{"oneOf":[{"properties":)"
                               R"({"a":{"enum":[2,1,3]}}},{"type":"null"}]}})";
    for (const int times : {2, 500}) {
        EXPECT_EQ(verdict(repeated(longer, times), repeated(list, times)), "yes");
        EXPECT_EQ(verdict(repeated(list, times), repeated(longer, times)), "no");
    }
}

}  // namespace symbolon::compat
