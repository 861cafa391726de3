// Decimals, uuids and durations: logical types that are bytes.
//
// Example:  append_decimal(out, "\x04\xE2", 2)  appends 12.50
// Errors:   parse functions answer what is wrong in words, or an empty text
// Threads:  any thread
// Limits:   decimal_bytes_max, decimal_scale_max
// Source:   Avro 1.12 specification, "Decimal", "UUID" and "Duration"
// Tested by tests/unit/client/codec/avro_logical_test.cpp
#pragma once

#include "compat/avro/avro_logical.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

/// `bytes` are an integer, most significant byte first, negative ones as the complement of two.
void append_decimal(std::string& out, std::string_view bytes, std::int32_t scale);
/// `size`: of a fixed; nullopt: as few bytes as will do.
std::string parse_decimal_bytes(std::string_view text, compat::avro::DecimalDigits digits,
                                std::optional<std::size_t> size, std::string& bytes);

/// 16 bytes.
std::string parse_uuid(std::string_view text, std::string& bytes);

/// REQUIRES: 12 bytes.
void append_duration(std::string& out, std::string_view bytes);
std::string parse_duration(std::string_view text, std::string& bytes);

}  // namespace symbolon::client
