#include "api/rest/request_target.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::rest {
namespace {

ErrorCode code_of_parse(std::string_view text) {
    RequestTarget target;
    const Status parsed = target.parse(text);
    return parsed ? ErrorCode::cannot_start : parsed.error().code;
}

TEST(RequestTarget, SplitsBeforeItDecodes) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/subjects/a%2Fb%25%3a+c/versions"));
    ASSERT_EQ(target.size(), 3U);
    EXPECT_EQ(target.segment(0), "subjects");
    EXPECT_EQ(target.segment(1), "a/b%:+c");
    EXPECT_EQ(target.segment(2), "versions");
}

TEST(RequestTarget, AcceptsASlashAtTheEnd) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/compatibility/subjects/s/versions/?verbose=true"));
    EXPECT_EQ(target.size(), 4U);
    EXPECT_TRUE(target.has_trailing_slash());
    EXPECT_TRUE(target.flag("verbose"));
}

TEST(RequestTarget, TheRootHasNoSegments) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/"));
    EXPECT_EQ(target.size(), 0U);
    EXPECT_FALSE(target.has_trailing_slash());
}

TEST(RequestTarget, TakesThePathOfAnAbsoluteTarget) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("http://localhost:8081/subjects?deleted=true"));
    ASSERT_EQ(target.size(), 1U);
    EXPECT_EQ(target.segment(0), "subjects");
    RequestTarget root;
    ASSERT_TRUE(root.parse("https://localhost"));
    EXPECT_EQ(root.size(), 0U);
}

TEST(RequestTarget, RefusesEmptySegmentsBadEscapesAndBadUtf8) {
    EXPECT_EQ(code_of_parse("/subjects//versions"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("//"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/a%"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/a%4"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/a%zz"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/%C3%28"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/\xff"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/a?b=%"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("/a?b=%FF"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse(""), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("*"), ErrorCode::malformed_request);
    EXPECT_EQ(code_of_parse("subjects"), ErrorCode::malformed_request);
}

TEST(RequestTarget, APathWithMoreSegmentsThanAnyRouteIsNotFound) {
    std::string path;
    for (int at = 0; at < 12; ++at) {
        path += "/a";
    }
    EXPECT_EQ(code_of_parse(path), ErrorCode::cannot_start);
    EXPECT_EQ(code_of_parse(path + "/a"), ErrorCode::route_not_found);
}

TEST(RequestTarget, APlusIsASpaceInAQueryOnly) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a+b?c+d=e+f%2B"));
    EXPECT_EQ(target.segment(0), "a+b");
    EXPECT_EQ(target.find("c d"), "e f+");
}

TEST(RequestTarget, RepeatedParametersKeepTheirOrderAndEmptyPairsDoNotMatter) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a?deleted=true&&key=a&value=1&key=b&value=2&"));
    EXPECT_EQ(target.find_all("key"), (std::vector<std::string_view>{"a", "b"}));
    EXPECT_EQ(target.find_all("value"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_TRUE(target.flag("deleted"));
}

TEST(RequestTarget, OnlyTheWordTrueIsTrue) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a?a=true&b=True&c=TRUE&d=1&e=yes&f=&g"));
    for (const std::string_view name : {"a", "b", "c"}) {
        EXPECT_TRUE(target.flag(name)) << name;
    }
    for (const std::string_view name : {"d", "e", "f", "g", "h"}) {
        EXPECT_FALSE(target.flag(name)) << name;
    }
}

TEST(RequestTarget, AStrictFlagIsTrueFalseOrRefused) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a?a=true&b=True&c=false&d=FALSE&e=yes&f=&g&h=1&i=true%20"));
    for (const std::string_view name : {"a", "b"}) {
        EXPECT_TRUE(target.strict_flag(name).value()) << name;
    }
    for (const std::string_view name : {"c", "d", "absent"}) {
        EXPECT_FALSE(target.strict_flag(name).value()) << name;
    }
    for (const std::string_view name : {"e", "f", "g", "h", "i"}) {
        const auto refused = target.strict_flag(name);
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, ErrorCode::malformed_request) << name;
    }
}

TEST(RequestTarget, ANumberThatCannotBeReadIsNotFoundAndAnEmptyOneIsTheDefault) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a?a=7&b=-1&c=&d=x&e=2147483648&f=1.5&g=%2B3&h=--1&i=%2B-1"));
    EXPECT_EQ(target.number("a", 0).value(), 7);
    EXPECT_EQ(target.number("b", 0).value(), -1);
    EXPECT_EQ(target.number("c", 5).value(), 5);
    EXPECT_EQ(target.number("absent", 6).value(), 6);
    EXPECT_EQ(target.number("g", 0).value(), 3);
    for (const std::string_view name : {"d", "e", "f", "h", "i"}) {
        const auto number = target.number(name, 0);
        ASSERT_FALSE(number) << name;
        EXPECT_EQ(number.error().code, ErrorCode::route_not_found);
    }
}

TEST(RequestTarget, ASetParameterReplacesEveryOther) {
    RequestTarget target;
    ASSERT_TRUE(target.parse("/a?subject=x&subject=y&b=1"));
    target.set("subject", "z");
    EXPECT_EQ(target.find_all("subject"), (std::vector<std::string_view>{"z"}));
    EXPECT_EQ(target.find("b"), "1");
}

TEST(IsUtf8, KnowsTheBordersOfWellFormedText) {
    EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
    EXPECT_TRUE(is_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
    EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
    EXPECT_FALSE(is_utf8("\xE0\x9F\xBF"));      // overlong
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // beyond Unicode
    EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut off
    EXPECT_FALSE(is_utf8("\x80"));
}

TEST(FindInt32, ReadsWhatFitsAndNothingElse) {
    EXPECT_EQ(find_int32("2147483647"), 2147483647);
    EXPECT_EQ(find_int32("-2147483648"), -2147483647 - 1);
    EXPECT_EQ(find_int32("007"), 7);
    for (const std::string_view text : {"", "+", "-", "2147483648", "1 ", " 1", "1a", "0x1"}) {
        EXPECT_EQ(find_int32(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace symbolon::rest
