#include "client/decoder/byte_feed.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace symbolon::client {
namespace {

constexpr std::size_t read_bytes = 256U << 10U;
/// One huge event need not keep its memory.
constexpr std::size_t kept_bytes_max = 4U << 20U;

}  // namespace

ByteFeed::ByteFeed(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {
    struct stat status {};
    is_file_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
}

ByteFeed::~ByteFeed() {
    if (descriptor_ != STDIN_FILENO) {
        ::close(descriptor_);
    }
}

Result<bool> ByteFeed::fill(std::chrono::milliseconds wait) {
    if (at_end_) {
        return false;
    }
    pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(wait.count()));
    if (ready == 0 || (ready < 0 && errno == EINTR)) {
        return false;
    }
    if (at_ > 0) {
        buffer_.erase(0, at_);
        at_ = 0;
        if (buffer_.empty() && buffer_.capacity() > kept_bytes_max) {
            buffer_ = {};
        }
    }
    const auto before = buffer_.size();
    buffer_.resize(before + read_bytes);
    const auto got = ::read(descriptor_, buffer_.data() + before, read_bytes);
    const int number = errno;
    buffer_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0) {
        if (number == EINTR || number == EAGAIN) {
            return false;
        }
        return failure(make_error(
            ErrorCode::unavailable,
            fmt::format("{} cannot be read: {}", name_, std::generic_category().message(number))));
    }
    at_end_ = got == 0;
    return got > 0;
}

Status ByteFeed::finish() {
    SYMBOLON_TRY([[maybe_unused]] const bool more, fill(std::chrono::milliseconds(0)));
    at_end_ = true;
    return {};
}

}  // namespace symbolon::client
