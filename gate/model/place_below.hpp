// A place within a schema, one step further down.
//
// Example:  place_below("/properties", "a/b") == "/properties/a~1b"
// Threads:  any thread
// Limits:   error_path_bytes_max
// Source:   RFC 6901
// Tested by tests/unit/gate/diff/structural_diff_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace symbolon::gate {

/// `path` itself where the longer one would pass the limit: a long name with much below it would
/// be copied into each place.
std::string place_below(std::string_view path, std::string_view token);

}  // namespace symbolon::gate
