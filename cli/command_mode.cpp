#include "cli/commands.hpp"
#include "cli/config_keys.hpp"
#include "cli/registry_command.hpp"
#include "cli/setting_scope.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct ModeArguments {
    ScopeFlags scope;
    std::vector<std::string> words;
    bool force = false;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

Result<int> show_mode(client::RegistryAdmin& admin, const std::vector<SettingScope>& scopes,
                      OutputForm output) {
    using Scope = client::RegistryAdmin::Scope;
    SYMBOLON_TRY(const auto effective, admin.get_mode(scopes.front().name, Scope::effective));
    SYMBOLON_TRY(const auto own, admin.get_mode(scopes.front().name, Scope::own));
    std::string origin = "default";
    for (std::size_t at = 0; at < scopes.size() && origin == "default"; ++at) {
        SYMBOLON_TRY(const auto mode, admin.get_mode(scopes[at].name, Scope::own));
        // Why equal: READONLY_OVERRIDE of an outer scope stands above what is nearer.
        origin = mode && mode == effective ? scopes[at].label : origin;
    }
    if (output == OutputForm::json) {
        print_json(Json{{"scope", scopes.front().name},
                        {"effective", effective ? Json(*effective) : Json()},
                        {"own", own ? Json(*own) : Json()},
                        {"from", origin}});
        return 0;
    }
    Table table({"SCOPE", "MODE", "FROM"});
    table.add({scope_title(scopes.front()), effective.value_or("(this registry has no modes)"),
               effective ? origin : ""});
    print_table(table);
    return 0;
}

Result<int> get_mode(const ModeArguments& arguments) {
    SYMBOLON_TRY(const auto scopes, read_scopes(arguments.scope, UnsaidScope::is_global));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    return show_mode(*connection->admin, scopes, arguments.output);
}

Result<int> set_mode(const ModeArguments& given) {
    ModeArguments arguments = given;
    if (arguments.words.empty() || arguments.words.size() > 2) {
        return usage_failure("Write the scope and the mode: symbolon mode set SUBJECT READONLY");
    }
    if (arguments.words.size() == 2) {
        arguments.scope.subject = arguments.words.front();
    }
    SYMBOLON_TRY(const auto mode, parse_mode(arguments.words.back()));
    SYMBOLON_TRY(const auto scopes, read_scopes(arguments.scope, UnsaidScope::is_an_error));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    const auto set = connection->admin->update_mode(scopes.front().name, mode, arguments.force);
    if (!set && set.error().code == ErrorCode::invalid_schema && !arguments.force) {
        return failure(with_hint(set.error(), "--force sets it although there are versions."));
    }
    SYMBOLON_CHECK(set);
    return show_mode(*connection->admin, scopes, arguments.output);
}

Result<int> delete_mode(const ModeArguments& arguments) {
    SYMBOLON_TRY(const auto scopes, read_scopes(arguments.scope, UnsaidScope::is_an_error));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    const auto deleted = connection->admin->delete_mode(scopes.front().name);
    if (!deleted && client::is_not_there(deleted.error())) {
        return failure(with_hint(
            deleted.error(),
            fmt::format("{} has no mode of its own; `symbolon mode get` tells what it inherits.",
                        scope_title(scopes.front()))));
    }
    SYMBOLON_CHECK(deleted);
    return show_mode(*connection->admin, scopes, arguments.output);
}

using ModeWork = Result<int> (*)(const ModeArguments&);

/// Each part has arguments of its own: what the environment says for one must not reach another.
CLI::App* add_mode_part(CLI::App& parent, const std::string& name, const std::string& help,
                        ModeWork work, int& exit_code) {
    auto arguments = std::make_shared<ModeArguments>();
    CLI::App* const part = parent.add_subcommand(name, help);
    if (name != "set") {
        part->add_option("subject", arguments->scope.subject, "The subject.")->type_name("SUBJECT");
    } else {
        part->add_option("words", arguments->words,
                         "The subject, unless --global or --context says enough; then the mode.")
            ->type_name("[SUBJECT] MODE");
        part->add_flag("--force", arguments->force,
                       "Although there are versions; IMPORT is refused then otherwise.");
    }
    add_scope_flags(*part, arguments->scope);
    add_output_flag(*part, arguments->output);
    add_registry_flags(*part, arguments->registry);
    part->callback([arguments, work, &exit_code] { exit_code = finish_command(work(*arguments)); });
    return part;
}

constexpr auto mode_json_help =
    "JSON: {\"scope\", \"effective\": what holds, \"own\": what the scope says itself or null, "
    "\"from\": subject,\ncontext …, global or default}\n\n";
constexpr auto mode_exit_help = "\nExit status: 0 ok, 1 failed, 2 called wrongly.";

}  // namespace

void add_mode_command(CLI::App& app, int& exit_code) {
    CLI::App* const command = app.add_subcommand(
        "mode", "Shows or changes whether a subject, a context or the registry may be written.");
    command->require_subcommand(1);
    const std::string modes = modes_help() + "\n";
    command->footer(modes +
                    "Example: symbolon mode get orders-value --registry http://localhost:8081\n"
                    "Example: symbolon mode set orders-value READONLY\n" +
                    mode_exit_help);
    add_mode_part(*command, "get",
                  "Shows what holds, and where it comes from; by default globally.", get_mode,
                  exit_code)
        ->footer(std::string(mode_json_help) +
                 "Example: symbolon mode get orders-value --registry http://localhost:8081\n" +
                 mode_exit_help);
    add_mode_part(*command, "set", "Changes the mode.", set_mode, exit_code)
        ->footer(modes + mode_json_help +
                 "Example: symbolon mode set orders-value READONLY\n"
                 "Example: symbolon mode set --global IMPORT --force\n" +
                 mode_exit_help);
    add_mode_part(*command, "delete", "Removes the scope's own mode: it inherits again.",
                  delete_mode, exit_code)
        ->footer(std::string(mode_json_help) + "Example: symbolon mode delete orders-value\n" +
                 mode_exit_help);
}

}  // namespace symbolon::cli
