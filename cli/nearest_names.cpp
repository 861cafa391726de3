#include "cli/nearest_names.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace symbolon::cli {

namespace {

/// More letters apart than this, names are others; it also bounds the work for each name.
constexpr std::size_t letters_apart_max = 4;
constexpr std::size_t far_apart = std::numeric_limits<std::size_t>::max();

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char letter) { return lower(letter); });
    return out;
}

/// Letters to change, add, drop or swap with the next; far_apart beyond `most`. Only the cells near
/// the diagonal are computed.
std::size_t letters_apart(std::string_view left, std::string_view right, std::size_t most) {
    const std::size_t longer = std::max(left.size(), right.size());
    if (longer - std::min(left.size(), right.size()) > most) {
        return far_apart;
    }
    const std::size_t width = right.size() + 1;
    std::vector<std::size_t> before(width, most + 1);
    std::vector<std::size_t> last(width, most + 1);
    std::vector<std::size_t> row(width, most + 1);
    for (std::size_t at = 0; at < std::min(width, most + 1); ++at) {
        last[at] = at;
    }
    for (std::size_t i = 1; i <= left.size(); ++i) {
        const std::size_t first = i > most ? i - most : 0;
        const std::size_t end = std::min(right.size(), i + most);
        if (first > 0) {
            row[first - 1] = most + 1;
        }
        for (std::size_t j = first; j <= end; ++j) {
            if (j == 0) {
                row[j] = i;
                continue;
            }
            const bool same = left[i - 1] == right[j - 1];
            const std::size_t change = last[j - 1] + (same ? 0U : 1U);
            const std::size_t drop = (j < i + most ? last[j] : most) + 1;
            const std::size_t insert = (j > first ? row[j - 1] : most) + 1;
            row[j] = std::min({change, drop, insert});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[right.size()] <= most ? last[right.size()] : far_apart;
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t names_max) {
    const std::string wanted = lower(name);
    const std::size_t most = std::min(letters_apart_max, std::max<std::size_t>(1, name.size() / 3));
    std::vector<std::pair<std::size_t, std::string_view>> found;
    for (const auto& candidate : known) {
        const std::string text = lower(candidate);
        std::size_t apart = letters_apart(wanted, text, most);
        if (apart == far_apart && wanted.size() >= 3 && text.starts_with(wanted)) {
            apart = letters_apart_max + 1;
        }
        if (apart != far_apart && candidate != name) {
            found.emplace_back(apart, candidate);
        }
    }
    std::sort(found.begin(), found.end());
    found.resize(std::min(found.size(), names_max));
    std::vector<std::string> names;
    std::transform(found.begin(), found.end(), std::back_inserter(names),
                   [](const auto& each) { return std::string(each.second); });
    return names;
}

std::string did_you_mean(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t at = 0; at < names.size(); ++at) {
        text += at == 0 ? "Did you mean " : at + 1 == names.size() ? " or " : ", ";
        text += names[at];
    }
    return text.empty() ? text : text + "?";
}

}  // namespace symbolon::cli
