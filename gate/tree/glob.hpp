// Patterns for paths: * within a folder, ** across folders, ? for one character.
//
// Example:  matches_glob("orders/**/*.avsc", "orders/eu/order.avsc")
// Errors:   none: every text is a pattern
// Threads:  any thread
// Limits:   tree_pattern_bytes_max, tree_depth_max: the caller's; the steps are their product
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/glob_test.cpp
#pragma once

#include <string_view>

namespace symbolon::gate {

/// Paths are separated by slashes; `build/` stands for `build/**`, and `./` in front for nothing.
bool matches_glob(std::string_view pattern, std::string_view path);
/// True when `pattern` covers all that is in a folder, so that one need not look into it.
bool covers_folder(std::string_view pattern, std::string_view folder);
/// True when it stands for one path only.
bool is_plain_path(std::string_view pattern);
/// The pattern without the "./" that may stand in front of it.
std::string_view without_dot_slash(std::string_view pattern);

}  // namespace symbolon::gate
