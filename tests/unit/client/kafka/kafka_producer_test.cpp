#include "client/kafka/kafka_producer.hpp"

#include "client/kafka/kafka_handle.hpp"
#include "client/kafka/kafka_options.hpp"
#include "core/error.hpp"
#include "tests/support/mock_kafka.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KafkaRequest;
using testing::MockKafka;
using ::testing::SizeIs;

std::unique_ptr<KafkaProducer> open_producer(
    KafkaOptions options, const std::map<std::string, std::string>& properties = {}) {
    options.properties.insert(properties.begin(), properties.end());
    auto producer = KafkaProducer::open(std::move(options));
    EXPECT_TRUE(producer) << producer.error().message;
    return std::move(*producer);
}

TEST(KafkaProducer, WhatIsAcknowledgedIsInTheTopicWithKeyAndHeaders) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(kafka.options());
    const std::vector<std::pair<std::string, std::string>> headers{{"a", "1"}, {"b", ""}};
    const std::vector<KafkaMessage> messages{{.value = "first", .key = "k", .headers = headers},
                                             {.value = std::string_view("\0x", 2)}};
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    const auto records = kafka.read_all("orders");
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[0].key, "k");
    EXPECT_EQ(records[0].value, "first");
    EXPECT_EQ(records[0].headers, headers);
    EXPECT_EQ(records[1].value, std::string("\0x", 2));
    EXPECT_TRUE(records[1].key.empty());
}

TEST(KafkaProducer, SendingNothingSucceeds) {
    const MockKafka kafka;
    EXPECT_THAT(open_producer(kafka.options())->send("orders", {}), IsEmpty());
}

TEST(KafkaProducer, MoreThanTheQueueHoldsWaitsForRoom) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(
        kafka.options(), {{"queue.buffering.max.messages", "10"}, {"linger.ms", "0"}});
    std::vector<KafkaMessage> messages(500, KafkaMessage{.value = "x"});
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(500));
}

TEST(KafkaProducer, ARepeatedRequestStoresARecordOnce) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(kafka.options(), {{"retry.backoff.ms", "10"}});
    kafka.fail_next(KafkaRequest::produce, {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS});
    const std::vector<KafkaMessage> messages{{.value = "only"}};
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(1));
}

TEST(KafkaProducer, OneRecordTooLargeFailsAloneAndIsNamedByItsIndex) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(kafka.options(), {{"message.max.bytes", "2000"}});
    const std::string large(5'000, 'x');
    const std::vector<std::pair<std::string, std::string>> headers{{"a", "1"}};
    const std::vector<KafkaMessage> messages{
        {.value = "a"}, {.value = large, .headers = headers}, {.value = "c"}};
    const auto failures = producer->send("orders", messages);
    ASSERT_THAT(failures, SizeIs(1));
    EXPECT_EQ(failures[0].index, 1U);
    EXPECT_EQ(failures[0].error.code, ErrorCode::sink_failed);
    EXPECT_THAT(failures[0].error.message, HasSubstr("orders"));
    EXPECT_THAT(failures[0].error.message, HasSubstr("too large"));
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(2));
}

TEST(KafkaProducer, WithoutABrokerARecordIsUnavailableAfterItsTime) {
    const auto producer =
        open_producer({.brokers = "127.0.0.1:1"},
                      {{"delivery.timeout.ms", "300"}, {"reconnect.backoff.max.ms", "100"}});
    const std::vector<KafkaMessage> messages{{.value = "a"}, {.value = "b"}};
    const auto failures = producer->send("orders", messages);
    ASSERT_THAT(failures, SizeIs(2));
    EXPECT_EQ(failures[0].error.code, ErrorCode::unavailable);
    EXPECT_THAT(failures[0].error.message, HasSubstr("127.0.0.1:1"));
}

TEST(KafkaProducer, ABrokerThatComesBackInTimeTakesTheRecord) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(
        kafka.options(), {{"reconnect.backoff.ms", "10"}, {"reconnect.backoff.max.ms", "50"}});
    const std::vector<KafkaMessage> messages{{.value = "a"}};
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    kafka.stop_brokers();
    std::jthread later([&kafka] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        kafka.start_brokers();
    });
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    later.join();
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(2));
}

TEST(KafkaProducer, ATopicThatIsNotForUsIsNotAuthorised) {
    MockKafka kafka;
    kafka.create_topic("secret", 1);
    kafka.refuse_topic("secret", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    const auto producer = open_producer(kafka.options(), {{"delivery.timeout.ms", "300"}});
    const std::vector<KafkaMessage> messages{{.value = "a"}};
    const auto failures = producer->send("secret", messages);
    ASSERT_THAT(failures, SizeIs(1));
    EXPECT_EQ(failures[0].error.code, ErrorCode::not_authorised) << failures[0].error.message;
}

TEST(KafkaProducer, AfterABrokenSequenceANewOneIsBegun) {
    MockKafka kafka;
    kafka.create_topic("orders", 1);
    const auto producer = open_producer(kafka.options(), {{"enable.gapless.guarantee", "true"}});
    const std::vector<KafkaMessage> messages{{.value = "a"}};
    kafka.fail_next(KafkaRequest::produce, {RD_KAFKA_RESP_ERR_INVALID_RECORD});
    EXPECT_THAT(producer->send("orders", messages), SizeIs(1));
    EXPECT_THAT(producer->send("orders", messages), IsEmpty());
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(1));
}

TEST(KafkaProducer, SendersInManyThreadsGetTheirOwnReports) {
    MockKafka kafka;
    kafka.create_topic("orders", 3);
    const auto producer = open_producer(kafka.options(), {{"message.max.bytes", "2000"}});
    const std::string large(5'000, 'x');
    std::vector<std::jthread> senders;
    senders.reserve(4);
    for (int sender = 0; sender < 4; ++sender) {
        senders.emplace_back([&, sender] {
            std::vector<KafkaMessage> messages(50, KafkaMessage{.value = "x"});
            messages[static_cast<std::size_t>(sender)].value = large;
            const auto failures = producer->send("orders", messages);
            ASSERT_THAT(failures, SizeIs(1));
            EXPECT_EQ(failures[0].index, static_cast<std::size_t>(sender));
        });
    }
    senders.clear();
    EXPECT_THAT(kafka.read_all("orders"), SizeIs(4 * 49));
}

TEST(KafkaTrouble, WhatWaitingDoesNotHelpIsARefusalAndSaysWhatToDo) {
    KafkaTrouble trouble;
    trouble.note({RD_KAFKA_RESP_ERR__SSL}, "SSL handshake failed: certificate verify failed");
    EXPECT_TRUE(trouble.is_refusal());
    EXPECT_THAT(trouble.words(), HasSubstr("ssl.ca.location"));
    trouble.note({RD_KAFKA_RESP_ERR__TRANSPORT}, "Receive failed: SSL alert number 116");
    EXPECT_TRUE(trouble.is_refusal());
    EXPECT_THAT(trouble.words(), HasSubstr("ssl.certificate.location"));
    trouble.note({RD_KAFKA_RESP_ERR__AUTHENTICATION}, "Authentication failed");
    EXPECT_TRUE(trouble.is_refusal());
    EXPECT_THAT(trouble.words(), HasSubstr("sasl.password"));
    trouble.note({RD_KAFKA_RESP_ERR__SSL}, "SSL handshake failed: unexpected eof while reading");
    EXPECT_FALSE(trouble.is_refusal()) << "a broker that ends comes back";
}

TEST(KafkaTrouble, OneBrokerThatRefusesIsNoRefusalWhileOthersDoTheirWork) {
    KafkaTrouble trouble;
    trouble.clear();
    trouble.note({RD_KAFKA_RESP_ERR__AUTHENTICATION}, "Authentication failed");
    EXPECT_FALSE(trouble.is_refusal());
    EXPECT_THAT(trouble.words(), HasSubstr("Authentication failed"));
    trouble.reset();
    EXPECT_TRUE(trouble.words().empty());
    trouble.note({RD_KAFKA_RESP_ERR__AUTHENTICATION}, "Authentication failed");
    EXPECT_TRUE(trouble.is_refusal());
}

TEST(KafkaProducer, AnUnknownPropertyIsNamed) {
    const auto producer =
        KafkaProducer::open({.brokers = "127.0.0.1:1", .properties = {{"no.such", "1"}}});
    ASSERT_FALSE(producer);
    EXPECT_EQ(producer.error().code, ErrorCode::cannot_start);
    EXPECT_THAT(producer.error().message, HasSubstr("no.such"));
}

TEST(KafkaProducer, ABadValueIsExplained) {
    const auto producer =
        KafkaProducer::open({.brokers = "127.0.0.1:1", .properties = {{"linger.ms", "soon"}}});
    ASSERT_FALSE(producer);
    EXPECT_THAT(producer.error().message, HasSubstr("linger.ms"));
}

TEST(KafkaProducer, PropertiesThatDoNotGoTogetherAreRefusedAtOnce) {
    const auto producer =
        KafkaProducer::open({.brokers = "127.0.0.1:1", .properties = {{"acks", "0"}}});
    ASSERT_FALSE(producer);
    EXPECT_EQ(producer.error().code, ErrorCode::cannot_start);
    EXPECT_THAT(producer.error().message, HasSubstr("acks"));
}

TEST(KafkaProducer, BrokersMustBeNamed) {
    const auto producer = KafkaProducer::open({});
    ASSERT_FALSE(producer);
    EXPECT_THAT(producer.error().message, HasSubstr("host:port"));
}

}  // namespace
}  // namespace symbolon::client
