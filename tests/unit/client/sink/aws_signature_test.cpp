#include "client/sink/aws_signature.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace symbolon::client {
namespace {

/// 2015-08-30T12:36:00Z, as in AWS's published examples.
const std::chrono::system_clock::time_point example_time{std::chrono::seconds(1'440'938'160)};
const AwsCredentials example_credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                         ""};

std::string authorization_of(HttpRequest request, const AwsScope& scope,
                             const AwsCredentials& credentials = example_credentials) {
    sign_aws_request(request, scope, credentials, example_time);
    return request.headers.back().second;
}

std::string suite(const std::string& names, const std::string& signature) {
    return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
           "SignedHeaders=" +
           names + ", Signature=" + signature;
}

TEST(AwsSignature, TheSuitesGetVanilla) {
    EXPECT_EQ(authorization_of({.method = "GET", .url = "https://example.amazonaws.com/"},
                               {"us-east-1", "service"}),
              suite("host;x-amz-date",
                    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
}

TEST(AwsSignature, TheSuitesPostVanilla) {
    EXPECT_EQ(authorization_of({.method = "POST", .url = "https://example.amazonaws.com/"},
                               {"us-east-1", "service"}),
              suite("host;x-amz-date",
                    "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
}

TEST(AwsSignature, TheSuitesQueryInOrderOfItsNames) {
    EXPECT_EQ(
        authorization_of(
            {.method = "GET", .url = "https://example.amazonaws.com/?Param2=value2&Param1=value1"},
            {"us-east-1", "service"}),
        suite("host;x-amz-date",
              "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
}

TEST(AwsSignature, TheSuitesHeaderThatComesSeveralTimes) {
    EXPECT_EQ(authorization_of({.method = "GET",
                                .url = "https://example.amazonaws.com/",
                                .headers = {{"My-Header1", "value2"},
                                            {"My-Header1", "value2"},
                                            {"My-Header1", "value1"}}},
                               {"us-east-1", "service"}),
              suite("host;my-header1;x-amz-date",
                    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"));
}

TEST(AwsSignature, TheWorkedExampleOfTheManual) {
    EXPECT_EQ(
        authorization_of(
            {.method = "GET",
             .url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
             .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}}},
            {"us-east-1", "iam"}),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(AwsSignature, ASessionTokenIsSentAndSigned) {
    HttpRequest request{.method = "POST", .url = "http://127.0.0.1:5000/", .body = "{}"};
    auto credentials = example_credentials;
    credentials.session_token = "token";
    sign_aws_request(request, {"eu-central-1", "logs"}, credentials, example_time);
    ASSERT_EQ(request.headers.size(), 3U);
    EXPECT_EQ(request.headers[1].first, "X-Amz-Security-Token");
    EXPECT_NE(request.headers[2].second.find("host;x-amz-date;x-amz-security-token"),
              std::string::npos);
}

TEST(AwsSignature, TheBodyAndThePortAreSigned) {
    const AwsScope scope{"us-east-1", "service"};
    const HttpRequest request{.method = "POST", .url = "http://localhost:5000/", .body = "a"};
    auto other_body = request;
    other_body.body = "b";
    auto other_port = request;
    other_port.url = "http://localhost:5001/";
    auto own_port = request;
    own_port.url = "http://localhost:80/";
    auto no_port = request;
    no_port.url = "http://localhost/";
    EXPECT_NE(authorization_of(request, scope), authorization_of(other_body, scope));
    EXPECT_NE(authorization_of(request, scope), authorization_of(other_port, scope));
    EXPECT_EQ(authorization_of(own_port, scope), authorization_of(no_port, scope));
}

}  // namespace
}  // namespace symbolon::client
