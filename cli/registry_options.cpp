#include "cli/registry_options.hpp"

#include "client/http/http_client_curl.hpp"
#include "client/http/oauth2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

namespace symbolon::cli {

namespace {

/// A password, token or client secret in a file.
constexpr std::size_t secret_bytes_max = 64U << 10U;

/// What differs between the registry's flags and the platform's.
struct Words {
    std::string_view url_flag;
    std::string_view url_variable;
    std::string_view url_help;
    std::string_view group;
};

tl::unexpected<Error> called_wrongly(const std::string& text) {
    return failure(make_error(ErrorCode::malformed_request, text));
}

std::string variable_of(const ServerFlags& flags, std::string_view flag) {
    std::string name = flags.environment_prefix;
    for (const char letter : flag) {
        name += letter == '-'                    ? '_'
                : letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A')
                                                 : letter;
    }
    return name;
}

template <class Target>
CLI::Option* add_one(CLI::App& command, const ServerFlags& flags, std::string_view flag,
                     Target& target, std::string_view type, const std::string& help) {
    return command.add_option("--" + flags.flag_prefix + std::string(flag), target, help)
        ->envname(variable_of(flags, flag))
        ->type_name(std::string(type));
}

void add_secrets(CLI::App& command, ServerFlags& flags, const std::string& group) {
    add_one(command, flags, "user", flags.user, "NAME",
            fmt::format("Basic authentication. The password comes from --{}password-file or {}.",
                        flags.flag_prefix, variable_of(flags, "password")))
        ->group(group);
    add_one(command, flags, "password-file", flags.password_file, "FILE",
            "A file with the password on its first line.")
        ->group(group);
    add_one(command, flags, "token", flags.token, "TOKEN",
            "A bearer token. Every user of the machine sees a command line: better give the "
            "variable or the file.")
        ->group(group);
    add_one(command, flags, "token-file", flags.token_file, "FILE",
            "A file with the bearer token on its first line.")
        ->group(group);
    add_one(command, flags, "oauth-token-url", flags.oauth_token_url, "URL",
            "OAuth2 client credentials: where tokens are had. They are renewed before they expire.")
        ->group(group);
    add_one(command, flags, "oauth-client-id", flags.oauth_client_id, "ID", "The OAuth2 client.")
        ->group(group);
    add_one(command, flags, "oauth-client-secret", flags.oauth_client_secret, "SECRET",
            "Its secret; better given by the variable or the file.")
        ->group(group);
    add_one(command, flags, "oauth-client-secret-file", flags.oauth_client_secret_file, "FILE",
            "A file with the client's secret on its first line.")
        ->group(group);
    add_one(command, flags, "oauth-scope", flags.oauth_scopes, "SCOPE",
            "A scope to ask for; a token without it is refused. Repeatable, or with commas.")
        ->delimiter(',')
        ->allow_extra_args(false)  // what follows may be the command's own argument
        ->group(group);
    command
        .add_flag("--" + flags.flag_prefix + "oauth-secret-in-body", flags.oauth_secret_in_body,
                  "Send the client's secret as form fields instead of by Basic authentication.")
        ->envname(variable_of(flags, "oauth-secret-in-body"))
        ->group(group);
}

void add_server_flags(CLI::App& command, ServerFlags& flags, const Words& words) {
    const std::string group(words.group);
    command.add_option("--" + std::string(words.url_flag), flags.urls, std::string(words.url_help))
        ->envname(std::string(words.url_variable))
        ->type_name("URL")
        ->delimiter(',')
        ->allow_extra_args(false)  // what follows may be the command's own argument
        ->group(group);
    add_secrets(command, flags, group);
    add_one(command, flags, "ca-file", flags.ca_file, "FILE",
            "PEM certificates of the authorities to trust, in place of the system's.")
        ->group(group);
    add_one(command, flags, "cert", flags.certificate_file, "FILE",
            "A client certificate for mutual TLS, as PEM.")
        ->group(group);
    add_one(command, flags, "key", flags.key_file, "FILE",
            fmt::format("Its key, unless it is in the same file. A password comes from {}.",
                        variable_of(flags, "key-password")))
        ->group(group);
    add_one(command, flags, "timeout-ms", flags.timeout_ms, "MS",
            "The time of one request, from connecting to the last byte; default 10000.")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{3'600'000}))
        ->group(group);
}

/// The first line of a file.
Result<std::string> read_secret_file(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(secret_bytes_max, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad()) {
        return failure(make_error(ErrorCode::cannot_start, file + " cannot be read"));
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    text.resize(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty()) {
        return failure(
            make_error(ErrorCode::cannot_start, file + " has nothing on its first line"));
    }
    return text;
}

/// From the flag or its variable, the file, or a variable without a flag; empty: from nowhere.
Result<std::string> find_secret(const std::string& given, const std::string& file,
                                const std::string& variable) {
    if (!given.empty() && !file.empty()) {
        return called_wrongly("A secret is given twice: as " + variable + " or its flag, and in " +
                              file);
    }
    if (!file.empty()) {
        return read_secret_file(file);
    }
    if (!given.empty()) {
        return given;
    }
    const char* const value = std::getenv(variable.c_str());
    return std::string(value == nullptr ? "" : value);
}

Result<std::shared_ptr<client::Credentials>> open_credentials(const ServerFlags& flags,
                                                              client::HttpSender& sender,
                                                              client::Clock& clock) {
    const bool has_token = !flags.token.empty() || !flags.token_file.empty();
    const int ways = (flags.user.empty() ? 0 : 1) + (has_token ? 1 : 0) +
                     (flags.oauth_token_url.empty() ? 0 : 1);
    if (ways > 1) {
        return called_wrongly(
            fmt::format("--{0}user, --{0}token and --{0}oauth-token-url exclude each other",
                        flags.flag_prefix));
    }
    if (!flags.user.empty()) {
        SYMBOLON_TRY(const auto password,
                     find_secret("", flags.password_file, variable_of(flags, "password")));
        if (password.empty()) {
            return called_wrongly(fmt::format("--{}user needs --{}password-file or {}",
                                              flags.flag_prefix, flags.flag_prefix,
                                              variable_of(flags, "password")));
        }
        return client::basic_credentials(flags.user, password);
    }
    if (has_token) {
        SYMBOLON_TRY(const auto token,
                     find_secret(flags.token, flags.token_file, variable_of(flags, "token")));
        return client::bearer_credentials(token);
    }
    if (!flags.oauth_token_url.empty()) {
        SYMBOLON_TRY(auto secret,
                     find_secret(flags.oauth_client_secret, flags.oauth_client_secret_file,
                                 variable_of(flags, "oauth-client-secret")));
        return client::open_oauth2(
            {.token_url = flags.oauth_token_url,
             .client_id = flags.oauth_client_id,
             .client_secret = std::move(secret),
             .scopes = flags.oauth_scopes,
             .secret_place = flags.oauth_secret_in_body ? client::SecretPlace::form_body
                                                        : client::SecretPlace::basic_header,
             .timeout = std::chrono::milliseconds(flags.timeout_ms)},
            sender, clock);
    }
    return client::no_credentials();
}

Status check_urls(const ServerFlags& flags) {
    for (const auto& url : flags.urls) {
        if (!url.starts_with("http://") && !url.starts_with("https://")) {
            return called_wrongly("'" + url +
                                  "' is no base URL: it begins with http:// or https://");
        }
    }
    return {};
}

/// Fills a connection, which stays where it is: the credentials refer to its clock and sender.
Status connect(const ServerFlags& flags, std::string_view url_flag, std::string_view url_variable,
               ServerConnection& connection) {
    if (flags.urls.empty()) {
        return called_wrongly(fmt::format("--{} URL is missing (or {})", url_flag, url_variable));
    }
    SYMBOLON_CHECK(check_urls(flags));
    const char* const key_password = std::getenv(variable_of(flags, "key-password").c_str());
    SYMBOLON_TRY(connection.sender,
                 client::open_http_client(
                     {.tls = {.ca_file = flags.ca_file,
                              .certificate_file = flags.certificate_file,
                              .key_file = flags.key_file,
                              .key_password = key_password == nullptr ? "" : key_password}}));
    SYMBOLON_TRY(connection.credentials,
                 open_credentials(flags, *connection.sender, connection.clock));
    for (std::string url : flags.urls) {
        url.resize(url.find_last_not_of('/') + 1);
        connection.base_urls.push_back(std::move(url));
    }
    connection.timeout = std::chrono::milliseconds(flags.timeout_ms);
    return {};
}

}  // namespace

void add_registry_flags(CLI::App& command, RegistryFlags& flags) {
    flags.environment_prefix = "SYMBOLON_REGISTRY_";
    add_server_flags(command, flags,
                     {"registry", "SYMBOLON_REGISTRY",
                      "The registry's base URL. Repeatable, or with commas: the next one is asked "
                      "when one cannot be reached or answers 5xx.",
                      "The registry"});
}

void add_platform_flags(CLI::App& command, PlatformFlags& flags) {
    flags.flag_prefix = "platform-";
    flags.environment_prefix = "SYMBOLON_PLATFORM_";
    add_server_flags(command, flags,
                     {"platform-url", "SYMBOLON_PLATFORM_URL", "The event platform's base URL.",
                      "The event platform"});
}

Result<std::unique_ptr<RegistryConnection>> connect_registry(const RegistryFlags& flags) {
    auto connection = std::make_unique<RegistryConnection>();
    SYMBOLON_CHECK(connect(flags, "registry", "SYMBOLON_REGISTRY", *connection));
    client::RegistryClientOptions options;
    options.base_urls = connection->base_urls;
    options.timeout = connection->timeout;
    options.cache_ttl = flags.cache_ttl;
    connection->admin = std::make_unique<client::RegistryAdmin>(
        options, *connection->sender, connection->credentials, connection->clock);
    connection->registry = std::make_unique<client::RegistryClient>(
        std::move(options), *connection->sender, connection->credentials, connection->clock);
    return connection;
}

Result<std::unique_ptr<ServerConnection>> connect_platform(const PlatformFlags& flags) {
    auto connection = std::make_unique<ServerConnection>();
    SYMBOLON_CHECK(connect(flags, "platform-url", "SYMBOLON_PLATFORM_URL", *connection));
    return connection;
}

bool is_given(const ServerFlags& flags) {
    return !flags.urls.empty();
}

}  // namespace symbolon::cli
