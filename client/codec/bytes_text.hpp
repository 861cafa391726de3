// Bytes as texts: base64, and Avro's way of one character U+0000 to U+00FF a byte.
//
// Example:  append_base64(out, "Man")  appends TWFu
// Errors:   nullopt for texts that are not of the form
// Threads:  any thread
// Source:   RFC 4648, section 4; Avro 1.12 specification, "JSON Encoding"
// Tested by tests/unit/client/codec/bytes_text_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

void append_base64(std::string& out, std::string_view bytes);
/// With padding, without line breaks.
std::optional<std::string> decode_base64(std::string_view text);

/// As UTF-8, in quotation marks, escaped for JSON.
void append_quoted_bytes(std::string& out, std::string_view bytes);
/// The bytes that the characters of a UTF-8 text stand for.
std::optional<std::string> parse_byte_characters(std::string_view text);

}  // namespace symbolon::client
