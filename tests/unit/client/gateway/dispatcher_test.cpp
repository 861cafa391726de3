#include "client/gateway/dispatcher.hpp"

#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;

DeliveryReport busy(int status = 503) {
    return {.delivery = Delivery::busy,
            .reason = "answered " + std::to_string(status),
            .is_downstream_fault = true};
}

/// Answers what it was told to, then `done`.
class ScriptedDownstream final : public Downstream {
public:
    DeliveryReport deliver(const DownstreamRecord& record, milliseconds time_left) override {
        const std::lock_guard lock(mutex);
        requests.push_back(record.request_id);
        times_left.push_back(time_left);
        if (reports.empty()) {
            return {};
        }
        auto report = reports.front();
        reports.pop_front();
        return report;
    }
    std::string name() const override { return "script"; }

    std::mutex mutex;
    std::deque<DeliveryReport> reports;
    std::vector<std::string> requests;
    std::vector<milliseconds> times_left;
};

class DispatcherTest : public ::testing::Test {
protected:
    Dispatched send(DispatcherOptions options = {}) {
        Dispatcher dispatcher(
            options, downstream, clock, [this] { return random; }, metrics);
        return dispatcher.send({.json = "{}", .event_id = "e", .request_id = "r"});
    }
    milliseconds slept() const {
        const auto sleeps = clock.sleeps();
        return std::accumulate(sleeps.begin(), sleeps.end(), milliseconds(0));
    }

    ScriptedDownstream downstream;
    testing::FakeClock clock;
    Metrics metrics;
    double random = 0;
};

TEST_F(DispatcherTest, WhatIsTakenAtOnceIsSentOnce) {
    const auto sent = send();
    EXPECT_TRUE(sent.ok);
    EXPECT_EQ(sent.attempts, 1);
    EXPECT_EQ(slept(), milliseconds(0));
}

TEST_F(DispatcherTest, FiveRetriesAreTheMost) {
    downstream.reports.assign(20, busy());
    const auto sent = send({.deadline = milliseconds(1'000'000)});
    EXPECT_FALSE(sent.ok);
    EXPECT_EQ(sent.attempts, 6);
    EXPECT_EQ(downstream.requests, std::vector<std::string>(6, "r"));
}

TEST_F(DispatcherTest, WaitsDoubleFromOneSecond) {
    downstream.reports.assign(20, busy());
    send({.deadline = milliseconds(1'000'000)});
    EXPECT_EQ(slept(), milliseconds((1 + 2 + 4 + 8 + 16) * 1'000));
}

TEST_F(DispatcherTest, UpToASecondOfJitterIsAdded) {
    downstream.reports.assign(1, busy());
    random = 0.75;
    EXPECT_TRUE(send().ok);
    EXPECT_EQ(slept(), milliseconds(1'750));
}

TEST_F(DispatcherTest, RetryAfterIsWaitedForWhenItIsLonger) {
    downstream.reports = {busy(429), busy(429)};
    downstream.reports[0].retry_after = milliseconds(7'000);
    downstream.reports[1].retry_after = milliseconds(500);
    EXPECT_TRUE(send().ok);
    EXPECT_EQ(slept(), milliseconds(7'000 + 2'000));
}

TEST_F(DispatcherTest, ConnectErrorsAreRetried) {
    downstream.reports = {
        {.delivery = Delivery::unreachable, .reason = "refused", .is_downstream_fault = true}};
    EXPECT_EQ(send().attempts, 2);
}

TEST_F(DispatcherTest, OtherRefusalsAreFinal) {
    downstream.reports = {{.delivery = Delivery::refused, .reason = "answered 404"}};
    const auto sent = send();
    EXPECT_FALSE(sent.ok);
    EXPECT_TRUE(sent.is_final);
    EXPECT_EQ(sent.attempts, 1);
    EXPECT_EQ(sent.reason, "answered 404");
}

TEST_F(DispatcherTest, AnAnswerThatWasLostIsNotAskedForAgain) {
    downstream.reports = {
        {.delivery = Delivery::lost, .reason = "lost", .is_downstream_fault = true}};
    const auto sent = send();
    EXPECT_FALSE(sent.ok);
    EXPECT_FALSE(sent.is_final);
    EXPECT_EQ(sent.attempts, 1);
}

TEST_F(DispatcherTest, AWaitThatWouldEndBehindTheDeadlineIsNotBegun) {
    downstream.reports.assign(20, busy());
    const auto sent = send({.deadline = milliseconds(4'000)});
    EXPECT_EQ(sent.attempts, 3);  // at 0, 1 and 3 s; the next one would be at 7 s
    EXPECT_EQ(slept(), milliseconds(3'000));
    EXPECT_NE(sent.reason.find("deadline"), std::string::npos) << sent.reason;
}

TEST_F(DispatcherTest, ACallGetsWhatIsLeftOfTheDeadline) {
    downstream.reports.assign(2, busy());
    send({.deadline = milliseconds(4'000), .call_timeout = milliseconds(3'500)});
    EXPECT_EQ(
        downstream.times_left,
        (std::vector<milliseconds>{milliseconds(3'500), milliseconds(3'000), milliseconds(1'000)}));
}

TEST_F(DispatcherTest, AnOpenBreakerAnswersAtOnceAndIsProbedAfterItsPause) {
    downstream.reports.assign(4, busy());
    Dispatcher dispatcher(
        {.retries_max = 0, .breaker = {.failures = 4}}, downstream, clock, [] { return 0.0; },
        metrics);
    for (int at = 0; at < 4; ++at) {
        EXPECT_EQ(dispatcher.send({}).attempts, 1);
    }
    const auto refused = dispatcher.send({});
    EXPECT_EQ(refused.attempts, 0);
    EXPECT_NE(refused.reason.find("circuit breaker"), std::string::npos);
    EXPECT_EQ(downstream.requests.size(), 4U);
    EXPECT_EQ(slept(), milliseconds(0));
    clock.advance(milliseconds(30'000));
    EXPECT_TRUE(dispatcher.send({}).ok);
    EXPECT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::closed);
}

TEST_F(DispatcherTest, ARecordThatWasNotSentDoesNotCloseTheBreaker) {
    downstream.reports = {
        busy(),
        {.delivery = Delivery::refused, .reason = "does not fit", .was_asked = false},
        busy()};
    Dispatcher dispatcher(
        {.retries_max = 0, .breaker = {.failures = 1}}, downstream, clock, [] { return 0.0; },
        metrics);
    dispatcher.send({});
    clock.advance(milliseconds(30'000));
    dispatcher.send({});
    EXPECT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::half_open);
    dispatcher.send({});
    EXPECT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::open);
}

TEST_F(DispatcherTest, FourHundredsDoNotOpenTheBreaker) {
    downstream.reports.assign(50, {.delivery = Delivery::refused, .reason = "answered 403"});
    Dispatcher dispatcher(
        {.breaker = {.failures = 2}}, downstream, clock, [] { return 0.0; }, metrics);
    for (int at = 0; at < 50; ++at) {
        dispatcher.send({});
    }
    EXPECT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::closed);
}

TEST_F(DispatcherTest, ARetryThatOpensTheBreakerIsTheLast) {
    downstream.reports.assign(20, busy());
    const auto sent = send({.breaker = {.failures = 3}});
    EXPECT_EQ(sent.attempts, 3);
    EXPECT_NE(sent.reason.find("circuit breaker"), std::string::npos) << sent.reason;
}

TEST_F(DispatcherTest, AfterStopAnEventIsCalledForOnceAndNothingIsRepeated) {
    downstream.reports.assign(1, busy());
    Dispatcher dispatcher(
        {}, downstream, clock, [] { return 0.0; }, metrics);
    dispatcher.stop();
    EXPECT_FALSE(dispatcher.send({}).ok);
    EXPECT_TRUE(dispatcher.send({}).ok);
    EXPECT_EQ(downstream.requests.size(), 2U);
    EXPECT_EQ(slept(), milliseconds(0));
}

/// Counts calls at a time, and holds them until it is let go.
class HoldingDownstream final : public Downstream {
public:
    DeliveryReport deliver(const DownstreamRecord&, milliseconds) override {
        if (fails_once.exchange(false)) {
            return busy();
        }
        const int now = ++calls;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        while (!let_go) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        --calls;
        return {};
    }
    std::string name() const override { return "holding"; }

    std::atomic<int> calls{0};
    std::atomic<int> most{0};
    std::atomic<bool> let_go{false};
    std::atomic<bool> fails_once{false};
};

TEST(Dispatching, OfManyEventsAtAHalfOpenBreakerOneIsTheProbeAndTheOthersAreAnsweredAtOnce) {
    HoldingDownstream downstream;
    downstream.fails_once = true;
    SystemClock clock;
    Metrics metrics;
    Dispatcher dispatcher(
        {.retries_max = 0, .breaker = {.failures = 1, .pause = milliseconds(0)}}, downstream, clock,
        [] { return 0.0; }, metrics);
    EXPECT_FALSE(dispatcher.send({}).ok);
    ASSERT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::half_open);
    std::atomic<int> taken{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int at = 0; at < 8; ++at) {
        threads.emplace_back([&] { ++(dispatcher.send({}).ok ? taken : refused); });
    }
    while (refused + downstream.calls < 8) {
        std::this_thread::sleep_for(milliseconds(1));
    }
    downstream.let_go = true;
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(refused, 7);
    EXPECT_EQ(dispatcher.breaker_state(), CircuitBreaker::State::closed);
}

TEST(Dispatching, OnlySoManyCallsAreMadeAtATimeAndOnlySoManyEventsWait) {
    HoldingDownstream downstream;
    SystemClock clock;
    Metrics metrics;
    Dispatcher dispatcher(
        {.calls_max = 3, .waiting_max = 8}, downstream, clock, [] { return 0.0; }, metrics);
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int at = 0; at < 8; ++at) {
        threads.emplace_back([&] { done += dispatcher.send({}).ok ? 1 : 0; });
    }
    while (dispatcher.inside() < 8 || downstream.calls < 3) {
        std::this_thread::sleep_for(milliseconds(1));
    }
    const auto ninth = dispatcher.send({});
    EXPECT_NE(ninth.reason.find("8 events wait"), std::string::npos) << ninth.reason;
    downstream.let_go = true;
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(done, 8);
    EXPECT_EQ(downstream.most, 3);
}

}  // namespace
}  // namespace symbolon::client
