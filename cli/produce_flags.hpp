// The flags of `symbolon produce`, and what of the library they stand for.
//
// Example:  add_produce_flags(*command, flags);  …  SYMBOLON_TRY(auto options, to_options(flags));
// Errors:   malformed_request: called wrongly
// Units:    milliseconds, seconds, bytes; in each flag's name or help
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/e2e/produce.py
#pragma once

#include "cli/avro_json_flags.hpp"
#include "cli/kafka_flags.hpp"
#include "cli/registry_options.hpp"
#include "client/producer/event_schema.hpp"
#include "client/producer/ingest_target.hpp"
#include "client/producer/producer.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace symbolon::cli {

struct ProduceFlags {
    std::string input{};  ///< empty: standard input, or nothing with --resume
    std::string to{};
    std::string subject{};
    std::int32_t version = 0;  ///< 0: the latest
    std::string schema_file{};
    std::string schema_type{};
    bool auto_register = false;
    std::string encoding{};
    AvroJsonFlags json{};
    std::string ingest_path{client::ingest_path};
    KafkaFlags kafka{};
    std::string codec = "deflate";
    std::vector<std::string> hand_off{};
    bool assert_formats = false;
    bool no_defaults = false;
    bool no_dedup = false;
    bool atomic = false;
    bool resume = false;
    bool resend_lost = false;
    bool dry_run = false;
    std::int64_t dedup_window_seconds = 300;
    std::size_t requests = 0;  ///< 0: by the target
    std::int64_t linger_ms = 1'000;
    std::int64_t linger_max_ms = 5'000;
    std::int64_t send_timeout_ms = 15'000;
    std::int64_t retry_after_ms = 2'000;
    std::int64_t retry_after_max_ms = 60'000;
    std::int64_t connect_wait_ms = 2'000;
    std::int64_t drain_ms = 30'000;
    std::string audit{};
    std::string rejects{};
    std::string metrics_file{};
    std::string metrics_url{};
    std::string progress = "auto";
    client::ProducerOptions options{};  ///< those that need no translation
    client::IngestOptions ingest{};     ///< likewise
    RegistryFlags registry{};
    PlatformFlags platform{};
};

void add_produce_flags(CLI::App& command, ProduceFlags& flags);

/// What to do with the events, without a schema yet.
Result<client::ProducerOptions> to_options(const ProduceFlags& flags);
Result<client::IngestOptions> to_ingest_options(const ProduceFlags& flags);
Result<client::EventSchemaChoice> to_schema_choice(const ProduceFlags& flags);

}  // namespace symbolon::cli
