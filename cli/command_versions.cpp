#include "cli/commands.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct VersionsArguments {
    std::string subject;
    std::string context;
    bool deleted = false;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

struct ListedVersion {
    client::SchemaDocument document{};
    bool is_deleted = false;
};

Result<std::vector<ListedVersion>> find_listed_versions(client::RegistryAdmin& admin,
                                                        const std::string& subject,
                                                        client::Deleted deleted) {
    SYMBOLON_TRY(const auto numbers, admin.list_versions(subject, deleted));
    std::vector<Version> gone;
    if (deleted == client::Deleted::with) {
        SYMBOLON_TRY(gone, admin.list_versions(subject, client::Deleted::only));
    }
    std::vector<ListedVersion> versions(numbers.size());
    SYMBOLON_CHECK(for_each_at_once(numbers.size(), [&](std::size_t at) -> Status {
        versions[at].is_deleted = std::find(gone.begin(), gone.end(), numbers[at]) != gone.end();
        SYMBOLON_TRY(versions[at].document, admin.get_version(subject, numbers[at], deleted));
        return {};
    }));
    return versions;
}

std::string to_reference_names(const std::vector<Reference>& references) {
    std::string names;
    for (const auto& reference : references) {
        names +=
            fmt::format("{}{} {}", names.empty() ? "" : ", ", reference.subject, reference.version);
    }
    return names;
}

Json to_versions_json(const std::string& subject, const std::vector<ListedVersion>& versions) {
    Json items = Json::array();
    for (const auto& [document, is_deleted] : versions) {
        Json references = Json::array();
        for (const auto& reference : document.references) {
            references.push_back({{"name", reference.name},
                                  {"subject", reference.subject},
                                  {"version", reference.version}});
        }
        items.push_back({{"version", document.version.value()},
                         {"id", document.id.value()},
                         {"type", to_string(document.type)},
                         {"references", std::move(references)},
                         {"deleted", is_deleted}});
    }
    return Json{{"subject", subject}, {"versions", std::move(items)}};
}

Result<int> list_versions(const VersionsArguments& arguments) {
    SYMBOLON_TRY(const auto subject, required_subject(arguments.context, arguments.subject));
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    const auto versions =
        find_listed_versions(*connection->admin, subject,
                             arguments.deleted ? client::Deleted::with : client::Deleted::without);
    if (!versions) {
        return failure(explain_missing(*connection->admin, subject, versions.error()));
    }
    if (arguments.output == OutputForm::json) {
        print_json(to_versions_json(subject, *versions));
        return 0;
    }
    std::vector<std::string> heads{"VERSION", "ID", "TYPE", "REFERENCES"};
    if (arguments.deleted) {
        heads.insert(heads.end() - 1, "DELETED");
    }
    Table table(heads);
    for (const auto& [document, is_deleted] : *versions) {
        std::vector<std::string> cells{
            std::to_string(document.version.value()), std::to_string(document.id.value()),
            std::string(to_string(document.type)), to_reference_names(document.references)};
        if (arguments.deleted) {
            cells.insert(cells.end() - 1, is_deleted ? "yes" : "");
        }
        table.add(std::move(cells));
    }
    print_table(table);
    return 0;
}

}  // namespace

void add_versions_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<VersionsArguments>();
    CLI::App* const command = app.add_subcommand("versions", "Shows the versions of a subject.");
    command->add_option("subject", arguments->subject, "The subject.")
        ->required()
        ->type_name("SUBJECT");
    add_context_flag(*command, arguments->context);
    command->add_flag("--deleted", arguments->deleted, "Softly deleted versions too, marked.");
    add_output_flag(*command, arguments->output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "JSON: {\"subject\", \"versions\": [{\"version\", \"id\", \"type\", \"references\": "
        "[{\"name\",\n\"subject\", \"version\"}], \"deleted\"}]}\n\n"
        "Example: symbolon versions orders-value --registry http://localhost:8081 --deleted\n\n"
        "Exit status: 0 ok, 1 failed (also: no such subject), 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(list_versions(*arguments)); });
}

}  // namespace symbolon::cli
