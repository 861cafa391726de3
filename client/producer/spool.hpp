// The file of the batches that were not acknowledged, kept until they are.
//
// A line is a batch, or the word that one is done; both are on the disk when add() and remove()
// return, so that a crash at any place loses no batch. compact() writes the file anew, whole or not
// at all, without the batches that are done. The file is made and held from the beginning: that it
// cannot be written, or that another process has it, is not to show when a batch needs it.
//
// Example:  SYMBOLON_TRY(auto spool, Spool::open("orders.spool.jsonl"));
//           SYMBOLON_CHECK(spool->add(batch));
// Errors:   sink_failed (the file), malformed_datum (a line that is no batch)
// Threads:  one at a time; one process
// Limits:   spool_line_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/spool_test.cpp
#pragma once

#include "client/producer/event_batch.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

class FileSink;

struct SpooledBatch {
    std::string request_id{};
    std::string run{};  ///< the Ledger's
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Tally tally{};  ///< of the whole interval
    std::string reason{};
    std::vector<IngestEvent> events{};  ///< index, text and keys
};

/// A batch that waits, as far as it is kept in memory.
struct SpoolEntry {
    std::string request_id{};
    std::string run{};
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Tally tally{};
    std::uint64_t events = 0;
    std::uint64_t offset = 0;  ///< of its line
    std::uint64_t bytes = 0;
};

class Spool {
public:
    /// Makes the file, or reads what waits in it.
    static Result<std::unique_ptr<Spool>> open(std::string path);
    /// An empty spool's file is removed.
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    Spool(Spool&&) = delete;
    Spool& operator=(Spool&&) = delete;

    Status add(const SpooledBatch& batch);
    /// It was acknowledged, or rejected for good.
    Status remove(std::string_view request_id);
    /// Oldest first.
    std::vector<SpoolEntry> entries() const;
    std::optional<SpoolEntry> find(std::string_view request_id) const;
    Result<SpooledBatch> read(const SpoolEntry& entry) const;
    /// Drops what is done; an empty spool's file is removed, until the next add().
    Status compact();
    const std::string& path() const { return path_; }

private:
    explicit Spool(std::string path);
    Status open_file();
    Status append(std::string line);
    Status remove_file();
    Status rewrite();
    Status load();
    Status load_line(std::string_view line, std::uint64_t offset);

    std::string path_;
    std::unique_ptr<FileSink> file_;
    std::uint64_t size_ = 0;                    // of the file
    std::uint64_t lines_ = 0;                   // in it
    std::map<std::uint64_t, SpoolEntry> live_;  // by offset
    std::map<std::string, std::uint64_t, std::less<>> offsets_;
};

}  // namespace symbolon::client
