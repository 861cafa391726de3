// A downstream that takes each record by HTTP: one POST, with our credentials.
//
// The request carries `Content-Type: application/json`, `X-Request-Id`, which stays the same for
// every attempt at one event, and `X-Event-Id`, so that the other side can tell a repetition.
//
// Example:  HttpDownstream target({.url = "https://example.org/events"}, *sender, credentials,
//                                 clock);
// Errors:   none: see Downstream
// Units:    milliseconds
// Threads:  any thread
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/http_downstream_test.cpp
#pragma once

#include "client/gateway/downstream.hpp"
#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"

#include <memory>
#include <string>

namespace symbolon::client {

struct HttpDownstreamOptions {
    std::string url{};
    HeaderList headers{};  ///< beside those above
};

class HttpDownstream final : public Downstream {
public:
    /// `sender` and `clock` outlive it.
    HttpDownstream(HttpDownstreamOptions options, HttpSender& sender,
                   std::shared_ptr<Credentials> credentials, Clock& clock);

    DeliveryReport deliver(const DownstreamRecord& record,
                           std::chrono::milliseconds time_left) override;
    std::string name() const override { return options_.url; }

private:
    const HttpDownstreamOptions options_;
    HttpSender& sender_;
    const std::shared_ptr<Credentials> credentials_;
    Clock& clock_;
};

}  // namespace symbolon::client
