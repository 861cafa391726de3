// The SHA-256 digest of a text, over OpenSSL.
//
// Example:  sha256_hex("").substr(0, 8) == "e3b0c442"
// Errors:   none
// Threads:  any thread
// Source:   FIPS 180-4
// Tested by tests/unit/core/digest_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace symbolon {

/// 64 digits in lower case; none where OpenSSL fails, which then tells no two texts apart.
std::string sha256_hex(std::string_view text);

}  // namespace symbolon
