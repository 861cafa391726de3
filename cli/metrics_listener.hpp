// Serves a companion's metrics over HTTP: GET /metrics, and nothing else.
//
// Example:  SYMBOLON_TRY(auto listener, MetricsListener::open("http://127.0.0.1:9464", metrics));
// Errors:   cannot_start (the URL is none, or its port is taken)
// Threads:  opened and destroyed by one; answers from its own
// Source:   docs/clients.md
// Tested by tests/unit/cli/metrics_listener_test.cpp
#pragma once

#include "client/metrics/metrics.hpp"
#include "core/result.hpp"
#include "server/http_server.hpp"

#include <memory>
#include <string>
#include <utility>

namespace symbolon::cli {

class MetricsListener {
public:
    /// `url` is http://HOST:PORT; port 0 takes any that is free. `metrics` outlives the listener.
    static Result<std::unique_ptr<MetricsListener>> open(const std::string& url,
                                                         const client::Metrics& metrics);
    MetricsListener(const MetricsListener&) = delete;
    MetricsListener& operator=(const MetricsListener&) = delete;
    MetricsListener(MetricsListener&&) = delete;
    MetricsListener& operator=(MetricsListener&&) = delete;
    ~MetricsListener();

    /// Where they are: "http://127.0.0.1:9464/metrics".
    const std::string& url() const { return url_; }

private:
    MetricsListener(std::unique_ptr<server::HttpServer> server, std::string url)
        : server_(std::move(server)), url_(std::move(url)) {}

    std::unique_ptr<server::HttpServer> server_;
    std::string url_;
};

}  // namespace symbolon::cli
