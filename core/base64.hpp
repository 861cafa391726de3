// Base64 with padding, over OpenSSL.
//
// Example:  to_base64("Man") == "TWFu"
// Errors:   nullopt for a text that is not the one spelling of some bytes
// Threads:  any thread
// Source:   RFC 4648, section 4
// Tested by tests/unit/core/base64_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// Whether a text with base64 may have this letter before its padding.
bool is_base64_letter(char letter);
std::string to_base64(std::string_view bytes);
/// No line breaks, full padding, and no bits that belong to no byte.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace symbolon
