// Lines about what the server does: text for people at a terminal, JSON for machines.
//
// Example:  log.write(LogLevel::info, "listening", {{"url", url}});
// Errors:   none: what cannot be written is lost
// Threads:  any thread
// Source:   docs/operations.md
// Tested by tests/unit/server/log_test.cpp
#pragma once

#include "core/json.hpp"

#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>

namespace symbolon::server {

enum class LogLevel { debug, info, warning, error };
std::string_view to_string(LogLevel level);
/// Accepts any letter case, and the names that log4j uses.
std::optional<LogLevel> find_log_level(std::string_view name);

/// `automatic`: text when `to` is a terminal, JSON otherwise.
enum class LogFormat { automatic, text, json };

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::automatic;
    std::FILE* to = stderr;
};

struct LogField {
    std::string_view name;
    Json value;
};

class Log {
public:
    explicit Log(const LogSettings& settings);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    Log(Log&&) = delete;
    Log& operator=(Log&&) = delete;

    /// Whether write() would do anything: ask before fields are made.
    bool shows(LogLevel level) const;
    void write(LogLevel level, std::string_view message,
               std::initializer_list<LogField> fields = {});

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::server
