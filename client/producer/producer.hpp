// Takes events as JSON texts, validates them by a schema, drops duplicates, and sends them in
// batches; what was not acknowledged is in a spool file, and every event ends in one count:
// in = sent + rejected + duplicates + spooled.
//
// submit() waits while too many batches are on their way. With a checkpoint file a new Producer on
// the same input passes over what the last one settled, however that ended: an event is then sent
// again only when its batch was on its way, and with the X-Request-Id that it had where the batch
// is cut as it was, by number and bytes.
//
// Example:  SYMBOLON_TRY(auto schema, find_event_schema({.subject = "orders-value"}, &registry));
//           SYMBOLON_TRY(auto producer, Producer::open({.schema = schema}, {.to = …}, clock));
//           SYMBOLON_TRY(const auto fate, producer->submit(R"({"orderId":7})"));
//           SYMBOLON_CHECK(producer->flush());
// Errors:   invalid_schema, malformed_request (options), malformed_datum (a damaged spool or
//           checkpoint, or one of another input), sink_failed (spool, checkpoint, audit, rejects);
//           that an event is invalid or a batch is not acknowledged is no error but counted
// Units:    events, batches, bytes, milliseconds
// Threads:  any thread; submit() takes one event at a time
// Limits:   duplicate_keys_bytes_max, batch_interval_events_max, spool_line_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/producer_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/metrics/metrics.hpp"
#include "client/producer/batch_target.hpp"
#include "client/producer/batcher.hpp"
#include "client/producer/deduplicator.hpp"
#include "client/producer/event_schema.hpp"
#include "client/producer/event_validator.hpp"
#include "client/sink/sink.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct ProducerOptions {
    RegisteredSchemaPtr schema{};  ///< required: find_event_schema
    EventFormats formats = EventFormats::annotate;
    FillDefaults defaults = FillDefaults::yes;
    AvroJsonOptions json{};  ///< how events of an Avro schema are written
    DuplicateOptions duplicates{};
    BatchOptions batch{};
    /// The value that becomes the message's key in Kafka.
    std::string key_pointer = "/interactionId";
    std::size_t requests_max = 5;        ///< batches that are sent at a time
    std::size_t queue_batches_max = 10;  ///< batches that wait for that
    std::size_t hand_off_batches_max = 100;
    std::string spool_file = "symbolon-produce.spool.jsonl";  ///< there while it runs
    std::string checkpoint_file{};                            ///< empty: none
};

struct ProducerParts {
    EventDestination to{};                     ///< required
    std::vector<EventDestination> hand_off{};  ///< get each acknowledged batch
    std::unique_ptr<Sink> audit{};
    std::unique_ptr<Sink> rejects{};
    Metrics* metrics = nullptr;  ///< outlives the producer
};

struct ProducerCounts {
    std::uint64_t in = 0;
    Tally tally{};
    std::uint64_t batches = 0;   ///< that have an outcome
    std::uint64_t attempts = 0;  ///< to send them
    std::uint64_t hand_off_failed = 0;
    std::uint64_t settled_before = 0;         ///< by earlier runs, as the checkpoint says
    std::string spool_reason{};               ///< why this run's latest batch was not acknowledged
    std::chrono::milliseconds latency_sum{};  ///< of the batches
    std::chrono::milliseconds latency_max{};

    /// Taken, and not settled yet.
    std::uint64_t pending() const { return in - tally.sum(); }
};

enum class SubmitFate : std::uint8_t {
    taken,
    duplicate,
    rejected,
    done_before,  ///< the checkpoint says so
};

class Producer {
public:
    /// `clock` outlives the producer.
    static Result<std::unique_ptr<Producer>> open(ProducerOptions options, ProducerParts parts,
                                                  Clock& clock);
    /// What is not sent yet goes to the spool.
    ~Producer();
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;
    Producer(Producer&&) = delete;
    Producer& operator=(Producer&&) = delete;

    /// The next event of the input. Fails when events can no longer be kept account of.
    Result<SubmitFate> submit(std::string_view json_text);
    /// The next event of the input is refused unseen, such as a line that is too long.
    Status reject(std::string_view text, std::string reason);
    /// Sends what the spool holds, before what is submitted next.
    Status resume();
    /// Returns when everything that was taken has an outcome and was handed on. After `patience`
    /// no further attempt is made: what is left goes to the spool, or was not handed on.
    Status flush(std::optional<std::chrono::milliseconds> patience = std::nullopt);
    /// From now on no further attempt is made: what is not sent goes to the spool.
    void hurry();
    ProducerCounts counts() const;

private:
    class Impl;
    explicit Producer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Takes everything and keeps nothing: for dry runs.
std::unique_ptr<BatchTarget> discard_target();

/// "12,300 in, 12,100 sent, …, 5,400 events/s, 12 ms a batch": for a terminal.
std::string to_progress_line(const ProducerCounts& counts, std::chrono::milliseconds elapsed);

}  // namespace symbolon::client
