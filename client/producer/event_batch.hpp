// What goes through the producer: events, the batches that they travel in, and those that were
// refused.
//
// A batch stands for an interval of the input: beside the events to send it counts those between
// them that were rejected or were duplicates, so that each event of the input belongs to one batch
// and is settled with it.
//
// Units:    indexes count the events of the input from 0
// Threads:  values
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/batcher_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::client {

struct IngestEvent {
    std::uint64_t index = 0;
    std::string text{};                 ///< JSON on one line
    std::optional<std::string> body{};  ///< as an Avro or Protobuf schema encodes it
    std::string duplicate_key{};        ///< empty: never a duplicate
    std::string message_key{};          ///< Kafka's; empty: none
};

struct Rejection {
    std::uint64_t index = 0;
    std::string reason{};
    std::string event{};  ///< the text as it came
};

/// How many events ended how.
struct Tally {
    std::uint64_t sent = 0;
    std::uint64_t rejected = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t spooled = 0;

    std::uint64_t sum() const { return sent + rejected + duplicates + spooled; }
    Tally& operator+=(const Tally& other) {
        sent += other.sent;
        rejected += other.rejected;
        duplicates += other.duplicates;
        spooled += other.spooled;
        return *this;
    }
    friend bool operator==(const Tally&, const Tally&) = default;
};

enum class BatchOrigin : std::uint8_t {
    input,
    spool,             ///< of another run, or of one without a checkpoint
    spool_of_own_run,  ///< its events are counted already, as spooled
};

struct EventBatch {
    std::string request_id{};
    std::uint64_t begin = 0;  ///< the input's interval, its end excluded
    std::uint64_t end = 0;
    std::vector<IngestEvent> events{};
    std::vector<Rejection> rejections{};
    std::uint64_t duplicates = 0;
    BatchOrigin origin = BatchOrigin::input;
};

}  // namespace symbolon::client
