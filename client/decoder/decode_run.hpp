// Carries events from a source through a decoder to their sinks, batch by batch, until the source
// ends or somebody asks to stop. A batch is committed once every record of it is in its place and
// the guard's state is saved; so each event arrives at least once.
//
// Example:  RunCounts counts;
//           const auto run = run_decoder(*source, decoder, sinks, options, counts);
// Errors:   those of the source and the sinks; unavailable (registry or platform, when the run is
//           to stop then). Nothing of the batch in hand is committed then.
// Units:    counts
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/decode_run_test.cpp
#pragma once

#include "client/decoder/decoder.hpp"
#include "client/decoder/event_source.hpp"
#include "client/decoder/guard_store.hpp"
#include "client/metrics/metrics.hpp"
#include "client/sink/sink.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace symbolon::client {

/// in = decoded + retry + dead_letter + diagnostic, of events whose batch was committed.
struct RunCounts {
    std::uint64_t in = 0;
    std::uint64_t decoded = 0;
    std::uint64_t retry = 0;
    std::uint64_t dead_letter = 0;
    std::uint64_t diagnostic = 0;
    std::uint64_t records = 0;       ///< that were written for the decoded ones
    std::uint64_t by_last_good = 0;  ///< of the decoded ones
    std::uint64_t type_warnings = 0;
    std::map<std::pair<Queue, Reason>, std::uint64_t> letters{};  ///< of those not decoded

    bool agree() const { return in == decoded + retry + dead_letter + diagnostic; }
};

struct RunSinks {
    Sink& output;
    Sink& retry;
    Sink& dead_letter;
    Sink& diagnostic;
};

/// What an event becomes while the registry or the platform cannot be asked.
enum class WhenUnavailable : std::uint8_t {
    retry_queue,
    stop,  ///< the run ends with an error, nothing of the batch committed
};

struct RunOptions {
    BatchBounds batch{};
    WhenUnavailable when_unavailable = WhenUnavailable::retry_queue;
    GuardStore* guard_store = nullptr;  ///< nullptr: the guard's state is not kept
    Metrics* metrics = nullptr;
    /// Asked before each batch; after true the source is asked for what it holds already.
    std::function<bool()> stop{};
    /// Told after each batch.
    std::function<void(const RunCounts&)> progress{};
    /// Told about each event type that is unknown, once.
    std::function<void(std::string_view)> warn{};
};

Status run_decoder(EventSource& source, Decoder& decoder, const RunSinks& sinks,
                   const RunOptions& options, RunCounts& counts);

}  // namespace symbolon::client
