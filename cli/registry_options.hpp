// The flags by which commands name a registry, or an event platform, and who they are to it.
//
// The registry's: --registry URL (repeatable), --user, --password-file, --token, --token-file,
// --oauth-token-url, --oauth-client-id, --oauth-client-secret-file, --oauth-scope,
// --oauth-secret-in-body, --ca-file, --cert, --key, --timeout-ms. The platform's are the same
// behind
// "--platform-", and --platform-url in place of --registry. Environment: SYMBOLON_REGISTRY or
// SYMBOLON_PLATFORM_URL, and SYMBOLON_REGISTRY_… or SYMBOLON_PLATFORM_… with the flag's name in
// capitals; secrets are best given there or in files, since every user sees a command line.
//
// The registry's settings come from the first that has them: flags, --profile, SYMBOLON_REGISTRY…,
// SCHEMA_REGISTRY_URL, _BASIC_AUTH_USER_INFO and _BEARER_AUTH_TOKEN, and then, when none of these
// names a registry, the profile that SYMBOLON_PROFILE or the configuration names.
//
// Example:  add_registry_flags(*command, flags);  …  auto registry = connect_registry(flags);
// Errors:   malformed_request: called wrongly (exit 2); others: exit 1
// Units:    milliseconds
// Threads:  one at a time; a connection: any thread
// Source:   contract of the event clients, section 2
// Tested by tests/unit/cli/registry_options_test.cpp
#pragma once

#include "cli/stoppable_clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"
#include "client/registry_client/registry_admin.hpp"
#include "client/registry_client/registry_client.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

/// What was given for one server; outlives the parsing.
struct ServerFlags {
    std::string flag_prefix{};  ///< "" or "platform-"
    /// Or "SYMBOLON_PLATFORM_".
    std::string environment_prefix = "SYMBOLON_REGISTRY_";
    std::string url_flag = "registry";               ///< or "platform-url"
    std::string url_variable = "SYMBOLON_REGISTRY";  ///< or "SYMBOLON_PLATFORM_URL"
    /// Profiles and the variables of other programs count: the registry's alone.
    bool has_profiles = true;
    std::string profile{};
    // What stood on the command line; variables and profiles come in when a server is connected to.
    std::vector<std::string> urls{};
    std::string user{};
    std::string password_file{};
    std::string token{};
    std::string token_file{};
    std::string oauth_token_url{};
    std::string oauth_client_id{};
    std::string oauth_client_secret{};
    std::string oauth_client_secret_file{};
    std::vector<std::string> oauth_scopes{};
    bool oauth_secret_in_body = false;
    std::string ca_file{};
    std::string certificate_file{};
    std::string key_file{};
    std::optional<std::int64_t> timeout_ms{};
    /// Of the registry client's `latest`; no flag of its own, for commands that have one.
    std::optional<std::chrono::seconds> cache_ttl{};
    /// Requests under way at a time; likewise. More would wait for a connection within their time.
    std::size_t connections_max = 16;
};
using RegistryFlags = ServerFlags;
using PlatformFlags = ServerFlags;

void add_registry_flags(CLI::App& command, RegistryFlags& flags);
void add_platform_flags(CLI::App& command, PlatformFlags& flags);

/// A server and how to speak to it: what add_platform_flags asks for.
struct ServerConnection {
    StoppableClock clock{};
    std::stop_source abandon{};  ///< ends the requests that are under way
    std::unique_ptr<client::HttpSender> sender{};
    std::shared_ptr<client::Credentials> credentials{};
    std::vector<std::string> base_urls{};  ///< without a slash at the end
    std::chrono::milliseconds timeout{10'000};
};

/// The same with clients of the registry on it: one to decode with, one for everything else.
struct RegistryConnection : ServerConnection {
    std::unique_ptr<client::RegistryClient> registry{};
    std::unique_ptr<client::RegistryAdmin> admin{};
};

/// Nothing is sent yet. Fails when no URL was given: see is_given.
Result<std::unique_ptr<RegistryConnection>> connect_registry(const RegistryFlags& flags);
Result<std::unique_ptr<ServerConnection>> connect_platform(const PlatformFlags& flags);

/// The first line of a file: a password, token or other secret; it is not empty.
Result<std::string> read_secret_file(const std::string& file);

/// A server is named somewhere; also when what names it is wrong, which connecting tells.
bool is_given(const ServerFlags& flags);

struct VariableRow {
    std::string_view name;
    std::string_view help;
};
/// Variables that have no flag of their name, for manual pages.
std::vector<VariableRow> registry_variables();

}  // namespace symbolon::cli
