// The record of a body that was refused: what was wrong with it, and its beginning with personal
// data masked.
//
// Example:  to_json_line({.request_id = id, .details = "/id: …"}, body, rules, now)
// Errors:   none
// Units:    milliseconds since the epoch, bytes
// Threads:  any thread
// Limits:   masked_payload_bytes_max
// Source:   contract of the event clients, section 4.3
// Tested by tests/unit/client/gateway/anomaly_test.cpp
#pragma once

#include "client/gateway/masking.hpp"
#include "client/sink/queued_sink.hpp"
#include "compat/validate.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct Anomaly {
    std::string_view request_id{};
    std::string_view details{};  ///< without values of masked fields: see details_of
};

/// One line: timestamp, requestId, anomalyType, errorDetails, payloadSize, maskedPayload.
std::string to_json_line(const Anomaly& anomaly, std::string_view body, const MaskRules& rules,
                         std::chrono::system_clock::time_point now);

/// "<pointer>: <message>; …", at most error_details_bytes_max. A message about a masked field, one
/// that tells of one further in, or that quotes a text which names one, says which keyword is not
/// met, and no value.
std::string details_of(std::span<const compat::ValidationError> errors, const MaskRules& rules);

/// Where anomaly records go: every sink gets each, behind a queue of its own.
class AnomalyOutlet {
public:
    explicit AnomalyOutlet(std::vector<std::unique_ptr<QueuedSink>> sinks)
        : sinks_(std::move(sinks)) {}

    void report(const std::string& line);
    /// As QueuedSink::close, for all of them.
    void close(std::chrono::milliseconds time);
    const std::vector<std::unique_ptr<QueuedSink>>& sinks() const { return sinks_; }

private:
    std::vector<std::unique_ptr<QueuedSink>> sinks_;
};

}  // namespace symbolon::client
