#include "cli/commands.hpp"

#include "core/print_to.hpp"
#include "server/options.hpp"
#include "server/serve.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace symbolon::cli {
namespace {

std::optional<std::string> environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// The line of the table, as help prints it.
std::string describe(const server::OptionRow& row) {
    auto text = fmt::format("{}\n  {}; default {}\n  environment: {}", row.help, row.values,
                            row.show({}), environment_of(row));
    if (!row.alias.empty()) {
        text += fmt::format(" or\n  {}", row.alias);
    }
    return text;
}

int run(const server::OptionSources& sources) {
    const auto read = server::read_options(sources);
    if (!read) {
        print_to(stderr, "symbolon: {}\n", read.error().message);
        return exit_usage;
    }
    const auto served = server::serve(read->options, read->warnings);
    if (!served) {
        print_to(stderr, "symbolon: {}\n", served.error().message);
        return exit_failed;
    }
    return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("serve", "Runs the registry.");
    // Shared with the callbacks, which run after this function.
    const auto sources = std::make_shared<server::OptionSources>();
    sources->environment = environment;
    command
        ->add_option("--config", sources->config_file,
                     "A YAML file with options, named as the flags but with _ for -.\n"
                     "  environment: SYMBOLON_CONFIG")
        ->type_name("FILE");
    for (const auto& row : server::option_table()) {
        const bool is_switch = row.values == "true or false";
        command
            ->add_option_function<std::string>(
                server::flag_of(row),
                [sources, name = std::string(row.name)](const std::string& text) {
                    sources->flags[name] = text.empty() ? "true" : text;
                },
                describe(row))
            ->type_name(is_switch ? "[true|false]" : "VALUE")
            ->expected(is_switch ? 0 : 1, 1)
            ->option_text(is_switch ? "[true|false]" : "VALUE");
    }
    command->footer(
        "A flag wins over the environment, that over the file, that over the default.\n"
        "The first SIGTERM or SIGINT finishes accepted requests; the second ends at once.\n"
        "Example: symbolon serve --listen http://0.0.0.0:8081 --store sqlite:registry.db\n"
        "Exit status: 0 stopped by a signal, 1 it cannot listen or the store cannot be opened, 2 "
        "called\nwrongly.");
    command->callback([sources, &exit_code] { exit_code = run(*sources); });
}

}  // namespace symbolon::cli
