#include "client/producer/batcher.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;

const Batcher::TimePoint batch_start{std::chrono::seconds(1'000)};

IngestEvent numbered_event(std::uint64_t index, std::string text = "{}") {
    return {.index = index,
            .text = std::move(text),
            .body = {},
            .duplicate_key = {},
            .message_key = {}};
}

Rejection numbered_rejection(std::uint64_t index, std::string text = "x") {
    return {.index = index, .reason = "bad", .event = std::move(text)};
}

/// The bytes of the array that a batch is sent as.
std::size_t array_bytes(const EventBatch& batch, std::size_t event_bytes) {
    return 2 + batch.events.size() * event_bytes + (batch.events.size() - 1);
}

TEST(Batcher, ABatchClosesAtAHundredEvents) {
    Batcher batcher({});
    for (std::uint64_t index = 0; index < 99; ++index) {
        ASSERT_TRUE(batcher.add(numbered_event(index), 2, batch_start).empty());
    }
    const auto closed = batcher.add(numbered_event(99), 2, batch_start);
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].events.size(), 100U);
    EXPECT_EQ(closed[0].begin, 0U);
    EXPECT_EQ(closed[0].end, 100U);
    EXPECT_FALSE(batcher.take());
}

TEST(Batcher, ABatchNeverExceedsItsBytesAndIsSplitThere) {
    Batcher batcher({.bytes_max = 500'000});
    constexpr std::size_t event_bytes = 9'998;
    std::vector<EventBatch> all;
    for (std::uint64_t index = 0; index < 120; ++index) {
        for (auto& batch : batcher.add(numbered_event(index), event_bytes, batch_start)) {
            all.push_back(std::move(batch));
        }
    }
    all.push_back(*batcher.take());
    std::size_t events = 0;
    for (const auto& batch : all) {
        EXPECT_LE(array_bytes(batch, event_bytes), 500'000U);
        events += batch.events.size();
    }
    EXPECT_EQ(events, 120U);
    // 50 events take 2 + 50 * 9,998 + 49 = 499,951 bytes; one more would not fit.
    EXPECT_EQ(all[0].events.size(), 50U);
}

TEST(Batcher, ABatchMayHaveExactlyItsBytesAndNotOneMore) {
    Batcher exact({.events_min = 1, .bytes_max = 23});
    EXPECT_TRUE(exact.add(numbered_event(0), 10, batch_start).empty());
    EXPECT_TRUE(exact.add(numbered_event(1), 10, batch_start).empty());  // 2 + 10 + 1 + 10
    EXPECT_EQ(exact.take()->events.size(), 2U);
    Batcher narrow({.events_min = 1, .bytes_max = 22});
    EXPECT_TRUE(narrow.add(numbered_event(0), 10, batch_start).empty());
    EXPECT_EQ(narrow.add(numbered_event(1), 10, batch_start).size(), 1U);
}

TEST(Batcher, ASingleEventAboveTheLimitIsRejectedWithItsIndex) {
    Batcher batcher({.bytes_max = 100});
    EXPECT_TRUE(batcher.add(numbered_event(0), 98, batch_start).empty());
    // The event is refused as soon as it comes; its text is large enough to close the interval.
    auto closed = batcher.add(numbered_event(1, std::string(99, 'x')), 99, batch_start);
    const auto rest = closed.empty() ? batcher.take() : closed.front();
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->events.size(), 1U);
    ASSERT_EQ(rest->rejections.size(), 1U);
    EXPECT_EQ(rest->rejections[0].index, 1U);
    EXPECT_NE(rest->rejections[0].reason.find("99 bytes"), std::string::npos);
}

TEST(Batcher, FiftyEventsGoAfterTheLingerAndFewerLater) {
    const BatchOptions options{};
    Batcher batcher(options);
    for (std::uint64_t index = 0; index < 49; ++index) {
        (void)batcher.add(numbered_event(index), 2, batch_start);
    }
    EXPECT_FALSE(batcher.take_due(batch_start + options.linger));
    (void)batcher.add(numbered_event(49), 2, batch_start);
    EXPECT_FALSE(batcher.take_due(batch_start + options.linger - milliseconds(1)));
    EXPECT_EQ(batcher.take_due(batch_start + options.linger)->events.size(), 50U);
    (void)batcher.add(numbered_event(50), 2, batch_start);
    EXPECT_FALSE(batcher.take_due(batch_start + options.linger_max - milliseconds(1)));
    EXPECT_EQ(batcher.take_due(batch_start + options.linger_max)->events.size(), 1U);
    EXPECT_FALSE(batcher.take_due(batch_start + std::chrono::hours(1)));
}

TEST(Batcher, InvalidEventsAreRejectedOneByOne) {
    Batcher batcher({});
    (void)batcher.add(numbered_event(0), 2, batch_start);
    EXPECT_FALSE(batcher.add_rejection(numbered_rejection(1), batch_start));
    (void)batcher.add(numbered_event(2), 2, batch_start);
    EXPECT_FALSE(batcher.add_duplicate(3, batch_start));
    const auto batch = batcher.take();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->events.size(), 2U);
    ASSERT_EQ(batch->rejections.size(), 1U);
    EXPECT_EQ(batch->rejections[0].index, 1U);
    EXPECT_EQ(batch->duplicates, 1U);
    EXPECT_EQ(batch->end, 4U);
}

TEST(Batcher, AtomicModeRejectsTheWholeBatchAndSaysWhichEventIsInvalid) {
    Batcher batcher({.events_min = 1, .events_max = 3, .mode = BatchMode::atomic});
    (void)batcher.add(numbered_event(0), 2, batch_start);
    EXPECT_FALSE(batcher.add_rejection(numbered_rejection(1), batch_start));
    const auto closed = batcher.add(numbered_event(2), 2, batch_start);
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_TRUE(closed[0].events.empty());
    ASSERT_EQ(closed[0].rejections.size(), 3U);
    EXPECT_EQ(closed[0].rejections[0].index, 0U);
    EXPECT_EQ(closed[0].rejections[0].reason, "rejected with its batch: event 1 is invalid");
    EXPECT_EQ(closed[0].rejections[1].reason, "bad");
    EXPECT_EQ(closed[0].rejections[2].index, 2U);
}

TEST(Batcher, AtomicModeSpoilsNoMoreThanOneBatch) {
    Batcher batcher({.events_min = 1, .events_max = 3, .mode = BatchMode::atomic});
    EXPECT_FALSE(batcher.add_rejection(numbered_rejection(0), batch_start));
    EXPECT_FALSE(batcher.add_rejection(numbered_rejection(1), batch_start));
    EXPECT_EQ(batcher.add_rejection(numbered_rejection(2), batch_start)->rejections.size(), 3U);
    for (std::uint64_t index = 3; index < 5; ++index) {
        EXPECT_TRUE(batcher.add(numbered_event(index), 2, batch_start).empty());
    }
    const auto whole = batcher.add(numbered_event(5), 2, batch_start);
    ASSERT_EQ(whole.size(), 1U);
    EXPECT_EQ(whole[0].events.size(), 3U);
}

TEST(Batcher, WhatIsOnlyRejectedDoesNotPileUp) {
    Batcher many({});
    for (std::uint64_t index = 0; index + 1 < limits::batch_interval_events_max; ++index) {
        ASSERT_FALSE(many.add_rejection(numbered_rejection(index), batch_start));
    }
    EXPECT_TRUE(
        many.add_rejection(numbered_rejection(limits::batch_interval_events_max - 1), batch_start));
    Batcher large({.bytes_max = 100});
    EXPECT_FALSE(large.add_rejection(numbered_rejection(0, std::string(99, 'x')), batch_start));
    EXPECT_TRUE(large.add_rejection(numbered_rejection(1, "y"), batch_start));
}

}  // namespace
}  // namespace symbolon::client
