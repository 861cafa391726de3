#include "client/producer/batcher.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

constexpr std::size_t comma_bytes = 1;

// One invalid event takes the others along.
void reject_all(EventBatch& batch) {
    const auto cause = batch.rejections.front().index;
    for (auto& event : batch.events) {
        batch.rejections.push_back(
            {.index = event.index,
             .reason = fmt::format("rejected with its batch: event {} is invalid", cause),
             .event = std::move(event.text)});
    }
    batch.events.clear();
    std::sort(batch.rejections.begin(), batch.rejections.end(),
              [](const Rejection& one, const Rejection& other) { return one.index < other.index; });
}

}  // namespace

void Batcher::begin_with(std::uint64_t index, TimePoint now) {
    if (!open_) {
        open_ = true;
        since_ = now;
        batch_.begin = index;
    }
    batch_.end = index + 1;
}

std::vector<EventBatch> Batcher::add(IngestEvent event, std::size_t bytes, TimePoint now) {
    std::vector<EventBatch> closed;
    if (bytes + batch_bracket_bytes > options_.bytes_max) {
        auto reason = fmt::format("the event takes {} bytes, and a batch at most {}", bytes,
                                  options_.bytes_max);
        if (auto batch = add_rejection(
                {.index = event.index, .reason = std::move(reason), .event = std::move(event.text)},
                now)) {
            closed.push_back(std::move(*batch));
        }
        return closed;
    }
    if (bytes_ + bytes + comma_bytes + batch_bracket_bytes > options_.bytes_max + comma_bytes) {
        closed.push_back(*take());
    }
    begin_with(event.index, now);
    bytes_ += bytes + comma_bytes;
    batch_.events.push_back(std::move(event));
    if (batch_.events.size() >= options_.events_max) {
        closed.push_back(*take());
    } else if (auto batch = take_if_long()) {
        closed.push_back(std::move(*batch));
    }
    return closed;
}

std::optional<EventBatch> Batcher::add_rejection(Rejection rejection, TimePoint now) {
    begin_with(rejection.index, now);
    rejected_bytes_ += rejection.event.size();
    batch_.rejections.push_back(std::move(rejection));
    // In atomic mode it counts like an event, so that it spoils no more than a batch.
    if (options_.mode == BatchMode::atomic &&
        batch_.events.size() + batch_.rejections.size() >= options_.events_max) {
        return take();
    }
    return take_if_long();
}

std::optional<EventBatch> Batcher::add_duplicate(std::uint64_t index, TimePoint now) {
    begin_with(index, now);
    ++batch_.duplicates;
    return take_if_long();
}

// Limit: what waits between the events of a batch is bounded too.
std::optional<EventBatch> Batcher::take_if_long() {
    const auto held = batch_.end - batch_.begin;
    if (held >= limits::batch_interval_events_max || rejected_bytes_ >= options_.bytes_max ||
        (options_.mode == BatchMode::atomic && held >= options_.events_max)) {
        return take();
    }
    return std::nullopt;
}

std::optional<EventBatch> Batcher::take_due(TimePoint now) {
    if (!open_) {
        return std::nullopt;
    }
    const auto age = now - since_;
    if (age >= options_.linger_max ||
        (age >= options_.linger && batch_.events.size() >= options_.events_min)) {
        return take();
    }
    return std::nullopt;
}

std::optional<EventBatch> Batcher::take() {
    if (!open_) {
        return std::nullopt;
    }
    open_ = false;
    bytes_ = 0;
    rejected_bytes_ = 0;
    auto batch = std::exchange(batch_, EventBatch{});
    if (options_.mode == BatchMode::atomic && !batch.rejections.empty()) {
        reject_all(batch);
    }
    return batch;
}

}  // namespace symbolon::client
