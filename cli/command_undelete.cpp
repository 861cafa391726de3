#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct UndeleteArguments {
    std::string subject;
    std::string version;
    std::string context;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

Result<std::vector<Version>> restore(client::RegistryAdmin& admin, const std::string& subject,
                                     const std::optional<Version>& version) {
    if (!version) {
        return admin.undelete_subject(subject);
    }
    SYMBOLON_TRY(const auto restored, admin.undelete_version(subject, *version));
    return std::vector<Version>{restored};
}

Result<int> undelete(const UndeleteArguments& arguments) {
    SYMBOLON_TRY(const auto subject, required_subject(arguments.context, arguments.subject));
    client::WantedVersion version;
    if (!arguments.version.empty()) {
        SYMBOLON_TRY(version, parse_version_word(arguments.version));
        if (!version) {
            return usage_failure("--version: the latest version is a live one; give a number");
        }
    }
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    const auto restored = restore(*connection->admin, subject, version);
    if (!restored) {
        return failure(explain_missing(*connection->admin, subject, restored.error()));
    }
    if (arguments.output == OutputForm::json) {
        Json numbers = Json::array();
        for (const auto each : *restored) {
            numbers.push_back(each.value());
        }
        print_json(Json{{"subject", subject}, {"versions", std::move(numbers)}});
    } else if (restored->empty()) {
        print_to(stdout, "{}: nothing to restore, all versions are live\n", printable(subject));
    } else {
        print_to(stdout, "{}: restored {}\n", printable(subject), to_version_list(*restored));
    }
    return 0;
}

}  // namespace

void add_undelete_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<UndeleteArguments>();
    CLI::App* const command = app.add_subcommand("undelete", "Restores what was deleted softly.");
    command->add_option("subject", arguments->subject, "The subject.")
        ->required()
        ->type_name("SUBJECT");
    command
        ->add_option("--version", arguments->version,
                     "This version alone; by default all versions of the subject.")
        ->type_name("VERSION");
    add_context_flag(*command, arguments->context);
    add_output_flag(*command, arguments->output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "All versions or none come back. Refused while the mode is read-only, when what a version "
        "refers to\nis not live, and when it does not fit the live versions under the subject's "
        "level. Other registries than\nSymbolon's cannot restore; there, the schema is registered "
        "again.\n\n"
        "JSON: {\"subject\", \"versions\": those that are live again}\n\n"
        "Example: symbolon undelete orders-value --registry http://localhost:8081\n"
        "Example: symbolon undelete orders-value --version 3\n\n"
        "Exit status: 0 ok, 1 failed, 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(undelete(*arguments)); });
}

}  // namespace symbolon::cli
