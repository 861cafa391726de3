// Lines and messages of JSON that stand for an event, as our queues write them, turned back into
// it.
//
// A record of the retry or dead-letter queue is the event in its `original_event`; one from the
// retry queue brings its number of attempts along, any other begins anew. {"payload_base64":…} is
// the bytes. Everything else is the event itself.
//
// Example:  Event event = unwrap_event(std::move(line));
// Errors:   none: what looks like a record and is none is an event that will not be decoded
// Units:    bytes
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/event_line_test.cpp
#pragma once

#include "client/decoder/event.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <string>

namespace symbolon::client {

/// Records of our queues are longer than their event: base64 takes a third more, and there are
/// headers and schemas.
inline constexpr std::size_t event_line_bytes_max = 2 * limits::event_bytes_max;

Event unwrap_event(std::string bytes);

}  // namespace symbolon::client
