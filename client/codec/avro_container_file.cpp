#include "client/codec/avro_container_file.hpp"

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
#include <istream>
#include <system_error>
#include <utility>

namespace symbolon::client {

namespace {

std::string reason_of(int number) {
    return std::generic_category().message(number);
}

/// A file descriptor that is closed with its owner.
class FileHandle {
public:
    explicit FileHandle(int number) : number_(number) {}
    FileHandle(FileHandle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileHandle& operator=(FileHandle&&) = delete;
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    ~FileHandle() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

std::uint64_t size_of(const FileHandle& file) {
    struct stat status {};
    return ::fstat(file.number(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
    Result<std::size_t> read(char* to, std::size_t size) override {
        const std::size_t taken = bytes_.copy(to, size);
        bytes_.remove_prefix(taken);
        return taken;
    }

private:
    std::string_view bytes_;
};

class StreamSource final : public ByteSource {
public:
    explicit StreamSource(std::istream& stream) : stream_(stream) {}
    Result<std::size_t> read(char* to, std::size_t size) override {
        stream_.read(to, static_cast<std::streamsize>(size));
        if (stream_.bad()) {
            return failure(make_error(ErrorCode::unavailable, "the input cannot be read"));
        }
        return static_cast<std::size_t>(stream_.gcount());
    }

private:
    std::istream& stream_;
};

class FileSource final : public ByteSource {
public:
    FileSource(FileHandle file, std::string path)
        : file_(std::move(file)), path_(std::move(path)) {}
    Result<std::size_t> read(char* to, std::size_t size) override {
        while (true) {
            const ssize_t taken = ::read(file_.number(), to, size);
            if (taken >= 0) {
                return static_cast<std::size_t>(taken);
            }
            if (errno != EINTR) {
                return failure(
                    make_error(ErrorCode::unavailable,
                               fmt::format("{} cannot be read: {}", path_, reason_of(errno))));
            }
        }
    }
    // Pipes cannot be passed over but by reading.
    Result<std::uint64_t> skip(std::uint64_t size) override {
        const off_t at = ::lseek(file_.number(), 0, SEEK_CUR);
        if (at < 0) {
            return ByteSource::skip(size);
        }
        const std::uint64_t end = size_of(file_);
        const auto here = static_cast<std::uint64_t>(at);
        const std::uint64_t passed = std::min(size, end > here ? end - here : 0);
        if (::lseek(file_.number(), static_cast<off_t>(passed), SEEK_CUR) < 0) {
            return ByteSource::skip(size);
        }
        return passed;
    }

private:
    FileHandle file_;
    std::string path_;
};

class MemoryTarget final : public ByteTarget {
public:
    explicit MemoryTarget(std::string& bytes) : bytes_(bytes) {}
    Status write(std::string_view bytes) override {
        bytes_ += bytes;
        return {};
    }
    Status sync() override { return {}; }
    Status cut(std::uint64_t size) override {
        bytes_.resize(static_cast<std::size_t>(size));
        return {};
    }
    std::uint64_t size() const override { return bytes_.size(); }
    std::string name() const override { return "memory"; }

private:
    std::string& bytes_;
};

class FileTarget final : public ByteTarget {
public:
    FileTarget(FileHandle file, std::string path)
        : file_(std::move(file)), path_(std::move(path)), size_(size_of(file_)) {}

    Status write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                return failed("written");
            }
            size_ += static_cast<std::uint64_t>(written);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Status sync() override {
        if (::fdatasync(file_.number()) != 0) {
            return failed("brought to disk");
        }
        return is_in_folder_ ? Status{} : sync_folder();
    }
    Status cut(std::uint64_t size) override {
        if (::ftruncate(file_.number(), static_cast<off_t>(size)) != 0) {
            return failed("cut back");
        }
        size_ = size;
        return {};
    }
    std::uint64_t size() const override { return size_; }
    std::string name() const override { return path_; }

private:
    Status failed(std::string_view what) const {
        return failure(make_error(ErrorCode::sink_failed, fmt::format("{} cannot be {}: {}", path_,
                                                                      what, reason_of(errno))));
    }
    // A new file is only found after a crash when its folder is on disk, too.
    Status sync_folder() {
        const auto folder = std::filesystem::path(path_).parent_path();
        const FileHandle handle(
            ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!handle.is_open() || ::fsync(handle.number()) != 0) {
            return failed("brought to disk with its folder");
        }
        is_in_folder_ = true;
        return {};
    }

    FileHandle file_;
    std::string path_;
    std::uint64_t size_;
    bool is_in_folder_ = false;
};

}  // namespace

Result<std::uint64_t> ByteSource::skip(std::uint64_t size) {
    std::array<char, 16U << 10U> passing{};
    std::uint64_t passed = 0;
    while (passed < size) {
        const std::uint64_t wanted = std::min<std::uint64_t>(size - passed, passing.size());
        SYMBOLON_TRY(const std::size_t taken,
                     read(passing.data(), static_cast<std::size_t>(wanted)));
        if (taken == 0) {
            break;
        }
        passed += taken;
    }
    return passed;
}

std::unique_ptr<ByteSource> memory_source(std::string_view bytes) {
    return std::make_unique<MemorySource>(bytes);
}

std::unique_ptr<ByteSource> stream_source(std::istream& stream) {
    return std::make_unique<StreamSource>(stream);
}

Result<std::unique_ptr<ByteSource>> open_file_source(const std::string& path) {
    FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("{} cannot be opened: {}", path, reason_of(errno))));
    }
    return std::make_unique<FileSource>(std::move(file), path);
}

std::unique_ptr<ByteTarget> memory_target(std::string& bytes) {
    return std::make_unique<MemoryTarget>(bytes);
}

Result<std::unique_ptr<ByteTarget>> open_file_target(const std::string& path) {
    constexpr mode_t permissions = 0644;
    FileHandle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, permissions));
    if (!file.is_open()) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("{} cannot be opened: {}", path, reason_of(errno))));
    }
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        return failure(
            make_error(ErrorCode::cannot_start,
                       fmt::format("{} is being written by another program; give each writer a "
                                   "file of its own",
                                   path)));
    }
    return std::make_unique<FileTarget>(std::move(file), path);
}

}  // namespace symbolon::client
