#include "client/kafka/kafka_consumer.hpp"

#include "client/kafka/kafka_options.hpp"
#include "client/kafka/kafka_producer.hpp"
#include "core/error.hpp"
#include "tests/support/mock_kafka.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KafkaRequest;
using testing::MockKafka;
using ::testing::SizeIs;

using Values = std::vector<std::string>;

KafkaOptions reader_options(const MockKafka& kafka) {
    KafkaOptions options = kafka.options();
    options.properties = {{"session.timeout.ms", "6000"},     {"heartbeat.interval.ms", "50"},
                          {"fetch.wait.max.ms", "20"},        {"reconnect.backoff.ms", "10"},
                          {"reconnect.backoff.max.ms", "50"}, {"fetch.error.backoff.ms", "20"}};
    return options;
}

// Joining a group of the mock takes three seconds, so one member serves all tests. Each leaves the
// topics read and committed. Groups with several members, and more than the mock's 5 MB, are tested
// with a real broker, by tests/interop/kafka.
class KafkaConsumerTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        cluster = std::make_unique<MockKafka>();
        cluster->create_topic("orders", 1);
        cluster->create_topic("wide", 3);
        auto consumer =
            KafkaConsumer::open(reader_options(*cluster), "readers", {"orders", "wide"});
        ASSERT_TRUE(consumer) << consumer.error().message;
        reader = std::move(*consumer);
        auto producer = KafkaProducer::open(cluster->options());
        ASSERT_TRUE(producer) << producer.error().message;
        writer = std::move(*producer);
    }
    static void TearDownTestSuite() {
        writer.reset();
        reader.reset();
        cluster.reset();
    }
    void TearDown() override {
        drain();
        EXPECT_TRUE(reader->commit());
    }

    static void put(const Values& values, const std::string& topic = "orders") {
        std::vector<KafkaMessage> messages;
        for (const std::string& value : values) {
            messages.push_back({.value = value});
        }
        EXPECT_THAT(writer->send(topic, messages), IsEmpty());
    }

    // Polls until there are `wanted` values, or for a minute.
    static Values take(std::size_t wanted, std::size_t records_max = 1'000) {
        Values values;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (values.size() < wanted && std::chrono::steady_clock::now() < deadline) {
            auto records = reader->poll(records_max, milliseconds(50));
            EXPECT_TRUE(records) << records.error().message;
            for (KafkaRecord& record : *records) {
                values.push_back(std::move(record.value));
            }
        }
        return values;
    }

    // Reads to the end; answers how many there were.
    static std::size_t drain() {
        std::size_t count = 0;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!reader->at_end()) {
            const auto records = reader->poll(1'000, milliseconds(50));
            EXPECT_TRUE(records) << records.error().message;
            count += records->size();
            if (std::chrono::steady_clock::now() > deadline) {
                ADD_FAILURE() << "no end after a minute";
                break;
            }
        }
        return count;
    }

    static std::int64_t committed() { return cluster->committed("readers", "orders", 0); }

    static inline std::unique_ptr<MockKafka> cluster;
    static inline std::unique_ptr<KafkaConsumer> reader;
    static inline std::unique_ptr<KafkaProducer> writer;
};

TEST_F(KafkaConsumerTest, OnlyWhatWasHandedOutIsCommitted) {
    put({"a", "b", "c"});
    EXPECT_THAT(take(2, 1), ElementsAre("a", "b"));
    const std::int64_t before = committed();
    EXPECT_TRUE(reader->commit());
    EXPECT_EQ(committed(), std::max<std::int64_t>(before, 0) + 2);
    EXPECT_THAT(take(1, 1), ElementsAre("c"));
    EXPECT_EQ(committed(), std::max<std::int64_t>(before, 0) + 2) << "polling commits nothing";
}

TEST_F(KafkaConsumerTest, TheEndIsKnownWhenEveryPartitionWasReadToIt) {
    put({"x", "y"});
    put(Values(30, "z"), "wide");
    EXPECT_THAT(take(1, 1), SizeIs(1));
    EXPECT_FALSE(reader->at_end()) << "one was handed out, and more is there";
    EXPECT_THAT(take(31), SizeIs(31));
    drain();
    put({"one more"});
    EXPECT_THAT(take(1), ElementsAre("one more"));
}

TEST_F(KafkaConsumerTest, ACommitWithoutNewRecordsSucceeds) {
    drain();
    EXPECT_TRUE(reader->commit());
    EXPECT_TRUE(reader->commit());
}

TEST_F(KafkaConsumerTest, ACommitIsTriedAgainWhileTheCoordinatorMoves) {
    put({"a"});
    take(1);
    const std::int64_t before = std::max<std::int64_t>(committed(), 0);
    cluster->fail_next(KafkaRequest::offset_commit,
                       {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS});
    const Status done = reader->commit();
    EXPECT_TRUE(done) << done.error().message;
    EXPECT_EQ(committed(), before + 1);
}

TEST_F(KafkaConsumerTest, ACommitThatIsRefusedSaysSoAndTheNextOneMakesUpForIt) {
    put({"a"});
    take(1);
    const std::int64_t before = std::max<std::int64_t>(committed(), 0);
    cluster->fail_next(KafkaRequest::offset_commit, {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED});
    const Status refused = reader->commit();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_authorised);
    EXPECT_TRUE(reader->commit());
    EXPECT_EQ(committed(), before + 1);
}

TEST_F(KafkaConsumerTest, ReadingGoesOnWhenTheBrokerComesBack) {
    drain();
    cluster->stop_brokers();
    const auto nothing = reader->poll(10, milliseconds(200));
    ASSERT_TRUE(nothing) << nothing.error().message;
    EXPECT_THAT(*nothing, IsEmpty());
    cluster->start_brokers();
    put({"b"});
    EXPECT_THAT(take(1), ElementsAre("b"));
    EXPECT_TRUE(reader->commit());
}

TEST(KafkaConsumer, ATopicThatIsNotForUsIsNotAuthorised) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    kafka.refuse_topic("orders", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    const auto consumer = KafkaConsumer::open(reader_options(kafka), "readers", {"orders"});
    for (int attempt = 0; attempt < 50; ++attempt) {
        const auto records = (*consumer)->poll(10, milliseconds(100));
        if (!records) {
            EXPECT_EQ(records.error().code, ErrorCode::not_authorised) << records.error().message;
            return;
        }
    }
    FAIL() << "no error in five seconds";
}

TEST(KafkaConsumer, WhatOurPromisesRestOnIsNotASetting) {
    const auto consumer = KafkaConsumer::open(
        {.brokers = "127.0.0.1:1", .properties = {{"enable.auto.commit", "true"}}}, "g", {"t"});
    ASSERT_FALSE(consumer);
    EXPECT_EQ(consumer.error().code, ErrorCode::cannot_start);
    EXPECT_THAT(consumer.error().message, HasSubstr("enable.auto.commit"));
}

TEST(KafkaConsumer, AGroupAndATopicAreNeeded) {
    EXPECT_FALSE(KafkaConsumer::open({.brokers = "127.0.0.1:1"}, "", {"t"}));
    EXPECT_FALSE(KafkaConsumer::open({.brokers = "127.0.0.1:1"}, "g", {}));
}

}  // namespace
}  // namespace symbolon::client
