#include "client/codec/bytes_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

std::string base64(const std::string& bytes) {
    std::string out;
    append_base64(out, bytes);
    return out;
}

std::string all_bytes() {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

TEST(BytesText, Base64HasTheRfcsExamples) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(BytesText, EveryByteComesBackFromBase64AndFromCharacters) {
    for (std::size_t cut = 0; cut < 4; ++cut) {
        const std::string bytes = all_bytes().substr(cut);
        EXPECT_EQ(decode_base64(base64(bytes)), bytes);
    }
    std::string quoted;
    append_quoted_bytes(quoted, "\x01\x41\x7F\x80\xFF");
    EXPECT_EQ(quoted, "\"\\u0001A\x7F\xC2\x80\xC3\xBF\"");
    EXPECT_EQ(parse_byte_characters("A\x7F\xC2\x80\xC3\xBF"), "A\x7F\x80\xFF");
}

TEST(BytesText, Base64WithoutPaddingWithStrangeLettersOrSurplusBitsIsRefused) {
    for (const char* text :
         {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zh==", "Zm9", "Zm 9", "Zm9-", "===="}) {
        EXPECT_FALSE(decode_base64(text)) << text;
    }
}

TEST(BytesText, ACharacterBeyondFFStandsForNoByte) {
    EXPECT_FALSE(parse_byte_characters("\xC4\x80"));
    EXPECT_FALSE(parse_byte_characters("\xE2\x82\xAC"));
}

}  // namespace
}  // namespace symbolon::client
