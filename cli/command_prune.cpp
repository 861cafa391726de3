#include "cli/commands.hpp"

#include "core/print_to.hpp"
#include "server/options.hpp"
#include "server/prune.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

namespace symbolon::cli {
namespace {

struct PruneArguments {
    server::OptionSources sources;
    bool dry_run = false;
};

int run_prune(const PruneArguments& arguments) {
    const auto read = server::read_options(arguments.sources);
    if (!read) {
        print_to(stderr, "symbolon: {}\n", read.error().message);
        return exit_usage;
    }
    const auto depth = arguments.dry_run ? server::PruneDepth::list : server::PruneDepth::remove;
    if (const auto pruned = server::prune(read->options.store, depth, stdout); !pruned) {
        print_to(stderr, "symbolon: {}\n", pruned.error().message);
        return exit_failed;
    }
    return 0;
}

}  // namespace

void add_prune_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "prune", "Deletes for good what is soft-deleted and outside both windows of retention.");
    // Shared with the callbacks, which run after this function.
    const auto arguments = std::make_shared<PruneArguments>();
    arguments->sources.environment = [](const std::string& name) {
        const char* const value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
    command->add_flag("--dry-run", arguments->dry_run,
                      "List and delete nothing; works beside a running server.");
    command
        ->add_option_function<std::string>(
            "--store",
            [arguments](const std::string& text) { arguments->sources.flags["store"] = text; },
            "As for serve: sqlite:FILE; default sqlite:symbolon.db\n  environment: SYMBOLON_STORE")
        ->type_name("URL");
    command
        ->add_option("--config", arguments->sources.config_file,
                     "The server's YAML file.\n  environment: SYMBOLON_CONFIG")
        ->type_name("FILE");
    command->footer(
        "Prints a line for each version: subject, version, id and type, separated by tabs.\n"
        "The windows are keepVersions and keepDays of the config in scope, or 10 versions and 90 "
        "days.\n"
        "Without --dry-run the server must be stopped: one process writes to a store.\n"
        "Example: symbolon prune --store sqlite:registry.db --dry-run");
    command->callback([arguments, &exit_code] { exit_code = run_prune(*arguments); });
}

}  // namespace symbolon::cli
