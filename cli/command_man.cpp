#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/man_page.hpp"
#include "cli/registry_options.hpp"
#include "cli/unknown_word.hpp"
#include "core/print_to.hpp"
#include "server/version.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace symbolon::cli {
namespace {

struct ManArguments {
    std::vector<std::string> words;
    std::string folder;
};

std::string man_page_of(const CLI::App& command) {
    std::vector<ManVariable> variables;
    for (const auto& row : registry_variables()) {
        variables.push_back({row.name, row.help});
    }
    return to_man_page(command, server::program_version(), variables);
}

/// False when a page cannot be written.
bool write_man_pages(const CLI::App& command, const std::filesystem::path& folder) {
    std::ofstream file(folder / (man_name_of(command) + ".1"), std::ios::binary);
    file << man_page_of(command);
    file.close();
    const auto below = commands_of(command);
    return file && std::all_of(below.begin(), below.end(),
                               [&](const auto* each) { return write_man_pages(*each, folder); });
}

int run_man(const CLI::App& app, const ManArguments& arguments) {
    if (!arguments.folder.empty()) {
        std::error_code failed;
        std::filesystem::create_directories(arguments.folder, failed);
        if (failed || !write_man_pages(app, arguments.folder)) {
            print_to(stderr, "symbolon man: {} cannot be written to\n", arguments.folder);
            return exit_failed;
        }
        return 0;
    }
    const auto* command = &app;
    for (const auto& word : arguments.words) {
        const auto below = commands_of(*command);
        const auto at = std::find_if(below.begin(), below.end(),
                                     [&](const auto* each) { return each->check_name(word); });
        if (at == below.end()) {
            print_to(stderr, "{}", explain_call(app, arguments.words, CLI::ExtrasError({word})));
            return exit_usage;
        }
        command = *at;
    }
    print_to(stdout, "{}", man_page_of(*command));
    return 0;
}

}  // namespace

void add_man_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("man", "Prints a manual page, as roff for man(1).");
    const auto arguments = std::make_shared<ManArguments>();
    command
        ->add_option("command", arguments->words,
                     "The command, such as check, or config set; none: the program itself.")
        ->type_name("COMMAND");
    command
        ->add_option("--folder", arguments->folder,
                     "Write the pages of all commands there, as NAME.1; default: print one.")
        ->type_name("DIR");
    command->footer(
        "Example: symbolon man check | man -l -\n"
        "Exit status: 0 done, 1 the folder cannot be written to, 2 called wrongly.");
    command->callback([&app, arguments, &exit_code] { exit_code = run_man(app, *arguments); });
}

}  // namespace symbolon::cli
