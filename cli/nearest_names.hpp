// Which known names somebody may have meant by an unknown one.
//
// Example:  nearest_names("ordres-value", subjects) -> {"orders-value"}
// Errors:   none
// Units:    letters are bytes
// Threads:  any thread
// Tested by tests/unit/cli/nearest_names_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// At most `names_max` of `known`, the nearest first: those a few letters away in any letter case,
/// and those that go on where `name` ends. None when nothing is near.
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t names_max = 3);

/// "Did you mean a, b or c?"; empty for no names.
std::string did_you_mean(const std::vector<std::string>& names);

}  // namespace symbolon::cli
