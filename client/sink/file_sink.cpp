#include "client/sink/file_sink.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace symbolon::client {
namespace {

/// Written at once; more records than this holds take several calls and one flush.
constexpr std::size_t write_bytes = 1U << 20U;

Error file_error(std::string_view name, std::string_view doing, int number) {
    return make_error(ErrorCode::sink_failed, fmt::format("{}: {}: {}", name, doing,
                                                          std::generic_category().message(number)));
}

/// A new file's name is on the disk when its folder is.
void sync_folder_of(const std::string& path) {
    auto folder = std::filesystem::path(path).parent_path();
    if (folder.empty()) {
        folder = ".";
    }
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

/// Where the line that the file ends in begins; nullopt when the file cannot be read.
std::optional<off_t> find_last_line(int descriptor, off_t size) {
    std::array<char, 1U << 16U> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled
    off_t end = size;
    while (end > 0) {
        const auto wanted = std::min<off_t>(end, static_cast<off_t>(block.size()));
        const auto got =
            ::pread(descriptor, block.data(), static_cast<std::size_t>(wanted), end - wanted);
        if (got != wanted) {
            return std::nullopt;
        }
        const std::string_view text(block.data(), static_cast<std::size_t>(got));
        if (const auto at = text.rfind('\n'); at != std::string_view::npos) {
            return end - wanted + static_cast<off_t>(at) + 1;
        }
        end -= wanted;
    }
    return 0;
}

/// Whether the name leads elsewhere by now: its last writer may have removed or replaced the file
/// between our opening and our taking it.
bool is_elsewhere(const std::string& path, const struct stat& opened) {
    struct stat named {};
    return ::stat(path.c_str(), &named) != 0 || named.st_dev != opened.st_dev ||
           named.st_ino != opened.st_ino;
}

std::optional<std::string> read_range(int descriptor, off_t from, std::size_t bytes) {
    std::string text(bytes, '\0');
    const auto got = ::pread(descriptor, text.data(), bytes, from);
    if (got < 0 || static_cast<std::size_t>(got) != bytes) {
        return std::nullopt;
    }
    return text;
}

}  // namespace

FileSink::FileSink(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

FileSink::~FileSink() {
    if (owned_) {
        ::close(descriptor_);
    }
}

std::unique_ptr<FileSink> FileSink::borrow(int descriptor, std::string name) {
    return std::unique_ptr<FileSink>(new FileSink(descriptor, std::move(name)));
}

Result<std::unique_ptr<FileSink>> FileSink::open(const std::string& path, FlushPolicy policy) {
    const auto name = "file " + path;
    const bool is_new = ::access(path.c_str(), F_OK) != 0;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    // A terminal or a pipe may be open for writing only.
    const int usable =
        descriptor >= 0 ? descriptor : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (usable < 0) {
        return failure(file_error(name, "cannot be opened", errno));
    }
    std::unique_ptr<FileSink> sink(new FileSink(usable, name));
    sink->owned_ = true;
    sink->policy_ = policy;
    struct stat status {};
    if (::fstat(usable, &status) != 0) {
        return failure(file_error(name, "cannot be looked at", errno));
    }
    sink->regular_ = S_ISREG(status.st_mode);
    if (!sink->regular_) {
        return sink;
    }
    if (::flock(usable, LOCK_EX | LOCK_NB) != 0 || is_elsewhere(path, status)) {
        return failure(make_error(
            ErrorCode::sink_failed,
            fmt::format("{}: another process writes to it; give each its own file", name)));
    }
    SYMBOLON_CHECK(sink->repair_end());
    if (is_new) {
        sync_folder_of(path);
    }
    return sink;
}

Status FileSink::repair_end() {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) {
        return failure(file_error(name_, "cannot be looked at", errno));
    }
    if (status.st_size == 0) {
        return {};
    }
    const auto begin = find_last_line(descriptor_, status.st_size);
    if (!begin) {
        return failure(file_error(name_, "its end cannot be read", errno == 0 ? EIO : errno));
    }
    if (*begin == status.st_size) {
        return {};
    }
    const auto bytes = static_cast<std::size_t>(status.st_size - *begin);
    const auto line = read_range(descriptor_, *begin, std::min(bytes, limits::event_bytes_max));
    if (!line) {
        return failure(file_error(name_, "its end cannot be read", errno == 0 ? EIO : errno));
    }
    // Why: a file that was named by mistake must not lose its end. After a power failure some file
    // systems leave zeros where data should have come.
    if (line->front() != '{' && line->front() != '\0') {
        return failure(make_error(
            ErrorCode::sink_failed,
            fmt::format("{}: it ends within a line at byte {} that is no JSON object, so it is no "
                        "file of records; name another file, or end that line",
                        name_, *begin)));
    }
    if (line->size() == bytes && parse_json(*line)) {
        return append("\n");  // whole but for its end
    }
    if (::ftruncate(descriptor_, *begin) != 0) {
        return failure(file_error(name_, "its incomplete last line cannot be cut off", errno));
    }
    return {};
}

Status FileSink::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return failure(file_error(name_, "cannot be written", errno));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Status FileSink::write(std::span<const SinkRecord> records) {
    for (const auto& record : records) {
        if (record.value.find('\n') != std::string::npos) {
            return failure(make_error(
                ErrorCode::sink_failed,
                fmt::format("{}: a record holds a line break, and a line holds a record", name_)));
        }
    }
    if (records.empty()) {
        return {};
    }
    const off_t begin = regular_ ? ::lseek(descriptor_, 0, SEEK_END) : 0;
    const auto append_all = [&]() -> Status {
        buffer_.clear();
        for (const auto& record : records) {
            buffer_ += record.value;
            buffer_ += '\n';
            if (buffer_.size() >= write_bytes) {
                SYMBOLON_CHECK(append(buffer_));
                buffer_.clear();
            }
        }
        SYMBOLON_CHECK(append(buffer_));
        return policy_ == FlushPolicy::every_write ? sync() : Status{};
    };
    auto written = append_all();
    if (buffer_.capacity() > 2 * write_bytes) {
        buffer_ = {};  // one huge record need not stay in memory
    }
    if (!written && regular_ && begin >= 0 && ::ftruncate(descriptor_, begin) != 0) {
        // The next open() repairs it.
        written.error().message += "; what was written of it stays";
    }
    return written;
}

Status FileSink::sync() {
    if (regular_ && ::fdatasync(descriptor_) != 0) {
        return failure(file_error(name_, "cannot be flushed to the disk", errno));
    }
    return {};
}

}  // namespace symbolon::client
