// The path to a message in a Protobuf schema, as Confluent's framing writes it before the body: how
// many numbers, then the position of a top-level message, of one nested in it, and so on.
//
// Example:  SYMBOLON_TRY(const auto indexes, parse_message_indexes(body));
// Errors:   malformed_datum, with the offset
// Units:    bytes; positions start at 0
// Threads:  any thread
// Limits:   message_indexes_max
// Source:   the wire format of Confluent's Protobuf serialiser: zigzag varints, a single 0 for [0]
// Tested by tests/unit/client/wire/message_indexes_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct MessageIndexes {
    std::vector<std::int32_t> path;
    std::size_t bytes = 0;  ///< taken at the front
};

Result<MessageIndexes> parse_message_indexes(std::string_view bytes);
void append_message_indexes(std::string& out, std::span<const std::int32_t> path);

}  // namespace symbolon::client
