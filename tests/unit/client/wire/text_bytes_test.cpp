#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/guid.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

TEST(Base64, ComesBackForEveryLengthOfARest) {
    for (std::size_t size = 0; size < 70; ++size) {
        std::string bytes;
        for (std::size_t at = 0; at < size; ++at) {
            bytes += static_cast<char>(at * 37 + size);
        }
        const auto back = parse_base64(to_base64(bytes));
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(*back, bytes);
    }
    EXPECT_EQ(to_base64("Obj\x01"), "T2JqAQ==");
}

TEST(Base64, ComesBackBeyondWhatOneCallTakes) {
    std::string bytes((3U << 20U) + 1, 'x');
    bytes[786'432] = '\xFF';
    EXPECT_EQ(parse_base64(to_base64(bytes)).value_or(""), bytes);
}

TEST(Base64, RefusesWhatLenientReadersTake) {
    for (const char* text : {"T2Jq AQ==", "T2JqAQ=", "T2JqAQ", "T2Jq\nAQ==", "T2-_",
                             "====", "T===", "T2=q", "T2JqAR==", "\nT2JqAQ=", " T2Jq==="}) {
        EXPECT_FALSE(parse_base64(text)) << text;
    }
}

TEST(Base64, TellsTheFirstCharacterThatDoesNotFit) {
    const auto parsed = parse_base64("T2Jq*Q==");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().message, "not base64: a character of another alphabet at character 4");
}

TEST(Hex, ComesBackInEitherCase) {
    EXPECT_EQ(parse_hex("00C3ff1a").value_or(""), std::string("\0\xC3\xFF\x1A", 4));
    EXPECT_EQ(parse_hex("").value_or("x"), "");
}

TEST(Hex, TellsAMissingDigitAndAStrayOne) {
    EXPECT_EQ(parse_hex("0g").error().message, "not hexadecimal: no digit at character 1");
    EXPECT_EQ(parse_hex("0 0").error().message, "not hexadecimal: no digit at character 1");
    EXPECT_EQ(parse_hex("001").error().message, "not hexadecimal: 3 digits are an odd number");
}

TEST(Guid, IsSixteenBytes) {
    EXPECT_EQ(parse_guid("3F1C8E4A-89ab-4cde-8f01-0123456789ab").value_or("").size(), guid_bytes);
}

TEST(Guid, TellsWhatOneLooksLike) {
    EXPECT_EQ(parse_guid(std::string(41, 'a')).error().message,
              "\"" + std::string(40, 'a') +
                  "\" is no GUID; one looks like 3f1c8e4a-0000-4000-8000-0123456789ab");
}

}  // namespace
}  // namespace symbolon::client
