#include "client/sink/http_sink.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_sender.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace symbolon::client {
namespace {

class HttpSinkTest : public ::testing::Test {
protected:
    Status write(const std::vector<SinkRecord>& records) { return sink.write(records); }

    testing::FakeSender sender{testing::accept_all};
    testing::FakeClock clock;
    HttpSink sink{
        {.url = "http://sink/x"}, sender, basic_credentials("u", "p"), clock, [] { return 0.5; }};
};

TEST_F(HttpSinkTest, EveryRecordIsPostedWithCredentials) {
    ASSERT_TRUE(write({{.value = "1"}, {.value = "2", .headers = {{"X", "y"}}}}).has_value());
    ASSERT_EQ(sender.requests().size(), 2U);
    EXPECT_EQ(sender.requests()[0].method, "POST");
    EXPECT_EQ(sender.requests()[1].body, "2");
    EXPECT_EQ(sender.requests()[1].url, "http://sink/x");
}

TEST_F(HttpSinkTest, ItsNameTellsNoSecretOfTheUrl) {
    const HttpSink secret{
        {.url = "https://me:word@sink/x?token=abc"}, sender, no_credentials(), clock, [] {
            return 0.5;
        }};
    EXPECT_EQ(secret.name(), "https://sink/x");
}

TEST_F(HttpSinkTest, WhatNeverLeftIsRepeated) {
    sender.push(Error{ErrorCode::not_reachable, "no"});
    EXPECT_TRUE(write({{.value = "1"}}).has_value());
    EXPECT_EQ(sender.requests().size(), 2U);
}

TEST_F(HttpSinkTest, ALostAnswerAndARefusalAreFailures) {
    sender.push(Error{ErrorCode::answer_lost, "lost"});
    EXPECT_EQ(write({{.value = "1"}}).error().code, ErrorCode::sink_failed);
    sender.push(HttpResponse{.status = 503});
    EXPECT_NE(write({{.value = "1"}}).error().message.find("503"), std::string::npos);
    EXPECT_EQ(sender.requests().size(), 2U);
}

}  // namespace
}  // namespace symbolon::client
