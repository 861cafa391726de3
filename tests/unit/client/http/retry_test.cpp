#include "client/http/retry.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using namespace std::chrono_literals;
using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;
using Waits = std::vector<std::chrono::milliseconds>;

class Retries : public ::testing::Test {
protected:
    Result<HttpResponse> send(std::string method = "GET") {
        HttpRequest request;
        request.method = std::move(method);
        return send_with_retries(sender, request, policy, clock, [this] { return random; });
    }

    FakeClock clock;
    FakeSender sender;
    RetryPolicy policy;
    double random = 1.0;
};

TEST_F(Retries, AreThreeWithWaitsThatDouble) {
    for (int turn = 0; turn < 10; ++turn) {
        sender.push(503);
    }
    const auto answer = send();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(sender.count(), 4U);
    EXPECT_EQ(clock.sleeps(), (Waits{500ms, 1'000ms, 2'000ms}));
}

TEST_F(Retries, WaitAnythingBetweenNothingAndThatLong) {
    random = 0.25;
    EXPECT_FALSE(send());
    EXPECT_EQ(clock.sleeps(), (Waits{125ms, 250ms, 500ms}));
    EXPECT_EQ(jittered_delay(policy, 3, 0.0), 0ms);
    EXPECT_EQ(jittered_delay(policy, 50, 1.0), policy.delay_max);
    const auto source = system_random();
    double least = 1.0;
    double most = 0.0;
    for (int turn = 0; turn < 1'000; ++turn) {
        const double value = source();
        least = std::min(least, value);
        most = std::max(most, value);
    }
    EXPECT_LT(least, 0.05);
    EXPECT_GE(least, 0.0);
    EXPECT_GT(most, 0.95);
    EXPECT_LT(most, 1.0);
}

TEST_F(Retries, EndWithTheFirstAnswerThatIsNoFailure) {
    sender.push(ErrorCode::not_reachable);
    sender.push(500);
    sender.push(200, "good");
    const auto answer = send();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "good");
    EXPECT_EQ(clock.sleeps().size(), 2U);
}

TEST_F(Retries, AreMadeForTheFiveStatusesAndNoOther) {
    for (const int status : {429, 500, 502, 503, 504}) {
        EXPECT_TRUE(is_retryable_status(status)) << status;
    }
    for (const int status : {200, 301, 400, 401, 403, 404, 408, 409, 413, 422, 501, 505}) {
        sender.push(status);
        EXPECT_EQ(send()->status, status);
    }
    EXPECT_TRUE(clock.sleeps().empty());
}

TEST_F(Retries, AreMadeWhenNoAnswerCame) {
    for (const auto code : {ErrorCode::not_reachable, ErrorCode::answer_lost,
                            ErrorCode::request_timeout, ErrorCode::unavailable}) {
        sender.push(code);
        sender.push(200);
        EXPECT_TRUE(send());
    }
    EXPECT_EQ(clock.sleeps().size(), 4U);
    for (const auto code :
         {ErrorCode::malformed_request, ErrorCode::body_too_large, ErrorCode::not_authorised}) {
        sender.push(code);
        EXPECT_EQ(send().error().code, code);
    }
    EXPECT_EQ(clock.sleeps().size(), 4U);
}

TEST_F(Retries, OfAPostAreMadeOnlyWhenItWasNotSent) {
    for (const auto* method : {"POST", "PATCH", "get"}) {
        sender.push(503);
        EXPECT_EQ(send(method)->status, 503) << method;
        sender.push(ErrorCode::answer_lost);
        EXPECT_EQ(send(method).error().code, ErrorCode::answer_lost) << method;
        EXPECT_TRUE(clock.sleeps().empty());
    }
    sender.push(ErrorCode::not_reachable);
    sender.push(200);
    EXPECT_TRUE(send("POST"));
    EXPECT_EQ(clock.sleeps().size(), 1U);
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
        EXPECT_TRUE(is_idempotent(method)) << method;
    }
}

TEST_F(Retries, WaitAsLongAsTheServerAsks) {
    sender.push(429, "", {{"retry-after", "7"}});
    sender.push(503, "", {{"Retry-After", "0"}});
    sender.push(200);
    EXPECT_TRUE(send());
    EXPECT_EQ(clock.sleeps(), (Waits{7'000ms, 1'000ms}));  // never less than without
}

TEST_F(Retries, AreNotMadeWhenTheServerAsksForTooMuch) {
    sender.push(429, "", {{"Retry-After", "121"}});
    EXPECT_EQ(send()->status, 429);
    EXPECT_EQ(sender.count(), 1U);
    EXPECT_TRUE(clock.sleeps().empty());
}

TEST_F(Retries, EndWhenTheProgramIsToldToStopInAWait) {
    clock.stop_at_wait(2);
    sender.push(503, "", {{"Retry-After", "60"}});
    sender.push(503, "second", {{"Retry-After", "60"}});
    const auto answer = send();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "second");
    EXPECT_EQ(sender.count(), 2U);
    EXPECT_EQ(clock.sleeps(), (Waits{60'000ms}));
}

std::optional<std::chrono::milliseconds> asked(const std::string& value) {
    const FakeClock clock;  // 2024-01-01T00:00:00Z
    return find_retry_after({503, {{"Retry-After", value}}, ""}, clock.wall_now());
}

TEST(RetryAfter, IsSeconds) {
    EXPECT_EQ(asked("0"), 0ms);
    EXPECT_EQ(asked(" 120 "), 120s);
    EXPECT_EQ(asked("99999999999999999999999"), std::chrono::seconds(365LL * 86'400));
}

TEST(RetryAfter, IsADateInAnyOfThreeForms) {
    EXPECT_EQ(asked("Mon, 01 Jan 2024 00:00:30 GMT"), 30s);
    EXPECT_EQ(asked("Monday, 01-Jan-24 00:01:00 GMT"), 60s);
    EXPECT_EQ(asked("Mon Jan  1 00:02:00 2024"), 120s);
    EXPECT_EQ(asked("Sun, 06 Nov 1994 08:49:37 GMT"), 0ms);
    EXPECT_EQ(asked("Fri, 31 Dec 9999 23:59:59 GMT"), std::chrono::seconds(365LL * 86'400));
}

TEST(RetryAfter, ThatCannotBeReadAsksForNothing) {
    for (const auto* value :
         {"", "-1", "1.5", "soon", "Mon, 32 Jan 2024 00:00:30 GMT", "Mon, 30 Feb 2024 00:00:30 GMT",
          "Mon, 01 Foo 2024 00:00:30 GMT", "Mon, 01 Jan 2024 00:00:30 CET",
          "Mon, 01 Jan 2024 25:00:30 GMT", "1 2 3 4 5 6 7", "Mon, 01 Jan 99999 00:00:30 GMT"}) {
        EXPECT_EQ(asked(value), std::nullopt) << value;
    }
    EXPECT_EQ(find_retry_after({503, {}, ""}, {}), std::nullopt);
}

}  // namespace
}  // namespace symbolon::client
