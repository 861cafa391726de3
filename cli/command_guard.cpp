#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "client/decoder/guard_store.hpp"
#include "core/print_to.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

namespace symbolon::cli {
namespace {

struct GuardArguments {
    std::string state = "decoder_state.json";
    std::string subject;
    std::int32_t version = 0;
};

int fail_guard(const std::string& message) {
    print_to(stderr, "symbolon: {}\n", printable(message));
    return exit_failed;
}

/// In another folder than the decoder's nothing is known of anybody, which looks like good news.
void tell_missing_state(const GuardArguments& arguments) {
    std::error_code ignored;
    if (!std::filesystem::exists(arguments.state, ignored)) {
        print_to(stderr, "{} is not there; --state FILE names the file of the decoder\n",
                 arguments.state);
    }
}

std::string time_text(std::int64_t ms) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(ms / 1'000)));
}

int list_guard(const GuardArguments& arguments) {
    tell_missing_state(arguments);
    const auto state = client::GuardStore::read(arguments.state);
    if (!state) {
        return fail_guard(state.error().message);
    }
    for (const auto& [subject, about] : *state) {
        const auto flag = about.flag ? fmt::format("flagged\t{}\t{}", about.flag->version.value(),
                                                   time_text(about.flag->since_ms))
                                     : std::string("ok\t-\t-");
        const auto last_good =
            about.last_good ? std::to_string(about.last_good->value()) : std::string("-");
        print_to(stdout, "{}\t{}\t{}\n", printable(subject), flag, last_good);
    }
    return 0;
}

/// Changes what is known of a subject; `change` answers what is to be said.
int change_guard(const GuardArguments& arguments,
                 const std::function<std::string(client::GuardState&)>& change) {
    tell_missing_state(arguments);
    const auto store = client::GuardStore::open(arguments.state);
    if (!store) {
        return fail_guard(store.error().message);
    }
    auto state = (*store)->load();
    if (!state) {
        return fail_guard(state.error().message);
    }
    const auto before = *state;
    const auto words = change(*state);
    if (*state != before) {
        if (const auto saved = (*store)->save(*state); !saved) {
            return fail_guard(saved.error().message);
        }
    }
    print_to(stderr, "{}\n", printable(words));
    return 0;
}

int clear_flag(const GuardArguments& arguments) {
    return change_guard(arguments, [&](client::GuardState& state) {
        const auto at = state.find(arguments.subject);
        if (at == state.end() || !at->second.flag) {
            return fmt::format("{} has no flag", arguments.subject);
        }
        at->second.flag.reset();
        return fmt::format("the flag of {} is cleared", arguments.subject);
    });
}

int accept_version(const GuardArguments& arguments) {
    return change_guard(arguments, [&](client::GuardState& state) {
        auto& about = state[arguments.subject];
        about.flag.reset();
        about.last_good = Version{arguments.version};
        return fmt::format("version {} of {} counts as decoded, and no flag is set",
                           arguments.version, arguments.subject);
    });
}

int forget_subject(const GuardArguments& arguments) {
    return change_guard(arguments, [&](client::GuardState& state) {
        return state.erase(arguments.subject) > 0
                   ? fmt::format("nothing is known of {} any more", arguments.subject)
                   : fmt::format("nothing was known of {}", arguments.subject);
    });
}

}  // namespace

void add_guard_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "guard", "Lists and clears what the decoder's evolution guard knows of subjects.");
    // Shared with the callbacks, which run after this function.
    const auto arguments = std::make_shared<GuardArguments>();
    const auto add = [&](const std::string& name, const std::string& help,
                         int (*run)(const GuardArguments&), const std::string& example) {
        auto* const part = command->add_subcommand(name, help);
        part->footer("Example: symbolon guard " + example);
        part->add_option("--state", arguments->state,
                         "The file that `symbolon decode --state` names.\n  environment: "
                         "SYMBOLON_DECODER_STATE")
            ->envname("SYMBOLON_DECODER_STATE")
            ->type_name("FILE")
            ->capture_default_str();
        part->callback([arguments, &exit_code, run] { exit_code = run(*arguments); });
        return part;
    };
    const auto add_with_subject = [&](const std::string& name, const std::string& help,
                                      int (*run)(const GuardArguments&),
                                      const std::string& example) {
        auto* const part = add(name, help, run, example);
        part->add_option("subject", arguments->subject, "The subject.")->required();
        return part;
    };
    command->require_subcommand(1);
    add("list", "Prints a line for each subject; works beside a running decoder.", list_guard,
        "list --state decoder_state.json");
    add_with_subject("clear", "Clears the flag of a subject: its events are decoded again.",
                     clear_flag, "clear orders-value");
    add_with_subject("accept",
                     "Clears the flag, and takes a version for decoded: level NONE is no obstacle "
                     "any more.",
                     accept_version, "accept orders-value 4")
        ->add_option("version", arguments->version, "The version to fall back on.")
        ->required()
        ->check(CLI::PositiveNumber);
    add_with_subject("forget", "Forgets flag and last good version of a subject.", forget_subject,
                     "forget orders-value");
    command->footer(
        "list prints, separated by tabs: subject, flagged or ok, the version that was flagged, "
        "since\n"
        "when, and the last good version.\n"
        "A subject is flagged when its compatibility level is NONE and none of its events was "
        "ever\n"
        "decoded. After clear the level is looked up again: set it first, or accept a version.\n"
        "All but list ask that the decoder is stopped; its dead letters can then be read again:\n"
        "symbolon decode dead_letters.jsonl --dead-letter dead_letters2.jsonl ...\n"
        "Example: symbolon guard list");
}

}  // namespace symbolon::cli
