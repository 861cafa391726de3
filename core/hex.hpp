// Bytes as hexadecimal digits, two for each, and back.
//
// Example:  to_hex("Man") == "4d616e"
// Errors:   nullopt for what are no digits
// Threads:  any thread
// Source:   RFC 4648, section 8
// Tested by tests/unit/core/hex_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// What a digit of either case counts.
constexpr std::optional<unsigned> find_hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') {
        return static_cast<unsigned>(letter - '0');
    }
    if (letter >= 'a' && letter <= 'f') {
        return static_cast<unsigned>(letter - 'a' + 10);
    }
    if (letter >= 'A' && letter <= 'F') {
        return static_cast<unsigned>(letter - 'A' + 10);
    }
    return std::nullopt;
}

constexpr bool is_hex_digit(char letter) {
    return find_hex_digit(letter).has_value();
}

/// In lower case, as all that is written here.
inline void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

std::string to_hex(std::string_view bytes);
/// Digits in either case and nothing else; an odd number of them is nothing either.
std::optional<std::string> decode_hex(std::string_view text);

}  // namespace symbolon
