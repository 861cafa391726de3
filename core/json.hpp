// The JSON value type of the code base, and the only door through which text becomes one.
//
// Example:  SYMBOLON_TRY(auto body, parse_json(text));
// Errors:   malformed_json (message with line and column), with the bounds below
// Units:    bytes; lines and columns start at 1
// Threads:  any thread
// Limits:   json_depth_max
// Source:   RFC 8259; docs/decisions/0004-json-values.md says why objects are sorted
// Tested by tests/unit/core/json_test.cpp
#pragma once

#include "core/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace symbolon {

using Json = nlohmann::json;

/// Parses strict JSON; invalid UTF-8, excess depth and anything after the value are errors.
Result<Json> parse_json(std::string_view text);

/// The value as compact text. Strings inside must be UTF-8; a stray byte becomes U+FFFD.
std::string to_text(const Json& value);

}  // namespace symbolon
