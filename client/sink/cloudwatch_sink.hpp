// Writes records to a log stream of CloudWatch Logs: PutLogEvents over the AWS JSON protocol 1.1,
// signed with Signature Version 4.
//
// Group and stream are made when they are absent. Records are sorted by time and cut into batches
// within AWS's limits: 1,048,576 bytes with 26 for each event, 10,000 events, 24 hours. A record's
// time is its JSON member `timestamp`, milliseconds since the epoch; without one, it is now.
// Throttling, 5xx and connect errors are repeated; an answer that was lost is not, since the events
// may be there.
//
// Example:  CloudWatchSink sink({.region = "eu-central-1", .group = "gateway", .stream = "host-1"},
//                               credentials, *sender, clock, system_random());
// Errors:   sink_failed: AWS refused, or did not answer; also when it took a batch but rejected
//           events in it as too old or too new
// Units:    milliseconds, bytes
// Threads:  one at a time; wrap it in a QueuedSink where requests must not wait
// Limits:   log_batch_bytes_max, log_events_max, log_span_ms_max, log_event_bytes_max
// Source:   Amazon CloudWatch Logs API Reference; contract of the event clients, section 4.3
// Tested by tests/unit/client/sink/cloudwatch_sink_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/http_client.hpp"
#include "client/http/retry.hpp"
#include "client/sink/aws_signature.hpp"
#include "client/sink/sink.hpp"
#include "core/json.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace symbolon::client {

struct CloudWatchOptions {
    std::string region{};
    std::string group{};
    std::string stream{};
    std::string endpoint{};  ///< empty: https://logs.REGION.amazonaws.com
    std::chrono::milliseconds timeout{5'000};
    RetryPolicy retry{.retries_max = 2};
};

class CloudWatchSink final : public Sink {
public:
    /// `sender` and `clock` outlive the sink.
    CloudWatchSink(CloudWatchOptions options, AwsCredentials credentials, HttpSender& sender,
                   Clock& clock, RandomSource random);

    Status write(std::span<const SinkRecord> records) override;
    std::string name() const override;

private:
    struct Event {
        std::int64_t timestamp = 0;
        std::string_view message;
    };
    /// What AWS said: its status, and the name of the exception, if it is one.
    struct Answer {
        int status = 0;
        std::string fault;
        std::string message;
        Json body;
    };

    Status put(std::span<const Event> events);
    Status make_group_and_stream();
    Result<Answer> call(std::string_view action, const std::string& body);
    Error refusal(std::string_view action, const Answer& answer) const;

    const CloudWatchOptions options_;
    const AwsCredentials credentials_;
    HttpSender& sender_;
    Clock& clock_;
    const RandomSource random_;
};

}  // namespace symbolon::client
