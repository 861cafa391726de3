#include "client/gateway/circuit_breaker.hpp"

#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using CallResult = CircuitBreaker::CallResult;
using State = CircuitBreaker::State;
using std::chrono::milliseconds;

class BreakerTest : public ::testing::Test {
protected:
    void call(CallResult result) {
        const auto permit = breaker.ask();
        ASSERT_TRUE(permit.has_value());
        breaker.note(*permit, result);
    }
    void open() {
        for (int at = 0; at < 3; ++at) {
            call(CallResult::failed);
        }
        ASSERT_EQ(breaker.state(), State::open);
    }

    testing::FakeClock clock;
    CircuitBreaker breaker{
        {.failures = 3, .calls = 5, .window = milliseconds(1'000), .pause = milliseconds(500)},
        clock};
};

TEST_F(BreakerTest, OpensAfterSustainedFailures) {
    call(CallResult::failed);
    call(CallResult::succeeded);
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::closed);
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::open);
    EXPECT_FALSE(breaker.ask().has_value());
}

TEST_F(BreakerTest, FailuresBeyondTheLastCallsNoLongerCount) {
    call(CallResult::failed);
    call(CallResult::failed);
    for (int at = 0; at < 4; ++at) {
        call(CallResult::succeeded);
    }
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::closed);
}

TEST_F(BreakerTest, FailuresOlderThanTheWindowNoLongerCount) {
    call(CallResult::failed);
    call(CallResult::failed);
    clock.advance(milliseconds(1'001));
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::closed);
}

TEST_F(BreakerTest, AfterThePauseOneProbeGoesOut) {
    open();
    clock.advance(milliseconds(499));
    EXPECT_FALSE(breaker.ask().has_value());
    clock.advance(milliseconds(1));
    EXPECT_EQ(breaker.state(), State::half_open);
    const auto probe = breaker.ask();
    ASSERT_TRUE(probe.has_value());
    EXPECT_FALSE(breaker.ask().has_value());
    breaker.note(*probe, CallResult::succeeded);
    EXPECT_EQ(breaker.state(), State::closed);
    EXPECT_TRUE(breaker.ask().has_value());
}

TEST_F(BreakerTest, AProbeThatFailsOpensItAgainForThePause) {
    open();
    clock.advance(milliseconds(500));
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::open);
    clock.advance(milliseconds(499));
    EXPECT_FALSE(breaker.ask().has_value());
    clock.advance(milliseconds(1));
    EXPECT_TRUE(breaker.ask().has_value());
}

TEST_F(BreakerTest, OfAProbeThatWasNotMadeNothingIsLearntAndTheNextCallIsTheProbe) {
    open();
    clock.advance(milliseconds(500));
    call(CallResult::not_made);
    EXPECT_EQ(breaker.state(), State::half_open);
    call(CallResult::failed);
    EXPECT_EQ(breaker.state(), State::open);
}

TEST_F(BreakerTest, CallsThatWereNotMadeDoNotHideThoseThatFailed) {
    for (int at = 0; at < 3; ++at) {
        EXPECT_EQ(breaker.state(), State::closed);
        call(CallResult::failed);
        for (int other = 0; other < 5 && breaker.state() == State::closed; ++other) {
            call(CallResult::not_made);
        }
    }
    EXPECT_EQ(breaker.state(), State::open);
}

TEST_F(BreakerTest, CallsFromBeforeItOpenedDecideNothingAfterwards) {
    const auto early = breaker.ask();
    open();
    clock.advance(milliseconds(500));
    const auto probe = breaker.ask();
    breaker.note(*early, CallResult::succeeded);
    EXPECT_FALSE(breaker.ask().has_value());  // still waits for the probe
    breaker.note(*probe, CallResult::failed);
    EXPECT_EQ(breaker.state(), State::open);
}

TEST(Breaker, WithoutAThresholdItNeverOpens) {
    testing::FakeClock clock;
    CircuitBreaker breaker({.failures = 0}, clock);
    for (int at = 0; at < 100; ++at) {
        const auto permit = breaker.ask();
        ASSERT_TRUE(permit.has_value());
        breaker.note(*permit, CallResult::failed);
    }
}

}  // namespace
}  // namespace symbolon::client
