#include "client/producer/line_reader.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace symbolon::client {

namespace {

constexpr std::size_t read_bytes = 256U << 10U;

Error read_error(const std::string& name, std::string_view what, int number) {
    return make_error(ErrorCode::unavailable, fmt::format("{} {}: {}", name, what,
                                                          std::generic_category().message(number)));
}

}  // namespace

Result<std::unique_ptr<LineReader>> LineReader::open(const std::string& path,
                                                     std::size_t line_bytes_max) {
    if (path == "-") {
        return std::unique_ptr<LineReader>(
            new LineReader(STDIN_FILENO, "standard input", line_bytes_max));
    }
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return failure(read_error(path, "cannot be opened", errno));
    }
    return std::unique_ptr<LineReader>(new LineReader(descriptor, path, line_bytes_max));
}

LineReader::~LineReader() {
    if (descriptor_ != STDIN_FILENO) {
        ::close(descriptor_);
    }
}

Status LineReader::fill() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    std::array<pollfd, 2> waited{pollfd{.fd = descriptor_, .events = POLLIN, .revents = 0},
                                 pollfd{.fd = stop_descriptor_, .events = POLLIN, .revents = 0}};
    // A negative descriptor is passed over.
    while (::poll(waited.data(), waited.size(), -1) < 0) {
        if (errno != EINTR) {
            return failure(read_error(name_, "cannot be waited for", errno));
        }
    }
    if (waited[1].revents != 0) {
        stopped_ = true;
        return {};
    }
    const auto held = buffer_.size();
    buffer_.resize(held + read_bytes);
    const auto got = ::read(descriptor_, buffer_.data() + held, read_bytes);
    const int problem = errno;
    buffer_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && problem != EINTR && problem != EAGAIN) {
        return failure(read_error(name_, "cannot be read", problem));
    }
    ended_ = got == 0;
    return {};
}

void LineReader::take(std::size_t bytes) {
    begin_ += bytes;
    offset_ += bytes;
}

Result<std::optional<InputLine>> LineReader::next() {
    std::size_t searched = 0;
    std::string kept;  // the beginning of a line that is too long
    while (!stopped_) {
        const auto unread = std::string_view(buffer_).substr(begin_);
        const auto end = unread.find('\n', searched);
        if (end != std::string_view::npos || (ended_ && !unread.empty())) {
            const auto length = end == std::string_view::npos ? unread.size() : end;
            InputLine line{.text = unread.substr(0, length), .too_long = length > line_bytes_max_};
            take(length + (end == std::string_view::npos ? 0 : 1));
            if (!kept.empty()) {
                // Its beginning is put where the caller can look at it.
                buffer_.erase(0, begin_);
                buffer_.insert(0, kept);
                begin_ = kept.size();
                line = {.text = std::string_view(buffer_).substr(0, begin_), .too_long = true};
            }
            if (line.text.ends_with('\r')) {
                line.text.remove_suffix(1);
            }
            return line;
        }
        if (ended_) {
            if (kept.empty()) {
                return std::nullopt;
            }
            buffer_ = std::move(kept);
            begin_ = buffer_.size();
            return InputLine{.text = buffer_, .too_long = true};
        }
        searched = unread.size();
        if (unread.size() > line_bytes_max_) {
            // Limit: of a line without end no more than its beginning is held.
            if (kept.empty()) {
                kept = unread.substr(0, line_bytes_max_);
            }
            take(unread.size());
            searched = 0;
        }
        SYMBOLON_CHECK(fill());
    }
    return std::nullopt;
}

}  // namespace symbolon::client
