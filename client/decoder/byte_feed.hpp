// Bytes of a file or pipe, looked at before they are taken, without waiting longer than asked.
//
// Example:  SYMBOLON_TRY(const bool more, feed.fill(wait));  feed.bytes();  feed.take(n);
// Errors:   unavailable (reading fails)
// Units:    bytes, milliseconds
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/event_source_test.cpp
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::client {

class ByteFeed {
public:
    /// Closes the descriptor unless it is standard input.
    ByteFeed(int descriptor, std::string name);
    ByteFeed(const ByteFeed&) = delete;
    ByteFeed& operator=(const ByteFeed&) = delete;
    ByteFeed(ByteFeed&&) = delete;
    ByteFeed& operator=(ByteFeed&&) = delete;
    ~ByteFeed();

    /// What was read and not taken.
    std::string_view bytes() const { return std::string_view(buffer_).substr(at_); }
    void take(std::size_t bytes) { at_ += bytes; }
    /// Reads more; false when nothing came in time, or nothing is left.
    Result<bool> fill(std::chrono::milliseconds wait);
    /// Takes what is there already, waits for nothing, and is at its end then.
    Status finish();
    bool at_end() const { return at_end_; }
    /// A file on a disk, as opposed to a pipe or a terminal.
    bool is_file() const { return is_file_; }
    const std::string& name() const { return name_; }

private:
    int descriptor_;
    std::string name_;
    std::string buffer_;
    std::size_t at_ = 0;
    bool at_end_ = false;
    bool is_file_ = false;
};

}  // namespace symbolon::client
