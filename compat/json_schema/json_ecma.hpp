// Patterns as ECMA-262 reads them, for the engine that we have: \d is 0 to 9, `$` is the very end.
//
// Example:  SYMBOLON_TRY(auto pattern, compile_ecma_pattern(R"(^\d+$)"));
// Errors:   invalid_schema, with what is wrong and where in the pattern
// Threads:  any thread
// Limits:   pattern_bytes_max
// Source:   ECMA-262, 22.2.1, with the `u` flag; JSON Schema 2020-12 core, 6.4
// Tested by tests/unit/compat/json_validator_test.cpp
#pragma once

#include "compat/json_schema/json_pattern.hpp"

#include <string_view>

namespace symbolon::compat::json {

/// A pattern that ECMA-262 does not know, such as "(?i)a", means what our engine says.
Result<PatternPtr> compile_ecma_pattern(std::string_view text);
/// True when ECMA-262 knows all that is written there.
bool is_ecma_pattern(std::string_view text);

}  // namespace symbolon::compat::json
