// Avro's single-object encoding: the fingerprint of the writer's schema before the datum.
//
// Example:  if (const auto found = find_single_object(bytes)) { … bytes.substr(…header_bytes) … }
// Errors:   those of the schema's parsing form
// Units:    bytes
// Threads:  any thread
// Source:   Avro 1.12 specification, "Single-object encoding"
// Tested by tests/unit/client/codec/avro_single_object_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

/// C3 01 and the fingerprint, least significant byte first.
inline constexpr std::size_t single_object_header_bytes = 10;

void append_single_object_header(std::string& out, std::uint64_t fingerprint);
/// The CRC-64-AVRO of the writer's schema; nullopt when `bytes` are no such message.
std::optional<std::uint64_t> find_single_object(std::string_view bytes);
/// What the header of data of this schema says.
Result<std::uint64_t> single_object_fingerprint(const compat::avro::AvroNode& schema);

}  // namespace symbolon::client
