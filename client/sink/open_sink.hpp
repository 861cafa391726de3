// Opens a sink by what a user writes on a command line.
//
// PATH or file:PATH   JSON Lines, appended, on the disk when a write returns
// kafka:TOPIC         a record each, acknowledged by all replicas when a write returns
// stdout: or -        lines on standard output
// stderr:             lines on standard error
//
// Example:  SYMBOLON_TRY(auto sink, open_sink("file:dead_letters.jsonl", {}));
// Errors:   sink_failed
// Threads:  any thread; a sink belongs to one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/sink/open_sink_test.cpp
#pragma once

#include "client/sink/sink.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

struct SinkOptions {
    std::string brokers{};                                  ///< "host:port,host:port", for kafka:
    std::map<std::string, std::string> kafka_properties{};  ///< librdkafka's names
};

Result<std::unique_ptr<Sink>> open_sink(std::string_view url, const SinkOptions& options);

/// Whether open_sink() would know what to open, for those who open it when they need it: nothing is
/// opened or made.
Status check_sink_url(std::string_view url, const SinkOptions& options);

/// The path when `url` names a file.
std::optional<std::string> find_sink_path(std::string_view url);

}  // namespace symbolon::client
