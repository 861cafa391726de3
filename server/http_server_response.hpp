// Writes a rest::Response as the bytes of an HTTP/1.x answer.
//
// Example:  append_head(out, response, ConnectionHeader::unsaid, date.now());
// Errors:   none: a header value that would break the framing loses its control characters
// Units:    bytes
// Threads:  any thread
// Source:   RFC 9112; REST contract 1.6
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include "api/rest/http.hpp"

#include <string>
#include <string_view>

namespace symbolon::server {

/// What the answer says about the connection. `unsaid` is HTTP/1.1's default: it stays open.
enum class ConnectionHeader { unsaid, keep_alive, close };

/// How a body says where it ends: by its length, by a last chunk, or with the connection.
enum class Framing { length, chunks, close };

/// Appends the status line and headers; `date` is the value of the Date header.
void append_head(std::string& out, const rest::Response& response, ConnectionHeader connection,
                 std::string_view date, Framing framing = Framing::length);

/// Appends a piece of a body without a length. REQUIRES: `piece` is not empty, for that would be
/// the end.
void append_chunk(std::string& out, std::string_view piece);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The present time as HTTP writes it, renewed once a second. One thread at a time.
class DateText {
public:
    std::string_view now();

private:
    long second_ = -1;
    std::string text_;
};

}  // namespace symbolon::server
