#include "client/gateway/http_downstream.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

std::string header_of(const HttpRequest& request, std::string_view wanted) {
    for (const auto& [name, value] : request.headers) {
        if (name == wanted) {
            return value;
        }
    }
    return "(none)";
}

class HttpDownstreamTest : public ::testing::Test {
protected:
    DeliveryReport deliver(const std::string& event_id = "e1") {
        return target.deliver({.json = R"({"a":1})", .event_id = event_id, .request_id = "r1"},
                              std::chrono::milliseconds(1'234));
    }
    DeliveryReport deliver_answered(int status, HeaderList headers = {}) {
        sender.push(HttpResponse{.status = status, .headers = std::move(headers)});
        return deliver();
    }
    DeliveryReport deliver_failing(ErrorCode code) {
        sender.push(Error{code, "no luck"});
        return deliver();
    }

    testing::FakeSender sender{testing::accept_all};
    testing::FakeClock clock;
    HttpDownstream target{{.url = "http://downstream/x"}, sender, bearer_credentials("t0"), clock};
};

TEST_F(HttpDownstreamTest, ARecordIsPostedWithItsIdsAndOurToken) {
    EXPECT_EQ(deliver().delivery, Delivery::done);
    ASSERT_EQ(sender.requests().size(), 1U);
    const auto request = sender.requests()[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.url, "http://downstream/x");
    EXPECT_EQ(request.body, R"({"a":1})");
    EXPECT_EQ(request.timeout, std::chrono::milliseconds(1'234));
    EXPECT_EQ(header_of(request, "Content-Type"), "application/json");
    EXPECT_EQ(header_of(request, "X-Request-Id"), "r1");
    EXPECT_EQ(header_of(request, "X-Event-Id"), "e1");
    EXPECT_EQ(header_of(request, "Authorization"), "Bearer t0");
}

TEST_F(HttpDownstreamTest, AnEventIdThatCouldEndALineStaysOutOfTheHeaders) {
    deliver("x\r\nEvil: 1");
    EXPECT_EQ(header_of(sender.requests()[0], "X-Event-Id"), "(none)");
}

TEST_F(HttpDownstreamTest, BusyStatusesAreWorthAnotherTryAndCountAgainstTheDownstream) {
    for (const int status : {429, 500, 502, 503, 504}) {
        const auto report = deliver_answered(status);
        EXPECT_EQ(report.delivery, Delivery::busy) << status;
        EXPECT_TRUE(report.is_downstream_fault) << status;
    }
}

TEST_F(HttpDownstreamTest, OtherStatusesAreFinal) {
    for (const int status : {301, 400, 403, 404, 409, 413, 422}) {
        const auto report = deliver_answered(status);
        EXPECT_EQ(report.delivery, Delivery::refused) << status;
        EXPECT_FALSE(report.is_downstream_fault) << status;
    }
    EXPECT_TRUE(deliver_answered(501).is_downstream_fault);
}

TEST_F(HttpDownstreamTest, RetryAfterIsHandedOn) {
    EXPECT_EQ(deliver_answered(429, {{"Retry-After", "3"}}).retry_after,
              std::chrono::milliseconds(3'000));
    EXPECT_FALSE(deliver_answered(429).retry_after.has_value());
}

TEST_F(HttpDownstreamTest, ConnectErrorsAreWorthAnotherTryAndLostAnswersAreNot) {
    EXPECT_EQ(deliver_failing(ErrorCode::not_reachable).delivery, Delivery::unreachable);
    EXPECT_EQ(deliver_failing(ErrorCode::answer_lost).delivery, Delivery::lost);
    EXPECT_EQ(deliver_failing(ErrorCode::request_timeout).delivery, Delivery::lost);
    EXPECT_EQ(deliver_failing(ErrorCode::not_authorised).delivery, Delivery::refused);
    EXPECT_FALSE(deliver_failing(ErrorCode::not_authorised).was_asked) << "we got no token";
}

}  // namespace
}  // namespace symbolon::client
