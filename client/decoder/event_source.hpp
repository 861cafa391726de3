// Where events come from, batch by batch: a file, standard input, or a Kafka topic.
//
// A file or standard input holds lines of JSON, lines of base64, one message, or an Avro container
// file, whose records are events of their own; which of them, its first bytes tell. A line is
// bounded: what is longer comes as a broken event with its beginning. What cannot be read of a
// container file is a broken event too, see container_events.hpp.
//
// Example:  SYMBOLON_TRY(auto source, open_event_source("events.jsonl", options));
//           SYMBOLON_TRY(auto events, source->read({}));  …  SYMBOLON_CHECK(source->commit());
// Errors:   cannot_start (no such file), unavailable (reading fails, no brokers)
// Units:    bytes, counts, milliseconds
// Threads:  one at a time
// Limits:   event_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/event_source_test.cpp
#pragma once

#include "client/codec/avro_container.hpp"
#include "client/decoder/event.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct BatchBounds {
    std::size_t events_max = 500;
    std::size_t bytes_max = 8U << 20U;  ///< one event may be larger
    /// For the first event of a batch; none came: an empty batch.
    std::chrono::milliseconds wait{200};
};

class EventSource {
public:
    EventSource() = default;
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;
    EventSource(EventSource&&) = delete;
    EventSource& operator=(EventSource&&) = delete;
    virtual ~EventSource() = default;

    virtual Result<std::vector<Event>> read(const BatchBounds& bounds) = 0;
    /// Nothing more will come.
    virtual bool at_end() const = 0;
    /// Everything that was read is in its place: a source that remembers goes on behind it.
    virtual Status commit() = 0;
    /// Takes in nothing more. What came through a pipe already is still handed out by read(), then
    /// the source is at its end; a file or topic, which the next run finds as it is, ends at once.
    virtual Status stop_reading() = 0;
    virtual std::string name() const = 0;
};

enum class InputForm : std::uint8_t {
    recognised,
    lines,         ///< an event a line
    base64_lines,  ///< a message a line, in base64
    message,       ///< all of it is one message
    container,     ///< an Avro container file
};

/// Whether a source ends where there is no more now.
enum class AtEnd : std::uint8_t { stop, wait };

struct EventSourceOptions {
    InputForm form = InputForm::recognised;
    ContainerLimits container{};
    // Kafka's.
    std::string brokers{};
    std::string group{};
    std::map<std::string, std::string> kafka_properties{};
    AtEnd at_topic_end = AtEnd::wait;
    /// Asked where read() waits for the rest of something; true: it waits no longer.
    std::function<bool()> stop{};
};

/// `input`: a path, "-" for standard input, or "kafka:TOPIC[,TOPIC…]".
Result<std::unique_ptr<EventSource>> open_event_source(const std::string& input,
                                                       const EventSourceOptions& options);
/// From an open descriptor, which it closes unless it is standard input.
Result<std::unique_ptr<EventSource>> open_event_descriptor(int descriptor, std::string name,
                                                           const EventSourceOptions& options);

}  // namespace symbolon::client
