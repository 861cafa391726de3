// Regular expressions of schemas: compiled once, searched in bounded time.
//
// Example:  SYMBOLON_TRY(auto pattern, compile_pattern("^S_"));  pattern->is_found_in("S_1")
// Errors:   invalid_schema, with what is wrong and where in the pattern; check_too_costly
// Threads:  compiled patterns are immutable and searchable by any thread
// Limits:   pattern_bytes_max, pattern_steps_max, pattern_stack_bytes_max
// Source:   json-schema-compat.md 3 (patterns must compile) and 7 (searched unanchored)
// Tested by tests/unit/compat/json_pattern_test.cpp
#pragma once

#include "core/result.hpp"

#include <memory>
#include <string_view>

namespace symbolon::compat::json {

class Pattern {
public:
    Pattern() = default;
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;
    Pattern(Pattern&&) = delete;
    Pattern& operator=(Pattern&&) = delete;
    virtual ~Pattern() = default;

    /// True when the pattern matches anywhere in `text`.
    virtual Result<bool> is_found_in(std::string_view text) const = 0;
};
using PatternPtr = std::shared_ptr<const Pattern>;

Result<PatternPtr> compile_pattern(std::string_view text);

}  // namespace symbolon::compat::json
