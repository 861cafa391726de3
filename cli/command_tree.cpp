#include "cli/command_tree.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace symbolon::cli {
namespace {

struct KnownValues {
    std::string_view name;  ///< of a flag without its dashes, or of an argument
    std::string_view values;
};
/// Flags that are checked elsewhere than by the parser.
constexpr std::array known_values{
    KnownValues{"level",
                "NONE BACKWARD BACKWARD_TRANSITIVE FORWARD FORWARD_TRANSITIVE FULL "
                "FULL_TRANSITIVE"},
    KnownValues{"mode", "READWRITE READONLY READONLY_OVERRIDE IMPORT FORWARD"},
    KnownValues{"type", "AVRO JSON PROTOBUF"},
    KnownValues{"framing", "confluent confluent-guid single-object container envelope bare"},
    KnownValues{"log-level", "debug info warning error"},
    KnownValues{"format", "text json junit sarif github-actions gitlab-code-quality markdown"},
};

std::vector<std::string> split_words(std::string_view text, char separator) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) {
            words.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// "table|json", and "[true|false]".
std::vector<std::string> alternatives_in(std::string text) {
    std::erase_if(text, [](char letter) { return letter == '[' || letter == ']'; });
    const bool is_list = text.find('|') != std::string::npos &&
                         std::all_of(text.begin(), text.end(), [](char letter) {
                             return (letter >= 'a' && letter <= 'z') ||
                                    (letter >= '0' && letter <= '9') || letter == '-' ||
                                    letter == '|';
                         });
    return is_list ? split_words(text, '|') : std::vector<std::string>();
}

/// Type and validators, as help prints them: "NAME:{a,b}" or "INT:INT in [1 - 5]".
std::string full_type_of(const CLI::Option& option) {
    const auto& text = option.get_option_text();
    return text.empty() ? option.get_type_name() : text;
}

/// Where a validator's words begin.
std::size_t validator_at(const std::string& type) {
    if (const auto at = type.find(":{"); at != std::string::npos) {
        return at;
    }
    if (const auto at = type.find(" in ["); at != std::string::npos) {
        return std::min(type.rfind(':', at), type.size());
    }
    for (const std::string_view word : {":POSITIVE", ":NONNEGATIVE", ":NUMBER", ":FILE", ":DIR"}) {
        if (type.ends_with(word)) {
            return type.size() - word.size();
        }
    }
    return type.size();
}

std::string plain_name_of(const CLI::Option& option) {
    return to_lower_ascii(option.get_lnames().empty() ? option.get_name(true, false)
                                                      : option.get_lnames().front());
}

bool is_variable_letter(char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
    return command.get_subcommands([](const CLI::App* each) {
        return !each->get_name().empty() && !each->get_group().empty();
    });
}

std::string path_of(const CLI::App& command) {
    return command.get_parent() == nullptr
               ? command.get_name()
               : path_of(*command.get_parent()) + " " + command.get_name();
}

std::string top_name_of(const CLI::App& command) {
    const auto* const parent = command.get_parent();
    if (parent == nullptr) {
        return "";
    }
    return parent->get_parent() == nullptr ? command.get_name() : top_name_of(*parent);
}

std::vector<const CLI::Option*> flags_of(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return !option->get_positional(); });
}

std::vector<const CLI::Option*> reachable_flags_of(const CLI::App& command) {
    auto flags = flags_of(command);
    if (command.get_fallthrough() && command.get_parent() != nullptr) {
        for (const auto* const flag : reachable_flags_of(*command.get_parent())) {
            if (find_flag(command, flag->get_name()) == flag) {
                flags.push_back(flag);
            }
        }
    }
    return flags;
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

const CLI::Option* find_flag(const CLI::App& command, std::string_view word) {
    const auto has = [](const std::vector<std::string>& names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const auto* const option : command.get_options()) {
        if (word.starts_with("--")
                ? has(option->get_lnames(), word.substr(2))
                : word.size() > 1 && has(option->get_snames(), word.substr(1, 1))) {
            return option;
        }
    }
    return command.get_fallthrough() && command.get_parent() != nullptr
               ? find_flag(*command.get_parent(), word)
               : nullptr;
}

bool takes_value(const CLI::Option& option) {
    return option.get_items_expected_max() > 0;
}

bool needs_value(const CLI::Option& option) {
    return option.get_items_expected_min() > 0;
}

std::string value_name_of(const CLI::Option& option) {
    const auto type = full_type_of(option);
    return type.substr(0, validator_at(type));
}

std::string range_of(const CLI::Option& option) {
    const auto type = full_type_of(option);
    const auto begin = type.find(" in [");
    if (begin == std::string::npos) {
        return "";
    }
    auto text = type.substr(begin + 5);
    text.resize(std::min(text.find(']'), text.size()));
    if (const auto dash = text.find(" - "); dash != std::string::npos) {
        text.replace(dash, 3, " to ");
    }
    return text;
}

std::vector<std::string> values_of(const CLI::Option& option) {
    const auto type = full_type_of(option);
    if (const auto begin = type.find('{'); begin != std::string::npos) {
        auto set = type.substr(begin + 1);
        set.resize(std::min(set.find('}'), set.size()));
        auto values = split_words(set, ',');
        for (auto& value : values) {  // of a map: "name->number"
            value.resize(std::min(value.find("->"), value.size()));
        }
        return values;
    }
    if (auto values = alternatives_in(type); !values.empty()) {
        return values;
    }
    const auto name = plain_name_of(option);
    const auto* const known = std::find_if(known_values.begin(), known_values.end(),
                                           [&](const auto& row) { return row.name == name; });
    return known == known_values.end() || !takes_value(option) ? std::vector<std::string>()
                                                               : split_words(known->values, ' ');
}

std::vector<std::string> variables_of(const CLI::Option& option) {
    std::vector<std::string> names;
    if (!option.get_envname().empty()) {
        names.push_back(option.get_envname());
    }
    constexpr std::string_view mark = "environment:";
    std::string_view text = option.get_description();
    const auto begin = text.find(mark);
    text.remove_prefix(begin == std::string_view::npos ? text.size() : begin + mark.size());
    while (!text.empty()) {
        const auto* const end = std::find_if_not(text.begin(), text.end(), is_variable_letter);
        const std::string name(text.begin(), end);
        if (name.find('_') != std::string::npos &&
            std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
        text.remove_prefix(std::max<std::size_t>(name.size(), 1));
    }
    return names;
}

WordWalk::Kind WordWalk::step(const std::string& word) {
    const bool is_dashed = word.size() > 1 && word.front() == '-' && !flags_ended_;
    if (open_ && (!is_dashed || needs_value(*open_flag_))) {
        open_ = false;
        return Kind::value;
    }
    open_ = false;
    open_flag_ = nullptr;
    if (is_dashed && word == "--") {
        flags_ended_ = true;
        return Kind::flag;
    }
    if (is_dashed) {
        const auto equals = word.find('=');
        open_flag_ = find_flag(*command_, word.substr(0, equals));
        if (open_flag_ == nullptr) {
            return Kind::unknown_flag;
        }
        const bool holds_value =
            equals != std::string::npos || (word.size() > 2 && !word.starts_with("--"));
        open_ = takes_value(*open_flag_) && !holds_value;
        return Kind::flag;
    }
    if (!flags_ended_ && arguments_ == 0) {
        for (const auto* const below : commands_of(*command_)) {
            if (below->check_name(word)) {
                command_ = below;
                return Kind::command;
            }
        }
        if (command_->get_require_subcommand_min() > 0 && arguments_of(*command_).empty()) {
            return Kind::unknown_command;
        }
    }
    ++arguments_;
    return Kind::argument;
}

const CLI::Option* WordWalk::next_argument() const {
    const auto all = arguments_of(*command_);
    std::size_t at = 0;
    for (const auto* const each : all) {
        at += static_cast<std::size_t>(std::max(each->get_items_expected_max(), 1));
        if (arguments_ < at) {
            return each;
        }
    }
    return nullptr;
}

const CLI::Option* WordWalk::last_argument() const {
    WordWalk before = *this;
    before.arguments_ -= before.arguments_ > 0 ? 1U : 0U;
    return before.next_argument();
}

}  // namespace symbolon::cli
