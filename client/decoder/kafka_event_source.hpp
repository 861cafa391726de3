// Events from Kafka topics, as a member of a consumer group: positions are committed when the
// decoder's run says that every record of the batch is in its place, and not before.
//
// A message that is a record of one of our queues is the event in it, with its attempts.
//
// Example:  SYMBOLON_TRY(auto source, open_kafka_event_source("orders,payments", options));
// Errors:   cannot_start (no brokers, no group, a wrong property), unavailable
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/event_source_test.cpp
#pragma once

#include "client/decoder/event_source.hpp"

#include <memory>
#include <string>

namespace symbolon::client {

/// `topics` are separated by commas.
Result<std::unique_ptr<EventSource>> open_kafka_event_source(const std::string& topics,
                                                             const EventSourceOptions& options);

}  // namespace symbolon::client
