// Groups events into batches by number, bytes and age.
//
// A batch closes at events_max events or before it would exceed bytes_max bytes; when it has waited
// for `linger` and has at least events_min events; and after `linger_max` whatever it has. An event
// that alone exceeds the bytes is rejected. In atomic mode one invalid event rejects all that share
// its batch.
//
// Example:  for (auto& batch : batcher.add(event, bytes, clock.now())) …
// Errors:   none: what does not fit is a Rejection in its batch
// Units:    bytes of the JSON array that a batch is sent as; milliseconds
// Threads:  one at a time
// Limits:   batch_interval_events_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/batcher_test.cpp
#pragma once

#include "client/producer/event_batch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace symbolon::client {

/// Of the array that a batch is sent as.
inline constexpr std::size_t batch_bracket_bytes = 2;

enum class BatchMode : std::uint8_t {
    one_by_one,  ///< an invalid event is rejected alone
    atomic,      ///< with all others of its batch
};

struct BatchOptions {
    std::size_t events_min = 50;
    std::size_t events_max = 100;
    std::size_t bytes_max = 500'000;
    std::chrono::milliseconds linger{1'000};
    std::chrono::milliseconds linger_max{5'000};
    BatchMode mode = BatchMode::one_by_one;
};

class Batcher {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit Batcher(BatchOptions options) : options_(options) {}

    /// Takes the next event of the input, `bytes` long when sent; answers the batches that close.
    std::vector<EventBatch> add(IngestEvent event, std::size_t bytes, TimePoint now);
    /// The next event of the input was refused.
    std::optional<EventBatch> add_rejection(Rejection rejection, TimePoint now);
    /// The next event of the input was sent before.
    std::optional<EventBatch> add_duplicate(std::uint64_t index, TimePoint now);
    /// The batch that has waited long enough.
    std::optional<EventBatch> take_due(TimePoint now);
    /// Whatever is there; nullopt: nothing is.
    std::optional<EventBatch> take();

private:
    void begin_with(std::uint64_t index, TimePoint now);
    std::optional<EventBatch> take_if_long();

    BatchOptions options_;
    EventBatch batch_{};
    bool open_ = false;
    std::size_t bytes_ = 0;           ///< of the events, with their commas
    std::size_t rejected_bytes_ = 0;  ///< of the texts of rejections
    TimePoint since_{};
};

}  // namespace symbolon::client
