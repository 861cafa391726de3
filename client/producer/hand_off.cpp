#include "client/producer/hand_off.hpp"

#include <utility>

namespace symbolon::client {

HandOff::HandOff(std::vector<EventDestination> targets, SchemaId id, std::size_t batches_max,
                 ProducerRecords& records, Clock& clock)
    : targets_(std::move(targets)),
      id_(id),
      batches_max_(batches_max),
      records_(records),
      clock_(clock) {
    if (!targets_.empty()) {
        worker_ = std::thread([this] { work(); });
    }
}

HandOff::~HandOff() {
    hurry();
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    if (worker_.joinable()) {
        worker_.join();
    }
}

void HandOff::push(EventBatch batch) {
    if (targets_.empty()) {
        return;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.size() < batches_max_; });
    queue_.push_back(std::move(batch));
    lock.unlock();
    changed_.notify_all();
}

void HandOff::drain(std::optional<std::chrono::steady_clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto idle = [this] { return queue_.empty() && !busy_; };
    if (until && !changed_.wait_until(lock, *until, idle)) {
        hurry();
    }
    changed_.wait(lock, idle);
}

std::uint64_t HandOff::failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
}

void HandOff::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return !queue_.empty() || closing_; });
        if (queue_.empty()) {
            return;
        }
        const auto batch = std::move(queue_.front());
        queue_.pop_front();
        busy_ = true;
        lock.unlock();
        changed_.notify_all();
        deliver(batch);
        lock.lock();
        busy_ = false;
        changed_.notify_all();
    }
}

void HandOff::deliver(const EventBatch& batch) {
    for (const auto& destination : targets_) {
        const auto records = encode_events(batch.events, destination.encoding, id_);
        const auto began = clock_.now();
        const auto outcome = destination.target->send(
            {.request_id = batch.request_id, .records = records, .hurry = hurry_.get_token()});
        const auto target = destination.target->name();
        records_.note_handed_off(
            {.request_id = batch.request_id,
             .target = target,
             .events = records.size(),
             .latency = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - began),
             .reason = outcome.reason,
             .status = outcome.status,
             .attempts = outcome.attempts},
            outcome.fate);
        if (outcome.fate != SendFate::acknowledged) {
            const std::lock_guard lock(mutex_);
            ++failed_;
        }
    }
}

}  // namespace symbolon::client
