#include "cli/commands.hpp"

#include <iostream>
#include <string>

namespace symbolon::cli {
namespace {

std::string flags_of(const CLI::App& app) {
    std::string flags;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) {
            flags += (flags.empty() ? "--" : " --") + name;
        }
    }
    return flags;
}

/// Made from the parser's own tree, so that a new command or flag is completed without being listed
/// here.
void print_bash(const CLI::App& app) {
    std::string commands;
    std::string cases;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        commands += command->get_name() + " ";
        cases += "        " + command->get_name() + ") words=\"" + flags_of(*command) + "\" ;;\n";
    }
    std::cout << "_symbolon() {\n"
                 "    local words\n"
                 "    case \"${COMP_WORDS[1]}\" in\n"
              << cases << "        *) words=\"" << commands << flags_of(app)
              << "\" ;;\n"
                 "    esac\n"
                 "    if [ \"$COMP_CWORD\" -eq 1 ]; then words=\""
              << commands << flags_of(app)
              << "\"; fi\n"
                 "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
                 "}\n"
                 "complete -o default -F _symbolon symbolon\n";
}

}  // namespace

void add_completion_command(CLI::App& app) {
    auto* const command =
        app.add_subcommand("completion", "Prints a script that completes commands and flags.");
    command->require_subcommand(1);
    command->add_subcommand("bash", "For bash: source <(symbolon completion bash)")
        ->callback([&app] { print_bash(app); });
}

}  // namespace symbolon::cli
