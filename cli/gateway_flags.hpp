// The flags of `symbolon gateway`, with their defaults, as they are and as the gateway's own
// options.
//
// Example:  add_gateway_flags(*command, flags);
//           SYMBOLON_TRY(auto program, open_gateway(flags, log));
// Errors:   malformed_request: called wrongly (exit 2)
// Units:    milliseconds, bytes, counts: the last word of a name
// Threads:  one at a time
// Source:   contract of the event clients, section 4
// Tested by tests/e2e/gateway.py
#pragma once

#include "cli/avro_json_flags.hpp"
#include "cli/kafka_flags.hpp"
#include "cli/registry_options.hpp"
#include "client/gateway/dispatcher.hpp"
#include "client/gateway/gateway.hpp"
#include "client/gateway/schema_keeper.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symbolon::cli {

struct GatewayFlags {
    bool once = false;
    std::string listen = "http://127.0.0.1:8090";
    std::string path = "/eventbridge/subscription";
    std::size_t workers = 128;
    std::int64_t drain_ms = 10'000;
    std::string log_level = "info";

    RegistryFlags registry{};
    std::string subject{};
    std::string version = "latest";
    std::int64_t schema_ttl_s = 300;
    std::string event_id = "/id";
    std::size_t body_bytes_max = limits::body_bytes_max_default;
    std::string mapping_file{};

    std::vector<std::string> masks{"email", "name", "phone"};
    std::vector<std::string> anomalies{"stderr:"};
    std::string aws_region{};
    std::string aws_endpoint{};
    std::string aws_access_key_id{};
    std::string aws_secret_access_key{};
    std::string aws_secret_access_key_file{};
    std::string aws_session_token{};

    std::string downstream{};
    PlatformFlags platform{};
    std::string output_subject{};
    std::string output_version = "latest";
    AvroJsonFlags json{};
    KafkaFlags kafka{};
    client::DispatcherOptions dispatch{};
    std::int64_t retry_base_ms = 1'000;
    std::int64_t jitter_ms = 1'000;
    std::int64_t deadline_ms = 45'000;
    std::int64_t call_timeout_ms = 10'000;
    std::int64_t breaker_window_ms = 60'000;
    std::int64_t breaker_pause_ms = 30'000;
};

void add_gateway_flags(CLI::App& command, GatewayFlags& flags);

Result<client::WantedVersion> parse_wanted_version(const std::string& text);
Result<client::GatewaySettings> settings_of(const GatewayFlags& flags);
client::DispatcherOptions dispatcher_options_of(const GatewayFlags& flags);

}  // namespace symbolon::cli
