#include "compat/json_schema/json_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>

namespace symbolon::compat::json {

namespace {

// The size of the largest matching, by trying every order of the right group.
std::size_t largest_by_trying(const FittingPairs& fitting, std::size_t right_size) {
    std::vector<std::uint32_t> order(std::max(right_size, fitting.size()));
    std::iota(order.begin(), order.end(), 0U);
    std::size_t best = 0;
    do {
        std::size_t size = 0;
        for (std::size_t left = 0; left < fitting.size(); ++left) {
            const auto& fits = fitting[left];
            size += std::find(fits.begin(), fits.end(), order[left]) != fits.end() ? 1 : 0;
        }
        best = std::max(best, size);
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

}  // namespace

TEST(JsonMatching, IsAsLargeAsCanBe) {
    std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
    for (int round = 0; round < 300; ++round) {
        const std::size_t right_size = 1 + random() % 6;
        FittingPairs fitting(1 + random() % 6);
        for (auto& row : fitting) {
            for (std::uint32_t right = 0; right < right_size; ++right) {
                if (random() % 3 == 0) {
                    row.push_back(right);
                }
            }
        }
        const Matching matching = match_most(fitting, right_size);
        EXPECT_EQ(matching.size, largest_by_trying(fitting, right_size));
        std::vector<bool> taken(right_size);
        std::size_t size = 0;
        for (std::size_t left = 0; left < fitting.size(); ++left) {
            if (const auto right = matching.right_of[left]) {
                EXPECT_EQ(std::count(fitting[left].begin(), fitting[left].end(), *right), 1);
                EXPECT_FALSE(taken[*right]);
                taken[*right] = true;
                ++size;
            }
        }
        EXPECT_EQ(size, matching.size);
    }
}

TEST(JsonMatching, ALongChainOfExchangesIsFound) {
    // Each fits its own and the next one; the last only the first: all have to move.
    constexpr std::uint32_t size = 20'000;
    FittingPairs fitting(size);
    for (std::uint32_t left = 0; left + 1 < size; ++left) {
        fitting[left] = {left, left + 1};
    }
    fitting[size - 1] = {0};
    EXPECT_EQ(match_most(fitting, size).size, size);
}

}  // namespace symbolon::compat::json
