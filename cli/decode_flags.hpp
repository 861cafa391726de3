// The flags of `symbolon decode`, and what they come to.
//
// Example:  add_decode_flags(*command, flags);  …  to_decoder_options(flags, source);
// Errors:   malformed_request (called wrongly), and those of what is looked up
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/e2e/decode.py
#pragma once

#include "cli/avro_json_flags.hpp"
#include "cli/kafka_flags.hpp"
#include "cli/registry_options.hpp"
#include "client/decoder/decode_run.hpp"
#include "client/decoder/decoder.hpp"
#include "client/decoder/event_source.hpp"
#include "client/sink/open_sink.hpp"
#include "core/limits.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symbolon::cli {

struct DecodeFlags {
    std::string input = "-";
    std::string input_form = "auto";
    std::size_t block_bytes_max = limits::container_block_bytes_max;
    std::string framing = "auto";
    std::string output = "-";
    std::string dead_letter = "dead_letters.jsonl";
    std::string retry = "retry.jsonl";
    std::string diagnostic = "diagnostics.jsonl";
    std::string state = "decoder_state.json";
    int retries_max = 3;
    std::string when_unavailable = "retry";
    std::string event_types = "off";
    std::string subject;
    std::string version;
    std::int32_t id = 0;
    std::string reader_file;
    std::string reader_subject;
    std::string reader_version = "latest";
    AvroJsonFlags json{};
    std::string defaults_file;
    std::vector<std::string> defaults;
    KafkaFlags kafka;
    std::string group;
    bool until_end = false;
    std::size_t batch_events = 500;
    std::string metrics_url;
    RegistryFlags registry;
    PlatformFlags platform;
};

/// `flags` outlives the parsing.
void add_decode_flags(CLI::App& command, DecodeFlags& flags);

/// The reader's schema and the defaults are read here; `source` is asked for the former.
Result<client::DecoderOptions> to_decoder_options(const DecodeFlags& flags,
                                                  client::SchemaSource& source);
client::EventSourceOptions to_source_options(const DecodeFlags& flags,
                                             const client::KafkaOptions& kafka);
client::SinkOptions to_sink_options(const client::KafkaOptions& kafka);

}  // namespace symbolon::cli
