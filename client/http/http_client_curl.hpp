// The HttpSender of the programs: pooled connections over libcurl, TLS verified, every wait
// bounded.
//
// A request that must not happen twice (POST, PATCH and whatever HTTP does not call idempotent) is
// put on the wire at most once, whatever becomes of the connection. Redirects are answers like any
// other and are never followed. What is abandoned fails as not_reachable where nothing was sent,
// and as answer_lost where something may have arrived. http_proxy, https_proxy, all_proxy and
// no_proxy are honoured.
//
// Example:  SYMBOLON_TRY(auto sender, open_http_client({.tls = {.ca_file = "/etc/ca.pem"}}));
// Errors:   open: cannot_start (a TLS file that cannot be read); send: those of http_client.hpp,
//           and malformed_request for a URL, method or header that is none
// Units:    milliseconds, bytes
// Threads:  any thread; a request waits when all connections are in use, within its time
// Limits:   answer_header_bytes_max
// Source:   docs/decisions/0022-outbound-http.md
// Tested by tests/unit/client/http/http_client_test.cpp, http_client_resolver_test.cpp
#pragma once

#include "client/http/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>

namespace symbolon::client {

/// PEM files; empty: the system's certificates, and none of one's own.
struct TlsOptions {
    std::string ca_file{};
    std::string certificate_file{};
    std::string key_file{};
    std::string key_password{};
};

struct HttpClientOptions {
    TlsOptions tls{};
    std::chrono::milliseconds connect_timeout{5'000};  ///< name, TCP and TLS together
    std::size_t connections_max = 16;                  ///< requests under way at a time
    std::string user_agent{};                          ///< empty: "symbolon"
    /// Asked for: requests under way end within a second or so, and none is begun.
    std::stop_token abandon{};
};

Result<std::unique_ptr<HttpSender>> open_http_client(HttpClientOptions options);

}  // namespace symbolon::client
