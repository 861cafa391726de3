#include "cli/registry_options.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/client_settings.hpp"
#include "cli/profiles.hpp"
#include "cli/server_layer.hpp"
#include "client/http/http_client_curl.hpp"
#include "client/http/oauth2.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::int64_t timeout_ms_default = 10'000;

/// What differs between the registry's flags and the platform's.
struct Words {
    std::string_view url_flag;
    std::string_view url_variables;
    std::string_view url_help;
    std::string_view group;
};

std::string variable_of(const ServerFlags& flags, std::string_view flag) {
    std::string name = to_upper_ascii(flag);
    std::replace(name.begin(), name.end(), '-', '_');
    return flags.environment_prefix + name;
}

/// Variables are read when a server is connected to, and not by the parser: what was a flag wins,
/// also over a variable that names another way to authenticate.
std::string with_variables(std::string_view help, std::string_view variables) {
    return fmt::format("{}\n  environment: {}", help, variables);
}

template <class Target>
CLI::Option* add_one(CLI::App& command, const ServerFlags& flags, std::string_view flag,
                     Target& target, std::string_view type, const std::string& help) {
    return command
        .add_option("--" + flags.flag_prefix + std::string(flag), target,
                    with_variables(help, variable_of(flags, flag)))
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
                  with_variables(
                      "Send the client's secret as form fields instead of by Basic authentication.",
                      variable_of(flags, "oauth-secret-in-body")))
        ->group(group);
}

void add_server_flags(CLI::App& command, ServerFlags& flags, const Words& words) {
    const std::string group(words.group);
    command
        .add_option("--" + std::string(words.url_flag), flags.urls,
                    with_variables(words.url_help, words.url_variables))
        ->type_name("URL")
        ->delimiter(',')
        ->allow_extra_args(false)  // what follows may be the command's own argument
        ->group(group);
    add_secrets(command, flags, group);
    add_one(command, flags, "ca-file", flags.ca_file, "FILE",
            "PEM certificates of the authorities to trust, in place of the system's; also for "
            "the token endpoint.")
        ->group(group);
    add_one(command, flags, "cert", flags.certificate_file, "FILE",
            "A client certificate for mutual TLS, as PEM; the token endpoint is shown it, too.")
        ->group(group);
    add_one(command, flags, "key", flags.key_file, "FILE",
            fmt::format("Its key, unless it is in the same file. A password comes from {}.",
                        variable_of(flags, "key-password")))
        ->group(group);
    add_one(command, flags, "timeout-ms", flags.timeout_ms, "MS",
            "The time of one request, from connecting to the last byte; default 10000.")
        ->check(CLI::Range(std::int64_t{1}, limits::flag_time_ms_max))
        ->group(group);
}

std::string variable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
}

/// What the command line says.
Result<ServerLayer> layer_of_flags(const ServerFlags& flags) {
    ServerLayer layer;
    layer.origin = "the flags";
    for (const auto& url : flags.urls) {
        SYMBOLON_CHECK(add_url(layer, url));
    }
    layer.user = flags.user;
    layer.password_file = flags.password_file;
    layer.token = flags.token;
    layer.token_file = flags.token_file;
    layer.oauth_token_url = flags.oauth_token_url;
    layer.oauth_client_id = flags.oauth_client_id;
    layer.oauth_client_secret = flags.oauth_client_secret;
    layer.oauth_client_secret_file = flags.oauth_client_secret_file;
    layer.oauth_scopes = flags.oauth_scopes;
    if (flags.oauth_secret_in_body) {
        layer.oauth_secret_in_body = true;
    }
    layer.ca_file = flags.ca_file;
    layer.certificate_file = flags.certificate_file;
    layer.key_file = flags.key_file;
    layer.timeout_ms = flags.timeout_ms;
    return layer;
}

/// SYMBOLON_REGISTRY_TIMEOUT_MS and the like.
Status read_numbers(const ServerFlags& flags, ServerLayer& layer) {
    const auto timeout_name = variable_of(flags, "timeout-ms");
    if (const auto text = variable(timeout_name); !text.empty()) {
        std::int64_t ms = 0;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, ms);
        if (read.ec != std::errc() || read.ptr != end || ms < 1 || ms > limits::flag_time_ms_max) {
            return called_wrongly(
                fmt::format("{} is a number from 1 to {}", timeout_name, limits::flag_time_ms_max));
        }
        layer.timeout_ms = ms;
    }
    const auto switch_name = variable_of(flags, "oauth-secret-in-body");
    if (const auto text = variable(switch_name); !text.empty()) {
        if (text != "true" && text != "1" && text != "false" && text != "0") {
            return called_wrongly(switch_name + " is true or false");
        }
        layer.oauth_secret_in_body = text == "true" || text == "1";
    }
    return {};
}

/// What this program's own variables say.
Result<ServerLayer> layer_of_variables(const ServerFlags& flags) {
    ServerLayer layer;
    layer.origin = fmt::format("variables {}…", flags.environment_prefix);
    SYMBOLON_CHECK(add_urls(layer, variable(flags.url_variable)));
    constexpr std::array<std::pair<std::string_view, std::string ServerLayer::*>, 12> texts{{
        {"user", &ServerLayer::user},
        {"password", &ServerLayer::password},
        {"password-file", &ServerLayer::password_file},
        {"token", &ServerLayer::token},
        {"token-file", &ServerLayer::token_file},
        {"oauth-token-url", &ServerLayer::oauth_token_url},
        {"oauth-client-id", &ServerLayer::oauth_client_id},
        {"oauth-client-secret", &ServerLayer::oauth_client_secret},
        {"oauth-client-secret-file", &ServerLayer::oauth_client_secret_file},
        {"ca-file", &ServerLayer::ca_file},
        {"cert", &ServerLayer::certificate_file},
        {"key", &ServerLayer::key_file},
    }};
    for (const auto& [flag, member] : texts) {
        layer.*member = variable(variable_of(flags, flag));
    }
    layer.key_password = variable(variable_of(flags, "key-password"));
    std::string scopes = variable(variable_of(flags, "oauth-scope"));
    for (std::size_t at = 0; !scopes.empty(); at = 0) {
        at = std::min(scopes.find(','), scopes.size());
        if (at > 0) {
            layer.oauth_scopes.push_back(scopes.substr(0, at));
        }
        scopes.erase(0, at + 1);
    }
    SYMBOLON_CHECK(read_numbers(flags, layer));
    return layer;
}

/// What variables say that other programs read too.
Result<ServerLayer> layer_of_common_variables() {
    ServerLayer layer;
    layer.origin = "variables SCHEMA_REGISTRY_…";
    SYMBOLON_CHECK(add_urls(layer, variable("SCHEMA_REGISTRY_URL")));
    const auto user_info = variable("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO");
    const auto colon = user_info.find(':');
    if (!user_info.empty() && (colon == 0 || colon == std::string::npos)) {
        return called_wrongly("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO is to be user:password");
    }
    if (!user_info.empty()) {
        layer.user = user_info.substr(0, colon);
        layer.password = user_info.substr(colon + 1);
    }
    layer.token = variable("SCHEMA_REGISTRY_BEARER_AUTH_TOKEN");
    return layer;
}

/// The profile that is asked for: by the flag, or else, when no other place names a server, by the
/// variable or the file's default. So what a profile holds goes to its own servers only, unless
/// somebody asks for something else.
enum class ProfileFrom { nowhere, flag, elsewhere };
struct ChosenProfile {
    ProfileFrom from = ProfileFrom::nowhere;
    ServerLayer layer{};
    std::vector<std::string> warnings{};
};
Result<ChosenProfile> find_chosen_profile(const ServerFlags& flags, bool has_server) {
    ChosenProfile chosen;
    if (!flags.has_profiles || (flags.profile.empty() && has_server)) {
        return chosen;
    }
    SYMBOLON_TRY(const auto profiles, load_profiles(profiles_file()));
    auto name = flags.profile.empty() ? variable("SYMBOLON_PROFILE") : flags.profile;
    name = name.empty() ? profiles.default_name : name;
    if (name.empty()) {
        return chosen;
    }
    chosen.from = flags.profile.empty() ? ProfileFrom::elsewhere : ProfileFrom::flag;
    SYMBOLON_TRY(chosen.layer, find_profile(profiles, name));
    if (const auto at = profiles.warnings.find(name); at != profiles.warnings.end()) {
        chosen.warnings = at->second;
    }
    return chosen;
}

/// A flag that counts for nothing without another one would leave somebody nameless who gave a
/// password.
Status check_flags_count(const ServerFlags& flags, const ServerLayer& chosen) {
    const auto lonely = [&](std::string_view flag, std::string_view missing) {
        return called_wrongly(
            fmt::format("--{0}{1} counts only with --{0}{2}", flags.flag_prefix, flag, missing));
    };
    if (!flags.password_file.empty() && chosen.user.empty()) {
        return lonely("password-file", "user NAME");
    }
    if (!flags.key_file.empty() && chosen.certificate_file.empty()) {
        return lonely("key", "cert FILE");
    }
    if (!chosen.oauth_token_url.empty()) {
        return {};
    }
    if (!flags.oauth_client_id.empty()) {
        return lonely("oauth-client-id", "oauth-token-url URL");
    }
    if (!flags.oauth_client_secret.empty() || !flags.oauth_client_secret_file.empty()) {
        return lonely(
            flags.oauth_client_secret.empty() ? "oauth-client-secret-file" : "oauth-client-secret",
            "oauth-token-url URL");
    }
    if (!flags.oauth_scopes.empty()) {
        return lonely("oauth-scope", "oauth-token-url URL");
    }
    return {};
}

struct Settings {
    ServerLayer layer{};
    std::vector<std::string> warnings{};
};
Result<Settings> find_settings(const ServerFlags& flags) {
    std::vector<ServerLayer> layers(2);
    SYMBOLON_TRY(layers[0], layer_of_flags(flags));
    SYMBOLON_TRY(layers[1], layer_of_variables(flags));
    if (flags.has_profiles) {
        SYMBOLON_TRY(auto common, layer_of_common_variables());
        layers.push_back(std::move(common));
    }
    const bool has_server = std::any_of(layers.begin(), layers.end(),
                                        [](const auto& layer) { return !layer.urls.empty(); });
    std::vector<std::string> warnings;
    if (!layers[0].url_password.empty()) {
        warnings.push_back(
            "a password stands on the command line, which every user of the machine "
            "sees; " +
            variable_of(flags, "password") + " or a file keeps it");
    }
    SYMBOLON_TRY(auto profile, find_chosen_profile(flags, has_server));
    std::size_t own = 2;
    if (profile.from == ProfileFrom::flag) {
        layers.insert(layers.begin() + 1, std::move(profile.layer));
        ++own;
    } else if (profile.from == ProfileFrom::elsewhere) {
        layers.push_back(std::move(profile.layer));
    }
    SYMBOLON_TRY(auto chosen, choose_settings(layers, own));
    SYMBOLON_CHECK(check_flags_count(flags, chosen));
    warnings.insert(warnings.end(), profile.warnings.begin(), profile.warnings.end());
    return Settings{std::move(chosen), std::move(warnings)};
}

/// As it is, or from its file; empty: from nowhere.
Result<std::string> read_secret(const std::string& given, const std::string& file) {
    return file.empty() ? Result<std::string>(given) : read_secret_file(file);
}

Result<std::shared_ptr<client::Credentials>> open_credentials(const ServerFlags& flags,
                                                              const ServerLayer& settings,
                                                              client::HttpSender& sender,
                                                              client::Clock& clock) {
    if (!settings.user.empty()) {
        SYMBOLON_TRY(const auto password, read_secret(settings.password, settings.password_file));
        if (password.empty()) {
            return called_wrongly(
                fmt::format("a user needs a password: --{}password-file FILE, or "
                            "{} in the environment",
                            flags.flag_prefix, variable_of(flags, "password")));
        }
        return client::basic_credentials(settings.user, password);
    }
    if (!settings.token.empty() || !settings.token_file.empty()) {
        SYMBOLON_TRY(const auto token, read_secret(settings.token, settings.token_file));
        return client::bearer_credentials(token);
    }
    if (!settings.oauth_token_url.empty()) {
        SYMBOLON_TRY(auto secret,
                     read_secret(settings.oauth_client_secret, settings.oauth_client_secret_file));
        if (settings.oauth_client_id.empty() || secret.empty()) {
            return called_wrongly(fmt::format(
                "an OAuth2 token URL needs --{0}oauth-client-id ID, and the client's secret by "
                "--{0}oauth-client-secret-file FILE or {1} in the environment",
                flags.flag_prefix, variable_of(flags, "oauth-client-secret")));
        }
        return client::open_oauth2({.token_url = settings.oauth_token_url,
                                    .client_id = settings.oauth_client_id,
                                    .client_secret = std::move(secret),
                                    .scopes = settings.oauth_scopes,
                                    .secret_place = settings.oauth_secret_in_body.value_or(false)
                                                        ? client::SecretPlace::form_body
                                                        : client::SecretPlace::basic_header,
                                    .timeout = std::chrono::milliseconds(
                                        settings.timeout_ms.value_or(timeout_ms_default))},
                                   sender, clock);
    }
    return client::no_credentials();
}

/// Fills a connection, which stays where it is: the credentials refer to its clock and sender.
Status connect(const ServerFlags& flags, ServerConnection& connection) {
    SYMBOLON_TRY(const auto settings, find_settings(flags));
    const auto& layer = settings.layer;
    if (layer.urls.empty()) {
        return called_wrongly(
            fmt::format("--{} URL is missing (or {}{})", flags.url_flag, flags.url_variable,
                        flags.has_profiles ? ", SCHEMA_REGISTRY_URL, or a profile" : ""));
    }
    for (const auto& warning : settings.warnings) {
        print_to(stderr, "symbolon: warning: {}\n", warning);
    }
    SYMBOLON_TRY(connection.sender,
                 client::open_http_client({.tls = {.ca_file = layer.ca_file,
                                                   .certificate_file = layer.certificate_file,
                                                   .key_file = layer.key_file,
                                                   .key_password = layer.key_password},
                                           .connections_max = flags.connections_max,
                                           .abandon = connection.abandon.get_token()}));
    SYMBOLON_TRY(connection.credentials,
                 open_credentials(flags, layer, *connection.sender, connection.clock));
    for (std::string url : layer.urls) {
        url.resize(url.find_last_not_of('/') + 1);
        connection.base_urls.push_back(std::move(url));
    }
    connection.timeout = std::chrono::milliseconds(layer.timeout_ms.value_or(timeout_ms_default));
    return {};
}

}  // namespace

Result<std::string> read_secret_file(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(limits::secret_file_bytes_max, '\0');
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

void add_registry_flags(CLI::App& command, RegistryFlags& flags) {
    command
        .add_option("--profile", flags.profile,
                    "Settings by name, from $XDG_CONFIG_HOME/symbolon/config.yaml, or\n"
                    "  ~/.config/symbolon/config.yaml. They win over the environment when the flag "
                    "is given.\n"
                    "  environment: SYMBOLON_PROFILE")
        ->type_name("NAME")
        ->group("The registry");
    add_server_flags(command, flags,
                     {"registry", "SYMBOLON_REGISTRY or\n  SCHEMA_REGISTRY_URL",
                      "The registry's base URL. Repeatable, or with commas: the next one is asked "
                      "when one cannot be reached or answers 5xx.",
                      "The registry"});
}

void add_platform_flags(CLI::App& command, PlatformFlags& flags) {
    flags.flag_prefix = "platform-";
    flags.environment_prefix = "SYMBOLON_PLATFORM_";
    flags.url_flag = "platform-url";
    flags.url_variable = "SYMBOLON_PLATFORM_URL";
    flags.has_profiles = false;
    add_server_flags(command, flags,
                     {"platform-url", "SYMBOLON_PLATFORM_URL", "The event platform's base URL.",
                      "The event platform"});
}

Result<std::unique_ptr<RegistryConnection>> connect_registry(const RegistryFlags& flags) {
    auto connection = std::make_unique<RegistryConnection>();
    SYMBOLON_CHECK(connect(flags, *connection));
    SYMBOLON_TRY(auto options, read_client_settings());
    options.base_urls = connection->base_urls;
    options.timeout = connection->timeout;
    options.cache_ttl = flags.cache_ttl.value_or(options.cache_ttl);
    connection->admin = std::make_unique<client::RegistryAdmin>(
        options, *connection->sender, connection->credentials, connection->clock);
    connection->registry = std::make_unique<client::RegistryClient>(
        std::move(options), *connection->sender, connection->credentials, connection->clock);
    return connection;
}

Result<std::unique_ptr<ServerConnection>> connect_platform(const PlatformFlags& flags) {
    auto connection = std::make_unique<ServerConnection>();
    SYMBOLON_CHECK(connect(flags, *connection));
    return connection;
}

bool is_given(const ServerFlags& flags) {
    const auto settings = find_settings(flags);
    return !settings || !settings->layer.urls.empty();
}

std::vector<VariableRow> registry_variables() {
    std::vector<VariableRow> rows{
        {"SYMBOLON_REGISTRY", "The registry's base URL, or several with commas."},
        {"SCHEMA_REGISTRY_URL",
         "The same, as other programs name it; user and password may stand in it."},
        {"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "Basic authentication, as user:password."},
        {"SCHEMA_REGISTRY_BEARER_AUTH_TOKEN", "A bearer token."},
        {"SYMBOLON_REGISTRY_PASSWORD", "The password of the user."},
        {"SYMBOLON_REGISTRY_KEY_PASSWORD", "The password of the client certificate's key."},
        {"SYMBOLON_PROFILE", "The profile, when no flag or variable names a registry."},
        {"XDG_CONFIG_HOME", "Where symbolon/config.yaml is; by default ~/.config."},
    };
    for (const auto& row : client_setting_table) {
        rows.push_back({row.name, row.help});
    }
    return rows;
}

}  // namespace symbolon::cli
