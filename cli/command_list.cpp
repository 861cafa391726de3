#include "cli/commands.hpp"
#include "cli/progress_line.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct ListArguments {
    std::string prefix;
    std::string context;
    bool deleted = false;
    bool only_deleted = false;
    bool long_form = false;
    bool names = false;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

struct ListedSubject {
    std::string name{};
    bool is_deleted = false;
    bool is_gone = false;  ///< somebody deleted it while we asked
    client::SchemaDocument latest{};
    std::string level{};
    std::string mode{};
};

/// Why: "" as a prefix would mean every context, also where the default one was asked for.
bool is_wanted_context(const ListArguments& arguments, const std::string& subject) {
    return arguments.context != "." || context_of(subject).empty();
}

Result<std::vector<ListedSubject>> find_listed_subjects(const ListArguments& arguments,
                                                        client::RegistryAdmin& admin) {
    SYMBOLON_TRY(const auto prefix, arguments.context == "*"
                                        ? Result<std::string>(":*:" + arguments.prefix)
                                        : prefix_in_context(arguments.context, arguments.prefix));
    std::vector<std::string> deleted;
    std::vector<std::string> live;
    if (arguments.deleted || arguments.only_deleted) {
        SYMBOLON_TRY(deleted, admin.list_subjects(prefix, client::Deleted::only));
    }
    if (!arguments.only_deleted) {
        SYMBOLON_TRY(live, admin.list_subjects(prefix));
    }
    std::vector<ListedSubject> subjects;
    const auto append = [&](const std::vector<std::string>& names, bool is_deleted) {
        for (const auto& name : names) {
            if (is_wanted_context(arguments, name)) {
                subjects.push_back({.name = name, .is_deleted = is_deleted});
            }
        }
    };
    append(live, false);
    append(deleted, true);
    std::sort(subjects.begin(), subjects.end(),
              [](const auto& left, const auto& right) { return left.name < right.name; });
    return subjects;
}

Status describe_subject(client::RegistryAdmin& admin, ListedSubject& subject) {
    using client::Deleted;
    using Scope = client::RegistryAdmin::Scope;
    client::WantedVersion wanted;
    if (subject.is_deleted) {
        SYMBOLON_TRY(const auto versions, admin.list_versions(subject.name, Deleted::with));
        subject.is_gone = versions.empty();
        if (subject.is_gone) {
            return {};
        }
        wanted = versions.back();
    }
    SYMBOLON_TRY(subject.latest,
                 admin.get_version(subject.name, wanted,
                                   subject.is_deleted ? Deleted::with : Deleted::without));
    SYMBOLON_TRY(const auto config, admin.get_config(subject.name, Scope::effective));
    if (config) {
        const auto level = config->find("compatibilityLevel");
        subject.level =
            level != config->end() && level->is_string() ? level->get<std::string>() : "";
    }
    SYMBOLON_TRY(const auto mode, admin.get_mode(subject.name, Scope::effective));
    subject.mode = mode.value_or("");
    return {};
}

Status describe_subjects(client::RegistryAdmin& admin, std::vector<ListedSubject>& subjects) {
    ProgressLine progress;
    std::atomic<std::size_t> done = 0;
    SYMBOLON_CHECK(for_each_at_once(subjects.size(), [&](std::size_t at) -> Status {
        auto described = describe_subject(admin, subjects[at]);
        ++done;
        progress.show([&] {
            return fmt::format("asked about {} of {} subjects", done.load(), subjects.size());
        });
        if (!described && client::is_not_there(described.error())) {
            subjects[at].is_gone = true;
            return {};
        }
        return described;
    }));
    std::erase_if(subjects, [](const ListedSubject& subject) { return subject.is_gone; });
    return {};
}

Json to_list_json(const ListArguments& arguments, const std::vector<ListedSubject>& subjects) {
    Json items = Json::array();
    for (const auto& subject : subjects) {
        Json item{{"subject", subject.name}, {"deleted", subject.is_deleted}};
        if (arguments.long_form) {
            item["type"] = to_string(subject.latest.type);
            item["version"] = subject.latest.version.value();
            item["id"] = subject.latest.id.value();
            item["level"] = subject.level;
            item["mode"] = subject.mode;
        }
        items.push_back(std::move(item));
    }
    return Json{{"subjects", std::move(items)}};
}

Table to_list_table(const ListArguments& arguments, const std::vector<ListedSubject>& subjects) {
    std::vector<std::string> heads{"SUBJECT"};
    if (arguments.long_form) {
        heads.insert(heads.end(), {"TYPE", "VERSION", "ID", "LEVEL", "MODE"});
    }
    if (arguments.deleted) {
        heads.emplace_back("DELETED");
    }
    Table table(heads);
    for (const auto& subject : subjects) {
        std::vector<std::string> cells{subject.name};
        if (arguments.long_form) {
            cells.insert(cells.end(),
                         {std::string(to_string(subject.latest.type)),
                          std::to_string(subject.latest.version.value()),
                          std::to_string(subject.latest.id.value()), subject.level, subject.mode});
        }
        cells.emplace_back(subject.is_deleted ? "yes" : "");
        table.add(std::move(cells));
    }
    return table;
}

Result<int> list_subjects(const ListArguments& arguments) {
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    SYMBOLON_TRY(auto subjects, find_listed_subjects(arguments, *connection->admin));
    if (arguments.names) {
        for (const auto& subject : subjects) {
            print_to(stdout, "{}\n", printable(subject.name));
        }
        return 0;
    }
    if (arguments.long_form) {
        SYMBOLON_CHECK(describe_subjects(*connection->admin, subjects));
    }
    if (arguments.output == OutputForm::json) {
        print_json(to_list_json(arguments, subjects));
    } else {
        print_table(to_list_table(arguments, subjects));
    }
    return 0;
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<ListArguments>();
    CLI::App* const command = app.add_subcommand("list", "Shows the subjects of a registry.");
    command
        ->add_option("prefix", arguments->prefix,
                     "Only subjects that begin so; in the default context, unless --context says "
                     "another. Without it: of every context.")
        ->type_name("PREFIX");
    add_context_flag(*command, arguments->context)
        ->description("The context to look in: . for the default one, * for every one.");
    CLI::Option* const deleted =
        command->add_flag("--deleted", arguments->deleted, "Softly deleted subjects too, marked.");
    command->add_flag("--only-deleted", arguments->only_deleted, "Only softly deleted subjects.")
        ->excludes(deleted);
    CLI::Option* const long_form =
        command->add_flag("--long,-l", arguments->long_form,
                          "Also the type, the latest version, its id, and the level and the mode "
                          "in force: three requests for each subject, eight at a time.");
    CLI::Option* const output = add_output_flag(*command, arguments->output);
    command
        ->add_flag("--names", arguments->names,
                   "One bare name a line and nothing else, for xargs. Control characters in "
                   "names are shown as \\x1b; --output json has them as they are.")
        ->excludes(long_form)
        ->excludes(output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "JSON: {\"subjects\": [{\"subject\", \"deleted\"}]}; with --long also \"type\", "
        "\"version\", \"id\",\n\"level\" and \"mode\" of each.\n\n"
        "Example: symbolon list --registry http://localhost:8081 --long\n"
        "Example: symbolon list orders --names | xargs -n1 symbolon versions\n\n"
        "Exit status: 0 also for an empty list, 1 failed, 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(list_subjects(*arguments)); });
}

}  // namespace symbolon::cli
