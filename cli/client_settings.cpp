#include "cli/client_settings.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>

namespace symbolon::cli {

namespace {

/// Nothing: the variable is not set, or empty.
Result<std::optional<std::int64_t>> read_setting(const ClientSettingRow& row) {
    const char* const given = std::getenv(std::string(row.name).c_str());
    const std::string_view text = given == nullptr ? "" : given;
    if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < row.least || number > row.most) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("{} is a number from {} to {}", row.name, row.least, row.most)));
    }
    return std::optional(number);
}

}  // namespace

Result<client::RegistryClientOptions> read_client_settings() {
    client::RegistryClientOptions options;
    SYMBOLON_TRY(const auto entries, read_setting(client_setting_table[0]));
    SYMBOLON_TRY(const auto ttl, read_setting(client_setting_table[1]));
    SYMBOLON_TRY(const auto retries, read_setting(client_setting_table[2]));
    SYMBOLON_TRY(const auto wait, read_setting(client_setting_table[3]));
    if (entries) {
        options.cache_entries_max = static_cast<std::size_t>(*entries);
    }
    if (ttl) {
        options.cache_ttl = std::chrono::seconds(*ttl);
    }
    if (retries) {
        options.retry.retries_max = static_cast<int>(*retries);
    }
    if (wait) {
        options.retry.first_delay = std::chrono::milliseconds(*wait);
    }
    return options;
}

}  // namespace symbolon::cli
