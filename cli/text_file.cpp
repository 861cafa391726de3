#include "cli/text_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <istream>
#include <system_error>

namespace symbolon::cli {

namespace {

tl::unexpected<Error> file_failure(const std::string& what, const std::string& path, int error) {
    return failure(make_error(
        ErrorCode::cannot_start,
        fmt::format("{} {}{}{}", what, path, error == 0 ? "" : ": ",
                    error == 0 ? std::string() : std::generic_category().message(error))));
}

Result<std::string> read_stream(std::istream& stream, const std::string& name,
                                std::size_t bytes_max) {
    constexpr std::size_t chunk = 64U << 10U;
    std::string text;
    while (stream && text.size() <= bytes_max) {
        const std::size_t old = text.size();
        text.resize(old + chunk);
        stream.read(text.data() + old, static_cast<std::streamsize>(chunk));
        text.resize(old + static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) {
        return file_failure("Cannot read", name, 0);
    }
    if (text.size() > bytes_max) {
        return failure(make_error(ErrorCode::body_too_large,
                                  fmt::format("{} is larger than {} bytes", name, bytes_max)));
    }
    return text;
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max) {
    if (path == "-") {
        return read_stream(std::cin, "standard input", bytes_max);
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        return file_failure("Cannot read", path, EISDIR);
    }
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        return file_failure("Cannot read", path, errno);
    }
    return read_stream(stream, path, bytes_max);
}

Status write_whole_file(const std::string& path, std::string_view text) {
    errno = 0;
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) {
        return file_failure("Cannot write", path, errno);
    }
    return {};
}

}  // namespace symbolon::cli
