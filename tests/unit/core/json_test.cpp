#include "core/json.hpp"

#include "core/limits.hpp"
#include "core/repeated_member.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace symbolon {

TEST(ParseJson, ReadsAValue) {
    const auto value = parse_json(R"({"b":[1,"x"],"a":null})");
    ASSERT_TRUE(value);
    EXPECT_EQ(to_text(*value), R"({"a":null,"b":[1,"x"]})");
}

TEST(ParseJson, NamesThePlaceOfAnError) {
    const auto value = parse_json("{\"a\": \n tru}");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, ErrorCode::malformed_json);
    EXPECT_NE(value.error().message.find("line 2, column 5"), std::string::npos)
        << value.error().message;
}

TEST(ParseJson, RefusesInvalidUtf8) {
    EXPECT_FALSE(parse_json("\"\xff\""));
}

TEST(ParseJson, RefusesTextBehindTheValue) {
    EXPECT_FALSE(parse_json("{} {}"));
}

TEST(ParseJson, ANulIsNoEndOfTheText) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(parse_json("{}\0"sv));
    EXPECT_FALSE(parse_json("{}\0{\"more\":1}"sv));
    const auto value = parse_json("\0{}"sv);
    ASSERT_FALSE(value);
    EXPECT_NE(value.error().message.find("byte 1 is a NUL"), std::string::npos)
        << value.error().message;
    EXPECT_TRUE(parse_json("\"\\u0000\""));
}

TEST(ParseJson, AcceptsTheDeepestAllowedNesting) {
    const std::string deep =
        std::string(limits::json_depth_max, '[') + std::string(limits::json_depth_max, ']');
    EXPECT_TRUE(parse_json(deep));
}

TEST(ParseJson, RefusesDeeperNesting) {
    const std::string deep =
        std::string(limits::json_depth_max + 1, '[') + std::string(limits::json_depth_max + 1, ']');
    EXPECT_FALSE(parse_json(deep));
}

TEST(ParseJson, DoesNotCountBracketsInsideStrings) {
    EXPECT_TRUE(parse_json("\"\\\"" + std::string(limits::json_depth_max + 1, '[') + "\""));
}

TEST(ToText, ReplacesBytesThatAreNotUtf8) {
    EXPECT_EQ(to_text(Json(std::string("a\xff"))), "\"a\xEF\xBF\xBD\"");
}

TEST(ParseJson, AMemberThatAnObjectHasTwiceIsFound) {
    EXPECT_EQ(find_repeated_member(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})"), std::nullopt);
    EXPECT_EQ(find_repeated_member(R"({"a":1,"b":[{"c":1,"\u0063":2}]})"), "c");
    EXPECT_EQ(find_repeated_member(R"({"a":1,"a":1)"), "a") << "no JSON, but not read either";
    EXPECT_EQ(find_repeated_member(""), std::nullopt);
}

}  // namespace symbolon
