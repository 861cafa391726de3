// Bytes as texts in Avro's way: one character U+0000 to U+00FF a byte.
//
// Example:  append_quoted_bytes(out, "a\xFF")  appends "a\u00FF" as UTF-8
// Errors:   nullopt for texts that are not of the form
// Threads:  any thread
// Source:   RFC 4648, section 4; Avro 1.12 specification, "JSON Encoding"
// Tested by tests/unit/client/codec/bytes_text_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

/// As UTF-8, in quotation marks, escaped for JSON.
void append_quoted_bytes(std::string& out, std::string_view bytes);
/// The bytes that the characters of a UTF-8 text stand for.
std::optional<std::string> parse_byte_characters(std::string_view text);

}  // namespace symbolon::client
