// A target for tests: does with each batch as it is told, and remembers them.
//
// Example:  auto log = std::make_shared<TargetLog>();  log->tell({.fate = SendFate::unsent});
// Threads:  any thread
// Tested by tests/unit/client/producer/producer_test.cpp
#pragma once

#include "client/producer/batch_target.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client::tests {

struct SeenBatch {
    std::string request_id;
    std::vector<std::string> values;
    std::vector<std::string> keys;
};

/// What the target did and is to do; outlives it.
class TargetLog {
public:
    /// The next batch's outcome; what was not told is acknowledged.
    void tell(SendOutcome outcome) {
        const std::lock_guard lock(mutex_);
        outcomes_.push_back(std::move(outcome));
    }
    /// From now on every batch waits until open().
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    void open() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = false;
        }
        changed_.notify_all();
    }
    std::vector<SeenBatch> batches() const {
        const std::lock_guard lock(mutex_);
        return batches_;
    }
    /// All events that were acknowledged.
    std::vector<std::string> acknowledged() const {
        const std::lock_guard lock(mutex_);
        return acknowledged_;
    }
    std::size_t at_a_time_max() const {
        const std::lock_guard lock(mutex_);
        return at_a_time_max_;
    }
    void wait_for_sending(std::size_t batches) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return at_a_time_ >= batches; });
    }

    SendOutcome take(const OutgoingBatch& batch) {
        std::unique_lock lock(mutex_);
        ++at_a_time_;
        at_a_time_max_ = std::max(at_a_time_max_, at_a_time_);
        changed_.notify_all();
        const std::stop_callback wake(batch.hurry, [this] { changed_.notify_all(); });
        while (closed_ && !batch.hurry.stop_requested()) {
            // Why: the stop may come between the question and the wait.
            changed_.wait_for(lock, std::chrono::milliseconds(20));
        }
        SendOutcome outcome;
        if (batch.hurry.stop_requested()) {
            outcome = {.fate = SendFate::unsent, .reason = "told to stop"};
        } else if (!outcomes_.empty()) {
            outcome = outcomes_.front();
            outcomes_.pop_front();
        }
        SeenBatch seen{std::string(batch.request_id), {}, {}};
        for (std::size_t at = 0; at < batch.records.size(); ++at) {
            seen.values.push_back(batch.records[at].value);
            seen.keys.push_back(batch.records[at].key);
            const bool left =
                outcome.fate != SendFate::acknowledged &&
                (outcome.unsent.empty() || std::find(outcome.unsent.begin(), outcome.unsent.end(),
                                                     at) != outcome.unsent.end());
            if (!left) {
                acknowledged_.push_back(batch.records[at].value);
            }
        }
        batches_.push_back(std::move(seen));
        --at_a_time_;
        return outcome;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<SendOutcome> outcomes_;
    std::vector<SeenBatch> batches_;
    std::vector<std::string> acknowledged_;
    std::size_t at_a_time_ = 0;
    std::size_t at_a_time_max_ = 0;
    bool closed_ = false;
};

class FakeTarget final : public BatchTarget {
public:
    explicit FakeTarget(std::shared_ptr<TargetLog> log) : log_(std::move(log)) {}
    SendOutcome send(const OutgoingBatch& batch) override { return log_->take(batch); }
    std::string name() const override { return "fake"; }

private:
    std::shared_ptr<TargetLog> log_;
};

/// Keeps the lines of an audit or of rejects.
class KeptLines final : public Sink {
public:
    explicit KeptLines(std::shared_ptr<std::vector<std::string>> lines)
        : lines_(std::move(lines)) {}
    Status write(std::span<const SinkRecord> records) override {
        for (const auto& record : records) {
            lines_->push_back(record.value);
        }
        return {};
    }
    std::string name() const override { return "lines"; }

private:
    std::shared_ptr<std::vector<std::string>> lines_;
};

}  // namespace symbolon::client::tests
