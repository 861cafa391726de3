// Reads the lines of a file or of standard input, one at a time, and stops when it is told to.
//
// Example:  SYMBOLON_TRY(auto lines, LineReader::open("events.jsonl", line_bytes_max));
//           while (auto line = lines->next(); line && *line) …
// Errors:   unavailable, when the file cannot be opened or read
// Units:    bytes
// Threads:  one at a time
// Limits:   the caller's, for the bytes of a line
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/line_reader_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::client {

struct InputLine {
    std::string_view text;  ///< without its end; good until the next call
    bool too_long = false;  ///< the text is the beginning, and the rest was passed over
};

class LineReader {
public:
    /// "-" is standard input.
    static Result<std::unique_ptr<LineReader>> open(const std::string& path,
                                                    std::size_t line_bytes_max);
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;
    LineReader(LineReader&&) = delete;
    LineReader& operator=(LineReader&&) = delete;

    /// Reading ends once this descriptor can be read, also while it waits for input.
    void stop_with(int descriptor) { stop_descriptor_ = descriptor; }
    bool stopped() const { return stopped_; }
    /// nullopt: the input ended, or was stopped; half a line is then left alone.
    Result<std::optional<InputLine>> next();
    /// Where the next line begins.
    std::uint64_t offset() const { return offset_; }

private:
    LineReader(int descriptor, std::string name, std::size_t line_bytes_max)
        : descriptor_(descriptor), name_(std::move(name)), line_bytes_max_(line_bytes_max) {}
    Status fill();
    void take(std::size_t bytes);

    int descriptor_;
    std::string name_;
    std::size_t line_bytes_max_;
    int stop_descriptor_ = -1;
    bool stopped_ = false;
    bool ended_ = false;
    std::string buffer_;
    std::size_t begin_ = 0;  // of what was not handed out
    std::uint64_t offset_ = 0;
};

}  // namespace symbolon::client
