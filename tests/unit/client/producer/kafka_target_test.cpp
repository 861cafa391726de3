#include "client/producer/kafka_target.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

// librdkafka makes its threads by C11's thrd_create, which ThreadSanitizer does not know of: the
// first one that asks for memory ends the process.
#ifdef __SANITIZE_THREAD__
constexpr bool threads_known = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool threads_known = false;
#else
constexpr bool threads_known = true;
#endif
#else
constexpr bool threads_known = true;
#endif

SendFailure lost_record(std::size_t index) {
    return {.index = index, .error = make_error(ErrorCode::answer_lost, "it may be there")};
}

TEST(KafkaTarget, ABatchIsAcknowledgedWhenEveryRecordIs) {
    EXPECT_EQ(to_outcome({}, 3).fate, SendFate::acknowledged);
}

TEST(KafkaTarget, TheRecordsThatAreNotAreNamed) {
    const auto outcome = to_outcome({lost_record(0), lost_record(2)}, 3);
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_EQ(outcome.unsent, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(outcome.reason, "it may be there");
}

TEST(KafkaTarget, ABatchOfWhichNothingIsThereIsUnsentAsAWhole) {
    const auto outcome = to_outcome({lost_record(0), lost_record(1)}, 2);
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_TRUE(outcome.unsent.empty());
}

TEST(KafkaTarget, WhoIsToldToStopSendsNothing) {
    if (!threads_known) {
        GTEST_SKIP() << "librdkafka under ThreadSanitizer";
    }
    const auto target = open_kafka_target({.brokers = "127.0.0.1:1"}, "events");
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ((*target)->name(), "topic events");
    std::stop_source hurry;
    hurry.request_stop();
    const std::vector<SinkRecord> records(1);
    const auto outcome =
        (*target)->send({.request_id = "id", .records = records, .hurry = hurry.get_token()});
    EXPECT_EQ(outcome.fate, SendFate::unsent);
}

TEST(KafkaTarget, WhoIsToldToStopWhileNoBrokerIsThereDoesNotWaitForOne) {
    if (!threads_known) {
        GTEST_SKIP() << "librdkafka under ThreadSanitizer";
    }
    const auto target = open_kafka_target({.brokers = "127.0.0.1:1"}, "events");
    ASSERT_TRUE(target) << target.error().message;
    std::stop_source hurry;
    const std::vector<SinkRecord> records(3);
    const auto begun = std::chrono::steady_clock::now();
    std::jthread stopper([&hurry] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        hurry.request_stop();
    });
    const auto outcome =
        (*target)->send({.request_id = "id", .records = records, .hurry = hurry.get_token()});
    EXPECT_EQ(outcome.fate, SendFate::unsent);
    EXPECT_TRUE(outcome.unsent.empty()) << "the whole batch";
    EXPECT_NE(outcome.reason.find("told to stop"), std::string::npos) << outcome.reason;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20))
        << "a record that nobody gives up waits for two minutes";
}

TEST(KafkaTarget, APropertyThatIsNotKnownIsRefused) {
    if (!threads_known) {
        GTEST_SKIP() << "librdkafka under ThreadSanitizer";
    }
    EXPECT_FALSE(
        open_kafka_target({.brokers = "127.0.0.1:1", .properties = {{"no.such", "1"}}}, "events"));
}

}  // namespace
}  // namespace symbolon::client
