// Texts that a simple regular expression matches, for data that is made up to fit a schema.
//
// Knows letters, classes, groups, alternatives and repetitions; gives up on the rest.
//
// Example:  texts_for_pattern("^[A-Z]{2}-\\d+$") == {"AA-0", "AA-00"}
// Errors:   empty: none was made. What is made may still not match: the caller tries it.
// Threads:  any thread
// Limits:   made_text_bytes_max
// Source:   ECMA-262, "Patterns"
// Tested by tests/unit/compat/json_samples_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

std::vector<std::string> texts_for_pattern(std::string_view pattern);

}  // namespace symbolon::compat::json
