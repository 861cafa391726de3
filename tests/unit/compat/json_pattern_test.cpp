#include "compat/json_schema/json_pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::compat::json {

TEST(JsonPattern, IsFoundAnywhere) {
    const auto pattern = compile_pattern("b\\d");
    ASSERT_TRUE(pattern.has_value());
    EXPECT_TRUE(*(*pattern)->is_found_in("ab1c"));
    EXPECT_FALSE(*(*pattern)->is_found_in("b"));
    EXPECT_TRUE(*(*compile_pattern(""))->is_found_in(""));
    EXPECT_TRUE(*(*compile_pattern("^\\p{L}+$"))->is_found_in("\xC3\xA9t\xC3\xA9"));
}

TEST(JsonPattern, AWrongOneIsToldWithItsPlace) {
    const auto pattern = compile_pattern("a(");
    ASSERT_FALSE(pattern.has_value());
    EXPECT_EQ(pattern.error().code, ErrorCode::invalid_schema);
    EXPECT_NE(pattern.error().message.find("\"a(\" is wrong near its character 3"),
              std::string::npos);
}

TEST(JsonPattern, ABraceAloneIsALetter) {
    const auto pattern = compile_pattern("^\\$\\{[^}]+}$");
    ASSERT_TRUE(pattern.has_value());
    EXPECT_TRUE(*(*pattern)->is_found_in("${a}"));
    EXPECT_TRUE(*(*compile_pattern("^a{2}}$"))->is_found_in("aa}"));
    EXPECT_FALSE(compile_pattern("\\u{1F600}").has_value());
}

TEST(JsonPattern, ACostlySearchIsGivenUp) {
    const auto pattern = compile_pattern("^(a|aa)+$");
    ASSERT_TRUE(pattern.has_value());
    const auto found = (*pattern)->is_found_in(std::string(200, 'a') + "b");
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, ErrorCode::check_too_costly);
}

}  // namespace symbolon::compat::json
