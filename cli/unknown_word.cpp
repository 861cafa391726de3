#include "cli/unknown_word.hpp"

#include "cli/command_tree.hpp"
#include "core/nearest_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace symbolon::cli {
namespace {

std::string without_controls(std::string_view text) {
    std::string made;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        made +=
            byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
    }
    return made;
}

/// A word of the caller's, without control characters and of bounded length.
std::string in_quotes(std::string_view word) {
    return "'" + without_controls(word.substr(0, 100)) + (word.size() > 100 ? "…'" : "'");
}

std::string perhaps(const std::optional<std::string>& nearest) {
    return nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string();
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
    const auto nearest = nearest_name(word, names);
    return fmt::format(
        "{}: there is no command {}{}\n{}", path_of(command), in_quotes(word),
        !nearest && names.size() <= 10 ? "; there are: " + joined(names) : perhaps(nearest),
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
    auto nearest = name.starts_with("--") ? nearest_name(name.substr(2), names) : std::nullopt;
    // One dash is what other programs have before long names.
    const auto bare = name.substr(1);
    if (!name.starts_with("--") && std::find(names.begin(), names.end(), bare) != names.end()) {
        nearest = bare;
    }
    if (nearest) {
        nearest = "--" + *nearest;
    }
    return fmt::format("{}: there is no flag {}{}\n{}", path_of(command), in_quotes(name),
                       perhaps(nearest), more_of(command));
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
                               perhaps(nearest_name(value, values)), joined(values),
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
    return fmt::format("{}: {}\n{}", path_of(command), without_controls(said), more_of(command));
}

}  // namespace

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
