#include "core/hex.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

TEST(Hex, EveryByteComesBack) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    EXPECT_EQ(decode_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(to_hex(std::string("\0\xC3\xFF\x1A", 4)), "00c3ff1a");
}

TEST(Hex, IsReadInEitherCase) {
    EXPECT_EQ(decode_hex("00C3ff1a"), std::string("\0\xC3\xFF\x1A", 4));
    EXPECT_EQ(decode_hex(""), "");
}

TEST(Hex, WhatAreNoDigitsIsNothing) {
    for (const char* text : {"0", "001", "0g", "g0", "0 0 ", "0x", "+1", "/0", ":0", "@0", "`0"}) {
        EXPECT_EQ(decode_hex(text), std::nullopt) << text;
    }
    EXPECT_FALSE(is_hex_digit('\0'));
    EXPECT_FALSE(is_hex_digit('\xC3'));
}

}  // namespace
}  // namespace symbolon
