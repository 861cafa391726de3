// A request and a response as plain values; no library's types, no sockets.
//
// Units:    bytes
// Threads:  values
// Source:   REST contract section 1
// Tested by tests/unit/api/rest/router_test.cpp
#pragma once

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

struct Request {
    Method method = Method::get;
    std::string method_name;  ///< as sent, for messages and logs
    std::string target;       ///< path and query as sent, still percent-encoded
    std::vector<Header> headers;
    std::string body;

    /// The value of the first header with this name in any letter case; nullptr when absent.
    const std::string* find_header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type;  ///< empty only together with an empty body
    std::vector<Header> headers;
    std::string body;
    /// When set, it is the body in place of `body`: a rendered answer that many responses share.
    std::shared_ptr<const std::string> shared_body;

    std::string_view body_view() const { return shared_body ? *shared_body : body; }
};

}  // namespace symbolon::rest
