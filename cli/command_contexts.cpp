#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/nearest_names.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct ContextsArguments {
    std::string doomed;  ///< of `contexts delete`
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

Result<int> list_contexts(const ContextsArguments& arguments) {
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    SYMBOLON_TRY(const auto contexts, connection->admin->list_contexts());
    SYMBOLON_TRY(const auto subjects, connection->admin->list_subjects({}));
    std::map<std::string, std::size_t> counts;
    for (const auto& subject : subjects) {
        const auto scope = context_of(subject);
        ++counts[scope.empty() ? "." : std::string(scope.substr(1, scope.size() - 2))];
    }
    Table table({"CONTEXT", "SUBJECTS"});
    Json items = Json::array();
    for (const auto& context : contexts) {
        table.add({context, std::to_string(counts[context])});
        items.push_back({{"context", context}, {"subjects", counts[context]}});
    }
    if (arguments.output == OutputForm::json) {
        print_json(Json{{"contexts", std::move(items)}});
    } else {
        print_table(table);
    }
    return 0;
}

Result<int> delete_context(const ContextsArguments& arguments) {
    SYMBOLON_TRY(const auto scope, context_scope(arguments.doomed));
    if (scope.empty()) {
        return usage_failure("The default context is always there");
    }
    const std::string name = scope.substr(1, scope.size() - 2);
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    // Why: registries delete what is not there without a word, and a slip would not be noticed.
    SYMBOLON_TRY(const auto contexts, connection->admin->list_contexts());
    if (std::find(contexts.begin(), contexts.end(), name) == contexts.end()) {
        return failure(with_hint(Error{ErrorCode::schema_not_found,
                                       fmt::format("There is no context {}", name), nullptr},
                                 did_you_mean(nearest_names(name, contexts))));
    }
    const auto deleted = connection->admin->delete_context(name);
    if (deleted) {
        if (arguments.output == OutputForm::json) {
            print_json(Json{{"context", name}});
        } else {
            print_to(stdout, "deleted context {}\n", printable(name));
        }
        return 0;
    }
    if (deleted.error().code == ErrorCode::invalid_schema) {
        return failure(with_hint(
            deleted.error(),
            fmt::format("Delete what is in it for good first: `symbolon list --deleted --context "
                        "{}` shows it.",
                        name)));
    }
    return failure(deleted.error());
}

}  // namespace

void add_contexts_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<ContextsArguments>();
    CLI::App* const command =
        app.add_subcommand("contexts", "Shows the contexts of a registry, or deletes one.");
    add_output_flag(*command, arguments->output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "JSON: {\"contexts\": [{\"context\", \"subjects\": their number}]}\n\n"
        "Example: symbolon contexts --registry http://localhost:8081\n"
        "Example: symbolon contexts delete .staging\n\n"
        "Exit status: 0 ok, 1 failed, 2 called wrongly.");
    CLI::App* const remove =
        command->add_subcommand("delete", "Removes an empty context from the list.");
    remove->add_option("context", arguments->doomed, "The context, such as .staging.")
        ->required()
        ->type_name("CONTEXT");
    remove->fallthrough();  // the flags of `contexts` may stand behind it
    remove->footer(
        "It takes the flags of `symbolon contexts`.\n\n"
        "JSON: {\"context\"}\n\n"
        "Example: symbolon contexts delete .staging --registry http://localhost:8081\n\n"
        "Exit status: 0 ok, 1 failed (also: it is not empty), 2 called wrongly.");
    remove->callback(
        [arguments, &exit_code] { exit_code = finish_command(delete_context(*arguments)); });
    command->callback([command, arguments, &exit_code] {
        if (command->get_subcommands().empty()) {
            exit_code = finish_command(list_contexts(*arguments));
        }
    });
}

}  // namespace symbolon::cli
