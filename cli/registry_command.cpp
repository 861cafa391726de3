#include "cli/registry_command.hpp"

#include "cli/terminal.hpp"
#include "client/registry_client/registry_transport.hpp"
#include "core/nearest_names.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace symbolon::cli {

namespace {

/// Requests under way at a time: enough to hide the way there, too few to be a burden.
constexpr std::size_t requests_at_once = 8;

const Advice* find_advice(const Error& error) {
    return dynamic_cast<const Advice*>(error.detail.get());
}

/// What to do about errors that mean the same in every command.
std::string general_hint(const Error& error) {
    const auto* const refusal = dynamic_cast<const client::RegistryRefusal*>(error.detail.get());
    if (refusal != nullptr &&
        refusal->error_code == row_of(ErrorCode::operation_not_permitted).wire_code) {
        return "`symbolon mode get` tells which mode holds, `symbolon mode set` changes it.";
    }
    switch (error.code) {
        case ErrorCode::not_authorised:
            return "Say who you are with --user, --token-file or --oauth-token-url (see --help), "
                   "or ask for the right to do this.";
        case ErrorCode::unavailable:
        case ErrorCode::not_reachable:
        case ErrorCode::request_timeout:
        case ErrorCode::answer_lost:
            return "Does the address (--registry, or --against) lead to a registry that runs? "
                   "--timeout-ms gives it more time.";
        default:
            return {};
    }
}

/// Empty when nothing is near, or nothing can be told.
std::string similar_subjects(client::RegistryAdmin& admin, const std::string& subject) {
    const auto subjects = admin.list_subjects({});
    return subjects ? did_you_mean(nearest_names(subject, *subjects)) : std::string();
}

Result<std::vector<Version>> versions_or_none(client::RegistryAdmin& admin,
                                              const std::string& subject, client::Deleted deleted) {
    auto versions = admin.list_versions(subject, deleted);
    if (!versions && client::is_not_there(versions.error())) {
        return std::vector<Version>();
    }
    return versions;
}

}  // namespace

Error with_hint(Error error, std::string hint) {
    auto advice = std::make_shared<Advice>();
    advice->hint = std::move(hint);
    error.detail = std::move(advice);
    return error;
}

tl::unexpected<Error> usage_failure(std::string message) {
    auto advice = std::make_shared<Advice>();
    advice->called_wrongly = true;
    return failure(Error{ErrorCode::malformed_request, std::move(message), std::move(advice)});
}

tl::unexpected<Error> told_failure() {
    auto advice = std::make_shared<Advice>();
    advice->is_told_already = true;
    return failure(Error{ErrorCode::incompatible_schema, {}, std::move(advice)});
}

Result<std::unique_ptr<RegistryConnection>> open_registry(const RegistryFlags& flags) {
    auto connection = connect_registry(flags);
    if (!connection && connection.error().code == ErrorCode::malformed_request) {
        return usage_failure(connection.error().message);
    }
    return connection;
}

void tell_error(const Error& error) {
    print_to(stderr, "symbolon: {}\n", printable(error.message));
    const Advice* const advice = find_advice(error);
    const std::string hint =
        advice != nullptr && !advice->hint.empty() ? advice->hint : general_hint(error);
    if (!hint.empty()) {
        print_to(stderr, "  hint: {}\n", printable(hint));
    }
}

int finish_command(const Result<int>& done) {
    if (done) {
        return *done;
    }
    const Error& error = done.error();
    const Advice* const advice = find_advice(error);
    if (advice != nullptr && advice->is_told_already) {
        return 1;
    }
    tell_error(error);
    return advice != nullptr && advice->called_wrongly ? 2 : 1;
}

CLI::Option* add_context_flag(CLI::App& command, std::string& context) {
    return command
        .add_option("--context", context,
                    "The context that is meant; by default the default one, unless the subject is "
                    "written :.CONTEXT:SUBJECT.")
        ->type_name("CONTEXT");
}

Result<std::string> context_scope(std::string_view context) {
    std::string_view name = context;
    if (name.starts_with(':') && name.ends_with(':') && name.size() > 1) {
        name = name.substr(1, name.size() - 2);
    }
    if (name.starts_with('.')) {
        name.remove_prefix(1);
    }
    if (name.find(':') != std::string_view::npos) {
        return usage_failure(fmt::format("'{}' is no context: its name has no colon", context));
    }
    return name.empty() ? std::string() : fmt::format(":.{}:", name);
}

Result<std::string> prefix_in_context(std::string_view context, std::string_view subject) {
    if (context.empty()) {
        return std::string(subject);
    }
    if (subject.starts_with(":.") || subject.starts_with(":*:")) {
        return usage_failure(
            fmt::format("{} names a context already; leave --context out", subject));
    }
    SYMBOLON_TRY(const auto scope, context_scope(context));
    return scope + std::string(subject);
}

Result<std::string> subject_in_context(std::string_view context, std::string_view subject) {
    SYMBOLON_TRY(auto name, prefix_in_context(context, subject));
    // Why: on the way there, /config/. may become /config, which is everything.
    if (name == "." || name == "..") {
        return usage_failure(fmt::format(
            "'{}' names no subject: in a URL it is a folder, and something else would be meant",
            name));
    }
    return name;
}

Result<std::string> required_subject(std::string_view context, std::string_view subject) {
    if (subject.empty()) {
        return usage_failure("The subject is empty: give its name");
    }
    return subject_in_context(context, subject);
}

std::string_view context_of(std::string_view subject) {
    const auto end = subject.starts_with(":.") ? subject.find(':', 1) : std::string_view::npos;
    // ":.:" is the default context, written out.
    return end == std::string_view::npos || end == 2 ? std::string_view()
                                                     : subject.substr(0, end + 1);
}

Result<client::WantedVersion> parse_version_word(const std::string& text) {
    if (text == "latest" || text == "-1") {
        return client::WantedVersion();
    }
    std::int32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < 1) {
        return usage_failure(
            fmt::format("'{}' is no version: give a number from 1, or latest", text));
    }
    return client::WantedVersion(Version(number));
}

Error explain_missing(client::RegistryAdmin& admin, const std::string& subject, Error error) {
    if (!client::is_not_there(error)) {
        return error;
    }
    const auto live = versions_or_none(admin, subject, client::Deleted::without);
    const auto all = versions_or_none(admin, subject, client::Deleted::with);
    if (!live || !all) {
        return error;
    }
    if (!live->empty()) {
        return with_hint(std::move(error),
                         fmt::format("{} has {}.", subject, to_version_list(*live)));
    }
    if (!all->empty()) {
        return with_hint(std::move(error),
                         fmt::format("{} is softly deleted: --deleted shows it where a command has "
                                     "that flag, `symbolon undelete` restores it.",
                                     subject));
    }
    std::string hint = similar_subjects(admin, subject);
    return with_hint(std::move(error), hint.empty()
                                           ? "`symbolon list` tells which subjects there are."
                                           : std::move(hint));
}

Result<std::string> find_unknown_subject_note(client::RegistryAdmin& admin,
                                              const std::string& subject) {
    SYMBOLON_TRY(const auto versions, versions_or_none(admin, subject, client::Deleted::with));
    if (!versions.empty()) {
        return std::string();
    }
    return fmt::format("There is no subject {} yet. {}", subject, similar_subjects(admin, subject));
}

std::string to_version_list(const std::vector<Version>& versions) {
    if (versions.empty()) {
        return "no versions";
    }
    std::string text = versions.size() == 1 ? "version " : "versions ";
    const std::size_t last = versions.size() - 1;
    for (std::size_t at = 0; at <= last;) {
        std::size_t end = at;
        while (end < last && versions[end + 1].value() == versions[end].value() + 1) {
            ++end;
        }
        end = end < at + 2 ? at : end;
        text += at == 0 ? "" : end == last ? " and " : ", ";
        text += end == at ? fmt::format("{}", versions[at].value())
                          : fmt::format("{} to {}", versions[at].value(), versions[end].value());
        at = end + 1;
    }
    return text;
}

Status for_each_at_once(std::size_t count, const std::function<Status(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::optional<Error> first_error;  // guarded by mutex
    const auto take_turns = [&] {
        for (std::size_t at = next++; at < count; at = next++) {
            const Status done = work(at);
            if (!done) {
                next = count;
                const std::lock_guard lock(mutex);
                first_error = first_error ? first_error : done.error();
            }
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t at = 1; at < std::min(count, requests_at_once); ++at) {
        threads.emplace_back(take_turns);
    }
    take_turns();
    for (auto& thread : threads) {
        thread.join();
    }
    return first_error ? Status(failure(*first_error)) : Status();
}

}  // namespace symbolon::cli
