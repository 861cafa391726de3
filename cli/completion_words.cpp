#include "cli/completion_words.hpp"

#include "cli/command_tree.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace symbolon::cli {
namespace {

constexpr std::size_t help_bytes_max = 70;

/// Its first sentence, cut between words.
std::string short_help(std::string_view help) {
    help = help.substr(0, help.find('\n'));
    help = help.substr(0, help.find(". "));
    if (help.size() > help_bytes_max) {
        help = help.substr(0, help.rfind(' ', help_bytes_max));
        return std::string(help) + " ...";
    }
    return std::string(help.substr(0, help.find_last_not_of('.') + 1));
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char letter) { return std::iscntrl(letter) != 0; });
}

class Collector {
public:
    Collector(const CLI::App& app, const std::vector<std::string>& words,
              const CompletionSources& sources)
        : app_(app),
          sources_(sources),
          before_(words.begin(), words.empty() ? words.end() : words.end() - 1),
          last_(words.empty() ? "" : words.back()) {}

    Completion collect() {
        WordWalk walk(app_);
        for (const auto& word : before_) {
            walk.step(word);
        }
        const bool is_dashed = last_.starts_with('-') && !walk.flags_ended();
        if (walk.awaits_value() && (!is_dashed || needs_value(*walk.open_flag()))) {
            add_values(*walk.open_flag(), last_, "");
        } else if (is_dashed && last_.find('=') != std::string::npos) {
            const auto equals = last_.find('=');
            const auto* const flag = find_flag(walk.command(), last_.substr(0, equals));
            if (flag != nullptr) {
                add_values(*flag, last_.substr(equals + 1), last_.substr(0, equals + 1));
            }
        } else if (is_dashed) {
            add_flags(walk.command());
        } else {
            add_arguments(walk);
        }
        return std::move(made_);
    }

private:
    /// A candidate, when it goes on where `typed` ends.
    void add(const std::string& typed, const std::string& before, const std::string& text,
             const std::string& help) {
        if (text.starts_with(typed) && !has_control(text) &&
            made_.words.size() < limits::completion_candidates_max) {
            made_.words.push_back({before + text, help});
        }
    }

    void add_flags(const CLI::App& command) {
        for (const auto* const flag : reachable_flags_of(command)) {
            if (flag->get_group().empty()) {
                continue;
            }
            const auto help = short_help(flag->get_description());
            for (const auto& name : flag->get_lnames()) {
                add(last_, "", "--" + name, help);
            }
            for (const auto& name : flag->get_snames()) {
                add(last_, "", "-" + name, help);
            }
        }
    }

    void add_arguments(const WordWalk& walk) {
        if (walk.arguments() == 0 && !walk.flags_ended()) {
            for (const auto* const below : commands_of(walk.command())) {
                add(last_, "", below->get_name(), short_help(below->get_description()));
            }
        }
        if (const auto* const argument = walk.next_argument(); argument != nullptr) {
            add_values(*argument, last_, "");
        }
    }

    void add_values(const CLI::Option& option, const std::string& typed,
                    const std::string& before) {
        // Of a list with commas the last entry is completed.
        if (option.get_delimiter() != '\0') {
            const auto at = typed.rfind(option.get_delimiter());
            if (at != std::string::npos) {
                add_values_of(option, typed.substr(at + 1), before + typed.substr(0, at + 1));
                return;
            }
        }
        add_values_of(option, typed, before);
    }

    void add_values_of(const CLI::Option& option, const std::string& typed,
                       const std::string& before) {
        const auto values = values_of(option);
        for (const auto& value : values) {
            add(typed, before, value, "");
        }
        if (!values.empty()) {
            return;
        }
        auto name = value_name_of(option);
        const bool is_plain = name.empty() || name == "TEXT" || name == "TEXT ...";
        if (option.get_positional() && is_plain) {
            name = to_upper_ascii(option.get_name(true, false));
        }
        if (name.starts_with("SUBJECT")) {
            add_all(
                sources_.subjects ? sources_.subjects(before_, typed) : std::vector<std::string>(),
                typed, before);
        } else if (option.get_name() == "--profile") {
            add_all(sources_.profiles ? sources_.profiles() : std::vector<std::string>(), typed,
                    before);
        } else if (name == "COMMAND") {
            add_commands(typed);
        } else if (name.find("FILE") != std::string::npos ||
                   name.find("DIR") != std::string::npos ||
                   name.find("PATH") != std::string::npos ||
                   name.find("FOLDER") != std::string::npos || name.starts_with("INPUT") ||
                   name.starts_with("SINK") || option.get_name() == "--against") {
            made_.files = true;
        }
    }

    void add_all(const std::vector<std::string>& names, const std::string& typed,
                 const std::string& before) {
        for (const auto& name : names) {
            add(typed, before, name, "");
        }
    }

    /// For `help` and `man`, whose arguments are the words of another call.
    void add_commands(const std::string& typed) {
        WordWalk walk(app_);
        for (std::size_t at = 1; at < before_.size(); ++at) {
            walk.step(before_[at]);
        }
        for (const auto* const below : commands_of(walk.command())) {
            add(typed, "", below->get_name(), short_help(below->get_description()));
        }
    }

    const CLI::App& app_;
    const CompletionSources& sources_;
    const std::vector<std::string> before_;
    const std::string last_;
    Completion made_;
};

}  // namespace

Completion complete_words(const CLI::App& app, const std::vector<std::string>& words,
                          const CompletionSources& sources) {
    return Collector(app, words, sources).collect();
}

std::string to_lines(const Completion& completion) {
    std::string text = completion.files ? "files\n" : "words\n";
    for (const auto& word : completion.words) {
        text += word.text + (word.help.empty() ? "" : "\t" + word.help) + "\n";
    }
    return text;
}

}  // namespace symbolon::cli
