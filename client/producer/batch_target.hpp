// Where batches of events go: the platform's ingest endpoint, a Kafka topic, a file.
//
// Example:  const SendOutcome outcome = target.send({.request_id = id, .records = records});
// Errors:   none: the outcome says what became of the batch
// Units:    milliseconds
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/ingest_target_test.cpp
#pragma once

#include "client/producer/event_batch.hpp"
#include "client/sink/sink.hpp"
#include "core/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

enum class SendFate : std::uint8_t {
    acknowledged,
    rejected,  ///< the events are at fault, and sending them again would not help
    unsent,    ///< not acknowledged; whether they arrived may be unknown
};

struct SendOutcome {
    SendFate fate = SendFate::acknowledged;
    std::string reason{};  ///< of what is not acknowledged
    int status = 0;        ///< HTTP's; 0: none
    int attempts = 1;
    /// Where some records were acknowledged and others not: positions of the latter.
    std::vector<std::size_t> unsent{};
};

struct OutgoingBatch {
    std::string_view request_id{};
    std::span<const SinkRecord> records{};
    /// Asked to stop: no further wait and no further attempt.
    std::stop_token hurry{};
};

class BatchTarget {
public:
    BatchTarget() = default;
    BatchTarget(const BatchTarget&) = delete;
    BatchTarget& operator=(const BatchTarget&) = delete;
    BatchTarget(BatchTarget&&) = delete;
    BatchTarget& operator=(BatchTarget&&) = delete;
    virtual ~BatchTarget() = default;

    virtual SendOutcome send(const OutgoingBatch& batch) = 0;
    /// What the event takes of a batch's bytes: its text's, unless it travels in a longer form.
    virtual std::size_t bytes_of(const IngestEvent& event) const { return event.text.size(); }
    /// For messages and records: "http://platform/api/v2/events/ingest", "topic orders".
    virtual std::string name() const = 0;
};

/// What a record's value is.
enum class EventEncoding : std::uint8_t {
    json,       ///< the event's text
    confluent,  ///< 00, the schema's id, and the body of its type
    datum,      ///< the bare body: what a container file of an Avro schema holds
    wrapped,    ///< a datum of wrapped_event_schema
};

/// For container files of events whose schema is not Avro.
inline constexpr std::string_view wrapped_event_schema =
    R"({"type":"record","name":"JsonEvent","namespace":"symbolon",)"
    R"("doc":"An event as JSON text.","fields":[{"name":"event","type":"string"}]})";

/// REQUIRES: for `confluent`, an id.
std::vector<SinkRecord> encode_events(std::span<const IngestEvent> events, EventEncoding encoding,
                                      SchemaId id);

/// A target and how its records are written.
struct EventDestination {
    std::unique_ptr<BatchTarget> target{};
    EventEncoding encoding = EventEncoding::json;
};

/// Records go to a sink, one batch at a time. REQUIRES: the encoding suits it.
std::unique_ptr<BatchTarget> sink_target(std::unique_ptr<Sink> sink);

}  // namespace symbolon::client
