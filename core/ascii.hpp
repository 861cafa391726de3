// Letters of ASCII in the other case; other bytes stay as they are, whatever the locale.
//
// Example:  to_upper_ascii("avro") == "AVRO"
// Errors:   none
// Threads:  any thread
// Tested by tests/unit/core/ascii_test.cpp
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace symbolon {

constexpr char to_lower_ascii(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}
constexpr char to_upper_ascii(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

inline std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char letter) { return to_lower_ascii(letter); });
    return lower;
}
inline std::string to_upper_ascii(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char letter) { return to_upper_ascii(letter); });
    return upper;
}

/// Compares as HTTP does the names of its headers.
inline bool equals_in_any_case(std::string_view left, std::string_view right) {
    return std::equal(
        left.begin(), left.end(), right.begin(), right.end(),
        [](char one, char other) { return to_lower_ascii(one) == to_lower_ascii(other); });
}

}  // namespace symbolon
