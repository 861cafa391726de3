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
