#include "cli/terminal.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace symbolon::cli {
namespace {

/// A terminal of our own, as a descriptor.
class PseudoTerminal {
public:
    PseudoTerminal() : host_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        if (host_ >= 0 && ::grantpt(host_) == 0 && ::unlockpt(host_) == 0) {
            terminal_ = ::open(::ptsname(host_), O_RDWR | O_NOCTTY);
        }
    }
    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;
    PseudoTerminal(PseudoTerminal&&) = delete;
    PseudoTerminal& operator=(PseudoTerminal&&) = delete;
    ~PseudoTerminal() {
        ::close(terminal_);
        ::close(host_);
    }
    int descriptor() const { return terminal_; }

private:
    int host_;
    int terminal_ = -1;
};

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

TEST(Terminal, AFileHasNoColoursAndTheUsualWidth) {
    const int file = ::open("/dev/null", O_RDONLY);
    EXPECT_EQ(colours_for(file), gate::Colours::no);
    EXPECT_EQ(columns_of(file), 100U);
    ::close(file);
}

TEST(Terminal, ControlCharactersAreShown) {
    EXPECT_EQ(printable("a\x1b[2J\n\x7f"), "a\\x1b[2J\\x0a\\x7f");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\u009b31m");
}

}  // namespace
}  // namespace symbolon::cli
