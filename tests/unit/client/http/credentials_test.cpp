#include "client/http/credentials.hpp"

#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using symbolon::testing::FakeSender;
using symbolon::testing::sent_header;

/// Tokens "1", "2" and so on; each drop makes a new one.
class CountingCredentials final : public Credentials {
public:
    Result<std::string> authorization() override { return "Bearer " + std::to_string(number_); }
    bool drop(std::string_view authorization) override {
        EXPECT_EQ(authorization, "Bearer " + std::to_string(number_));
        ++number_;
        return true;
    }

private:
    int number_ = 1;
};

std::string authorization_of(Credentials& credentials) {
    FakeSender sender;
    sender.push(200);
    EXPECT_TRUE(send_authorised(sender, {}, credentials));
    return sent_header(sender.requests().at(0), "Authorization");
}

TEST(FixedCredentials, SayWhoWeAre) {
    EXPECT_EQ(authorization_of(*no_credentials()), "");
    EXPECT_EQ(authorization_of(*basic_credentials("Aladdin", "open sesame")),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(authorization_of(*bearer_credentials("abc")), "Bearer abc");
}

TEST(FixedCredentials, AreNotTriedAgainWhenRefused) {
    FakeSender sender;
    sender.push(401);
    EXPECT_EQ(send_authorised(sender, {}, *bearer_credentials("abc"))->status, 401);
    EXPECT_EQ(sender.count(), 1U);
}

TEST(SendAuthorised, DropsARefusedTokenAndRepeatsOnce) {
    FakeSender sender;
    sender.push(401);
    sender.push(200, "good");
    CountingCredentials credentials;
    HttpRequest request;
    request.method = "POST";
    request.body = "x";
    const auto answer = send_authorised(sender, request, credentials);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "good");
    ASSERT_EQ(sender.count(), 2U);
    EXPECT_EQ(sent_header(sender.requests()[0], "Authorization"), "Bearer 1");
    EXPECT_EQ(sent_header(sender.requests()[1], "Authorization"), "Bearer 2");
    EXPECT_EQ(sender.requests()[1].body, "x");
    EXPECT_EQ(sender.requests()[1].headers.size(), 1U);
}

/// A token endpoint that fails so, after `good` tokens.
class FailingCredentials final : public Credentials {
public:
    FailingCredentials(ErrorCode code, int good) : code_(code), good_(good) {}
    Result<std::string> authorization() override {
        return good_-- > 0 ? Result<std::string>("Bearer t")
                           : failure(make_error(code_, "as told"));
    }
    bool drop(std::string_view /*authorization*/) override { return true; }

private:
    const ErrorCode code_;
    int good_;
};

TEST(SendAuthorised, WithoutATokenNothingWasSent) {
    for (const auto code : {ErrorCode::unavailable, ErrorCode::answer_lost,
                            ErrorCode::request_timeout, ErrorCode::not_reachable}) {
        FakeSender sender;
        FailingCredentials none(code, 0);
        const auto answer = send_authorised(sender, {}, none);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::not_reachable);
        EXPECT_NE(answer.error().message.find("as told"), std::string::npos);
        EXPECT_EQ(sender.count(), 0U);
        sender.push(401);
        FailingCredentials one(code, 1);
        EXPECT_EQ(send_authorised(sender, {}, one).error().code, ErrorCode::not_reachable);
    }
    FakeSender sender;
    FailingCredentials refused(ErrorCode::not_authorised, 0);
    EXPECT_EQ(send_authorised(sender, {}, refused).error().code, ErrorCode::not_authorised);
}

TEST(SendAuthorised, HandsOutTheSecondRefusal) {
    FakeSender sender;
    sender.push(401);
    sender.push(401);
    sender.push(200);
    CountingCredentials credentials;
    EXPECT_EQ(send_authorised(sender, {}, credentials)->status, 401);
    EXPECT_EQ(sender.count(), 2U);
}

TEST(SendAuthorised, DoesNotRepeatOtherAnswers) {
    for (const int status : {200, 403, 429, 500}) {
        FakeSender sender;
        sender.push(status);
        CountingCredentials credentials;
        EXPECT_EQ(send_authorised(sender, {}, credentials)->status, status);
        EXPECT_EQ(sender.count(), 1U);
    }
}

}  // namespace
}  // namespace symbolon::client
