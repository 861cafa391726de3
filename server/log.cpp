#include "server/log.hpp"

#include "core/ascii.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

namespace symbolon::server {
namespace {

constexpr std::array log_level_names{
    std::pair{LogLevel::debug, std::string_view{"debug"}},
    std::pair{LogLevel::info, std::string_view{"info"}},
    std::pair{LogLevel::warning, std::string_view{"warning"}},
    std::pair{LogLevel::error, std::string_view{"error"}},
    std::pair{LogLevel::warning, std::string_view{"warn"}},
    std::pair{LogLevel::debug, std::string_view{"trace"}},
    std::pair{LogLevel::error, std::string_view{"fatal"}},
};

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string dump(const nlohmann::ordered_json& value) {
    return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Why: a client's text must not be able to begin a line of its own or paint the terminal.
std::string plain_or_quoted(const Json& value) {
    if (!value.is_string()) {
        return to_text(value);
    }
    const auto& text = value.get_ref<const std::string&>();
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte <= 0x20 || byte >= 0x7f || each == '"' || each == '=') {
            return value.dump(-1, ' ', true, Json::error_handler_t::replace);
        }
    }
    return text.empty() ? "\"\"" : text;
}

std::string utc_now() {
    const auto now = std::chrono::system_clock::now();
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const auto seconds = static_cast<std::time_t>(milliseconds / 1'000);
    std::tm at{};
    gmtime_r(&seconds, &at);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", at.tm_year + 1900,
                       at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                       milliseconds % 1'000);
}

}  // namespace

class Log::Impl {
public:
    explicit Impl(const LogSettings& settings)
        : text_(settings.format == LogFormat::text ||
                (settings.format == LogFormat::automatic && isatty(fileno(settings.to)) == 1)),
          logger_("symbolon", sink_for(settings, text_)) {
        logger_.set_level(to_spdlog(settings.level));
        // With an empty %v spdlog has nothing left to format but the colour and the line's end.
        logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
            text_ ? "%^%v%$" : "%v", spdlog::pattern_time_type::utc));
        // A log that cannot be written must not end the server.
        logger_.set_error_handler([](const std::string&) {});
    }

    bool is_text() const { return text_; }
    spdlog::logger& logger() { return logger_; }

private:
    static spdlog::sink_ptr sink_for(const LogSettings& settings, bool text) {
        const char* const no_color = std::getenv("NO_COLOR");
        const bool plain = !text || (no_color != nullptr && *no_color != '\0');
        return std::make_shared<spdlog::sinks::ansicolor_sink<spdlog::details::console_mutex>>(
            settings.to, plain ? spdlog::color_mode::never : spdlog::color_mode::automatic);
    }

    bool text_;
    spdlog::logger logger_;
};

std::string_view to_string(LogLevel level) {
    return log_level_names[static_cast<std::size_t>(level)].second;
}

std::optional<LogLevel> find_log_level(std::string_view name) {
    const std::string lower = to_lower_ascii(name);
    for (const auto& [level, known] : log_level_names) {
        if (known == lower) {
            return level;
        }
    }
    return std::nullopt;
}

Log::Log(const LogSettings& settings) : impl_(std::make_unique<Impl>(settings)) {}

Log::~Log() = default;

bool Log::shows(LogLevel level) const {
    return impl_->logger().should_log(to_spdlog(level));
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    if (!shows(level)) {
        return;
    }
    std::string line;
    if (impl_->is_text()) {
        line = fmt::format("{} {:7} {}", utc_now(), to_string(level), message);
        for (const auto& field : fields) {
            line += fmt::format(" {}={}", field.name, plain_or_quoted(field.value));
        }
    } else {
        nlohmann::ordered_json object;
        object["time"] = utc_now();
        object["level"] = to_string(level);
        object["message"] = message;
        for (const auto& field : fields) {
            object[std::string(field.name)] = field.value;
        }
        line = dump(object);
    }
    impl_->logger().log(to_spdlog(level), spdlog::string_view_t(line));
}

}  // namespace symbolon::server
