// Listens for HTTP/1.1 and hands whole requests to a handler; the transport behind this door is
// Beast.
//
// A handler's quick requests are answered on the event loop that read them; all others go to a
// bounded pool of workers. A client that sends or reads slowly holds a connection, never a worker.
//
// Example:  SYMBOLON_TRY(auto server, HttpServer::listen(handler, options)); server->port();
// Errors:   cannot_start
// Units:    milliseconds, bytes, counts
// Threads:  listen and stop from one thread; the handler is called from many
// Limits:   header_bytes_max, waiting_clients_max
// Source:   docs/decisions/0001-http-transport.md
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include "api/rest/http.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace symbolon::server {

struct Handler {
    std::function<rest::Response(const rest::Request&)> handle;
    /// True when the request is answered from memory in microseconds.
    std::function<bool(const rest::Request&)> is_quick;
    /// The response to a request that never became one, such as a header block that is too large.
    std::function<rest::Response(const Error&)> refuse;
    /// Where the registry stands: a waiting answer is asked for again when it is past its revision.
    /// Called often; takes no lock. May be left out where no answer waits.
    std::function<std::int64_t()> revision;
};

struct ListenOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8081;    ///< 0: any free port
    std::size_t event_loops = 0;  ///< 0: one per core
    std::size_t workers = 64;
    std::size_t waiting_requests_max = 1'024;  ///< more are answered with 503
    std::size_t connections_max = 10'000;
    std::size_t waiting_clients_max = limits::waiting_clients_max;  ///< more are answered with 503
    std::size_t header_bytes_max = limits::header_bytes_max;
    std::size_t body_bytes_max = limits::body_bytes_max_default;
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds idle_timeout{75'000};
    std::chrono::milliseconds answer_timeout{30'000};  ///< for the client to take an answer
    std::chrono::milliseconds linger_timeout{2'000};   ///< to read on after a refusal
    std::chrono::milliseconds drain_timeout{10'000};
};

/// Counters for metrics; a snapshot.
struct TransportCounters {
    std::uint64_t connections_open = 0;
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections_refused = 0;
    std::uint64_t requests_refused = 0;
    std::uint64_t clients_waiting = 0;  ///< for an answer that waits for a change, or a stream
};

class HttpServer {
public:
    /// Binds and starts to serve in background threads.
    static Result<std::unique_ptr<HttpServer>> listen(Handler handler,
                                                      const ListenOptions& options);

    virtual ~HttpServer() = default;
    /// The port that is bound.
    virtual std::uint16_t port() const = 0;
    virtual TransportCounters counters() const = 0;
    /// Takes no new request, finishes those that were accepted (at most drain_timeout), then
    /// returns.
    virtual void stop() = 0;
};

}  // namespace symbolon::server
