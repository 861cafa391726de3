#include "gate/tree/nearest_word.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace symbolon::gate {

namespace {

/// Nobody mistypes longer words, and the work grows with the square.
constexpr std::size_t word_bytes_max = 100;

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Letters added, dropped, replaced or swapped with their neighbour.
std::size_t distance_of(std::string_view left, std::string_view right) {
    std::vector<std::size_t> before(right.size() + 1);
    std::vector<std::size_t> row(right.size() + 1);
    std::vector<std::size_t> next(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t at = 0; at < left.size(); ++at) {
        next[0] = at + 1;
        for (std::size_t to = 0; to < right.size(); ++to) {
            const bool same = lower(left[at]) == lower(right[to]);
            next[to + 1] = std::min({row[to + 1] + 1, next[to] + 1, row[to] + (same ? 0U : 1U)});
            const bool swapped = at > 0 && to > 0 && lower(left[at]) == lower(right[to - 1]) &&
                                 lower(left[at - 1]) == lower(right[to]);
            if (swapped) {
                next[to + 1] = std::min(next[to + 1], before[to - 1] + 1);
            }
        }
        std::swap(before, row);
        std::swap(row, next);
    }
    return row.back();
}

}  // namespace

std::optional<std::string_view> nearest_word(std::string_view text,
                                             std::span<const std::string_view> words) {
    std::optional<std::string_view> nearest;
    if (text.empty() || text.size() > word_bytes_max) {
        return nearest;
    }
    std::size_t least = std::max<std::size_t>(text.size() / 3, 1) + 1;
    for (const std::string_view word : words) {
        const std::size_t distance = word.size() > word_bytes_max ? least : distance_of(text, word);
        if (distance < least) {
            least = distance;
            nearest = word;
        }
    }
    return nearest;
}

std::string did_you_mean(std::string_view text, std::span<const std::string_view> words) {
    const auto nearest = nearest_word(text, words);
    return nearest ? fmt::format(" (did you mean {}?)", *nearest) : std::string();
}

}  // namespace symbolon::gate
