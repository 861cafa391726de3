#include "client/sink/open_sink.hpp"

#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace symbolon::client {
namespace {

using symbolon::testing::TempDir;
using ::testing::HasSubstr;

std::string refusal_of(std::string_view url) {
    const auto sink = open_sink(url, {});
    return sink ? "opened " + (*sink)->name() : sink.error().message;
}

TEST(OpenSink, APathIsAFileWithOrWithoutScheme) {
    const TempDir folder;
    for (const auto& url : {folder.file("a.jsonl"), "file:" + folder.file("b.jsonl")}) {
        const auto sink = open_sink(url, {});
        ASSERT_TRUE(sink) << sink.error().message;
    }
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "a.jsonl"));
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "b.jsonl"));
    EXPECT_EQ(find_sink_path("file:x"), "x");
    EXPECT_EQ(find_sink_path("dir/x:y"), "dir/x:y");
    EXPECT_EQ(find_sink_path("kafka:x"), std::nullopt);
    EXPECT_EQ(find_sink_path("-"), std::nullopt);
}

TEST(OpenSink, StandardStreamsHaveNames) {
    EXPECT_EQ(refusal_of("stdout:"), "opened standard output");
    EXPECT_EQ(refusal_of("-"), "opened standard output");
    EXPECT_EQ(refusal_of("stderr:"), "opened standard error");
}

TEST(OpenSink, AnUnknownSchemeNamesTheKnownOnes) {
    EXPECT_THAT(refusal_of("s3:bucket"), HasSubstr("kafka:TOPIC"));
    EXPECT_THAT(refusal_of(""), HasSubstr("file:PATH"));
    EXPECT_THAT(refusal_of("file:"), HasSubstr("file:PATH"));
}

TEST(OpenSink, ATopicNeedsBrokers) {
    EXPECT_THAT(refusal_of("kafka:orders"), HasSubstr("name the brokers"));
}

TEST(OpenSink, WhatWouldNotOpenIsToldWithoutOpening) {
    const TempDir folder;
    EXPECT_TRUE(check_sink_url(folder.file("a.jsonl"), {}));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "a.jsonl"));
    EXPECT_TRUE(check_sink_url("a.jsonl", {}));
    EXPECT_TRUE(check_sink_url("stderr:", {}));
    EXPECT_TRUE(check_sink_url("kafka:orders", {.brokers = "127.0.0.1:1"}));
    EXPECT_FALSE(check_sink_url("kafka:orders", {}));
    EXPECT_FALSE(check_sink_url("s3:bucket", {}));
    const auto missing = check_sink_url(folder.file("no/such/a.jsonl"), {});
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("there is no folder"));
}

}  // namespace
}  // namespace symbolon::client
