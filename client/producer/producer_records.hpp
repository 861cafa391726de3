// What the producer writes down beside the events: the audit, the rejected events, and counters.
//
// An audit record is {"timestamp","type","request_id","latency_ms","sync_status","target",…} of one
// of five types. A file that cannot be written stops nothing but is told by trouble().
//
// Example:  records.note_submitted(batch, "topic orders");
// Errors:   sink_failed, by trouble()
// Units:    milliseconds
// Threads:  any thread
// Limits:   rejected_event_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/producer_records_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/metrics/metrics.hpp"
#include "client/producer/batch_target.hpp"
#include "client/producer/event_batch.hpp"
#include "client/sink/sink.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::client {

/// What came of one attempt to hand a batch on.
struct BatchReport {
    std::string_view request_id{};
    std::string_view target{};
    std::size_t events = 0;
    std::chrono::milliseconds latency{};
    std::string_view reason{};
    int status = 0;
    int attempts = 1;
};

/// Whether each rejected event has an audit record, or the batch that they were sent in.
enum class InAudit : std::uint8_t { each, by_batch };

class ProducerRecords {
public:
    /// Each may be nullptr: then it is not written.
    ProducerRecords(Sink* audit, Sink* rejects, Metrics* metrics, Clock& clock);

    void note_submitted(const BatchReport& report);
    void note_succeeded(const BatchReport& report);
    /// Not acknowledged: in the spool.
    void note_failed(const BatchReport& report);
    /// The endpoint refused the batch for good.
    void note_batch_rejected(const BatchReport& report);
    void note_handed_off(const BatchReport& report, SendFate fate);
    void note_rejections(std::span<const Rejection> rejections, InAudit in_audit);
    void count(std::string_view outcome, std::size_t events);
    void set_queued(std::size_t batches);

    /// The first thing that could not be written.
    Status trouble() const;

private:
    void write(Sink* sink, std::span<const SinkRecord> lines);
    void audit(std::string_view type, const BatchReport& report, std::string_view sync_status);
    void measure(const BatchReport& report, const std::string& outcome);

    Sink* audit_;
    Sink* rejects_;
    Metrics* metrics_;
    Clock& clock_;
    mutable std::mutex mutex_;
    Status trouble_{};  // guarded by mutex_, as the sinks are
};

/// "2024-01-01T00:00:00.000Z".
std::string to_timestamp(std::chrono::system_clock::time_point time);

}  // namespace symbolon::client
