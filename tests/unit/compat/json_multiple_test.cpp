#include "compat/json_schema/json_multiple.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::compat::json {

namespace {

bool is_multiple_text(std::string_view value, std::string_view factor) {
    return is_multiple(*parse_decimal(value), *parse_decimal(factor));
}

}  // namespace

TEST(JsonMultiple, KnowsNoRounding) {
    EXPECT_TRUE(is_multiple_text("0.3", "0.1"));
    EXPECT_TRUE(is_multiple_text("1", "0.0001"));
    EXPECT_FALSE(is_multiple_text("0.1", "0.3"));
    EXPECT_TRUE(is_multiple_text("9", "-3"));
    EXPECT_FALSE(is_multiple_text("1", "10"));
    EXPECT_TRUE(is_multiple_text("0", "7"));
    EXPECT_TRUE(is_multiple_text("1e2", "25"));
    EXPECT_FALSE(is_multiple_text("1e2", "3"));
    EXPECT_FALSE(is_multiple_text("100000000000000000000000000000000000001",
                                  "100000000000000000000000000000000000000"));
}

TEST(JsonMultiple, HugeExponentsCostNothing) {
    EXPECT_TRUE(is_multiple_text("1e2147483000", "1e-2147483000"));
    EXPECT_FALSE(is_multiple_text("1e2000000000", "3"));
    EXPECT_TRUE(is_multiple_text("3e2000000000", "3"));
    EXPECT_FALSE(is_multiple_text("1e-2000000000", "1e2000000000"));
}

TEST(JsonMultiple, EqualNumbersMayBeWrittenDifferently) {
    EXPECT_TRUE(is_equal(*parse_decimal("5"), *parse_decimal("5.00")));
    EXPECT_TRUE(is_equal(*parse_decimal("100"), *parse_decimal("1e2")));
    EXPECT_TRUE(is_equal(*parse_decimal("0.0"), *parse_decimal("-0")));
    EXPECT_FALSE(is_equal(*parse_decimal("5"), *parse_decimal("-5")));
}

}  // namespace symbolon::compat::json
