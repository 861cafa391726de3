// Which events of the input are settled (sent, rejected, duplicates or in the spool), and how many
// of each.
//
// Batches end out of order: there is a low-water mark, below which all is settled, and settled
// intervals beyond it.
//
// Example:  ledger.settle(0, 100, {.sent = 98, .rejected = 2});
// Errors:   malformed_datum for a text that is no ledger
// Units:    indexes of events from 0; the end of an interval is excluded
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/ledger_test.cpp
#pragma once

#include "client/producer/event_batch.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace symbolon::client {

class Ledger {
public:
    Ledger() = default;
    /// Of the run that `to_text` wrote down.
    static Result<Ledger> parse(std::string_view text);
    std::string to_text() const;

    /// REQUIRES: nothing of the interval is settled; tally.sum() == end - begin.
    void settle(std::uint64_t begin, std::uint64_t end, const Tally& tally);
    /// What was in the spool was sent, or rejected.
    void settle_spooled(const Tally& tally);
    bool is_settled(std::uint64_t index) const;
    /// The target refused these events for good, so that they may come again, put right. Those that
    /// lie more than `kept` events before the low-water mark are forgotten.
    void note_refused(std::uint64_t begin, std::uint64_t end, std::uint64_t kept);
    bool is_refused(std::uint64_t index) const;

    std::uint64_t low_water() const { return low_water_; }
    std::uint64_t settled() const { return tally_.sum(); }
    const Tally& tally() const { return tally_; }
    /// Names the input and all its runs; request ids are made of it.
    const std::string& run() const { return run_; }
    void set_run(std::string run) { run_ = std::move(run); }
    /// The digest of the first event, by which an input is known again; empty: none was read.
    const std::string& input() const { return input_; }
    void set_input(std::string digest) { input_ = std::move(digest); }

private:
    using Intervals = std::map<std::uint64_t, std::uint64_t>;  // begin -> end, apart

    static bool holds(const Intervals& intervals, std::uint64_t index);

    std::string run_;
    std::string input_;
    std::uint64_t low_water_ = 0;
    Intervals beyond_;
    Intervals refused_;
    Tally tally_;
};

}  // namespace symbolon::client
