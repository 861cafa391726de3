#include "core/base64.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace symbolon {
namespace {

TEST(Base64, WritesAndReadsTheExamplesOfTheRfc) {
    for (const auto& [bytes, text] : {std::pair{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foob", "Zm9vYg=="}}) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(decode_base64(text), bytes);
    }
}

TEST(Base64, AcceptsOneSpellingOfBytesOnly) {
    for (const char* text : {"Zg=", "Zg", "Zh==", "Zm9=", "Zm 8=", "Z===", "====", "Zg==Zg==",
                             " Zm9v", "Zm9v\n", "Zm-v"}) {
        EXPECT_EQ(decode_base64(text), std::nullopt) << text;
    }
}

TEST(Base64, ReadsMoreThanOneBlockOfTheLibrary) {
    const std::string bytes(2'000'001, '\xAB');
    EXPECT_EQ(decode_base64(to_base64(bytes)), bytes);
}

}  // namespace
}  // namespace symbolon
