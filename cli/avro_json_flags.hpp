// The flags by which commands name a plain JSON of Avro values: --bytes and --logical. What
// `decode` prints with them, `produce` and `gateway` read with the same.
//
// Example:  add_avro_json_flags(*command, flags.json, "");  options.json = flags.json.options();
// Errors:   none; the parser knows the words
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/e2e/produce.py
#pragma once

#include "client/codec/avro_json.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace symbolon::cli {

struct AvroJsonFlags {
    std::string bytes = "base64";
    std::string logical = "raw";

    client::AvroJsonOptions options() const;
};

/// In the group of this name; "" is the command's own.
void add_avro_json_flags(CLI::App& command, AvroJsonFlags& flags, const std::string& group);

}  // namespace symbolon::cli
