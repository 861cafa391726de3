#include "client/codec/bytes_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

TEST(BytesText, EveryByteComesBackFromCharacters) {
    std::string quoted;
    append_quoted_bytes(quoted, "\x01\x41\x7F\x80\xFF");
    EXPECT_EQ(quoted, "\"\\u0001A\x7F\xC2\x80\xC3\xBF\"");
    EXPECT_EQ(parse_byte_characters("A\x7F\xC2\x80\xC3\xBF"), "A\x7F\x80\xFF");
}

TEST(BytesText, ACharacterBeyondFFStandsForNoByte) {
    EXPECT_FALSE(parse_byte_characters("\xC4\x80"));
    EXPECT_FALSE(parse_byte_characters("\xE2\x82\xAC"));
}

}  // namespace
}  // namespace symbolon::client
