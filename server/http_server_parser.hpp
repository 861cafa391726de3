// Turns the bytes of one HTTP/1.x request into a rest::Request, within bounds.
//
// Works on Beast's parser, with the refusals that keep two servers from reading one request in two
// ways: both Content-Length and Transfer-Encoding, a coding other than "chunked", a second Host.
//
// Example:  RequestParser parser(request, limits); auto step = parser.put(bytes);
// Errors:   malformed_request, header_too_large, body_too_large
// Units:    bytes
// Threads:  one at a time
// Limits:   header_bytes_max and body_bytes_max, as given
// Source:   RFC 9112
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include "api/rest/http.hpp"
#include "core/error.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::server {

class RequestParser final : private boost::beast::http::basic_parser<true> {
public:
    enum class Progress { need_more, done, failed };
    struct Step {
        Progress progress;
        std::size_t consumed;
    };
    struct Bounds {
        std::size_t header_bytes_max;
        std::size_t body_bytes_max;
    };

    /// `into` is cleared and must outlive the parser.
    RequestParser(rest::Request& into, Bounds bounds);

    /// Reads from `bytes`; what was not consumed must come again, with more behind it. REQUIRES:
    /// the last step asked for more.
    Step put(std::string_view bytes);
    /// Why the parser failed.
    const Error& error() const { return error_; }
    bool header_done() const { return is_header_done(); }
    /// The client waits for "100 Continue" before it sends its body.
    bool wants_continue() const { return expects_continue_ && !is_done(); }
    bool keeps_alive() const { return keep_alive(); }
    bool is_http_1_0() const { return http_1_0_; }

private:
    using ErrorCodeOut = boost::beast::error_code;
    using View = boost::beast::string_view;
    using BodyLength = boost::optional<std::uint64_t>;

    void on_request_impl(boost::beast::http::verb method, View method_name, View target,
                         int version, ErrorCodeOut& error) override;
    void on_response_impl(int code, View reason, int version, ErrorCodeOut& error) override;
    void on_field_impl(boost::beast::http::field field, View name, View value,
                       ErrorCodeOut& error) override;
    void on_header_impl(ErrorCodeOut& error) override;
    void on_body_init_impl(const BodyLength& length, ErrorCodeOut& error) override;
    std::size_t on_body_impl(View body, ErrorCodeOut& error) override;
    void on_chunk_header_impl(std::uint64_t size, View extensions, ErrorCodeOut& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, View body, ErrorCodeOut& error) override;
    void on_finish_impl(ErrorCodeOut& error) override;

    Step put_header(std::string_view bytes);
    void refuse(std::string_view message, ErrorCodeOut& error);
    void fail(const ErrorCodeOut& error);

    rest::Request& request_;
    Bounds bounds_;
    Error error_;
    std::size_t header_bytes_ = 0;  ///< consumed
    std::size_t hosts_ = 0;
    bool http_1_0_ = false;
    bool expects_continue_ = false;
    bool headers_read_ = false;
};

}  // namespace symbolon::server
