// Hands records to a sink from a thread of its own, so that whoever offers them never waits and
// never fails. What the sink cannot take is counted.
//
// Example:  QueuedSink queue(std::move(sink), {});  queue.offer({.value = text});
// Errors:   none: see counters()
// Units:    counts; milliseconds
// Threads:  any thread; close() and the destructor from one
// Limits:   sink_queue_records_max, sink_queue_bytes_max, sink_batch_records_max
// Source:   contract of the event clients, section 4.3
// Tested by tests/unit/client/sink/queued_sink_test.cpp
#pragma once

#include "client/sink/sink.hpp"
#include "core/limits.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {

struct QueuedSinkOptions {
    std::size_t records_max = limits::sink_queue_records_max;
    std::size_t bytes_max = limits::sink_queue_bytes_max;
    std::size_t batch_records_max = limits::sink_batch_records_max;
    /// Told in the queue's thread of a write that failed, and how many records are lost by it.
    std::function<void(const Error& error, std::size_t lost)> on_failure{};
};

class QueuedSink {
public:
    /// A snapshot. Offered = written + failed + dropped + waiting.
    struct Counters {
        std::uint64_t written = 0;
        std::uint64_t failed = 0;   ///< the sink did not take them
        std::uint64_t dropped = 0;  ///< the queue was full, or closed
        std::uint64_t waiting = 0;
    };

    QueuedSink(std::unique_ptr<Sink> sink, QueuedSinkOptions options);
    QueuedSink(const QueuedSink&) = delete;
    QueuedSink& operator=(const QueuedSink&) = delete;
    QueuedSink(QueuedSink&&) = delete;
    QueuedSink& operator=(QueuedSink&&) = delete;
    /// As close(0).
    ~QueuedSink();

    void offer(SinkRecord record);
    /// Writes what waits, but begins no further batch after `time`; what is left is dropped.
    void close(std::chrono::milliseconds time);

    Counters counters() const;
    const std::string& name() const { return name_; }

private:
    using Moment = std::chrono::steady_clock::time_point;
    void work();
    std::vector<SinkRecord> take_batch();

    const QueuedSinkOptions options_;
    const std::unique_ptr<Sink> sink_;  ///< used by the thread alone
    const std::string name_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // --- guarded by mutex_
    std::deque<SinkRecord> records_;
    std::size_t bytes_ = 0;
    std::size_t in_hand_ = 0;  ///< given to the sink just now
    bool closing_ = false;
    Moment close_until_{};
    Counters counters_;
    std::thread thread_;  ///< last: it uses all of these
};

}  // namespace symbolon::client
