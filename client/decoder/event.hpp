// One event on its way into a decoder: a line or a message, and what is known about it from
// outside.
//
// Example:  Event event{.bytes = line, .origin = "events.jsonl:17"};
// Units:    attempts: 0 for an event that comes for the first time
// Threads:  values
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/event_line_test.cpp
#pragma once

#include "client/registry_client/schema_source.hpp"
#include "client/wire/framing.hpp"

#include <optional>
#include <string>

namespace symbolon::client {

struct Event {
    std::string bytes{};
    PayloadHeaders headers{};
    std::string key{};     ///< Kafka's; goes along with what becomes of the event
    std::string topic{};   ///< Kafka's; its values have the subject "<topic>-value"
    std::string origin{};  ///< for people: "events.jsonl:17", "orders[3]@1200"
    int attempt = 0;       ///< how often it went to the retry queue before
    /// Set for a record of a container file: `bytes` are one datum of this schema.
    RegisteredSchemaPtr schema{};
    /// Set when the source could not take the event whole: too large, or the end of a broken
    /// container file. `bytes` is what there is of it.
    std::optional<Error> broken{};
};

}  // namespace symbolon::client
