#include "gate/report/shown_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::gate {
namespace {

TEST(ShownText, ControlCharactersAreNeverRaw) {
    EXPECT_EQ(to_printable(std::string("a\x1b[31m\r\n\t\0b", 11)),
              "a\\x1b[31m\\x0d\\x0a\\x09\\x00b");
    EXPECT_EQ(to_printable("\x7f"), "\\x7f");
}

TEST(ShownText, ControlCharactersPastAsciiAreShownToo) {
    EXPECT_EQ(to_printable("\xC2\x9B\x33\x31m"), "\\u009b31m");
}

TEST(ShownText, LettersThatReorderOrHideTextAreShown) {
    EXPECT_EQ(to_printable("a\xE2\x80\xAE"
                           "b\xE2\x80\x8B"
                           "c\xF3\xA0\x81\x81"),
              "a\\u202eb\\u200bc\\U000e0041");
}

TEST(ShownText, BytesThatAreNoUtf8AreShownOneByOne) {
    EXPECT_EQ(to_printable("\xC0\xAF\xED\xA0\x80\xE2\x82"), "\\xc0\\xaf\\xed\\xa0\\x80\\xe2\\x82");
}

TEST(ShownText, OtherLettersStay) {
    EXPECT_EQ(to_printable("gr\xC3\xBC\xC3\x9F \xE6\x97\xA5 \xF0\x9F\x90\x99"),
              "gr\xC3\xBC\xC3\x9F \xE6\x97\xA5 \xF0\x9F\x90\x99");
}

TEST(ShownText, ValidUtf8StaysAndStrayBytesAreReplaced) {
    EXPECT_EQ(to_valid_utf8("\xC3\xBC\xFF\n"), "\xC3\xBC\xEF\xBF\xBD\n");
}

TEST(ShownText, WideLettersTakeTwoColumnsAndMarksNone) {
    EXPECT_EQ(count_columns("abc"), 3U);
    EXPECT_EQ(count_columns("\xE6\x97\xA5\xE6\x9C\xAC"), 4U);
    EXPECT_EQ(count_columns("e\xCC\x81"), 1U);
}

TEST(ShownText, IsCutToItsColumnsWithAMark) {
    EXPECT_EQ(cut_to_columns("abcdef", 6), "abcdef");
    EXPECT_EQ(cut_to_columns("abcdefg", 6), "abc...");
    EXPECT_EQ(cut_to_columns("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 5), "\xE6\x97\xA5...");
}

}  // namespace
}  // namespace symbolon::gate
