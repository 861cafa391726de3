#include "server/http_server_parser.hpp"

#include "core/limits.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <utility>

namespace symbolon::server {
namespace {

namespace http = boost::beast::http;

rest::Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get:
            return rest::Method::get;
        case http::verb::head:
            return rest::Method::head;
        case http::verb::post:
            return rest::Method::post;
        case http::verb::put:
            return rest::Method::put;
        case http::verb::delete_:
            return rest::Method::del;
        case http::verb::options:
            return rest::Method::options;
        default:
            return rest::Method::other;
    }
}

/// A proxy may send "http://host/path"; the path is what counts.
std::string_view path_and_query(std::string_view target) {
    if (target.empty() || target.front() == '/') {
        return target;
    }
    const auto scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) {
        return target;
    }
    const auto path = target.find_first_of("/?", scheme_end + 3);
    return path == std::string_view::npos || target[path] == '?' ? "/" : target.substr(path);
}

}  // namespace

RequestParser::RequestParser(rest::Request& into, Bounds bounds) : request_(into), bounds_(bounds) {
    request_.method_name.clear();
    request_.target.clear();
    request_.headers.clear();
    request_.body.clear();
    request_.resumed.reset();
    header_limit(
        static_cast<std::uint32_t>(std::min<std::size_t>(bounds.header_bytes_max, 1U << 30U)));
    body_limit(bounds.body_bytes_max);
}

RequestParser::Step RequestParser::put(std::string_view bytes) {
    std::size_t consumed = 0;
    if (!is_header_done()) {
        const auto step = put_header(bytes);
        if (step.progress != Progress::need_more || !is_header_done()) {
            return step;
        }
        consumed = step.consumed;
        bytes.remove_prefix(consumed);
    }
    if (bytes.empty()) {
        return {Progress::need_more, consumed};
    }
    ErrorCodeOut error;
    const auto of_body = basic_parser::put({bytes.data(), bytes.size()}, error);
    consumed += of_body;
    // A chunk's size line or the trailer must fit where a header block fits.
    if (error == http::error::need_more && bytes.size() - of_body > bounds_.header_bytes_max) {
        error = http::error::header_limit;
    }
    if (error && error != http::error::need_more) {
        fail(error);
        return {Progress::failed, consumed};
    }
    return {is_done() ? Progress::done : Progress::need_more, consumed};
}

/// Why: the library's own limit holds for one call only, and a header may come in many. So this
/// counts, and offers no byte past the bound.
RequestParser::Step RequestParser::put_header(std::string_view bytes) {
    const auto offered = bytes.substr(0, bounds_.header_bytes_max - header_bytes_);
    ErrorCodeOut error;
    eager(false);
    const auto consumed = basic_parser::put({offered.data(), offered.size()}, error);
    eager(true);
    header_bytes_ += consumed;
    if (error == http::error::need_more &&
        header_bytes_ + offered.size() - consumed >= bounds_.header_bytes_max) {
        error = http::error::header_limit;
    }
    if (error && error != http::error::need_more) {
        fail(error);
        return {Progress::failed, consumed};
    }
    return {is_done() ? Progress::done : Progress::need_more, consumed};
}

void RequestParser::refuse(std::string_view message, ErrorCodeOut& error) {
    error_ = make_error(ErrorCode::malformed_request, message);
    error = http::error::bad_value;
}

void RequestParser::fail(const ErrorCodeOut& error) {
    if (!error_.message.empty()) {
        return;
    }
    if (error == http::error::header_limit) {
        error_ = make_error(
            ErrorCode::header_too_large,
            fmt::format("The request line and headers exceed {} bytes", bounds_.header_bytes_max));
    } else if (error == http::error::body_limit) {
        error_ =
            make_error(ErrorCode::body_too_large,
                       fmt::format("The request body exceeds {} bytes", bounds_.body_bytes_max));
    } else {
        error_ = make_error(ErrorCode::malformed_request,
                            fmt::format("Malformed HTTP request: {}", error.message()));
    }
}

void RequestParser::on_request_impl(http::verb method, View method_name, View target, int version,
                                    ErrorCodeOut& error) {
    request_.method = method_of(method);
    request_.method_name.assign(method_name.data(), method_name.size());
    request_.target = path_and_query({target.data(), target.size()});
    request_.headers.reserve(8);
    http_1_0_ = version < 11;
    if (request_.target.empty()) {
        refuse("Malformed HTTP request: empty target", error);
    }
}

void RequestParser::on_response_impl(int /*code*/, View /*reason*/, int /*version*/,
                                     ErrorCodeOut& error) {
    error = http::error::bad_method;
}

void RequestParser::on_field_impl(http::field field, View name, View value, ErrorCodeOut& error) {
    if (headers_read_) {
        return;  // a trailer: nothing in it may change what the header said
    }
    switch (field) {
        case http::field::transfer_encoding:
            if (!boost::beast::iequals(value, "chunked")) {
                return refuse("The only Transfer-Encoding known here is chunked", error);
            }
            if (http_1_0_) {
                return refuse("HTTP/1.0 has no Transfer-Encoding", error);
            }
            break;
        case http::field::host:
            ++hosts_;
            break;
        case http::field::expect:
            expects_continue_ = boost::beast::iequals(value, "100-continue") && !http_1_0_;
            break;
        default:
            break;
    }
    request_.headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
}

void RequestParser::on_header_impl(ErrorCodeOut& error) {
    headers_read_ = true;
    if (hosts_ > 1 || (hosts_ == 0 && !http_1_0_)) {
        refuse("An HTTP/1.1 request names its Host exactly once", error);
    }
}

void RequestParser::on_body_init_impl(const BodyLength& length, ErrorCodeOut& /*error*/) {
    if (length.has_value()) {
        request_.body.reserve(
            static_cast<std::size_t>(std::min(*length, limits::body_reserve_bytes_max)));
    }
}

std::size_t RequestParser::on_body_impl(View body, ErrorCodeOut& /*error*/) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/,
                                         ErrorCodeOut& /*error*/) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t /*remain*/, View body,
                                              ErrorCodeOut& /*error*/) {
    request_.body.append(body.data(), body.size());
    return body.size();
}

void RequestParser::on_finish_impl(ErrorCodeOut& /*error*/) {}

}  // namespace symbolon::server
