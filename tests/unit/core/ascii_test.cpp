#include "core/ascii.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

TEST(Ascii, LettersHaveTwoCases) {
    EXPECT_EQ(to_lower_ascii("A-Z[@`{09"), "a-z[@`{09");
    EXPECT_EQ(to_upper_ascii("a-z[@`{09"), "A-Z[@`{09");
    EXPECT_EQ(to_lower_ascii('Z'), 'z');
    EXPECT_EQ(to_upper_ascii('a'), 'A');
}

TEST(Ascii, TextsAreComparedInAnyCase) {
    EXPECT_TRUE(equals_in_any_case("Content-TYPE", "content-type"));
    EXPECT_FALSE(equals_in_any_case("a", "ab"));
    EXPECT_FALSE(equals_in_any_case("[", "{"));
}

TEST(Ascii, OtherBytesStay) {
    std::string others;
    for (int byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        if (byte >= 0x80 || byte < '0') {
            others += letter;
        }
    }
    EXPECT_EQ(to_lower_ascii(others), others);
    EXPECT_EQ(to_upper_ascii(others), others);
}

}  // namespace
}  // namespace symbolon
