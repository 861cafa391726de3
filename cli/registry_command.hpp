// What the commands on a registry share: opening it, naming subjects in contexts, asking many
// things at once, and saying what went wrong and what to do next.
//
// Example:  return finish_command(run_list(arguments));
// Errors:   malformed_request with Advice::called_wrongly: exit 2; all others: exit 1
// Threads:  any thread, but for what prints
// Source:   docs/commands.md
// Tested by tests/unit/cli/registry_command_test.cpp
#pragma once

#include "cli/registry_options.hpp"
#include "client/registry_client/registry_admin.hpp"
#include "core/result.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// What comes with an Error for the user.
struct Advice final : ErrorDetail {
    std::string hint{};            ///< what to do next; may be empty
    bool called_wrongly = false;   ///< exit 2
    bool is_told_already = false;  ///< nothing more to print
};

Error with_hint(Error error, std::string hint);
tl::unexpected<Error> usage_failure(std::string message);
/// For a failure whose words stand on the terminal already.
tl::unexpected<Error> told_failure();

/// The connection that the flags describe; nothing is sent yet.
Result<std::unique_ptr<RegistryConnection>> open_registry(const RegistryFlags& flags);

/// Prints it to standard error, with its hint or the one that goes with every error of its kind.
void tell_error(const Error& error);

/// Prints a failure to standard error; the exit status.
int finish_command(const Result<int>& done);

CLI::Option* add_context_flag(CLI::App& command, std::string& context);

/// ":.CONTEXT:" and ":.CONTEXT:subject"; as they are for the default context.
Result<std::string> context_scope(std::string_view context);
Result<std::string> subject_in_context(std::string_view context, std::string_view subject);
/// The same for the beginning of a name, which may be anything.
Result<std::string> prefix_in_context(std::string_view context, std::string_view prefix);
/// The same where an empty subject, as of a variable that is not set, means nothing.
Result<std::string> required_subject(std::string_view context, std::string_view subject);
/// ":.CONTEXT:" of a qualified subject; empty: the default context.
std::string_view context_of(std::string_view subject);

/// "latest" and -1: nullopt.
Result<client::WantedVersion> parse_version_word(const std::string& text);

/// The error of a question about `subject`, with a hint: that it is deleted, which versions it
/// has, or which subjects have names like it.
Error explain_missing(client::RegistryAdmin& admin, const std::string& subject, Error error);
/// Empty when the subject has versions, live or deleted; else a sentence.
Result<std::string> find_unknown_subject_note(client::RegistryAdmin& admin,
                                              const std::string& subject);

/// "1, 2, 3 and 7"; "1 to 9" for numbers in a row.
std::string to_version_list(const std::vector<Version>& versions);

/// Calls `work` with 0 to count - 1, a few at a time; the first error, after which no more begin.
Status for_each_at_once(std::size_t count, const std::function<Status(std::size_t)>& work);

}  // namespace symbolon::cli
