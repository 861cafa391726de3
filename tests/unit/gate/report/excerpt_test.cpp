#include "gate/report/excerpt.hpp"

#include "gate/report/shown_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace symbolon::gate {
namespace {

Excerpt excerpt_of(std::string_view text, std::size_t line, std::size_t column,
                   std::size_t width = 80) {
    return find_excerpt(text, line, column, width).value_or(Excerpt{});
}

TEST(Excerpt, UnderlinesAWholeString) {
    const Excerpt found = excerpt_of("{\n  \"name\": \"Order \\\" x\",\n}", 2, 11);
    EXPECT_EQ(found.line, "  \"name\": \"Order \\\" x\",");
    EXPECT_EQ(found.mark, "          ^~~~~~~~~~~~");
}

TEST(Excerpt, UnderlinesToTheClosingBracket) {
    EXPECT_EQ(excerpt_of("[{\"a\": [1, \"}\"]}, 2]", 1, 2).mark, " ^~~~~~~~~~~~~~~");
}

TEST(Excerpt, UnderlinesToTheEndOfTheLineWhenTheBracketClosesLater) {
    EXPECT_EQ(excerpt_of("  {\"a\":\n1}", 1, 3).mark, "  ^~~~~");
}

TEST(Excerpt, ShowsAShortPartToItsEnd) {
    const Excerpt found = excerpt_of("[\n  {\r\n\t\"a\": \"}\",\r\n  },\r\n  2]", 2, 3);
    EXPECT_EQ(found.line, "  {");
    EXPECT_THAT(found.more, testing::ElementsAre("    \"a\": \"}\",", "  },"));
}

TEST(Excerpt, ShowsTheFirstLineOnlyOfALongPart) {
    EXPECT_TRUE(excerpt_of("{\n\n\n\n\n\n\n}", 1, 1).more.empty());
    EXPECT_TRUE(excerpt_of("{\n1", 1, 1).more.empty());
    EXPECT_TRUE(excerpt_of("[{}\n]", 1, 2).more.empty());
}

TEST(Excerpt, UnderlinesAWord) {
    EXPECT_EQ(excerpt_of("message Order {", 1, 9).mark, "        ^~~~~");
}

TEST(Excerpt, TabsAreFourBlanksAboveAndBelow) {
    const Excerpt found = excerpt_of("\t\"a\"\tx", 1, 2);
    EXPECT_EQ(found.line, "    \"a\"    x");
    EXPECT_EQ(found.mark, "    ^~~");
}

TEST(Excerpt, ColumnsCountCharactersAndTheMarkCountsColumns) {
    const Excerpt found = excerpt_of("\"\xE6\x97\xA5\": \"\xC3\xBC\"", 1, 6);
    EXPECT_EQ(found.mark, "      ^~~");
}

TEST(Excerpt, ControlCharactersAreShownAndTheMarkStaysBelow) {
    const Excerpt found = excerpt_of("\"\x1b[2J\" x", 1, 8);
    EXPECT_EQ(found.line, "\"\\x1b[2J\" x");
    EXPECT_EQ(found.mark, "          ^");
}

TEST(Excerpt, ALongLineIsCutAroundThePlace) {
    const std::string text = std::string(5'000, 'a') + " \"here\" " + std::string(5'000, 'b');
    const Excerpt found = excerpt_of(text, 1, 5'002, 40);
    EXPECT_LE(count_columns(found.line), 40U);
    const std::size_t mark = found.mark.find('^');
    EXPECT_EQ(found.line.substr(mark, 6), "\"here\"");
    EXPECT_EQ(found.mark.substr(mark), "^~~~~~");
    EXPECT_TRUE(found.line.starts_with("...a"));
    EXPECT_TRUE(found.line.ends_with("b..."));
}

TEST(Excerpt, OfTheStartOfALongLineIsCutAtItsEndOnly) {
    const Excerpt found = excerpt_of("{" + std::string(500, ' '), 1, 1, 40);
    EXPECT_TRUE(found.line.starts_with("{ "));
    EXPECT_TRUE(found.line.ends_with(" ..."));
    EXPECT_EQ(found.mark[0], '^');
}

TEST(Excerpt, OfTheEndOfALongLineShowsWhatIsBeforeIt) {
    const Excerpt found = excerpt_of(std::string(500, 'a') + "\"z\"", 1, 501, 40);
    EXPECT_TRUE(found.line.starts_with("...aaa"));
    EXPECT_TRUE(found.line.ends_with("a\"z\""));
    EXPECT_GT(found.line.size(), 30U);
}

TEST(Excerpt, AColumnPastTheLineMeansItsEnd) {
    EXPECT_EQ(excerpt_of("abc", 1, 99).mark, "   ^");
    EXPECT_EQ(excerpt_of("", 1, 1).mark, "^");
}

TEST(Excerpt, WindowsLineEndsAreNotShown) {
    EXPECT_EQ(excerpt_of("a\r\nb\r\n", 2, 1).line, "b");
}

TEST(Excerpt, ThereIsNoneOfALineThatIsNotThere) {
    EXPECT_FALSE(find_excerpt("a\nb", 3, 1, 80));
}

}  // namespace
}  // namespace symbolon::gate
