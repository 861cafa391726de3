// What an operator may set: one table with the name, default, unit and meaning of every option.
//
// A name such as `body_bytes_max` is the key in the YAML file, `--body-bytes-max` as a flag and
// SYMBOLON_BODY_BYTES_MAX in the environment. A flag wins over the environment, that over the file,
// that over the default.
//
// Example:  SYMBOLON_TRY(auto read, read_options({.flags = {{"store", "memory:"}}}));
// Errors:   cannot_start (names the place and what is allowed there)
// Units:    the last word of a name: bytes, ms; all others are counts, texts or true/false
// Threads:  immutable
// Source:   docs/operations.md
// Tested by tests/unit/server/options_test.cpp
#pragma once

#include "api/registry.hpp"
#include "api/rest/router.hpp"
#include "core/result.hpp"
#include "server/http_server.hpp"
#include "server/log.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::server {

struct ServeOptions {
    ListenOptions listen;
    std::string store = "sqlite:symbolon.db";
    RegistrySettings registry;
    rest::RouterSettings router;
    LogSettings log;
};

struct OptionRow {
    std::string_view name;
    std::string_view alias;   ///< the environment variable that Confluent's image has for it, or ""
    std::string_view values;  ///< what may stand there, for help and messages
    std::string_view help;
    /// False when `text` is not one of `values`.
    bool (*apply)(ServeOptions& options, std::string_view text);
    /// The value as `apply` would read it.
    std::string (*show)(const ServeOptions& options);
};

std::span<const OptionRow> option_table();
/// "--body-bytes-max"
std::string flag_of(const OptionRow& row);
/// "SYMBOLON_BODY_BYTES_MAX"
std::string environment_of(const OptionRow& row);

/// "http://HOST:PORT", an IPv6 address in brackets.
std::string url_of(std::string_view host, std::uint16_t port);

/// Where values may come from. All are optional.
struct OptionSources {
    std::map<std::string, std::string, std::less<>> flags;  ///< by the row's name
    /// A variable's value; nothing when it is not set.
    std::function<std::optional<std::string>(const std::string& name)> environment;
    std::string config_file;  ///< YAML; empty: SYMBOLON_CONFIG from the environment, or none
};

struct OptionsRead {
    ServeOptions options;
    std::vector<std::string> warnings;  ///< what was set and is not used
};

Result<OptionsRead> read_options(const OptionSources& sources);

}  // namespace symbolon::server
