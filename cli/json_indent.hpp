// JSON text with line breaks and indents, its members in their own order.
//
// Example:  indent_json(R"({"b":1,"a":[]})")
// Errors:   none: what is no JSON stays as it is
// Threads:  any thread
// Limits:   schema_text_bytes_max: what would grow beyond stays as it is
// Tested by tests/unit/cli/json_indent_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace symbolon::cli {

std::string indent_json(std::string_view text);

}  // namespace symbolon::cli
