#include "client/sink/kafka_sink.hpp"

#include "client/sink/sink.hpp"
#include "core/error.hpp"
#include "tests/support/mock_kafka.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

using ::testing::HasSubstr;
using testing::MockKafka;
using ::testing::SizeIs;

TEST(KafkaSink, WhatIsWrittenIsInTheTopic) {
    MockKafka kafka;
    kafka.create_topic("dead-letters", 1);
    const auto sink = open_kafka_sink(kafka.options(), "dead-letters");
    ASSERT_TRUE(sink) << sink.error().message;
    EXPECT_EQ((*sink)->name(), "topic dead-letters");
    const std::vector<SinkRecord> records{{.value = "{}", .key = "k", .headers = {{"h", "v"}}}};
    const Status written = (*sink)->write(records);
    ASSERT_TRUE(written) << written.error().message;
    const auto read = kafka.read_all("dead-letters");
    ASSERT_THAT(read, SizeIs(1));
    EXPECT_EQ(read.front().value, "{}");
    EXPECT_EQ(read.front().key, "k");
    EXPECT_EQ(read.front().headers, records[0].headers);
}

TEST(KafkaSink, AnErrorCarriesWhichRecordsAreNotThere) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    auto options = kafka.options();
    options.properties["message.max.bytes"] = "2000";
    const auto sink = open_kafka_sink(options, "orders");
    const std::vector<SinkRecord> records{
        {.value = "a"}, {.value = std::string(5'000, 'x')}, {.value = "c"}};
    const Status written = (*sink)->write(records);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::sink_failed);
    EXPECT_THAT(written.error().message, HasSubstr("1 of 3 records"));
    EXPECT_THAT(written.error().message, HasSubstr("the first, of 5000 bytes"));
    const auto unsent = std::dynamic_pointer_cast<const UnsentRecords>(written.error().detail);
    ASSERT_TRUE(unsent);
    ASSERT_THAT(unsent->failures, SizeIs(1));
    EXPECT_EQ(unsent->failures[0].index, 1U);
}

TEST(KafkaSink, OfARecordBeyondTheUsualBoundItIsToldWhatToDo) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto sink = open_kafka_sink(kafka.options(), "orders");
    const std::vector<SinkRecord> records{{.value = std::string(1'200'000, 'x')}};
    const Status written = (*sink)->write(records);
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("--kafka-property message.max.bytes"));
}

TEST(KafkaSink, ATopicIsNeeded) {
    EXPECT_FALSE(open_kafka_sink({.brokers = "127.0.0.1:1"}, ""));
}

}  // namespace
}  // namespace symbolon::client
