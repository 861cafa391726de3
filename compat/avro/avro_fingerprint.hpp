// Avro's Parsing Canonical Form and the fingerprints made of it.
//
// Example:  crc64_avro("\"int\"") == 0x7275D51A3F395C8F
// Errors:   invalid_schema, when the form would be too long or too deep
// Threads:  any thread
// Limits:   schema_text_bytes_max, json_depth_max
// Source:   Avro 1.12 specification, "Parsing Canonical Form for Schemas"
// Tested by tests/unit/compat/avro_vectors_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::compat::avro {

/// The schema without docs, aliases, defaults and properties, all names in full.
Result<std::string> to_parsing_form(const AvroNode& root);

/// The 64-bit Rabin fingerprint of bytes, as the specification names it.
std::uint64_t crc64_avro(std::string_view bytes);
/// The MD5 digest as 32 lower-case hex digits.
std::string md5_hex(std::string_view bytes);

}  // namespace symbolon::compat::avro
