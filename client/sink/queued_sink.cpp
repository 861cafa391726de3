#include "client/sink/queued_sink.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace symbolon::client {

QueuedSink::QueuedSink(std::unique_ptr<Sink> sink, QueuedSinkOptions options)
    : options_(std::move(options)),
      sink_(std::move(sink)),
      name_(sink_->name()),
      thread_([this] { work(); }) {}

QueuedSink::~QueuedSink() {
    close(std::chrono::milliseconds(0));
}

void QueuedSink::offer(SinkRecord record) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_ || records_.size() >= options_.records_max ||
            bytes_ + record.value.size() > options_.bytes_max) {
            ++counters_.dropped;
            return;
        }
        bytes_ += record.value.size();
        records_.push_back(std::move(record));
    }
    changed_.notify_one();
}

void QueuedSink::close(std::chrono::milliseconds time) {
    {
        const std::lock_guard lock(mutex_);
        if (!closing_) {
            closing_ = true;
            close_until_ = std::chrono::steady_clock::now() + time;
        }
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::vector<SinkRecord> QueuedSink::take_batch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || !records_.empty(); });
    if (closing_ && std::chrono::steady_clock::now() >= close_until_) {
        counters_.dropped += records_.size();
        records_.clear();
        bytes_ = 0;
        return {};
    }
    std::vector<SinkRecord> batch;
    const auto count = std::min(records_.size(), options_.batch_records_max);
    batch.reserve(count);
    for (std::size_t at = 0; at < count; ++at) {
        bytes_ -= records_.front().value.size();
        batch.push_back(std::move(records_.front()));
        records_.pop_front();
    }
    in_hand_ = count;
    return batch;
}

void QueuedSink::work() {
    while (true) {
        const auto batch = take_batch();
        if (batch.empty()) {
            return;  // closed, and nothing is left
        }
        const auto written = sink_->write(batch);
        if (!written && options_.on_failure) {
            options_.on_failure(written.error(), batch.size());
        }
        const std::lock_guard lock(mutex_);
        (written ? counters_.written : counters_.failed) += batch.size();
        in_hand_ = 0;
    }
}

QueuedSink::Counters QueuedSink::counters() const {
    const std::lock_guard lock(mutex_);
    auto counters = counters_;
    counters.waiting = records_.size() + in_hand_;
    return counters;
}

}  // namespace symbolon::client
