#include "cli/commands.hpp"
#include "cli/plan_words.hpp"
#include "cli/registry_command.hpp"
#include "cli/registry_options.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"
#include "gate/plan/apply_plan.hpp"
#include "gate/plan/make_plan.hpp"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>

namespace symbolon::cli {
namespace {

struct ApplyArguments {
    std::string file{};
    RegistryFlags registry{};
    bool dry_run = false;
    bool yes = false;
    bool not_atomic = false;
    OutputForm form = OutputForm::table;
};

Status confirm(const ApplyArguments& arguments, const std::string& registry) {
    if (arguments.yes || arguments.dry_run) {
        return {};
    }
    if (::isatty(STDIN_FILENO) == 0) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "nobody can be asked here: say --yes to apply, or --dry-run"));
    }
    print_to(stderr, "Apply this to {}? Only \"yes\" does: ", printable(registry));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "yes") {
        return failure(make_error(ErrorCode::cannot_start, "nothing was done"));
    }
    return {};
}

Json to_json_answer(const gate::AppliedPlan& applied, const ApplyArguments& arguments) {
    Json json{{"atomic", applied.is_atomic},
              {"dryRun", arguments.dry_run},
              {"changed", applied.changed && applied.drifts.empty() && !applied.failed},
              {"done", applied.done},
              {"left", applied.left},
              {"drift", Json::array()},
              {"error", applied.failed ? Json(applied.failed->message) : Json()}};
    for (const gate::StateDrift& drift : applied.drifts) {
        json["drift"].push_back({{"subject", drift.subject},
                                 {"of", drift.of},
                                 {"expected", drift.expected},
                                 {"actual", drift.actual}});
    }
    return json;
}

void tell_lines(const std::vector<std::string>& lines, std::string_view before) {
    for (const std::string& line : lines) {
        print_to(stdout, "{}{}\n", before, printable(line));
    }
}

int tell_stop(const gate::AppliedPlan& applied) {
    constexpr std::string_view is_unknown_text =
        "an answer was lost, so it is not known whether the plan was done. Apply the same plan "
        "again: if it was, that is said and nothing changes";
    if (!applied.drifts.empty()) {
        for (const gate::StateDrift& drift : applied.drifts) {
            print_to(stderr, "drift: {}\n", printable(gate::to_text(drift)));
        }
        print_to(stderr, "symbolon: the registry has changed since the plan was made; {}\n",
                 applied.is_unknown ? "an answer was lost before that, so the plan may have been "
                                      "done. See what the registry has, and make a new plan"
                                    : "nothing was done. Make a new plan");
        return exit_failed;
    }
    print_to(stderr, "symbolon: {}\n", printable(applied.failed->message));
    if (applied.is_atomic) {
        print_to(stderr, "symbolon: {}\n",
                 applied.is_unknown ? is_unknown_text : "nothing was done");
        return exit_failed;
    }
    print_to(stderr,
             "symbolon: {} steps are done and {} are not. Remove the cause and apply the same "
             "plan again: what is done is passed over\n",
             applied.done.size(), applied.left.size());
    for (const std::string& step : applied.left) {
        print_to(stderr, "not done: {}\n", printable(step));
    }
    return exit_failed;
}

int tell_applied(const gate::AppliedPlan& applied, const ApplyArguments& arguments) {
    const bool is_stopped = applied.failed || !applied.drifts.empty();
    if (arguments.form == OutputForm::json) {
        print_json(to_json_answer(applied, arguments));
    } else {
        tell_lines(applied.done, arguments.dry_run ? "would be " : "");
    }
    if (is_stopped) {
        return tell_stop(applied);
    }
    if (arguments.form == OutputForm::table) {
        print_to(stdout, "{}\n",
                 !applied.changed    ? "nothing to change: all of it is there already"
                 : arguments.dry_run ? "nothing was done: this was a dry run"
                                     : "applied");
    }
    return 0;
}

Result<int> apply_and_tell(const ApplyArguments& arguments) {
    if (!is_given(arguments.registry)) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "which registry? Say --registry URL, or set SYMBOLON_REGISTRY"));
    }
    const auto plan = gate::read_plan_file(arguments.file);
    if (!plan) {
        print_to(stderr, "symbolon: {}\n", printable(plan.error().message));
        return exit_failed;
    }
    SYMBOLON_TRY(const auto connection, connect_registry(arguments.registry));
    const std::string registry = url_without_credentials(connection->base_urls.front());
    if (registry != plan->registry) {
        print_to(stderr, "note: the plan was made for {}\n", printable(plan->registry));
    }
    print_marked_lines(gate::to_summary(*plan), stderr);
    SYMBOLON_CHECK(confirm(arguments, registry));
    gate::ApplyOptions options;
    options.run = arguments.dry_run ? gate::PlanRun::dry : gate::PlanRun::real;
    options.steps = arguments.not_atomic ? gate::Steps::allowed : gate::Steps::refused;
    if (arguments.not_atomic) {
        print_to(stderr,
                 "note: where the registry cannot take a plan as a whole, this goes step by "
                 "step and is not atomic\n");
    }
    const auto applied = gate::apply_plan(*plan, *connection->admin, options);
    if (!applied) {
        // Whatever the registry says is no fault of the command line.
        tell_error(applied.error());
        return exit_failed;
    }
    return tell_applied(*applied, arguments);
}

int run_apply(const ApplyArguments& arguments) {
    const auto status = apply_and_tell(arguments);
    return status ? *status : tell_plan_failure(status.error());
}

}  // namespace

void add_apply_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("apply", "Does what a plan says in a registry, all of it or nothing.");
    // Shared with the callbacks, which run after this function.
    const auto arguments = std::make_shared<ApplyArguments>();
    command->add_option("plan", arguments->file, "The file that symbolon plan wrote.")
        ->type_name("FILE")
        ->required();
    command->add_flag("--dry-run", arguments->dry_run,
                      "Say what would be done, by the registry itself where it can; do nothing.");
    command->add_flag("--yes", arguments->yes, "Do not ask; needed where there is no terminal.");
    command->add_flag("--not-atomic", arguments->not_atomic,
                      "Go step by step where the registry cannot take a plan as a whole. A failure "
                      "on the way leaves what is done.");
    add_output_flag(*command, arguments->form);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "Example: symbolon apply plan.json --registry http://localhost:8081 --yes\n"
        "A registry of this program takes the plan in one commit, and only while every subject is "
        "as it\n"
        "was when the plan was made; otherwise nothing is done and what differs is told. Others "
        "need\n"
        "--not-atomic: then everything is compared first, and done one by one: modes that open a "
        "subject,\n"
        "configs, schemas, deletions, modes that close one. A plan that is done already is no "
        "error.\n"
        "Exit status: 0 done, 1 the registry has changed, or refused, or failed, 2 called "
        "wrongly.");
    command->callback([arguments, &exit_code] { exit_code = run_apply(*arguments); });
}

}  // namespace symbolon::cli
