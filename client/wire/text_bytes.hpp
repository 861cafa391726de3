// Texts to the bytes that they stand for: base64, hexadecimal, and the 36 characters of a GUID.
//
// Example:  SYMBOLON_TRY(const std::string bytes, parse_base64("T2JqAQ=="));
// Errors:   malformed_datum, with the offset of the first character that does not fit
// Units:    offsets are characters from the first
// Threads:  any thread
// Source:   RFC 4648 sections 4 and 8; RFC 9562 section 4
// Tested by tests/unit/client/wire/text_bytes_test.cpp
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace symbolon::client {

/// Strict: the standard alphabet, padded, no blanks, no stray bits.
Result<std::string> parse_base64(std::string_view text);

/// Pairs of digits in either case; no blanks.
Result<std::string> parse_hex(std::string_view text);
/// The 36 characters of a GUID to 16 bytes.
Result<std::string> parse_guid(std::string_view text);

}  // namespace symbolon::client
