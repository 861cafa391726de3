#include "server/http_server_response.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <utility>

namespace symbolon::server {
namespace {

constexpr std::array reason_table{
    std::pair{200, std::string_view{"HTTP/1.1 200 OK\r\n"}},
    std::pair{204, std::string_view{"HTTP/1.1 204 No Content\r\n"}},
    std::pair{207, std::string_view{"HTTP/1.1 207 Multi-Status\r\n"}},
    std::pair{304, std::string_view{"HTTP/1.1 304 Not Modified\r\n"}},
    std::pair{400, std::string_view{"HTTP/1.1 400 Bad Request\r\n"}},
    std::pair{401, std::string_view{"HTTP/1.1 401 Unauthorized\r\n"}},
    std::pair{403, std::string_view{"HTTP/1.1 403 Forbidden\r\n"}},
    std::pair{404, std::string_view{"HTTP/1.1 404 Not Found\r\n"}},
    std::pair{405, std::string_view{"HTTP/1.1 405 Method Not Allowed\r\n"}},
    std::pair{406, std::string_view{"HTTP/1.1 406 Not Acceptable\r\n"}},
    std::pair{408, std::string_view{"HTTP/1.1 408 Request Timeout\r\n"}},
    std::pair{409, std::string_view{"HTTP/1.1 409 Conflict\r\n"}},
    std::pair{410, std::string_view{"HTTP/1.1 410 Gone\r\n"}},
    std::pair{413, std::string_view{"HTTP/1.1 413 Content Too Large\r\n"}},
    std::pair{415, std::string_view{"HTTP/1.1 415 Unsupported Media Type\r\n"}},
    std::pair{422, std::string_view{"HTTP/1.1 422 Unprocessable Content\r\n"}},
    std::pair{431, std::string_view{"HTTP/1.1 431 Request Header Fields Too Large\r\n"}},
    std::pair{500, std::string_view{"HTTP/1.1 500 Internal Server Error\r\n"}},
    std::pair{503, std::string_view{"HTTP/1.1 503 Service Unavailable\r\n"}},
};

void append_status_line(std::string& out, int status) {
    for (const auto& [known, line] : reason_table) {
        if (known == status) {
            out += line;
            return;
        }
    }
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} \r\n", status);
}

/// Why: a value with a line end in it would let its author write headers of his own.
void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    for (const char each : value) {
        const auto byte = static_cast<unsigned char>(each);
        out += (byte < 0x20 && each != '\t') || byte == 0x7f ? ' ' : each;
    }
    out += "\r\n";
}

}  // namespace

void append_head(std::string& out, const rest::Response& response, ConnectionHeader connection,
                 std::string_view date, Framing framing) {
    append_status_line(out, response.status);
    out += "Date: ";
    out += date;
    out += "\r\n";
    if (!response.content_type.empty()) {
        append_field(out, "Content-Type", response.content_type);
    }
    if (framing == Framing::chunks) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (framing == Framing::length && response.status >= 200 && response.status != 204 &&
               response.status != 304) {
        const fmt::format_int length(response.body_view().size());
        out += "Content-Length: ";
        out.append(length.data(), length.size());
        out += "\r\n";
    }
    for (const auto& header : response.headers) {
        append_field(out, header.name, header.value);
    }
    if (connection == ConnectionHeader::close) {
        out += "Connection: close\r\n";
    } else if (connection == ConnectionHeader::keep_alive) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

void append_chunk(std::string& out, std::string_view piece) {
    fmt::format_to(std::back_inserter(out), "{:x}\r\n{}\r\n", piece.size(), piece);
}

std::string_view DateText::now() {
    const auto second = std::time(nullptr);
    if (second != second_) {
        second_ = second;
        constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm at{};
        gmtime_r(&second, &at);
        text_ = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                            days[static_cast<std::size_t>(at.tm_wday)], at.tm_mday,
                            months[static_cast<std::size_t>(at.tm_mon)], at.tm_year + 1900,
                            at.tm_hour, at.tm_min, at.tm_sec);
    }
    return text_;
}

}  // namespace symbolon::server
