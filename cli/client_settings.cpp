#include "cli/client_settings.hpp"

#include <fmt/format.h>

#include <charconv>
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
    for (const auto& row : client_setting_table) {
        SYMBOLON_TRY(const auto number, read_setting(row));
        if (number) {
            row.set(options, *number);
        }
    }
    return options;
}

}  // namespace symbolon::cli
