// The lines in which two texts differ, as a unified diff, and schemas laid out in lines.
//
// Example:  to_unified_diff("a\nb\n", "a\nc\n", {"old", "new"}).text
//           == "--- old\n+++ new\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
// Errors:   none
// Threads:  any thread
// Limits:   text_diff_lines_max, text_diff_edits_max: beyond them all that differs is replaced
// Source:   Myers, "An O(ND) Difference Algorithm and Its Variations"; POSIX diff -u
// Tested by tests/unit/gate/diff/text_diff_test.cpp
#pragma once

#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <string>
#include <string_view>

namespace symbolon::gate {

struct TextNames {
    std::string old_name{};
    std::string new_name{};
};
struct UnifiedDiff {
    std::string text{};      ///< empty: the texts are equal
    bool is_coarse = false;  ///< too much differs: not the shortest way from one to the other
};
UnifiedDiff to_unified_diff(std::string_view old_text, std::string_view new_text,
                            const TextNames& names);

/// The text with one member or item a line; Protobuf, and what is no JSON, as it is.
std::string lay_out(SchemaType type, std::string_view text);

}  // namespace symbolon::gate
