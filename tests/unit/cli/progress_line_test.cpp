#include "cli/progress_line.hpp"

#include "tests/support/pseudo_terminal.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace symbolon::cli {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using symbolon::testing::PseudoTerminal;

constexpr ProgressTimes at_once{.first = milliseconds(0), .step = milliseconds(0)};

class ProgressLines : public ::testing::Test {
protected:
    ProgressLines() { ::setenv("TERM", "xterm", 1); }

    PseudoTerminal terminal;
};

TEST_F(ProgressLines, AreWrittenOverAndGoneInTheEnd) {
    ASSERT_GE(terminal.descriptor(), 0);
    {
        ProgressLine line(at_once, terminal.descriptor());
        line.show([] { return "1 of 2"; });
        line.show([] { return "2 of 2"; });
        EXPECT_EQ(terminal.take_shown(), "\r\033[K1 of 2\r\033[K2 of 2");
    }
    EXPECT_EQ(terminal.take_shown(), "\r\033[K");
}

TEST_F(ProgressLines, MakeRoomOnce) {
    ProgressLine line(at_once, terminal.descriptor());
    line.clear();
    EXPECT_EQ(terminal.take_shown(), "") << "nothing was shown yet";
    line.show([] { return "1"; });
    line.clear();
    line.clear();
    EXPECT_EQ(terminal.take_shown(), "\r\033[K1\r\033[K");
}

TEST_F(ProgressLines, WaitForTheirTime) {
    ProgressLine late(ProgressTimes{.first = hours(1), .step = milliseconds(0)},
                      terminal.descriptor());
    late.show([]() -> std::string {
        ADD_FAILURE() << "asked for words that nobody sees";
        return "late";
    });
    ProgressLine once(ProgressTimes{.first = milliseconds(0), .step = hours(1)},
                      terminal.descriptor());
    once.show([] { return "first"; });
    once.show([] { return "second"; });
    EXPECT_EQ(terminal.take_shown(), "\r\033[Kfirst");
}

TEST_F(ProgressLines, NeverWrap) {
    ProgressLine line(at_once, terminal.descriptor());
    line.show([] { return std::string(1'000, 'x'); });
    EXPECT_EQ(terminal.take_shown(), "\r\033[K" + std::string(99, 'x'));
}

TEST_F(ProgressLines, AreForTerminalsAlone) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    {
        ProgressLine line(at_once, pipe[1]);
        line.show([] { return "1"; });
    }
    ::close(pipe[1]);
    char letter = 0;
    EXPECT_EQ(::read(pipe[0], &letter, 1), 0) << letter;
    ::close(pipe[0]);
}

}  // namespace
}  // namespace symbolon::cli
