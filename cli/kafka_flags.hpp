// The flags that say how Kafka is reached: --brokers, --kafka-property and --kafka-config, and the
// password from the environment. Commands that read or write topics share them.
//
// Example:  add_kafka_flags(*command, flags, "Sending");
//           SYMBOLON_TRY(auto options, to_kafka_options(flags));
// Errors:   malformed_request (called wrongly); cannot_start (the file cannot be read). None of
//           them shows a value: it may be a password
// Threads:  one at a time, while nobody changes the environment
// Limits:   secret_file_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/cli/kafka_flags_test.cpp
#pragma once

#include "client/kafka/kafka_options.hpp"
#include "core/result.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace symbolon::cli {

struct KafkaFlags {
    std::string brokers{};
    std::vector<std::string> properties{};  ///< NAME=VALUE
    std::string config_file{};
};

/// `flags` outlives the parsing; `group` is where --help shows them.
void add_kafka_flags(CLI::App& command, KafkaFlags& flags, const std::string& group);
/// The same without --brokers, for a command that names them elsewhere.
void add_kafka_property_flags(CLI::App& command, KafkaFlags& flags, const std::string& group);

/// What --kafka-property says wins over the file's lines, and both over SYMBOLON_KAFKA_PASSWORD,
/// which is a `sasl.password`. Warns on standard error of a secret on the command line.
Result<client::KafkaOptions> to_kafka_options(const KafkaFlags& flags);

}  // namespace symbolon::cli
