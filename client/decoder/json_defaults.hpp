// Values for what is missing or null in a decoded record, by JSON Pointer.
//
// A parent that is missing or null becomes an object; one that is anything else but an object or
// array is left alone, and so is an item beyond an array's end. Order and numbers of everything
// else stay as they are.
//
// Example:  SYMBOLON_TRY(auto defaults, parse_json_defaults(R"({"/agent/id":"anonymous"})"));
//           fill_defaults(record, defaults);
// Errors:   malformed_request (no object, or a key that is no JSON Pointer)
// Threads:  any thread
// Limits:   json_depth_max
// Source:   RFC 6901
// Tested by tests/unit/client/decoder/json_defaults_test.cpp
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct JsonDefault {
    std::vector<std::string> path{};  ///< unescaped tokens, at least one
    std::string value{};              ///< JSON
};

/// From an object of pointer to value, in the order of the pointers.
Result<std::vector<JsonDefault>> parse_json_defaults(std::string_view json);
/// REQUIRES: `json` is valid JSON.
void fill_defaults(std::string& json, const std::vector<JsonDefault>& defaults);

}  // namespace symbolon::client
