// Hands acknowledged batches to further targets, such as a data lake's container file and a
// webhook: a bounded queue and one worker.
//
// A queue that is full makes whoever pushes wait: what is acknowledged is handed on as fast as the
// targets take it. The queue is in memory: a process that is killed loses what waits in it.
//
// Example:  hand_off.push(std::move(batch));  …  hand_off.drain();
// Errors:   none: what failed is counted and in the audit
// Units:    batches
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/hand_off_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/producer/batch_target.hpp"
#include "client/producer/producer_records.hpp"
#include "core/ids.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace symbolon::client {

class HandOff {
public:
    /// `records` and `clock` outlive it.
    HandOff(std::vector<EventDestination> targets, SchemaId id, std::size_t batches_max,
            ProducerRecords& records, Clock& clock);
    ~HandOff();
    HandOff(const HandOff&) = delete;
    HandOff& operator=(const HandOff&) = delete;
    HandOff(HandOff&&) = delete;
    HandOff& operator=(HandOff&&) = delete;

    void push(EventBatch batch);
    /// Returns when all that was pushed was handed on, or failed. At `until` it hurries.
    void drain(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt);
    /// From now on no target waits to try again.
    void hurry() { hurry_.request_stop(); }
    /// Batches that a target did not take, each target counted.
    std::uint64_t failed() const;

private:
    void work();
    void deliver(const EventBatch& batch);

    std::vector<EventDestination> targets_;
    SchemaId id_;
    std::size_t batches_max_;
    ProducerRecords& records_;
    Clock& clock_;
    std::stop_source hurry_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<EventBatch> queue_;  // guarded by mutex_, as what follows
    bool busy_ = false;
    bool closing_ = false;
    std::uint64_t failed_ = 0;
    std::thread worker_;
};

}  // namespace symbolon::client
