#include "gate/tree/glob.hpp"

#include <cstddef>
#include <vector>

namespace symbolon::gate {

namespace {

std::vector<std::string_view> folders_of(std::string_view path) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) {
            return parts;
        }
        path.remove_prefix(slash + 1);
    }
}

/// One part against another; going back to the last * alone is enough.
bool matches_part(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    std::size_t place = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (place < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            resume = place;
        } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[place])) {
            ++at;
            ++place;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            place = ++resume;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') {
        ++at;
    }
    return at == pattern.size();
}

/// reached[n]: the pattern's parts so far match the first n parts of the path.
bool matches_parts(const std::vector<std::string_view>& pattern,
                   const std::vector<std::string_view>& path) {
    std::vector<bool> reached(path.size() + 1, false);
    reached[0] = true;
    for (const std::string_view part : pattern) {
        if (part == "**") {
            for (std::size_t at = 1; at < reached.size(); ++at) {
                reached[at] = reached[at] || reached[at - 1];
            }
            continue;
        }
        for (std::size_t at = reached.size() - 1; at > 0; --at) {
            reached[at] = reached[at - 1] && matches_part(part, path[at - 1]);
        }
        reached[0] = false;
    }
    return reached.back();
}

}  // namespace

std::string_view without_dot_slash(std::string_view pattern) {
    while (pattern.starts_with("./")) {
        pattern.remove_prefix(2);
    }
    return pattern;
}

bool matches_glob(std::string_view pattern, std::string_view path) {
    pattern = without_dot_slash(pattern);
    auto parts = folders_of(pattern);
    if (parts.size() > 1 && parts.back().empty()) {
        parts.back() = "**";
    }
    const auto steps = folders_of(path);
    // Why: `a/**` is what is in a, not a itself.
    if (parts.back() == "**" && parts.size() > 1) {
        parts.insert(parts.end() - 1, "*");
    }
    return matches_parts(parts, steps);
}

bool covers_folder(std::string_view pattern, std::string_view folder) {
    pattern = without_dot_slash(pattern);
    auto parts = folders_of(pattern);
    if (parts.size() > 1 && (parts.back().empty() || parts.back() == "**")) {
        parts.pop_back();
    }
    return matches_parts(parts, folders_of(folder));
}

bool is_plain_path(std::string_view pattern) {
    return pattern.find_first_of("*?") == std::string_view::npos && !pattern.ends_with('/');
}

}  // namespace symbolon::gate
