// A request and a response as plain values; no library's types, no sockets.
//
// Units:    bytes
// Threads:  values
// Source:   REST contract section 1
// Tested by tests/unit/api/rest/router_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::rest {

enum class Method { get, head, post, put, del, options, other };

struct Header {
    std::string name;  ///< as sent; compare without regard to case
    std::string value;
};

/// Handed in with a request whose answer had to wait: how far the registry was looked through, and
/// why it is asked again.
struct Resumption {
    enum class Cause { moved, time_over };
    std::int64_t after = 0;  ///< Waiting::after
    Cause cause = Cause::moved;
};

struct Request {
    Method method = Method::get;
    std::string method_name;  ///< as sent, for messages and logs
    std::string target;       ///< path and query as sent, still percent-encoded
    std::vector<Header> headers;
    std::string body;
    std::optional<Resumption> resumed;  ///< nothing: it comes from the client

    /// The value of the first header with this name in any letter case; nullptr when absent.
    const std::string* find_header(std::string_view name) const;
};

/// Says that there is more to answer when the registry has moved past revision `after`. The
/// transport keeps the connection meanwhile; then, or when `patience` is over, it hands the same
/// request in again.
struct Waiting {
    enum class Form {
        answer,  ///< nothing is sent yet; the answer that comes at last is the only one
        stream,  ///< the body so far is sent; what comes is sent behind it, without an end
    };
    Form form = Form::answer;
    std::int64_t after = 0;
    std::chrono::milliseconds patience{0};
};

struct Response {
    int status = 200;
    std::string content_type;  ///< empty only together with an empty body
    std::vector<Header> headers;
    std::string body;
    /// When set, it is the body in place of `body`: a rendered answer that many responses share.
    std::shared_ptr<const std::string> shared_body;
    std::optional<Waiting> waiting;  ///< nothing: the answer is complete

    std::string_view body_view() const { return shared_body ? *shared_body : body; }
};

}  // namespace symbolon::rest
