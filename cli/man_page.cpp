#include "cli/man_page.hpp"

#include "cli/command_tree.hpp"
#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace symbolon::cli {
namespace {

/// When the form of the pages last changed; a page needs a date that does not change by itself.
constexpr std::string_view pages_date = "2026-11-22";
constexpr std::size_t filled_columns_max = 72;

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string trimmed(std::string_view text) {
    const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    return std::string(text.substr(0, text.find_last_not_of(" \t\r") + 1));
}

/// One character of UTF-8 at a place, as its number; takes it away. Stray bytes become U+FFFD.
std::uint32_t take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    std::uint32_t number = length == 1 ? first : first & (0xffU >> (length + 1));
    if (first >= 0x80 && (first < 0xc2 || text.size() < length)) {
        text.remove_prefix(1);
        return 0xfffd;
    }
    for (std::size_t at = 1; at < length; ++at) {
        number = (number << 6U) | (static_cast<unsigned char>(text[at]) & 0x3fU);
    }
    text.remove_prefix(length);
    return number;
}

class RoffPage {
public:
    void raw(std::string_view line) { text_ += std::string(line) + "\n"; }
    void section(std::string_view name) { raw(fmt::format(".SH {}", name)); }
    void line(std::string_view text) { raw(to_roff(text)); }

    /// Words that are filled: a line for each sentence, and none too long.
    void filled(std::string_view text) {
        std::string held;
        const auto flush = [&] {
            if (!held.empty()) {
                line(held);
            }
            held.clear();
        };
        while (!text.empty()) {
            const auto begin = std::min(text.find_first_not_of(" \n\t"), text.size());
            text.remove_prefix(begin);
            const auto word = text.substr(0, text.find_first_of(" \n\t"));
            text.remove_prefix(word.size());
            if (word.empty()) {
                break;
            }
            if (held.size() + word.size() >= filled_columns_max) {
                flush();
            }
            held += (held.empty() ? "" : " ") + std::string(word);
            if (word.size() > 1 && word.ends_with('.')) {
                flush();
            }
        }
        flush();
    }

    /// Lines that stay as they are.
    void exactly(const std::vector<std::string>& lines) {
        raw(".nf");
        for (const auto& each : lines) {
            line(each);
        }
        raw(".fi");
    }

    /// Paragraphs are filled; what is indented stays as it is.
    void paragraphs(const std::vector<std::string>& lines) {
        for (std::size_t at = 0; at < lines.size();) {
            if (trimmed(lines[at]).empty()) {
                ++at;
                continue;
            }
            const bool is_indented = lines[at].starts_with(' ');
            std::vector<std::string> block;
            std::string words;
            while (at < lines.size() && !trimmed(lines[at]).empty() &&
                   lines[at].starts_with(' ') == is_indented) {
                block.push_back(lines[at]);
                words += lines[at] + " ";
                ++at;
            }
            raw(".PP");
            if (is_indented) {
                exactly(block);
            } else {
                filled(words);
            }
        }
    }

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

std::string bold(std::string_view text) {
    return "\\fB" + to_roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + to_roff(text) + "\\fR";
}

const CLI::App& root_of(const CLI::App& command) {
    return command.get_parent() == nullptr ? command : root_of(*command.get_parent());
}

std::string head_of(const CLI::Option& option) {
    std::string head;
    for (const auto& name : option.get_snames()) {
        head += (head.empty() ? "" : ", ") + bold("-" + name);
    }
    for (const auto& name : option.get_lnames()) {
        head += (head.empty() ? "" : ", ") + bold("--" + name);
    }
    const auto value = option.get_positional() ? std::string() : value_name_of(option);
    if (option.get_positional()) {
        const auto type = value_name_of(option);
        head = italic(type.empty() || type == "TEXT" ? to_upper_ascii(option.get_name(true, false))
                                                     : type);
    } else if (takes_value(option)) {
        head += value.starts_with('[') ? " " + to_roff(value) : " " + italic(value);
    }
    return head;
}

void add_option(RoffPage& page, const CLI::Option& option) {
    page.raw(".TP");
    page.raw(head_of(option));
    bool has_words = false;
    std::string words;
    const auto flush = [&] {
        if (!words.empty()) {
            if (has_words) {
                page.raw(".br");
            }
            page.filled(words);
            has_words = true;
        }
        words.clear();
    };
    for (const auto& line : lines_of(option.get_description())) {
        const auto trim = trimmed(line);
        const bool is_detail = line.starts_with(' ') &&
                               (trim.starts_with("environment:") || trim.starts_with("default") ||
                                trim.find("; default ") != std::string::npos);
        if (is_detail) {
            flush();
        }
        words += (words.empty() ? "" : " ") + trim;
    }
    flush();
    if (const auto values = values_of(option); !values.empty()) {
        words = fmt::format("one of: {}", fmt::join(values, ", "));
        flush();
    }
    if (const auto range = range_of(option); !range.empty()) {
        words = "from " + range;
        flush();
    }
    if (!option.get_default_str().empty()) {
        words = "default: " + option.get_default_str();
        flush();
    }
    if (!option.get_envname().empty()) {
        words = "environment: " + option.get_envname();
        flush();
    }
    if (!has_words) {
        page.line("(as its name says)");
    }
}

void add_synopsis(RoffPage& page, const CLI::App& command) {
    page.section("SYNOPSIS");
    page.raw(fmt::format(".B {}", to_roff(path_of(command))));
    std::string rest;
    for (const auto* const flag : flags_of(command)) {
        if (flag->get_required()) {
            rest += (rest.empty() ? "" : " ") + head_of(*flag);
        }
    }
    rest += rest.empty() ? "[\\fIOPTIONS\\fR]" : " [\\fIOPTIONS\\fR]";
    if (!commands_of(command).empty()) {
        rest +=
            command.get_require_subcommand_min() > 0 ? " \\fICOMMAND\\fR" : " [\\fICOMMAND\\fR]";
    }
    for (const auto* const argument : arguments_of(command)) {
        const auto dots = argument->get_items_expected_max() > 1 ? "..." : "";
        rest += argument->get_required() ? " " + head_of(*argument) + dots
                                         : " [" + head_of(*argument) + dots + "]";
    }
    page.raw(rest);
}

void add_options(RoffPage& page, const CLI::App& command) {
    const auto arguments = arguments_of(command);
    if (!arguments.empty()) {
        page.section("ARGUMENTS");
        for (const auto* const argument : arguments) {
            add_option(page, *argument);
        }
    }
    std::vector<std::string> groups;
    for (const auto* const flag : flags_of(command)) {
        const auto& group = flag->get_group();
        if (!group.empty() && std::find(groups.begin(), groups.end(), group) == groups.end()) {
            groups.push_back(group);
        }
    }
    page.section("OPTIONS");
    for (const auto& group : groups) {
        if (groups.size() > 1) {
            page.raw(fmt::format(".SS {}", to_roff(group)));
        }
        for (const auto* const flag : flags_of(command)) {
            if (flag->get_group() == group) {
                add_option(page, *flag);
            }
        }
    }
}

void add_commands(RoffPage& page, const CLI::App& command) {
    std::vector<std::string> groups;
    for (const auto* const below : commands_of(command)) {
        if (std::find(groups.begin(), groups.end(), below->get_group()) == groups.end()) {
            groups.push_back(below->get_group());
        }
    }
    if (groups.empty()) {
        return;
    }
    page.section("COMMANDS");
    for (const auto& group : groups) {
        if (groups.size() > 1) {
            page.raw(fmt::format(".SS {}", to_roff(group)));
        }
        for (const auto* const below : commands_of(command)) {
            if (below->get_group() == group) {
                page.raw(".TP");
                page.raw(fmt::format("{}(1)", bold(man_name_of(*below))));
                page.filled(below->get_description());
            }
        }
    }
}

void add_environment(RoffPage& page, const CLI::App& command,
                     const std::vector<ManVariable>& registry_variables) {
    std::map<std::string, std::string> rows;  // by name, in roff
    bool asks_registry = false;
    for (const auto* const flag : flags_of(command)) {
        asks_registry = asks_registry || flag->get_name() == "--registry";
        for (const auto& name : variables_of(*flag)) {
            rows[name] = "As " + bold(flag->get_name()) + ".";
        }
    }
    if (asks_registry) {
        for (const auto& row : registry_variables) {
            rows[std::string(row.name)] = to_roff(row.help);
        }
    }
    if (rows.empty()) {
        return;
    }
    page.section("ENVIRONMENT");
    page.line("A flag wins over a variable.");
    for (const auto& [name, help] : rows) {
        page.raw(".TP");
        page.raw(bold(name));
        page.raw(help);
    }
}

void add_see_also(RoffPage& page, const CLI::App& command) {
    std::vector<const CLI::App*> others;
    if (command.get_parent() == nullptr) {
        others = commands_of(command);
    } else {
        others.push_back(&root_of(command));
        if (command.get_parent() != others.front()) {
            others.push_back(command.get_parent());
        }
        for (const auto* const near : commands_of(command)) {
            others.push_back(near);
        }
        for (const auto* const near : commands_of(*command.get_parent())) {
            if (near != &command && near->get_group() == command.get_group()) {
                others.push_back(near);
            }
        }
    }
    page.section("SEE ALSO");
    for (std::size_t at = 0; at < others.size(); ++at) {
        page.raw(fmt::format("{}(1){}", bold(man_name_of(*others[at])),
                             at + 1 < others.size() ? "," : ""));
    }
}

}  // namespace

FooterParts split_footer(const std::string& footer) {
    enum class In { description, example, status } in = In::description;
    FooterParts parts;
    for (const auto& line : lines_of(footer)) {
        const auto is_head = [&](std::string_view head) { return line.starts_with(head); };
        if (is_head("Example:") || is_head("Examples:")) {
            in = In::example;
            const auto rest = trimmed(std::string_view(line).substr(line.find(':') + 1));
            if (!rest.empty()) {
                parts.examples.push_back(rest);
            }
            continue;
        }
        if (is_head("Exit status:") || is_head("Exit code:")) {
            in = In::status;
            parts.exit_status.push_back(trimmed(std::string_view(line).substr(line.find(':') + 1)));
            continue;
        }
        if (trimmed(line).empty() || (in == In::example && !line.starts_with(' '))) {
            in = In::description;
        }
        auto& lines = in == In::example  ? parts.examples
                      : in == In::status ? parts.exit_status
                                         : parts.description;
        // Lines of examples are indented in help by two.
        lines.push_back(in == In::example && line.starts_with("  ") ? line.substr(2) : line);
    }
    return parts;
}

std::string to_roff(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        const auto number = take_character(text);
        if (number == '\\') {
            made += "\\e";
        } else if (number == '-') {
            made += "\\-";
        } else if (number == '\'') {
            made += "\\(aq";
        } else if (number == '`') {
            made += "\\(ga";
        } else if (number == '^') {
            made += "\\(ha";
        } else if (number == '~') {
            made += "\\(ti";
        } else if (number == '"') {
            made += "\\(dq";
        } else if (number == '.' && made.empty()) {
            made += "\\&.";
        } else if (number >= 0x80) {
            made += fmt::format("\\[u{:04X}]", number);
        } else {
            made += number < 0x20 || number == 0x7f ? ' ' : static_cast<char>(number);
        }
    }
    return made;
}

std::string man_name_of(const CLI::App& command) {
    auto name = path_of(command);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string to_man_page(const CLI::App& command, std::string_view release,
                        const std::vector<ManVariable>& registry_variables) {
    RoffPage page;
    const auto name = man_name_of(command);
    const auto footer = split_footer(command.get_footer());
    page.raw(fmt::format(".TH \"{}\" \"1\" \"{}\" \"symbolon {}\" \"Symbolon\"",
                         to_roff(to_upper_ascii(name)), pages_date, release));
    page.section("NAME");
    auto what = lines_of(command.get_description());
    const auto first = what.empty() ? std::string("a command") : what.front();
    page.raw(to_roff(name) + " \\- " + to_roff(first.substr(0, first.find_last_not_of('.') + 1)));
    add_synopsis(page, command);
    page.section("DESCRIPTION");
    page.filled(fmt::format("{}", fmt::join(what, " ")));
    page.paragraphs(footer.description);
    add_commands(page, command);
    add_options(page, command);
    if (!footer.examples.empty()) {
        page.section("EXAMPLES");
        page.exactly(footer.examples);
    }
    page.section("EXIT STATUS");
    page.filled(fmt::format("{}", fmt::join(footer.exit_status, " ")));
    add_environment(page, command, registry_variables);
    add_see_also(page, command);
    return page.text();
}

}  // namespace symbolon::cli
