// Forwards each record to an HTTP endpoint: a POST of its JSON text, with credentials.
//
// Only what never left is repeated: an endpoint that answers 429, 5xx or not at all may have taken
// the record, and its caller decides.
//
// Example:  HttpSink sink({.url = "https://example.org/anomalies"}, *sender, credentials, clock,
//                         system_random());
// Errors:   sink_failed, with the status; records before the one that failed are there
// Units:    milliseconds
// Threads:  one at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/sink/http_sink_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/header_text.hpp"
#include "client/http/http_client.hpp"
#include "client/http/retry.hpp"
#include "client/sink/sink.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace symbolon::client {

struct HttpSinkOptions {
    std::string url{};
    HeaderList headers{};  ///< beside Content-Type: application/json
    std::chrono::milliseconds timeout{10'000};
    RetryPolicy retry{};
};

class HttpSink final : public Sink {
public:
    /// `sender` and `clock` outlive the sink.
    HttpSink(HttpSinkOptions options, HttpSender& sender, std::shared_ptr<Credentials> credentials,
             Clock& clock, RandomSource random);

    Status write(std::span<const SinkRecord> records) override;
    /// The URL without what may be secret in it: names stand in logs and on metrics pages.
    std::string name() const override { return without_secrets(options_.url); }

private:
    const HttpSinkOptions options_;
    HttpSender& sender_;
    const std::shared_ptr<Credentials> credentials_;
    Clock& clock_;
    const RandomSource random_;
};

}  // namespace symbolon::client
