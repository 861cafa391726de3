#include "cli/commands.hpp"
#include "cli/deletion_preview.hpp"
#include "cli/registry_command.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

struct DeleteArguments {
    std::string subject;
    std::string version;
    std::string context;
    bool permanent = false;
    bool both_steps = false;
    bool dry_run = false;
    bool yes = false;
    OutputForm output = OutputForm::table;
    RegistryFlags registry;
};

struct DeletionTarget {
    std::string subject{};
    std::optional<Version> version{};  ///< nullopt: the whole subject
    std::vector<Version> live{};       ///< of what is meant
    std::vector<Version> deleted{};    ///< softly
    bool is_live() const { return !live.empty(); }
    std::vector<Version> versions() const {
        std::vector<Version> all = live;
        all.insert(all.end(), deleted.begin(), deleted.end());
        std::sort(all.begin(), all.end());
        return all;
    }
};

Error nothing_to_delete(client::RegistryAdmin& admin, const DeletionTarget& target, Error error) {
    return explain_missing(admin, target.subject, std::move(error));
}

/// What is there of what is meant.
Result<DeletionTarget> find_deletion_target(const DeleteArguments& arguments,
                                            client::RegistryAdmin& admin,
                                            const client::WantedVersion& version) {
    using client::Deleted;
    DeletionTarget target;
    SYMBOLON_TRY(target.subject, required_subject(arguments.context, arguments.subject));
    auto all = admin.list_versions(target.subject, Deleted::with);
    if (!all) {
        return failure(nothing_to_delete(admin, target, all.error()));
    }
    SYMBOLON_TRY(target.deleted, admin.list_versions(target.subject, Deleted::only));
    std::set_difference(all->begin(), all->end(), target.deleted.begin(), target.deleted.end(),
                        std::back_inserter(target.live));
    if (arguments.version.empty()) {
        return target;
    }
    if (!version && target.live.empty()) {
        return failure(with_hint(
            Error{ErrorCode::schema_not_found,
                  fmt::format("{} has no live version, so none is the latest", target.subject),
                  nullptr},
            "Give the number of the version."));
    }
    target.version = version.value_or(target.live.empty() ? Version() : target.live.back());
    const auto others = [&](Version each) { return each != *target.version; };
    std::erase_if(target.live, others);
    std::erase_if(target.deleted, others);
    if (target.live.empty() && target.deleted.empty()) {
        return failure(with_hint(make_error(ErrorCode::version_not_found, target.version->value()),
                                 fmt::format("{} has {}.", target.subject, to_version_list(*all))));
    }
    return target;
}

/// What a registry calls its subjects may be copied to a shell: quoted where it would be more than
/// a word there.
std::string shell_word(const std::string& text) {
    const bool is_plain =
        !text.empty() && !text.starts_with('-') &&
        std::all_of(text.begin(), text.end(), [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                   (letter >= '0' && letter <= '9') ||
                   std::string_view("._-:/").find(letter) != std::string_view::npos;
        });
    if (is_plain) {
        return text;
    }
    std::string quoted = "'";
    for (const char letter : text) {
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return quoted + "'";
}

/// As the shell would need it again.
std::string command_line(const DeletionTarget& target, std::string_view flags) {
    return fmt::format("`symbolon delete {}{}{}`", shell_word(target.subject),
                       target.version ? fmt::format(" --version {}", target.version->value()) : "",
                       flags);
}

Status check_steps(const DeleteArguments& arguments, const DeletionTarget& target) {
    const std::string what =
        target.version ? fmt::format("{} version {}", target.subject, target.version->value())
                       : target.subject;
    if (!arguments.permanent && !target.is_live()) {
        return failure(with_hint(
            Error{ErrorCode::schema_not_found, what + " is softly deleted already", nullptr},
            command_line(target, " --permanent") + " deletes it for good, `symbolon undelete` "
                                                   "restores it."));
    }
    if (arguments.permanent && target.is_live() && !arguments.both_steps) {
        return failure(with_hint(
            Error{ErrorCode::malformed_request,
                  what + " is live: for good is deleted only what was softly deleted before",
                  nullptr},
            "First " + command_line(target, "") + ", which can be undone; then " +
                command_line(target, " --permanent") +
                ", which cannot. --both-steps with --permanent does both."));
    }
    return {};
}

/// A person at a terminal says yes; for what cannot be undone by writing its name.
Status confirm(const DeleteArguments& arguments, const DeletionTarget& target) {
    if (arguments.yes) {
        return {};
    }
    if (isatty(STDIN_FILENO) == 0) {
        return arguments.permanent
                   ? Status(usage_failure("--permanent cannot be undone: without a terminal to "
                                          "ask at, --yes is needed"))
                   : Status();
    }
    const std::string name = printable(target.subject);
    print_to(
        stderr, "{}",
        arguments.permanent
            ? fmt::format("This cannot be undone. Write the subject's name, {}, to delete "
                          "{} for good: ",
                          name, to_version_list(target.versions()))
            : fmt::format("Delete {}, {}, softly? [y/N] ", name, to_version_list(target.live)));
    std::string answer;
    std::getline(std::cin, answer);
    const bool is_confirmed = arguments.permanent
                                  ? answer == target.subject || answer == name
                                  : answer == "y" || answer == "Y" || answer == "yes";
    if (!is_confirmed) {
        print_to(stderr, "Nothing was deleted.\n");
        return told_failure();
    }
    return {};
}

Result<std::vector<Version>> delete_once(client::RegistryAdmin& admin, const DeletionTarget& target,
                                         client::Deletion deletion) {
    if (!target.version) {
        return admin.delete_subject(target.subject, deletion);
    }
    SYMBOLON_TRY(const auto version,
                 admin.delete_version(target.subject, target.version, deletion));
    return std::vector<Version>{version};
}

Result<std::vector<Version>> delete_target(const DeleteArguments& arguments,
                                           client::RegistryAdmin& admin,
                                           const DeletionTarget& target) {
    if (!arguments.permanent) {
        return delete_once(admin, target, client::Deletion::soft);
    }
    if (target.is_live()) {
        SYMBOLON_CHECK(delete_once(admin, target, client::Deletion::soft));
    }
    auto deleted = delete_once(admin, target, client::Deletion::permanent);
    if (!deleted && target.is_live()) {
        return failure(with_hint(deleted.error(),
                                 "It is softly deleted now, which `symbolon undelete` undoes."));
    }
    return deleted;
}

void report_deletion(const DeleteArguments& arguments, const DeletionTarget& target,
                     const std::vector<Version>& versions, const DeletionPreview& preview) {
    if (arguments.output == OutputForm::json) {
        Json numbers = Json::array();
        for (const auto version : versions) {
            numbers.push_back(version.value());
        }
        print_json(Json{{"subject", target.subject},
                        {"versions", std::move(numbers)},
                        {"permanent", arguments.permanent},
                        {"dry_run", arguments.dry_run},
                        {"allowed", preview.refusal.empty()},
                        {"refusal", preview.refusal},
                        {"referrers", preview.referrers_json()}});
        return;
    }
    const auto name = printable(target.subject);
    const auto list = to_version_list(versions);
    const char* const manner = arguments.permanent ? "for good" : "softly";
    if (arguments.dry_run) {
        print_to(stdout, "{}: {} would be deleted {}; nothing was deleted\n", name, list, manner);
    } else {
        print_to(stdout, "{}: deleted {} {}{}\n", name, list, manner,
                 arguments.permanent ? "" : "; `symbolon undelete` restores it");
    }
}

Result<int> run_deletion(const DeleteArguments& arguments) {
    if (arguments.both_steps && !arguments.permanent) {
        return usage_failure("--both-steps is for --permanent");
    }
    client::WantedVersion version;
    if (!arguments.version.empty()) {
        SYMBOLON_TRY(version, parse_version_word(arguments.version));
    }
    SYMBOLON_TRY(const auto connection, open_registry(arguments.registry));
    client::RegistryAdmin& admin = *connection->admin;
    SYMBOLON_TRY(const auto target, find_deletion_target(arguments, admin, version));
    SYMBOLON_CHECK(check_steps(arguments, target));
    // Of both steps the first one tells who is hurt; the second one would be refused as yet.
    const bool is_second_step = arguments.permanent && !target.is_live();
    SYMBOLON_TRY(const auto preview,
                 find_deletion_preview(
                     admin, target.subject, target.version, target.versions(),
                     is_second_step ? client::Deletion::permanent : client::Deletion::soft));
    print_to(stderr, "{}", preview.to_text());
    if (arguments.dry_run) {
        const auto& doomed = arguments.permanent ? target.versions() : target.live;
        report_deletion(arguments, target, doomed, preview);
        return preview.refusal.empty() ? 0 : exit_failed;
    }
    if (!preview.refusal.empty()) {
        return told_failure();
    }
    SYMBOLON_CHECK(confirm(arguments, target));
    SYMBOLON_TRY(const auto deleted, delete_target(arguments, admin, target));
    report_deletion(arguments, target, deleted, preview);
    return 0;
}

}  // namespace

void add_delete_command(CLI::App& app, int& exit_code) {
    auto arguments = std::make_shared<DeleteArguments>();
    CLI::App* const command = app.add_subcommand("delete", "Deletes a subject or a version of it.");
    command->add_option("subject", arguments->subject, "The subject.")
        ->required()
        ->type_name("SUBJECT");
    command
        ->add_option("--version", arguments->version,
                     "This version alone, a number or latest; by default all of the subject.")
        ->type_name("VERSION");
    add_context_flag(*command, arguments->context);
    command->add_flag("--permanent", arguments->permanent,
                      "For good. What is live has to be deleted softly before: two steps, so that "
                      "a slip can be undone.");
    command->add_flag("--both-steps", arguments->both_steps,
                      "With --permanent: both steps at once for what is live.");
    command->add_flag("--dry-run", arguments->dry_run,
                      "Says what would be deleted and what refers to it, and deletes nothing.");
    command->add_flag("--yes,-y", arguments->yes,
                      "Do not ask. Without a terminal nothing is asked, and --permanent needs "
                      "this flag.");
    add_output_flag(*command, arguments->output);
    add_registry_flags(*command, arguments->registry);
    command->footer(
        "Shows first what refers to the versions that would go, and how often they were read, as "
        "far as the registry\ntells. On a terminal asks for a yes; for --permanent, for the "
        "subject's name. What was deleted softly keeps its\nids and is listed with --deleted.\n\n"
        "JSON: {\"subject\", \"versions\": those deleted, \"permanent\", \"dry_run\", \"allowed\", "
        "\"refusal\": why not or \"\",\n\"referrers\": [{\"version\", \"by\": [{\"subject\", "
        "\"version\", \"id\"}], \"count\"}]}; \"by\" has ids alone where the\nregistry tells no "
        "more.\n\n"
        "Example: symbolon delete orders-value --dry-run --registry http://localhost:8081\n"
        "Example: symbolon delete orders-value --version 3\n"
        "Example: symbolon delete orders-value --permanent --both-steps --yes\n\n"
        "Exit status: 0 deleted (with --dry-run: it would be), 1 failed, refused or not "
        "confirmed, 2 called wrongly.");
    command->callback(
        [arguments, &exit_code] { exit_code = finish_command(run_deletion(*arguments)); });
}

}  // namespace symbolon::cli
