#include "cli/commands.hpp"
#include "cli/plan_words.hpp"
#include "cli/registry_command.hpp"
#include "cli/registry_options.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"
#include "gate/baseline/registry_baseline.hpp"
#include "gate/plan/make_plan.hpp"
#include "gate/report/formats.hpp"
#include "gate/tree/load_tree.hpp"

#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::cli {
namespace {

constexpr int exit_plan_has_changes = 100;

struct PlanArguments {
    std::vector<std::string> paths{};
    gate::TreeOptions tree{};
    RegistryFlags registry{};
    std::string output_file{};
    bool prune = false;
    std::string prune_prefix{};
    bool normalize = false;
    std::size_t jobs = 8;
    bool detailed_exit_code = false;
    OutputForm form = OutputForm::table;
};

Status check_plan_arguments(const PlanArguments& arguments) {
    if (!is_given(arguments.registry)) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "which registry? Say --registry URL, or set SYMBOLON_REGISTRY"));
    }
    if (arguments.prune == arguments.prune_prefix.empty()) {
        return failure(make_error(
            ErrorCode::malformed_request,
            "--prune and --prune-prefix P go together: subjects that start with P and that no file "
            "has would be deleted softly; P is not empty, so that no other team's subjects go"));
    }
    return {};
}

void tell_refusal(const gate::MadePlan& made) {
    if (gate::fails(made.report)) {
        const gate::RenderOptions options{.colours = colours_for(STDERR_FILENO),
                                          .columns = columns_of(STDERR_FILENO)};
        print_to(stderr, "{}", gate::render(made.report, gate::Format::text, options));
    }
    for (const std::string& problem : made.problems) {
        print_to(stderr, "symbolon: {}\n", printable(problem));
    }
    print_to(stderr,
             "symbolon: the registry would refuse this, so no plan is written. Put the schemas "
             "right, or set another level for the subject in symbolon.yaml\n");
}

Result<int> make_and_tell(const PlanArguments& arguments) {
    SYMBOLON_CHECK(check_plan_arguments(arguments));
    SYMBOLON_TRY(
        const auto tree,
        gate::load_tree(arguments.paths.empty() ? std::vector<std::string>{"."} : arguments.paths,
                        arguments.tree));
    SYMBOLON_TRY(const auto connection, connect_registry(arguments.registry));
    gate::PlanOptions options;
    options.registry = url_without_credentials(connection->base_urls.front());
    options.normalized = arguments.normalize ? gate::Normalized::yes : gate::Normalized::no;
    options.jobs = arguments.jobs;
    if (arguments.prune) {
        options.prune_prefix = arguments.prune_prefix;
    }
    const auto baseline = gate::make_registry_baseline(
        *connection->admin,
        {.name = options.registry, .server = gate::RegistryBaselineOptions::Server::silent});
    auto made = gate::make_plan(tree, *connection->admin, *baseline, options);
    if (!made) {
        // Whatever the registry says is no fault of the command line.
        tell_error(made.error());
        return exit_failed;
    }
    made->notes.insert(made->notes.begin(), tree.notes.begin(), tree.notes.end());
    for (const std::string& note : made->notes) {
        print_to(stderr, "note: {}\n", printable(note));
    }
    if (arguments.form == OutputForm::json) {
        print_json(gate::to_json(made->plan));
    } else {
        print_marked_lines(gate::to_summary(made->plan), stdout);
    }
    if (!gate::is_sound(*made)) {
        tell_refusal(*made);
        return exit_failed;
    }
    if (!arguments.output_file.empty()) {
        if (const auto written = gate::write_plan_file(made->plan, arguments.output_file);
            !written) {
            print_to(stderr, "symbolon: {}\n", printable(written.error().message));
            return exit_failed;
        }
    }
    return arguments.detailed_exit_code && !made->plan.changes.empty() ? exit_plan_has_changes : 0;
}

int run_plan(const PlanArguments& arguments) {
    const auto status = make_and_tell(arguments);
    return status ? *status : tell_plan_failure(status.error());
}

void add_plan_flags(CLI::App& command, PlanArguments& arguments) {
    command
        .add_option("path", arguments.paths,
                    "Folders of schema files, or single ones.\n  default the working directory")
        ->type_name("PATH");
    command
        .add_option("--config", arguments.tree.config_file,
                    "The tree's symbolon.yaml.\n  default the one in the folder, or above it up to "
                    "the repository's root")
        ->type_name("FILE");
    command
        .add_option("--output-file", arguments.output_file,
                    "Write the plan there, for review and for symbolon apply; whole or not at "
                    "all.\n  default none is written")
        ->type_name("FILE");
    command.add_flag("--prune", arguments.prune,
                     "Delete softly the subjects of --prune-prefix that no file has.");
    command
        .add_option("--prune-prefix", arguments.prune_prefix,
                    "Which subjects this tree owns: those whose names start with it. Required "
                    "with --prune.")
        ->type_name("PREFIX");
    command.add_flag("--normalize", arguments.normalize,
                     "Register and compare schemas normalised: order and blanks do not count.");
    command.add_option("--jobs", arguments.jobs, "Requests at a time.\n  default 8, from 1 to 64")
        ->check(CLI::Range(1, 64))
        ->type_name("COUNT");
    command.add_flag("--detailed-exit-code", arguments.detailed_exit_code,
                     "Exit 100 when there is something to change.");
    add_output_flag(command, arguments.form);
    add_registry_flags(command, arguments.registry);
}

}  // namespace

void add_plan_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "plan", "Says what a tree of schema files would change in a registry, and writes it down.");
    // Shared with the callbacks, which run after this function.
    const auto arguments = std::make_shared<PlanArguments>();
    add_plan_flags(*command, *arguments);
    command->footer(
        "Example: symbolon plan schemas/ --registry http://localhost:8081 --output-file plan.json\n"
        "Example: symbolon plan schemas/ --registry http://localhost:8081 --prune "
        "--prune-prefix orders-\n"
        "Compares every file with its subject as the registry does, so order and blanks are no "
        "change;\n"
        "level, normalize and mode of a file's entry in symbolon.yaml are planned with it. New "
        "schemas\n"
        "are checked under the levels that the plan sets; a registry of this program is asked "
        "too,\n"
        "by a dry run. Nothing is changed. The file says what the registry has now, and apply "
        "stops\n"
        "when that is no longer so.\n"
        "Exit status: 0 planned, or nothing to change; 1 failed, or the registry would refuse it; "
        "2 called\n"
        "wrongly. With --detailed-exit-code 0 nothing to change, 100 something.");
    command->callback([arguments, &exit_code] { exit_code = run_plan(*arguments); });
}

}  // namespace symbolon::cli
