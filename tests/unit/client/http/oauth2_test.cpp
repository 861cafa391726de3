#include "client/http/oauth2.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace symbolon::client {
namespace {

using namespace std::chrono_literals;
using symbolon::testing::FakeClock;
using symbolon::testing::FakeSender;
using symbolon::testing::sent_header;

std::string token_body(std::string_view token, std::string_view more = "") {
    return fmt::format(R"({{"access_token":"{}","token_type":"Bearer"{}}})", token, more);
}

class OAuth2 : public ::testing::Test {
protected:
    OAuth2() {
        options.token_url = "https://login.test/oauth/token?x=hidden";
        options.client_id = "me";
        options.client_secret = "s3cret:+";
    }
    void open() {
        auto opened = open_oauth2(options, sender, clock);
        ASSERT_TRUE(opened) << opened.error().message;
        credentials = *opened;
    }
    std::string ask() {
        const auto answer = credentials->authorization();
        return answer ? *answer : "failed: " + answer.error().message;
    }
    Error fail() {
        const auto answer = credentials->authorization();
        EXPECT_FALSE(answer);
        return answer ? Error{} : answer.error();
    }
    /// Returns when so many ask for the token: each looks at the clock before it renews or waits.
    void await_looks(std::size_t count) const {
        while (clock.looks() < count) {
            std::this_thread::yield();
        }
    }

    FakeClock clock;
    FakeSender sender;
    OAuth2Options options;
    std::shared_ptr<Credentials> credentials;
};

TEST_F(OAuth2, TheSecretTravelsByBasic) {
    options.scopes = {"a", "b:c"};
    open();
    EXPECT_EQ(sender.count(), 0U);
    sender.push(200, token_body("t1"));
    EXPECT_EQ(ask(), "Bearer t1");
    const auto request = sender.requests().at(0);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.body, "grant_type=client_credentials&scope=a%20b%3Ac");
    EXPECT_EQ(sent_header(request, "Authorization"), "Basic bWU6czNjcmV0JTNBJTJC");
    EXPECT_EQ(sent_header(request, "Content-Type"), "application/x-www-form-urlencoded");
}

TEST_F(OAuth2, OrInTheBody) {
    options.secret_place = SecretPlace::form_body;
    open();
    sender.push(200, token_body("t1"));
    EXPECT_EQ(ask(), "Bearer t1");
    const auto request = sender.requests().at(0);
    EXPECT_EQ(request.body,
              "grant_type=client_credentials&client_id=me&client_secret=s3cret%3A%2B");
    EXPECT_EQ(sent_header(request, "Authorization"), "");
}

TEST_F(OAuth2, ALongTokenIsRenewedSixtySecondsBeforeItsEnd) {
    open();
    sender.push(200, token_body("t1", R"(,"expires_in":500)"));
    sender.push(200, token_body("t2", R"(,"expires_in":500)"));
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(439s);
    EXPECT_EQ(ask(), "Bearer t1");
    EXPECT_EQ(sender.count(), 1U);
    clock.advance(1s);  // 440 s is before 450 s
    EXPECT_EQ(ask(), "Bearer t2");
}

TEST_F(OAuth2, OrAtNinetyPercentOfItsLifeWhereThatIsEarlier) {
    open();
    sender.push(200, token_body("t1", R"(,"expires_in":"1000")"));
    sender.push(200, token_body("t2"));
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(899s);
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(1s);  // 900 s is before 940 s
    EXPECT_EQ(ask(), "Bearer t2");
}

TEST_F(OAuth2, AShortTokenIsUsedForNinetyPercentOfItsLife) {
    open();
    sender.push(200, token_body("t1", R"(,"expires_in":10)"));
    sender.push(200, token_body("t2", R"(,"expires_in":0)"));
    sender.push(200, token_body("t3"));
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(8'900ms);
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(200ms);
    EXPECT_EQ(ask(), "Bearer t2");
    EXPECT_EQ(ask(), "Bearer t3");
}

TEST_F(OAuth2, ARefusedTokenIsDropped) {
    open();
    sender.push(200, token_body("t1"));
    sender.push(200, token_body("t2"));
    EXPECT_EQ(ask(), "Bearer t1");
    EXPECT_TRUE(credentials->drop("Bearer t1"));
    EXPECT_EQ(ask(), "Bearer t2");
    // A second refusal of the old one, of a call that was slower, does not cost the new one.
    EXPECT_TRUE(credentials->drop("Bearer t1"));
    EXPECT_EQ(ask(), "Bearer t2");
    EXPECT_EQ(sender.count(), 2U);
}

TEST_F(OAuth2, AMissingScopeIsNamed) {
    options.scopes = {"events:read", "events:write"};
    open();
    sender.push(200, token_body("t1", R"(,"scope":"events:read other")"));
    const auto error = fail();
    EXPECT_EQ(error.code, ErrorCode::not_authorised);
    EXPECT_NE(error.message.find("'events:write'"), std::string::npos) << error.message;
    EXPECT_EQ(error.message.find("hidden"), std::string::npos) << error.message;
}

TEST_F(OAuth2, ScopesAreSeparatedBySpacesOrCommas) {
    options.scopes = {"a", "b"};
    open();
    for (const auto* scope : {R"(,"scope":"b a")", R"(,"scope":"a,b")", R"(,"scope":" c, b ,a")",
                              R"(,"scope":["a","b"])", R"(,"scope":null)", ""}) {
        sender.push(200, token_body("t", scope));
        EXPECT_EQ(ask(), "Bearer t") << scope;
        credentials->drop("Bearer t");
    }
}

TEST_F(OAuth2, ScopesThatAreGivenAsOneTextAreAskedForAndRequiredOneByOne) {
    options.scopes = {"a b", "c,d"};
    open();
    sender.push(200, token_body("t", R"(,"scope":"d c b a")"));
    EXPECT_EQ(ask(), "Bearer t");
    EXPECT_EQ(sender.requests().at(0).body, "grant_type=client_credentials&scope=a%20b%20c%20d");
    credentials->drop("Bearer t");
    sender.push(200, token_body("t", R"(,"scope":"a b c")"));
    EXPECT_NE(fail().message.find("lacks the scope 'd'"), std::string::npos);
}

TEST_F(OAuth2, ALifeThatIsNoNumberIsUnknown) {
    open();
    for (const auto* life : {R"("nan")", R"("soon")", "null", "[]"}) {
        sender.push(200, token_body("t", fmt::format(R"(,"expires_in":{})", life)));
        EXPECT_EQ(ask(), "Bearer t") << life;
        clock.advance(239s);
        const auto asked = sender.count();
        EXPECT_EQ(ask(), "Bearer t") << life;
        EXPECT_EQ(sender.count(), asked) << life;
        credentials->drop("Bearer t");
    }
}

TEST_F(OAuth2, ARefusalIsNotAuthorisedAndSaysWhy) {
    open();
    for (const int status : {400, 401, 403}) {
        sender.push(status, R"({"error":"invalid_client","error_description":"no such thing"})");
        const auto error = fail();
        EXPECT_EQ(error.code, ErrorCode::not_authorised);
        EXPECT_NE(error.message.find("invalid_client no such thing"), std::string::npos)
            << error.message;
        EXPECT_EQ(error.message.find("s3cret"), std::string::npos) << error.message;
    }
}

TEST_F(OAuth2, AnEndpointThatFailsIsUnavailable) {
    open();
    for (const int status : {429, 500, 503, 302}) {
        sender.push(status);
        EXPECT_EQ(fail().code, ErrorCode::unavailable) << status;
    }
    sender.push(ErrorCode::not_reachable);
    EXPECT_EQ(fail().code, ErrorCode::not_reachable);
}

TEST_F(OAuth2, AnAnswerWithoutAUsableTokenIsNone) {
    open();
    for (const std::string& body :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"), token_body(""),
          token_body("a b"), token_body("a\\r\\nX: y"), token_body(std::string(65'537, 'x')),
          std::string(R"({"access_token":"t","token_type":"mac"})")}) {
        sender.push(200, body);
        EXPECT_EQ(fail().code, ErrorCode::unavailable) << body.substr(0, 100);
    }
    sender.push(200, R"({"access_token":"t"})");
    EXPECT_EQ(ask(), "Bearer t");
}

TEST_F(OAuth2, AFailedRenewalLeavesATokenThatStillHolds) {
    open();
    sender.push(200, token_body("t1", R"(,"expires_in":1000)"));
    EXPECT_EQ(ask(), "Bearer t1");
    clock.advance(950s);
    sender.push(503);
    EXPECT_EQ(ask(), "Bearer t1");
    EXPECT_EQ(ask(), "Bearer t1");
    EXPECT_EQ(sender.count(), 2U);  // and the endpoint has its peace for a while
    clock.advance(5s);
    sender.push(200, token_body("t2"));
    EXPECT_EQ(ask(), "Bearer t2");
    clock.advance(300s);
    sender.push(503);
    EXPECT_EQ(fail().code, ErrorCode::unavailable);
}

TEST_F(OAuth2, OneThreadRenewsAndTheOthersWaitForIt) {
    open();
    sender.otherwise([&](const HttpRequest&) -> Result<HttpResponse> {
        await_looks(8);
        return HttpResponse{200, {}, token_body("shared")};
    });
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] { good += ask() == "Bearer shared" ? 1 : 0; });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(good, 8);
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(OAuth2, ThoseWhoWaitedShareTheFailureToo) {
    open();
    sender.otherwise([&](const HttpRequest&) -> Result<HttpResponse> {
        await_looks(4);
        return HttpResponse{401, {}, "{}"};
    });
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] { EXPECT_EQ(fail().code, ErrorCode::not_authorised); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(sender.count(), 1U);
}

TEST_F(OAuth2, WhatIsMissingIsToldAtOnce) {
    options.client_secret.clear();
    const auto opened = open_oauth2(options, sender, clock);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::malformed_request);
}

}  // namespace
}  // namespace symbolon::client
