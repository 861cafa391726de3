#include "core/nearest_names.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <compare>
#include <iterator>
#include <limits>
#include <utility>

namespace symbolon {

namespace {

/// More letters apart than this, names are others; it also bounds the work for each name.
constexpr std::size_t letters_apart_max = 4;
constexpr std::size_t far_apart = std::numeric_limits<std::size_t>::max();
/// Shorter names begin too many others.
constexpr std::size_t beginning_letters_min = 3;

struct Near {
    std::size_t apart;  ///< letters; more than letters_apart_max: shortened
    std::string_view name;

    auto operator<=>(const Near&) const = default;
};

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
    // With as many changes as letters nothing of the name is left.
    return last[right.size()] <= most && last[right.size()] < longer ? last[right.size()]
                                                                     : far_apart;
}

/// Whether `text` goes on where `name` ends, or `name` has half of its letters and its first.
bool is_shortened(std::string_view name, std::string_view text) {
    if (name.size() >= beginning_letters_min && text.starts_with(name)) {
        return true;
    }
    if (name.empty() || text.empty() || name.front() != text.front() ||
        2 * name.size() < text.size()) {
        return false;
    }
    std::size_t met = 0;
    for (const char letter : text) {
        met += met < name.size() && name[met] == letter ? 1U : 0U;
    }
    return met == name.size();
}

std::vector<Near> find_near(std::string_view name, std::span<const std::string> known) {
    const std::string wanted = to_lower_ascii(name);
    const std::size_t most = std::min(letters_apart_max, std::max<std::size_t>(1, name.size() / 3));
    std::vector<Near> found;
    for (const auto& candidate : known) {
        const std::string text = to_lower_ascii(candidate);
        std::size_t apart = letters_apart(wanted, text, most);
        if (apart == far_apart && is_shortened(wanted, text)) {
            apart = letters_apart_max + 1;
        }
        if (apart != far_apart && candidate != name) {
            found.push_back({apart, candidate});
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace

std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known,
                                       std::size_t names_max) {
    auto found = find_near(name, known);
    found.resize(std::min(found.size(), names_max));
    std::vector<std::string> names;
    std::transform(found.begin(), found.end(), std::back_inserter(names),
                   [](const Near& each) { return std::string(each.name); });
    return names;
}

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> known) {
    const auto found = find_near(name, known);
    if (found.empty() || (found.size() > 1 && found[0].apart == found[1].apart)) {
        return std::nullopt;
    }
    return std::string(found.front().name);
}

std::string did_you_mean(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t at = 0; at < names.size(); ++at) {
        text += at == 0 ? "Did you mean " : at + 1 == names.size() ? " or " : ", ";
        text += names[at];
    }
    return text.empty() ? text : text + "?";
}

}  // namespace symbolon
