// A sink that appends JSON Lines to a file or an open descriptor; of any size, in bounded memory.
//
// A file belongs to one writer at a time: a second one is refused. A last line that a crash cut
// short is repaired when the file is opened: it was never acknowledged, so whoever wrote it will
// write it again. A file whose end is no record of ours is refused and left as it is. A write that
// fails (a full disk) takes back what it appended, so that no half record stays.
//
// Example:  SYMBOLON_TRY(auto sink, FileSink::open("dead_letters.jsonl"));
//           SYMBOLON_CHECK(sink->write(records));
// Errors:   sink_failed
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/sink/file_sink_test.cpp
#pragma once

#include "client/sink/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class FlushPolicy : std::uint8_t {
    every_write,  ///< write() returns when the records are on the disk: one flush for all of them
    on_request,   ///< they are with the operating system; sync() brings them to the disk
};

class FileSink final : public Sink {
public:
    /// Creates the file when it is not there, not its folder. Devices and pipes are never flushed.
    static Result<std::unique_ptr<FileSink>> open(const std::string& path,
                                                  FlushPolicy policy = FlushPolicy::every_write);
    /// Standard output or standard error: neither closed nor flushed to a disk.
    static std::unique_ptr<FileSink> borrow(int descriptor, std::string name);

    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;
    FileSink(FileSink&&) = delete;
    FileSink& operator=(FileSink&&) = delete;
    ~FileSink() override;

    Status write(std::span<const SinkRecord> records) override;
    std::string name() const override { return name_; }
    /// What was written is on the disk when this returns.
    Status sync();
    /// From now on, whatever it was opened with.
    void flush_every_write() { policy_ = FlushPolicy::every_write; }

private:
    FileSink(int descriptor, std::string name);

    Status repair_end();
    Status append(std::string_view bytes);

    int descriptor_;
    std::string name_;
    bool owned_ = false;
    bool regular_ = false;  ///< can be flushed and cut
    FlushPolicy policy_ = FlushPolicy::on_request;
    std::string buffer_;  ///< kept for the next write
};

}  // namespace symbolon::client
