#include "cli/commands.hpp"
#include "cli/config_keys.hpp"
#include "cli/registry_command.hpp"
#include "cli/setting_scope.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct ConfigArguments {
    ScopeFlags scope;
    std::vector<std::string> words;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

/// What holds in a scope, and what each scope on the way to the global one says.
struct ConfigView {
    std::vector<SettingScope> scopes{};
    std::vector<std::optional<Json>> own{};  ///< of each scope
    Json effective = Json::object();

    /// The nearest scope that has the key; "default": none says so.
    std::string origin_of(const std::string& key) const {
        for (std::size_t at = 0; at < scopes.size(); ++at) {
            if (own[at] && own[at]->is_object() && own[at]->contains(key)) {
                return scopes[at].label;
            }
        }
        return "default";
    }
};

Result<ConfigView> find_config_view(client::RegistryAdmin& admin,
                                    std::vector<SettingScope> scopes) {
    using Scope = client::RegistryAdmin::Scope;
    ConfigView view;
    SYMBOLON_TRY(const auto effective, admin.get_config(scopes.front().name, Scope::effective));
    if (effective && effective->is_object()) {
        view.effective = *effective;
    }
    for (const auto& scope : scopes) {
        SYMBOLON_TRY(auto own, admin.get_config(scope.name, Scope::own));
        view.own.push_back(std::move(own));
    }
    view.scopes = std::move(scopes);
    return view;
}

std::string to_cell(const Json& value) {
    return value.is_string() ? value.get<std::string>() : to_text(value);
}

void print_config(const ConfigView& view, OutputForm output) {
    if (output == OutputForm::json) {
        Json origins = Json::object();
        for (const auto& [key, value] : view.effective.items()) {
            origins[key] = view.origin_of(key);
        }
        print_json(Json{{"scope", view.scopes.front().name},
                        {"effective", view.effective},
                        {"own", view.own.front() ? *view.own.front() : Json()},
                        {"from", std::move(origins)}});
        return;
    }
    Table table({"KEY", "VALUE", "FROM"});
    for (const auto& [key, value] : view.effective.items()) {
        table.add({config_key_of(key), to_cell(value), view.origin_of(key)});
    }
    print_table(table);
}

Result<int> show_config(client::RegistryAdmin& admin, std::vector<SettingScope> scopes,
                        OutputForm output) {
    SYMBOLON_TRY(const auto view, find_config_view(admin, std::move(scopes)));
    print_config(view, output);
    return 0;
}

Result<int> get_config(const ConfigArguments& arguments) {
    SYMBOLON_TRY(auto scopes, read_scopes(arguments.scope, UnsaidScope::is_global));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    return show_config(*connection->admin, std::move(scopes), arguments.output);
}

/// Whoever mistypes a subject's name would wait for ever for the setting to work.
Status warn_of_unknown_subject(client::RegistryAdmin& admin, const SettingScope& scope) {
    if (scope.label == "subject") {
        SYMBOLON_TRY(const auto note, find_unknown_subject_note(admin, scope.name));
        if (!note.empty()) {
            print_to(stderr, "symbolon: note: {}\n", printable(note));
        }
    }
    return {};
}

Result<int> set_config(const ConfigArguments& given) {
    ConfigArguments arguments = given;
    auto& words = arguments.words;
    const bool has_subject =
        !words.empty() && !arguments.scope.global && !is_config_change(words.front());
    if (has_subject) {
        arguments.scope.subject = words.front();
        words.erase(words.begin());
    }
    SYMBOLON_TRY(auto scopes, read_scopes(arguments.scope, UnsaidScope::is_an_error));
    if (words.empty()) {
        return usage_failure("Nothing to set: write KEY=VALUE, such as level=FULL");
    }
    SYMBOLON_TRY(const auto changes, parse_config_changes(words));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    SYMBOLON_CHECK(connection->admin->update_config(scopes.front().name, changes));
    SYMBOLON_CHECK(warn_of_unknown_subject(*connection->admin, scopes.front()));
    return show_config(*connection->admin, std::move(scopes), arguments.output);
}

Result<int> delete_config(const ConfigArguments& arguments) {
    SYMBOLON_TRY(auto scopes, read_scopes(arguments.scope, UnsaidScope::is_an_error));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    const auto deleted = connection->admin->delete_config(scopes.front().name);
    if (!deleted && client::is_not_there(deleted.error())) {
        return failure(with_hint(deleted.error(),
                                 fmt::format("{} has no config of its own; `symbolon config get` "
                                             "tells what it inherits.",
                                             scope_title(scopes.front()))));
    }
    SYMBOLON_CHECK(deleted);
    return show_config(*connection->admin, std::move(scopes), arguments.output);
}

using ConfigWork = Result<int> (*)(const ConfigArguments&);

/// Each part has arguments of its own: what the environment says for one must not reach another.
CLI::App* add_config_part(CLI::App& parent, const std::string& name, const std::string& help,
                          ConfigWork work, int& exit_code) {
    auto arguments = std::make_shared<ConfigArguments>();
    CLI::App* const part = parent.add_subcommand(name, help);
    if (name != "set") {
        part->add_option("subject", arguments->scope.subject, "The subject.")->type_name("SUBJECT");
    } else {
        part->add_option("words", arguments->words,
                         "The subject, unless --global or --context says enough; then the keys "
                         "with their values.")
            ->type_name("[SUBJECT] KEY=VALUE...");
    }
    add_scope_flags(*part, arguments->scope);
    add_output_flag(*part, arguments->output);
    add_registry_flags(*part, arguments->registry);
    part->callback([arguments, work, &exit_code] { exit_code = finish_command(work(*arguments)); });
    return part;
}

constexpr auto config_json_help =
    "JSON: {\"scope\", \"effective\": what holds, \"own\": what the scope says itself or null, "
    "\"from\": for each key\nof \"effective\" subject, context …, global or default}; keys as "
    "the REST interface has them\n(\"compatibilityLevel\" is the level).\n\n";
constexpr auto config_exit_help = "\nExit status: 0 ok, 1 failed, 2 called wrongly.";

}  // namespace

void add_config_command(CLI::App& app, int& exit_code) {
    CLI::App* const command = app.add_subcommand(
        "config", "Shows or changes what a subject, a context or the whole registry allows.");
    command->require_subcommand(1);
    const std::string keys = config_keys_help() + "\n";
    command->footer(keys +
                    "Example: symbolon config get orders-value --registry http://localhost:8081\n"
                    "Example: symbolon config set orders-value level=FULL normalize=true\n" +
                    config_exit_help);
    add_config_part(*command, "get",
                    "Shows what holds, and where it comes from; by default globally.", get_config,
                    exit_code)
        ->footer(std::string(config_json_help) +
                 "Example: symbolon config get orders-value --registry http://localhost:8081\n"
                 "Example: symbolon config get --context .staging --output json\n" +
                 config_exit_help);
    add_config_part(*command, "set", "Changes keys, and leaves the others as they are.", set_config,
                    exit_code)
        ->footer(keys + config_json_help +
                 "Example: symbolon config set orders-value level=FULL normalize=true\n"
                 "Example: symbolon config set --global level=BACKWARD_TRANSITIVE\n"
                 "Example: symbolon config set orders-value alias=\n" +
                 config_exit_help);
    add_config_part(*command, "delete", "Removes the scope's own config: it inherits again.",
                    delete_config, exit_code)
        ->footer(std::string(config_json_help) + "Example: symbolon config delete orders-value\n" +
                 config_exit_help);
}

}  // namespace symbolon::cli
