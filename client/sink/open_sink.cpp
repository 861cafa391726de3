#include "client/sink/open_sink.hpp"

#include "client/sink/file_sink.hpp"
#include "client/sink/kafka_sink.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace symbolon::client {
namespace {

constexpr std::string_view file_scheme = "file:";
constexpr std::string_view kafka_scheme = "kafka:";

/// Empty when `url` names no kind of sink, as a plain path does. A drive letter is no scheme here.
std::string_view scheme_of(std::string_view url) {
    const auto colon = url.find(':');
    const auto slash = url.find('/');
    return colon == std::string_view::npos || slash < colon ? std::string_view{}
                                                            : url.substr(0, colon + 1);
}

Result<std::unique_ptr<Sink>> open_file(const std::string& path) {
    SYMBOLON_TRY(auto sink, FileSink::open(path));
    return std::unique_ptr<Sink>(std::move(sink));
}

}  // namespace

std::optional<std::string> find_sink_path(std::string_view url) {
    if (url.starts_with(file_scheme)) {
        url.remove_prefix(file_scheme.size());
        return url.empty() ? std::nullopt : std::optional<std::string>(url);
    }
    if (url.empty() || url == "-" || !scheme_of(url).empty()) {
        return std::nullopt;
    }
    return std::string(url);
}

Result<std::unique_ptr<Sink>> open_sink(std::string_view url, const SinkOptions& options) {
    SYMBOLON_CHECK(check_sink_url(url, options));
    if (const auto path = find_sink_path(url)) {
        return open_file(*path);
    }
    if (url.starts_with(kafka_scheme)) {
        return open_kafka_sink({.brokers = options.brokers, .properties = options.kafka_properties},
                               std::string(url.substr(kafka_scheme.size())));
    }
    return std::unique_ptr<Sink>(url == "stderr:"
                                     ? FileSink::borrow(STDERR_FILENO, "standard error")
                                     : FileSink::borrow(STDOUT_FILENO, "standard output"));
}

Status check_sink_url(std::string_view url, const SinkOptions& options) {
    if (const auto path = find_sink_path(url)) {
        const auto folder = std::filesystem::path(*path).parent_path();
        std::error_code ignored;
        if (folder.empty() || std::filesystem::is_directory(folder, ignored)) {
            return {};
        }
        return failure(make_error(
            ErrorCode::sink_failed,
            fmt::format("file {}: there is no folder {}; make it first", *path, folder.string())));
    }
    if (url.starts_with(kafka_scheme) && options.brokers.empty()) {
        return failure(make_error(ErrorCode::sink_failed,
                                  fmt::format("{}: name the brokers, as in host:9092", url)));
    }
    if (url == "-" || url == "stdout:" || url == "stderr:" || url.starts_with(kafka_scheme)) {
        return {};
    }
    return failure(
        make_error(ErrorCode::sink_failed,
                   fmt::format("'{}' is no place to write to; there are: PATH, file:PATH, "
                               "kafka:TOPIC, stdout:, stderr:. A path with a colon: file:./{}",
                               url, url)));
}

}  // namespace symbolon::client
