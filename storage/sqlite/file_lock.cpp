#include "storage/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace symbolon::storage {

namespace {

Error cannot_lock(const std::string& path, int error_number) {
    const bool is_refused =
        error_number == EACCES || error_number == EPERM || error_number == EROFS;
    const std::string_view advice =
        is_refused ? "Give the user that runs Symbolon the right to write in that folder, or name "
                     "another file."
                   : "Name a file in a folder on a local disk with free space.";
    return make_error(ErrorCode::cannot_start,
                      fmt::format("Cannot make the lock file {}: {}. {}", path,
                                  std::generic_category().message(error_number), advice));
}

/// " (process 4711)" as its holder wrote it into the lock file, or nothing.
std::string holder_of(int descriptor) {
    std::array<char, 24> digits{};
    const ssize_t length = ::pread(descriptor, digits.data(), digits.size(), 0);
    std::string holder(digits.data(), length > 0 ? static_cast<std::size_t>(length) : 0U);
    if (holder.empty() || holder.find_first_not_of("0123456789") != std::string::npos) {
        return {};
    }
    return fmt::format(" (process {})", holder);
}

/// Whether `path` still names the file that is open; a failed start may have removed it meanwhile.
bool is_still_there(int descriptor, const std::string& path) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

void write_holder(int descriptor) {
    const std::string digits = fmt::format("{}", ::getpid());
    // Only a help for people: a full disk must not turn it into a failure.
    if (::ftruncate(descriptor, 0) == 0) {
        [[maybe_unused]] const ssize_t ignored =
            ::pwrite(descriptor, digits.data(), digits.size(), 0);
    }
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path, const std::string& guarded) {
    constexpr mode_t everyone_reads = 0644;
    while (true) {
        bool is_new = true;
        int descriptor =
            ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, everyone_reads);
        if (descriptor < 0 && errno == EEXIST) {
            is_new = false;
            descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
            if (descriptor < 0 && errno == ENOENT) {
                continue;
            }
        }
        if (descriptor < 0) {
            return failure(cannot_lock(path, errno));
        }
        FileLock lock(descriptor, path);
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) {
                return failure(cannot_lock(path, errno));
            }
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("The store {} is in use by another Symbolon{}. Stop that one first, or "
                            "give this one another file with --store sqlite:<path>.",
                            guarded, holder_of(descriptor))));
        }
        if (is_still_there(descriptor, path)) {
            lock.remove_file_ = is_new;
            write_holder(descriptor);
            return lock;
        }
    }
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      remove_file_(other.remove_file_) {}

FileLock::~FileLock() {
    if (descriptor_ < 0) {
        return;
    }
    if (remove_file_) {
        ::unlink(path_.c_str());
    }
    ::close(descriptor_);
}

}  // namespace symbolon::storage
