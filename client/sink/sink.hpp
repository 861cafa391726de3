// Where records go: a JSON Lines file, a Kafka topic, an HTTP endpoint, a container file.
//
// Example:  SYMBOLON_CHECK(sink.write(records));
// Errors:   sink_failed; what was written before it may be there
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/sink/file_sink_test.cpp
#pragma once

#include "core/result.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {

struct SinkRecord {
    std::string value{};  ///< a JSON text without line breaks for line files; bytes elsewhere
    std::string key{};    ///< Kafka's; empty: none
    std::vector<std::pair<std::string, std::string>> headers{};
};

class Sink {
public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    Sink(Sink&&) = delete;
    Sink& operator=(Sink&&) = delete;
    virtual ~Sink() = default;

    /// ok: every record is where it belongs, on disk or acknowledged.
    virtual Status write(std::span<const SinkRecord> records) = 0;
    /// For messages: "file dead_letters.jsonl", "topic orders".
    virtual std::string name() const = 0;
};

}  // namespace symbolon::client
