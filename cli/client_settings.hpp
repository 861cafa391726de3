// Numbers of the registry client that are set by environment variables alone: every command that
// asks a registry heeds them, and few people need them.
//
// Example:  SYMBOLON_TRY(auto options, read_client_settings());
// Errors:   malformed_request: a variable that is no number within its bounds
// Units:    in each variable's name
// Threads:  any thread, while nobody changes the environment
// Source:   contract of the event clients, section 2
// Tested by tests/unit/cli/client_settings_test.cpp
#pragma once

#include "client/registry_client/registry_client.hpp"
#include "core/result.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace symbolon::cli {

struct ClientSettingRow {
    std::string_view name;
    std::string_view help;
    std::int64_t least;
    std::int64_t most;
    void (*set)(client::RegistryClientOptions& options, std::int64_t number);
};
inline constexpr std::array client_setting_table{
    ClientSettingRow{"SYMBOLON_REGISTRY_CACHE_ENTRIES",
                     "Schemas that are kept by id, and by subject and version, each; default 256.",
                     1, 1'000'000,
                     [](client::RegistryClientOptions& options, std::int64_t number) {
                         options.cache_entries_max = static_cast<std::size_t>(number);
                     }},
    ClientSettingRow{"SYMBOLON_REGISTRY_CACHE_TTL_S",
                     "Seconds that `latest`, a version's schema and a level are believed; default "
                     "300. The gateway has --schema-ttl-s instead.",
                     0, 3'600,
                     [](client::RegistryClientOptions& options, std::int64_t number) {
                         options.cache_ttl = std::chrono::seconds(number);
                     }},
    ClientSettingRow{"SYMBOLON_REGISTRY_RETRIES",
                     "Times that a question is asked again; default 3.", 0, 100,
                     [](client::RegistryClientOptions& options, std::int64_t number) {
                         options.retry.retries_max = static_cast<int>(number);
                     }},
    ClientSettingRow{"SYMBOLON_REGISTRY_RETRY_WAIT_MS",
                     "Milliseconds of the first wait before that, which doubles; default 500.", 1,
                     600'000,
                     [](client::RegistryClientOptions& options, std::int64_t number) {
                         options.retry.first_delay = std::chrono::milliseconds(number);
                     }},
};

/// The client's defaults, and what the variables say.
Result<client::RegistryClientOptions> read_client_settings();

}  // namespace symbolon::cli
