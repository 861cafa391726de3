#include "cli/program.hpp"

#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/gate_command.hpp"
#include "cli/unknown_word.hpp"
#include "core/print_to.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>

namespace symbolon::cli {
namespace {

struct CommandRow {
    std::string_view name;
    std::string_view group;
    StatusStyle style = StatusStyle::plain;
};

/// The commands' groups, in the order in which they are listed. What has no row is listed last.
constexpr std::array command_rows{
    CommandRow{"serve", "The server"},
    CommandRow{"prune", "The server"},
    CommandRow{"check", "The gate", StatusStyle::gate},
    CommandRow{"lint", "The gate", StatusStyle::gate},
    CommandRow{"diff", "The gate"},
    CommandRow{"plan", "The gate"},
    CommandRow{"apply", "The gate"},
    CommandRow{"schema", "The gate"},
    CommandRow{"register", "The registry"},
    CommandRow{"get", "The registry"},
    CommandRow{"list", "The registry"},
    CommandRow{"versions", "The registry"},
    CommandRow{"config", "The registry"},
    CommandRow{"mode", "The registry"},
    CommandRow{"delete", "The registry"},
    CommandRow{"undelete", "The registry"},
    CommandRow{"contexts", "The registry"},
    CommandRow{"produce", "Events"},
    CommandRow{"gateway", "Events"},
    CommandRow{"decode", "Events"},
    CommandRow{"guard", "Events"},
    CommandRow{"explain", "Events"},
    CommandRow{"completion", "The shell"},
    CommandRow{"man", "The shell"},
    CommandRow{"help", "The shell"},
};

const CommandRow* find_command_row(std::string_view name) {
    const auto* const at = std::find_if(command_rows.begin(), command_rows.end(),
                                        [&](const auto& row) { return row.name == name; });
    return at == command_rows.end() ? nullptr : at;
}

std::string_view status_line_of(std::string_view command) {
    return status_style_of(command) == StatusStyle::gate
               ? "Exit status: 0 clean, 100 findings, 1 called wrongly or something cannot be "
                 "read, 2 an internal\nerror."
               : "Exit status: 0 done, 1 failed, 2 called wrongly.";
}

/// Every command says how it ends, those without words of their own in the common ones.
void complete_footers(CLI::App& command) {
    const auto footer = command.get_footer();
    if (footer.find("Exit status:") == std::string::npos) {
        command.footer(footer + (footer.empty() ? "" : "\n") +
                       std::string(status_line_of(top_name_of(command))));
    }
    for (auto* const below : command.get_subcommands([](CLI::App*) { return true; })) {
        complete_footers(*below);
    }
}

void group_commands(CLI::App& app) {
    for (auto* const command : app.get_subcommands([](CLI::App*) { return true; })) {
        const auto* const row = find_command_row(command->get_name());
        if (!command->get_group().empty()) {
            command->group(row == nullptr ? "Others" : std::string(row->group));
        }
    }
}

/// One line for each command, by groups.
std::string to_command_list(const CLI::App& app) {
    std::string text =
        "Symbolon: a schema registry, and the tools around it.\n"
        "Usage: symbolon COMMAND [OPTIONS]\n";
    std::string_view group;
    const auto add = [&](const CLI::App& command, std::string_view of) {
        if (group != of) {
            group = of;
            text += fmt::format("\n{}:\n", group);
        }
        const auto& help = command.get_description();
        text += fmt::format("  {:<12}{}\n", command.get_name(), help.substr(0, help.find('\n')));
    };
    const auto commands = commands_of(app);
    for (const auto& row : command_rows) {
        for (const auto* const command : commands) {
            if (command->get_name() == row.name) {
                add(*command, row.group);
            }
        }
    }
    for (const auto* const command : commands) {
        if (find_command_row(command->get_name()) == nullptr) {
            add(*command, "Others");
        }
    }
    return text +
           "\n`symbolon help COMMAND` tells more of one, `symbolon --version` the release.\n";
}

const CLI::App& command_of(const CLI::App& app, const std::vector<std::string>& words) {
    WordWalk walk(app);
    for (const auto& word : words) {
        if (walk.step(word) == WordWalk::Kind::unknown_command) {
            break;
        }
    }
    return walk.command();
}

int print_help_of(CLI::App& app, const std::vector<std::string>& words) {
    if (words.empty()) {
        print_to(stdout, "{}", to_command_list(app));
        return 0;
    }
    auto* command = &app;
    for (const auto& word : words) {
        const auto all = command->get_subcommands([](CLI::App*) { return true; });
        const auto at = std::find_if(all.begin(), all.end(),
                                     [&](const auto* each) { return each->check_name(word); });
        if (at == all.end()) {
            print_to(stderr, "{}", explain_call(app, words, CLI::ExtrasError({word})));
            return exit_usage;
        }
        command = *at;
    }
    print_to(
        stdout, "{}",
        command->help(command->get_parent() == nullptr ? "" : path_of(*command->get_parent())));
    return 0;
}

/// A standard descriptor that the caller closed would go to the next file that is opened, and that
/// file be read as input, or written to by messages. One that refuses takes its place.
void hold_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0) {
            // The lowest free one is taken: this one.
            ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int run_command(CLI::App& app, const std::vector<std::string>& words, const int& exit_code) {
    group_commands(app);
    complete_footers(app);
    if (words.empty()) {
        print_to(stderr, "{}", to_command_list(app));
        return exit_usage;
    }
    if (words.front() == "__complete") {
        return print_completion(app, {words.begin() + 1, words.end()});
    }
    const auto name = top_name_of(command_of(app, words));
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error);
        }
        print_to(stderr, "{}", explain_call(app, words, error));
        return usage_status_of(name);
    } catch (const std::exception& error) {
        print_to(stderr, "symbolon: {}\n", error.what());
        return status_style_of(name) == StatusStyle::gate ? exit_internal : exit_failed;
    }
    return exit_code;
}

/// Whoever reads a pipe may have enough, as `head` does, and knows.
bool is_reader_gone(int descriptor) {
    pollfd waited{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&waited, 1, 0) == 1 && (waited.revents & POLLERR) != 0;
}

/// A full disk or a closed output is a failure too: who reads the result has not all of it.
int check_output(int status) {
    std::cout.flush();
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) {
        return status;
    }
    if (!is_reader_gone(STDOUT_FILENO)) {
        print_to(stderr, "symbolon: standard output cannot be written; is the disk full?\n");
    }
    return status == 0 || status == exit_findings ? exit_failed : status;
}

}  // namespace

StatusStyle status_style_of(std::string_view command) {
    const auto* const row = find_command_row(command);
    return row == nullptr ? StatusStyle::plain : row->style;
}

int usage_status_of(std::string_view command) {
    return status_style_of(command) == StatusStyle::gate ? exit_failed : exit_usage;
}

void add_help_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("help", "Lists all commands, or tells what one does and takes.");
    const auto words = std::make_shared<std::vector<std::string>>();
    command->add_option("command", *words, "The command, such as check, or config set.")
        ->type_name("COMMAND");
    command->footer("Example: symbolon help check");
    command->callback([&app, words, &exit_code] { exit_code = print_help_of(app, *words); });
}

int run_program(CLI::App& app, const std::vector<std::string>& words, const int& exit_code) {
    hold_standard_descriptors();
    // What cannot be written is seen when it is written, and ends no work that is half done.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    return check_output(run_command(app, words, exit_code));
}

}  // namespace symbolon::cli
