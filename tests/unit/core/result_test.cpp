#include "core/result.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace symbolon {

namespace {

Result<int> half_of(int number) {
    if (number % 2 != 0) {
        return failure(make_error(ErrorCode::malformed_request, "odd"));
    }
    return number / 2;
}

Result<int> quarter_of(int number) {
    SYMBOLON_TRY(const int half, half_of(number));
    return half_of(half);
}

Status check_even(int number) {
    SYMBOLON_CHECK(half_of(number));
    return {};
}

}  // namespace

TEST(Result, PassesAnErrorUpUnchanged) {
    EXPECT_EQ(quarter_of(8).value(), 2);
    EXPECT_EQ(quarter_of(6).error().message, "odd");
    EXPECT_EQ(check_even(3).error().code, ErrorCode::malformed_request);
    EXPECT_TRUE(check_even(4));
}

TEST(Result, CarriesMoveOnlyValues) {
    const Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
    EXPECT_EQ(**result, 3);
}

}  // namespace symbolon
