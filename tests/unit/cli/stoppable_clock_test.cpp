#include "cli/stoppable_clock.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>  // sigtimedwait is POSIX
#include <unistd.h>

#include <ctime>
#include <thread>

namespace symbolon::cli {
namespace {

using namespace std::chrono_literals;

/// SIGTERM waits to be taken, as in a program that blocks it, and is taken at the end.
class BlockedSignal {
public:
    BlockedSignal() {
        sigemptyset(&term_);
        sigaddset(&term_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &term_, &before_);
    }
    ~BlockedSignal() {
        const timespec no_wait{};
        sigtimedwait(&term_, nullptr, &no_wait);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    BlockedSignal(const BlockedSignal&) = delete;
    BlockedSignal& operator=(const BlockedSignal&) = delete;
    BlockedSignal(BlockedSignal&&) = delete;
    BlockedSignal& operator=(BlockedSignal&&) = delete;

private:
    sigset_t term_{};
    sigset_t before_{};
};

/// How long a wait of 30 s lasts.
std::chrono::milliseconds long_wait(StoppableClock& clock, bool& was_whole) {
    const auto began = std::chrono::steady_clock::now();
    was_whole = clock.wait_for(30s);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 began);
}

TEST(StoppableClock, AWaitThatNothingDisturbsIsAsLongAsAsked) {
    StoppableClock clock;
    const auto began = clock.now();
    EXPECT_TRUE(clock.wait_for(120ms));
    EXPECT_GE(clock.now() - began, 120ms);
    EXPECT_TRUE(clock.wait_for(0ms));
}

TEST(StoppableClock, ASignalThatWaitsToBeTakenEndsAWait) {
    const BlockedSignal blocked;
    StoppableClock clock;
    std::thread sender([] {
        std::this_thread::sleep_for(50ms);
        ::kill(::getpid(), SIGTERM);
    });
    bool was_whole = true;
    EXPECT_LT(long_wait(clock, was_whole), 10s);
    EXPECT_FALSE(was_whole);
    sender.join();
    EXPECT_FALSE(clock.wait_for(501ms));
    EXPECT_TRUE(clock.wait_for(500ms));  // a moment's trouble may pass
}

TEST(StoppableClock, HurryEndsTheWaitOfAnotherThreadAndThoseToCome) {
    StoppableClock clock;
    bool was_whole = true;
    std::thread waiter([&] { EXPECT_LT(long_wait(clock, was_whole), 10s); });
    std::this_thread::sleep_for(20ms);
    clock.hurry();
    waiter.join();
    EXPECT_FALSE(was_whole);
    EXPECT_FALSE(clock.wait_for(501ms));
    EXPECT_TRUE(clock.wait_for(10ms));
}

}  // namespace
}  // namespace symbolon::cli
