// The first member of a JSON text that one of its objects has twice. Parsing keeps the last one, so
// a reviewer may have read the other.
//
// Example:  if (const auto name = find_repeated_member(text)) { … refuse … }
// Errors:   none; of a text that is no JSON, what stands before the mistake counts
// Threads:  any thread
// Tested by tests/unit/core/json_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// REQUIRES: parse_json took the text, so that its depth is bounded.
std::optional<std::string> find_repeated_member(std::string_view text);

}  // namespace symbolon
