// The 36 characters of a GUID: 8-4-4-4-12 hexadecimal digits.
//
// Example:  decode_guid(make_guid())->size() == guid_bytes
// Errors:   nullopt for a text that is no GUID
// Threads:  any thread
// Source:   RFC 9562, sections 4 and 5.4
// Tested by tests/unit/core/guid_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

inline constexpr std::size_t guid_bytes = 16;

/// In lower case. REQUIRES: guid_bytes.
std::string to_guid(std::string_view bytes);
/// Digits in either case, the dashes in their places.
std::optional<std::string> decode_guid(std::string_view text);
/// A random one, of version 4. It need not be hard to guess.
std::string make_guid();

}  // namespace symbolon
