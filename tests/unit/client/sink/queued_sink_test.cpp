#include "client/sink/queued_sink.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;

/// What a sink of these tests is seen doing, and told to do.
struct Behaviour {
    std::mutex mutex;
    std::vector<std::size_t> batches;
    std::vector<std::string> values;
    std::atomic<bool> fails{false};
    std::atomic<bool> hangs{false};
    std::atomic<bool> is_writing{false};
};

class WatchedSink final : public Sink {
public:
    explicit WatchedSink(Behaviour& behaviour) : behaviour_(behaviour) {}
    Status write(std::span<const SinkRecord> records) override {
        behaviour_.is_writing = true;
        while (behaviour_.hangs) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        if (behaviour_.fails) {
            return failure(make_error(ErrorCode::sink_failed, "told to fail"));
        }
        const std::lock_guard lock(behaviour_.mutex);
        behaviour_.batches.push_back(records.size());
        for (const auto& record : records) {
            behaviour_.values.push_back(record.value);
        }
        return {};
    }
    std::string name() const override { return "watched"; }

private:
    Behaviour& behaviour_;
};

std::unique_ptr<QueuedSink> open_queue(Behaviour& behaviour,
                                       const QueuedSinkOptions& options = {}) {
    return std::make_unique<QueuedSink>(std::make_unique<WatchedSink>(behaviour), options);
}

TEST(QueuedSinks, RecordsArriveInTheirOrder) {
    Behaviour behaviour;
    const auto queue = open_queue(behaviour, {.batch_records_max = 2});
    for (const char* const value : {"a", "b", "c", "d", "e"}) {
        queue->offer({.value = value});
    }
    queue->close(milliseconds(5'000));
    EXPECT_EQ(behaviour.values, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
    EXPECT_EQ(queue->counters().written, 5U);
    EXPECT_EQ(queue->counters().waiting, 0U);
}

TEST(QueuedSinks, AFailureIsCountedAndToldAndWorkGoesOn) {
    Behaviour behaviour;
    behaviour.fails = true;
    std::atomic<std::size_t> lost{0};
    const auto queue = open_queue(
        behaviour, {.on_failure = [&lost](const Error&, std::size_t count) { lost += count; }});
    queue->offer({.value = "a"});
    while (queue->counters().failed == 0) {
        std::this_thread::sleep_for(milliseconds(1));
    }
    behaviour.fails = false;
    queue->offer({.value = "b"});
    queue->close(milliseconds(5'000));
    EXPECT_EQ(lost, 1U);
    EXPECT_EQ(behaviour.values, std::vector<std::string>{"b"});
}

TEST(QueuedSinks, ASinkThatHangsDelaysNobodyAndTheQueueIsBounded) {
    Behaviour behaviour;
    behaviour.hangs = true;
    const auto queue = open_queue(behaviour, {.records_max = 3, .bytes_max = 10});
    queue->offer({.value = "in hand"});
    while (!behaviour.is_writing) {
        std::this_thread::sleep_for(milliseconds(1));
    }
    queue->offer({.value = "1234"});
    queue->offer({.value = "1234"});
    queue->offer({.value = "123"});  // the eleventh byte
    queue->offer({.value = "12"});
    queue->offer({.value = ""});  // the fourth record
    EXPECT_EQ(queue->counters().dropped, 2U);
    EXPECT_EQ(queue->counters().waiting, 4U);
    behaviour.hangs = false;
    queue->close(milliseconds(5'000));
    EXPECT_EQ(queue->counters().written, 4U);
}

TEST(QueuedSinks, WhatIsLeftWhenItIsClosedInAHurryIsCountedAsDropped) {
    Behaviour behaviour;
    behaviour.hangs = true;
    const auto queue = open_queue(behaviour);
    queue->offer({.value = "a"});
    while (!behaviour.is_writing) {
        std::this_thread::sleep_for(milliseconds(1));
    }
    queue->offer({.value = "b"});
    std::size_t offered = 2;
    std::thread later([&] {  // the sink goes on when the queue takes no more: it is being closed
        for (; queue->counters().dropped == 0; ++offered) {
            queue->offer({.value = "c"});
            std::this_thread::sleep_for(milliseconds(1));
        }
        behaviour.hangs = false;
    });
    queue->close(milliseconds(0));
    later.join();
    EXPECT_EQ(queue->counters().written, 1U);
    EXPECT_EQ(queue->counters().dropped, offered - 1);
}

}  // namespace
}  // namespace symbolon::client
