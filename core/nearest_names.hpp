// Which known names somebody may have meant by an unknown one.
//
// Example:  nearest_names("ordres-value", subjects) -> {"orders-value"}
// Errors:   none
// Units:    letters are bytes
// Threads:  any thread
// Tested by tests/unit/core/nearest_names_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// At most `names_max` of `known`, the nearest first. Near is, in any letter case, what every third
/// letter at most leads to (changed, added, dropped or swapped with the next; one of a short name,
/// four of a long one); then what goes on where `name` ends, and what it shortens as "ls" does
/// "list". A name that shares no letter is never near.
std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t names_max = 3);

/// The nearest of them; nullopt when there is none, or when several are as near.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> known);

/// "Did you mean a, b or c?"; empty for no names.
std::string did_you_mean(const std::vector<std::string>& names);

}  // namespace symbolon
