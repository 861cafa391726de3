#include "server/options.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fstream>
#include <limits>
#include <type_traits>

namespace symbolon::server {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t min,
                                          std::uint64_t max) {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at != end || number < min || number > max) {
        return std::nullopt;
    }
    return number;
}

template <auto Part, auto Field, std::uint64_t min, std::uint64_t max>
struct Number {
    static bool apply(ServeOptions& options, std::string_view text) {
        auto& field = options.*Part.*Field;
        const auto number = parse_number(text, min, max);
        if (number) {
            field = static_cast<std::remove_reference_t<decltype(field)>>(*number);
        }
        return number.has_value();
    }
    static std::string show(const ServeOptions& options) {
        return std::to_string(options.*Part.*Field);
    }
};

template <auto Field>
struct Milliseconds {
    static bool apply(ServeOptions& options, std::string_view text) {
        const auto number = parse_number(text, 1, 86'400'000);
        if (number) {
            options.listen.*Field = std::chrono::milliseconds(*number);
        }
        return number.has_value();
    }
    static std::string show(const ServeOptions& options) {
        return std::to_string((options.listen.*Field).count());
    }
};

template <auto Part, auto Field>
struct Boolean {
    static bool apply(ServeOptions& options, std::string_view text) {
        const bool yes = equals_in_any_case(text, "true");
        options.*Part.*Field = yes;
        return yes || equals_in_any_case(text, "false");
    }
    static std::string show(const ServeOptions& options) {
        return options.*Part.*Field ? "true" : "false";
    }
};

template <auto Part, auto Field>
struct Text {
    static bool apply(ServeOptions& options, std::string_view text) {
        options.*Part.*Field = text;
        return !text.empty();
    }
    static std::string show(const ServeOptions& options) { return options.*Part.*Field; }
};

struct Store {
    static bool apply(ServeOptions& options, std::string_view text) {
        options.store = text;
        return !text.empty();
    }
    static std::string show(const ServeOptions& options) { return options.store; }
};

/// "http://HOST:PORT", where HOST is a name, an IPv4 address or an IPv6 address in brackets.
struct Listen {
    static bool apply(ServeOptions& options, std::string_view text) {
        constexpr std::string_view scheme = "http://";
        if (!text.starts_with(scheme)) {
            return false;
        }
        text.remove_prefix(scheme.size());
        if (text.ends_with('/')) {
            text.remove_suffix(1);
        }
        std::uint64_t port = 8081;
        const auto colon = text.rfind(':');
        if (colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos) {
            const auto number = parse_number(text.substr(colon + 1), 0, 65'535);
            if (!number) {
                return false;
            }
            port = *number;
            text = text.substr(0, colon);
        }
        if (text.starts_with('[') && text.ends_with(']')) {
            text = text.substr(1, text.size() - 2);
        } else if (text.find_first_of("[]:/,? ") != std::string_view::npos) {
            return false;
        }
        options.listen.host = text.empty() || text == "*" ? "0.0.0.0" : text;
        options.listen.port = static_cast<std::uint16_t>(port);
        return true;
    }
    static std::string show(const ServeOptions& options) {
        return url_of(options.listen.host, options.listen.port);
    }
};

/// The secret itself, or file:PATH, whose content without the last line feed is the secret. A file
/// shows up neither in the list of processes nor in an environment that children inherit.
template <auto Field>
struct Secret {
    static constexpr std::size_t file_bytes_max = limits::metadata_secret_bytes_max + 2;

    static bool apply(ServeOptions& options, std::string_view text) {
        constexpr std::string_view scheme = "file:";
        std::string& secret = options.registry.*Field;
        if (!text.starts_with(scheme)) {
            secret = text;
            return !secret.empty();
        }
        std::ifstream file(std::string(text.substr(scheme.size())), std::ios::binary);
        secret.assign(file_bytes_max, '\0');
        file.read(secret.data(), static_cast<std::streamsize>(secret.size()));
        secret.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
        while (secret.ends_with('\n') || secret.ends_with('\r')) {
            secret.pop_back();
        }
        return !secret.empty();
    }
    static std::string show(const ServeOptions& options) {
        return (options.registry.*Field).empty() ? "none" : "set";
    }
};

struct DefaultLevel {
    static bool apply(ServeOptions& options, std::string_view text) {
        const auto level = compat::find_level(text);
        options.registry.default_level = level.value_or(options.registry.default_level);
        return level.has_value();
    }
    static std::string show(const ServeOptions& options) {
        return std::string(compat::to_string(options.registry.default_level));
    }
};

struct Level {
    static bool apply(ServeOptions& options, std::string_view text) {
        const auto level = find_log_level(text);
        options.log.level = level.value_or(options.log.level);
        return level.has_value();
    }
    static std::string show(const ServeOptions& options) {
        return std::string(to_string(options.log.level));
    }
};

struct Format {
    static constexpr std::array names{std::pair{LogFormat::automatic, "automatic"},
                                      std::pair{LogFormat::text, "text"},
                                      std::pair{LogFormat::json, "json"}};

    static bool apply(ServeOptions& options, std::string_view text) {
        for (const auto& [format, name] : names) {
            if (equals_in_any_case(text, name)) {
                options.log.format = format;
                return true;
            }
        }
        return false;
    }
    static std::string show(const ServeOptions& options) {
        return names[static_cast<std::size_t>(options.log.format)].second;
    }
};

template <class Kind>
constexpr OptionRow row(std::string_view name, std::string_view alias, std::string_view values,
                        std::string_view help) {
    return {name, alias, values, help, Kind::apply, Kind::show};
}

template <auto Field, std::uint64_t min, std::uint64_t max>
using ListenNumber = Number<&ServeOptions::listen, Field, min, max>;

constexpr std::array table{
    row<Listen>("listen", "SCHEMA_REGISTRY_LISTENERS", "http://HOST:PORT",
                "Where to listen; port 0 takes any free one."),
    row<ListenNumber<&ListenOptions::port, 0, 65'535>>("port", "SCHEMA_REGISTRY_PORT", "0 to 65535",
                                                       "The port alone; `listen` wins over it."),
    row<Store>("store", "", "sqlite:FILE or memory:", "Where schemas are kept."),
    row<DefaultLevel>("default_level", "SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL",
                      "NONE, BACKWARD, FORWARD, FULL or one of the last three with _TRANSITIVE",
                      "Compatibility level where none is set."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::mode_mutability>>(
        "mode_mutability", "SCHEMA_REGISTRY_MODE_MUTABILITY", "true or false",
        "Whether clients may change the mode."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::validate_new_schemas>>(
        "validate_new_schemas", "SCHEMA_REGISTRY_SCHEMA_VALIDATE_NEW_SCHEMAS", "true or false",
        "Whether names and defaults of new schemas are checked strictly."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::reject_empty_subject>>(
        "reject_empty_subject", "", "true or false", "Whether the empty subject is refused."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::reference_versions_strict>>(
        "reference_versions_strict", "SCHEMA_REGISTRY_REFERENCE_VERSIONS_STRICT", "true or false",
        "Refuse a new schema whose references reach two versions of one subject."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::retention_guard>>(
        "retention_guard", "", "true or false",
        "Refuse permanent deletion of what replay may need: keepVersions and keepDays in configs."),
    row<Boolean<&ServeOptions::registry, &RegistrySettings::associations>>(
        "associations", "SCHEMA_REGISTRY_ASSOCIATIONS_ENABLE", "true or false",
        "Whether resources can be tied to subjects; when not, clients that ask are told of none."),
    row<Secret<&RegistrySettings::metadata_secret>>(
        "metadata_secret", "SCHEMA_REGISTRY_METADATA_ENCODER_SECRET", "file:PATH, or the secret",
        "Encrypts the values of sensitive metadata in the store; 16 to 4096 bytes."),
    row<Secret<&RegistrySettings::metadata_secret_old>>(
        "metadata_secret_old", "SCHEMA_REGISTRY_METADATA_ENCODER_OLD_SECRET",
        "file:PATH, or the secret",
        "The secret before; what is stored under it is written again under metadata_secret."),
    row<Boolean<&ServeOptions::router, &rest::RouterSettings::short_incompatible_code>>(
        "short_incompatible_code", "", "true or false",
        "Answer an incompatible schema with the short error code, for clients older than 8.2."),
    row<Text<&ServeOptions::router, &rest::RouterSettings::cluster_id>>(
        "cluster_id", "SCHEMA_REGISTRY_KAFKASTORE_CLUSTER_ID", "a text",
        "The cluster id that /v1/metadata/id tells."),
    row<Text<&ServeOptions::router, &rest::RouterSettings::group_id>>(
        "group_id", "SCHEMA_REGISTRY_SCHEMA_REGISTRY_GROUP_ID", "a text",
        "The group id that /v1/metadata/id tells."),
    row<Level>("log_level", "SCHEMA_REGISTRY_LOG4J_ROOT_LOGLEVEL", "debug, info, warning or error",
               "What is logged; debug has a line for every request."),
    row<Format>("log_format", "", "automatic, text or json",
                "automatic: text on a terminal, JSON lines elsewhere."),
    row<ListenNumber<&ListenOptions::body_bytes_max, 1'024, limits::schema_bytes_max>>(
        "body_bytes_max", "SCHEMA_REGISTRY_SIZE_LIMIT_FILTER_MAX_BYTES", "1024 to 16777216",
        "Largest request body; larger ones are answered with 413."),
    row<ListenNumber<&ListenOptions::header_bytes_max, 1'024, 1U << 20U>>(
        "header_bytes_max", "", "1024 to 1048576",
        "Largest request line with headers; larger ones are answered with 431."),
    row<ListenNumber<&ListenOptions::connections_max, 1, 1'000'000>>(
        "connections_max", "", "1 to 1000000",
        "Connections at a time; more are answered with 503."),
    row<ListenNumber<&ListenOptions::event_loops, 0, 1'024>>(
        "event_loops", "", "0 to 1024", "Threads that read and answer; 0 is one per core."),
    row<ListenNumber<&ListenOptions::workers, 1, 4'096>>(
        "workers", "", "1 to 4096", "Threads at most that parse schemas and write."),
    row<ListenNumber<&ListenOptions::waiting_requests_max, 0, 1'000'000>>(
        "waiting_requests_max", "", "0 to 1000000",
        "Requests that may wait for a worker; more are answered with 503."),
    row<Milliseconds<&ListenOptions::header_timeout>>("header_timeout_ms", "", "1 to 86400000",
                                                      "Time for a request's header to arrive."),
    row<Milliseconds<&ListenOptions::body_timeout>>("body_timeout_ms", "", "1 to 86400000",
                                                    "Time for a request's body to arrive."),
    row<Milliseconds<&ListenOptions::answer_timeout>>("answer_timeout_ms", "", "1 to 86400000",
                                                      "Time for a client to take an answer."),
    row<Milliseconds<&ListenOptions::idle_timeout>>(
        "idle_timeout_ms", "", "1 to 86400000",
        "Time a connection may stay open without a request."),
    row<Milliseconds<&ListenOptions::linger_timeout>>(
        "linger_timeout_ms", "", "1 to 86400000",
        "Time to read on after a refusal, so that the client sees it."),
    row<Milliseconds<&ListenOptions::drain_timeout>>(
        "drain_timeout_ms", "", "1 to 86400000",
        "Time to finish accepted requests after SIGTERM or SIGINT."),
};

}  // namespace

std::span<const OptionRow> option_table() {
    return table;
}

std::string url_of(std::string_view host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string_view::npos;
    return v6 ? fmt::format("http://[{}]:{}", host, port) : fmt::format("http://{}:{}", host, port);
}

}  // namespace symbolon::server
