// Sends one HTTP request and answers the response, or why there is none. Never repeats what may not
// happen twice (retry.hpp's is_idempotent).
//
// Example:  SYMBOLON_TRY(auto response, sender.send({.method = "GET", .url = url}));
// Errors:   not_reachable (nothing was sent), answer_lost (sent, and no whole answer came),
//           request_timeout, body_too_large
// Units:    milliseconds, bytes
// Threads:  any thread
// Source:   docs/decisions/0022-outbound-http.md
// Tested by tests/unit/client/http/http_client_test.cpp
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string url;  ///< whole: scheme, host, path and query, percent-encoded
    HeaderList headers{};
    std::string body{};
    std::chrono::milliseconds timeout{
        10'000};  ///< for everything, from connecting to the last byte
    std::size_t response_bytes_max = 16U << 20U;
    /// Put on the wire once at most, as a POST is, although its method may go out again: DELETE of
    /// a latest version, say, is another deletion the second time.
    bool only_once = false;
};

struct HttpResponse {
    int status = 0;
    HeaderList headers{};
    std::string body{};

    /// The value of the first header of this name, in whatever case; nullopt: none.
    std::optional<std::string_view> find_header(std::string_view name) const;
};

/// What sends: HttpClient, or what a test puts in its place.
class HttpSender {
public:
    HttpSender() = default;
    HttpSender(const HttpSender&) = delete;
    HttpSender& operator=(const HttpSender&) = delete;
    HttpSender(HttpSender&&) = delete;
    HttpSender& operator=(HttpSender&&) = delete;
    virtual ~HttpSender() = default;

    virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

}  // namespace symbolon::client
