// What a registry says against a schema, as a compiler would say it.
//
// Example:  print_to(stderr, "{}", to_refusal_text(answer, "orders.avsc", Highlight::no));
// Errors:   none: members that are missing or of other types are left out
// Threads:  any thread
// Limits:   of findings, 100 are shown
// Source:   openapi.yaml, CompatibilityCheck and Finding
// Tested by tests/unit/cli/check_answer_test.cpp
#pragma once

#include "core/json.hpp"

#include <string>
#include <string_view>

namespace symbolon::cli {

enum class Highlight { no, yes };

/// Of a verbose check: its findings with their places in `file`; of registries that answer none,
/// their messages.
std::string to_refusal_text(const Json& answer, std::string_view file, Highlight highlight);

}  // namespace symbolon::cli
