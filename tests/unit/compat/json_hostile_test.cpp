#include "core/limits.hpp"
#include "tests/support/json_builders.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace symbolon::compat {

using tests::json_problem_of;
using tests::parse_json_schema;

namespace {

// Seconds that the processor worked; waiting for other programs does not count.
template <class Work>
double seconds_of(const Work& work) {
    const std::clock_t before = std::clock();
    work();
    return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

std::string many_definitions(std::size_t count) {
    std::string text = R"({"definitions":{)";
    for (std::size_t at = 0; at < count; ++at) {
        text += (at == 0 ? "\"" : ",\"") + std::to_string(at) + "\":{}";
    }
    text += R"(},"oneOf":[)";
    for (std::size_t at = 0; at < count; ++at) {
        text += (at == 0 ? "" : ",") + std::string(R"({"$ref":"#/definitions/)") +
                std::to_string(at) + "\"}";
    }
    return text + "]}";
}

std::string nested_ids(std::size_t levels) {
    std::string text;
    for (std::size_t at = 0; at < levels; ++at) {
        text += R"({"$id":"abcdefghijklmnop/","not":)";
    }
    return text + R"({"$ref":"#"})" + std::string(levels, '}');
}

}  // namespace

// Ten times as many would take a hundred times as long if each were looked for one by one.
TEST(JsonHostile, ManyReferencesToManyDefinitionsAreFoundQuickly) {
    const std::string few = many_definitions(2'000);
    const std::string many = many_definitions(20'000);
    const double short_time = seconds_of([&] { EXPECT_EQ(json_problem_of(few), ""); });
    const double long_time = seconds_of([&] { EXPECT_EQ(json_problem_of(many), ""); });
    EXPECT_LT(long_time, 40 * short_time + 0.1);
}

TEST(JsonHostile, ABaseThatGrowsWithEveryLevelIsBounded) {
    EXPECT_EQ(json_problem_of(nested_ids(200)), "");
    EXPECT_NE(json_problem_of(nested_ids(300)).find("base URI here is too long"),
              std::string::npos);
}

TEST(JsonHostile, NumbersAreBounded) {
    const auto with_digits = [](std::size_t count) {
        return R"({"multipleOf":)" + std::string(count, '7') + "}";
    };
    EXPECT_EQ(json_problem_of(with_digits(limits::json_number_digits_max)), "");
    EXPECT_NE(json_problem_of(with_digits(limits::json_number_digits_max + 1)), "");
}

TEST(JsonHostile, TextsThatAreNoSchemaAreRefusedAndNothingElse) {
    for (const std::string text : {"{\"$ref\":\"#/%\"}", "{\"$ref\":\"#/~\"}", "{\"$ref\":\"#//\"}",
                                   "{\"$id\":\"%\"}", "{\"type\":[[]]}", "{\"type\":{}}",
                                   "{\"enum\":{}}", "{\"$defs\":[],\"$ref\":\"#/$defs/0\"}",
                                   "{\"items\":[{\"$ref\":\"#/items/99999999999999999999\"}]}"}) {
        EXPECT_FALSE(parse_json_schema(text).has_value()) << text;
    }
}

}  // namespace symbolon::compat
