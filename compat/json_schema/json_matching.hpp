// Pairs off as many as possible of two groups, where some pairs fit and some do not.
//
// Units:    positions in the two groups, from 0
// Threads:  any thread
// Source:   Hopcroft and Karp, 1973: at most edges times the root of the group's size
// Tested by tests/unit/compat/json_matching_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace symbolon::compat::json {

/// For each of the left group, the positions in the right group that it fits.
using FittingPairs = std::vector<std::vector<std::uint32_t>>;

struct Matching {
    std::vector<std::optional<std::uint32_t>> right_of;  ///< for each of the left group
    std::size_t size = 0;
    std::uint64_t steps = 0;  ///< pairs looked at
};

Matching match_most(const FittingPairs& fitting, std::size_t right_size);

}  // namespace symbolon::compat::json
