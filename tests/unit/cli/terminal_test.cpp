#include "cli/terminal.hpp"

#include "tests/support/pseudo_terminal.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace symbolon::cli {
namespace {

using symbolon::testing::PseudoTerminal;

TEST(Terminal, HasColoursUnlessTheEnvironmentForbidsThem) {
    const PseudoTerminal terminal;
    ASSERT_GE(terminal.descriptor(), 0);
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
    EXPECT_EQ(colours_for(terminal.descriptor()), gate::Colours::yes);
    ::setenv("NO_COLOR", "1", 1);
    EXPECT_EQ(colours_for(terminal.descriptor()), gate::Colours::no);
    ::unsetenv("NO_COLOR");
    ::setenv("TERM", "dumb", 1);
    EXPECT_EQ(colours_for(terminal.descriptor()), gate::Colours::no);
}

TEST(Terminal, IsWrittenOverUnlessItIsDumb) {
    const PseudoTerminal terminal;
    ASSERT_GE(terminal.descriptor(), 0);
    ::setenv("NO_COLOR", "1", 1);
    ::setenv("TERM", "xterm", 1);
    EXPECT_TRUE(can_write_over(terminal.descriptor()));
    ::setenv("TERM", "dumb", 1);
    EXPECT_FALSE(can_write_over(terminal.descriptor()));
    ::unsetenv("NO_COLOR");
}

TEST(Terminal, AFileHasNoColoursAndTheUsualWidth) {
    const int file = ::open("/dev/null", O_RDONLY);
    EXPECT_EQ(colours_for(file), gate::Colours::no);
    EXPECT_EQ(columns_of(file), 100U);
    EXPECT_FALSE(can_write_over(file));
    ::close(file);
}

TEST(Terminal, ControlCharactersAreShown) {
    EXPECT_EQ(printable("a\x1b[2J\n\x7f"), "a\\x1b[2J\\x0a\\x7f");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\u009b31m");
}

TEST(Terminal, JsonSaysTheSameWithoutControlCharacters) {
    EXPECT_EQ(printable_json("{\n  \"\xC3\xA4\": \"a\\u001b\xC2\x9B[2J\x7f\"\n}"),
              "{\n  \"\xC3\xA4\": \"a\\u001b\\u009b[2J\\u007f\"\n}");
    EXPECT_EQ(printable_json("\xE2\x80\xAE"), "\\u202e") << "reorders what follows";
    EXPECT_EQ(printable_json("\xF3\xA0\x80\x81"), "\\udb40\\udc01") << "is not seen at all";
    EXPECT_EQ(printable_json("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace symbolon::cli
