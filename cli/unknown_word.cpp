#include "cli/unknown_word.hpp"

#include "cli/command_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <limits>

namespace symbolon::cli {
namespace {

constexpr std::size_t distance_max = 2;
/// Longer words are no misspelt ones.
constexpr std::size_t word_letters_max = 64;

/// Letters left out, added, changed, and neighbours swapped.
std::size_t distance_of(std::string_view left, std::string_view right) {
    std::vector<std::vector<std::size_t>> rows(left.size() + 1,
                                               std::vector<std::size_t>(right.size() + 1));
    for (std::size_t at = 0; at <= left.size(); ++at) {
        rows[at][0] = at;
    }
    for (std::size_t at = 0; at <= right.size(); ++at) {
        rows[0][at] = at;
    }
    for (std::size_t row = 1; row <= left.size(); ++row) {
        for (std::size_t column = 1; column <= right.size(); ++column) {
            const std::size_t change = left[row - 1] == right[column - 1] ? 0 : 1;
            rows[row][column] = std::min({rows[row - 1][column] + 1, rows[row][column - 1] + 1,
                                          rows[row - 1][column - 1] + change});
            if (row > 1 && column > 1 && left[row - 1] == right[column - 2] &&
                left[row - 2] == right[column - 1]) {
                rows[row][column] = std::min(rows[row][column], rows[row - 2][column - 2] + 1);
            }
        }
    }
    return rows[left.size()][right.size()];
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return made;
}

/// A word of the caller's, without control characters and of bounded length.
std::string in_quotes(std::string_view word) {
    std::string made = "'";
    for (const char letter : word.substr(0, 100)) {
        const auto byte = static_cast<unsigned char>(letter);
        made +=
            byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
    }
    return made + (word.size() > 100 ? "…'" : "'");
}

std::string perhaps(const std::string& nearest) {
    return nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
    std::vector<std::string> names;
    for (const auto* const command : commands) {
        names.push_back(command->get_name());
    }
    return names;
}

std::string more_of(const CLI::App& command) {
    return fmt::format("See '{} --help'.\n", path_of(command));
}

std::string explain_command(const CLI::App& command, const std::string& word) {
    const auto names = names_of(commands_of(command));
    const auto nearest = find_nearest(word, names);
    return fmt::format(
        "{}: there is no command {}{}\n{}", path_of(command), in_quotes(word),
        nearest.empty() && names.size() <= 10 ? "; there are: " + joined(names) : perhaps(nearest),
        more_of(command));
}

std::string explain_flag(const CLI::App& command, const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    std::vector<std::string> names;
    for (const auto* const flag : reachable_flags_of(command)) {
        for (const auto& each : flag->get_lnames()) {
            names.push_back(each);
        }
    }
    auto nearest = name.starts_with("--") ? find_nearest(name.substr(2), names) : "";
    // One dash is what other programs have before long names.
    const auto bare = name.substr(1);
    if (!name.starts_with("--") && std::find(names.begin(), names.end(), bare) != names.end()) {
        nearest = bare;
    }
    return fmt::format("{}: there is no flag {}{}\n{}", path_of(command), in_quotes(name),
                       perhaps(nearest.empty() ? "" : "--" + nearest), more_of(command));
}

/// "" when the value is one that there is.
std::string explain_value(const CLI::App& command, const CLI::Option* option,
                          const std::string& text) {
    const auto values = option == nullptr ? std::vector<std::string>() : values_of(*option);
    if (values.empty()) {
        return "";
    }
    const char separator = option->get_delimiter();
    std::string rest = text;
    while (true) {
        const auto end =
            separator == '\0' ? rest.size() : std::min(rest.find(separator), rest.size());
        const auto value = rest.substr(0, end);
        if (std::find(values.begin(), values.end(), value) == values.end()) {
            return fmt::format("{}: {} cannot be {}{}\n  allowed: {}\n{}", path_of(command),
                               option->get_name(), in_quotes(value),
                               perhaps(find_nearest(value, values)), joined(values),
                               more_of(command));
        }
        if (end == rest.size()) {
            return "";
        }
        rest.erase(0, end + 1);
    }
}

bool is_about_a_value(const CLI::ParseError& error) {
    return error.get_name() == "ValidationError" || error.get_name() == "ConversionError";
}

std::string explain_rest(const CLI::App& command, const CLI::ParseError& error) {
    std::string said = error.what();
    if (error.get_name() == "RequiredError" && said == "A subcommand is required") {
        said = "a command is missing; there are: " + joined(names_of(commands_of(command)));
    }
    std::string clean;
    for (const char letter : said) {
        const auto byte = static_cast<unsigned char>(letter);
        clean +=
            byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
    }
    return fmt::format("{}: {}\n{}", path_of(command), clean, more_of(command));
}

}  // namespace

std::string find_nearest(std::string_view word, const std::vector<std::string>& candidates) {
    std::string nearest;
    std::size_t best = std::numeric_limits<std::size_t>::max();
    if (word.empty() || word.size() > word_letters_max) {
        return "";
    }
    for (const auto& candidate : candidates) {
        if (candidate.size() > word_letters_max) {
            continue;
        }
        const auto distance = distance_of(lower(word), lower(candidate));
        // A word that shares no letter is not misspelt.
        if (distance > distance_max || distance >= std::max(word.size(), candidate.size())) {
            continue;
        }
        if (distance == best) {
            nearest.clear();
        } else if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string explain_call(const CLI::App& app, const std::vector<std::string>& words,
                         const CLI::ParseError& error) {
    using Kind = WordWalk::Kind;
    WordWalk walk(app);
    std::string about_a_value;
    for (const auto& word : words) {
        const auto kind = walk.step(word);
        if (kind == Kind::unknown_command) {
            return explain_command(walk.command(), word);
        }
        if (kind == Kind::unknown_flag) {
            return explain_flag(walk.command(), word);
        }
        const auto equals = word.find('=');
        if (!about_a_value.empty() || !is_about_a_value(error)) {
            continue;
        }
        if (kind == Kind::value || (kind == Kind::flag && equals != std::string::npos)) {
            about_a_value = explain_value(walk.command(), walk.open_flag(),
                                          kind == Kind::value ? word : word.substr(equals + 1));
        } else if (kind == Kind::argument) {
            about_a_value = explain_value(walk.command(), walk.last_argument(), word);
        }
    }
    return about_a_value.empty() ? explain_rest(walk.command(), error) : about_a_value;
}

}  // namespace symbolon::cli
