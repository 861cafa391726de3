// A client that sends and reads bytes as they are, so that tests can break every rule of HTTP.
//
// Example:  RawClient client(port);
//           client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
//           client.read_answer();
// Units:    seconds
// Threads:  one at a time
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace symbolon::server {

struct RawAnswer {
    int status = 0;  ///< 0: the connection ended, or nothing came in time
    std::string head;
    std::string body;

    bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ =
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient(RawClient&&) = delete;
    RawClient& operator=(RawClient&&) = delete;

    bool connected() const { return connected_; }
    int socket() const { return socket_; }

    /// False when the server does not take it (any more).
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// The next answer, or status 0. `head_only`: the answer to HEAD.
    RawAnswer read_answer(std::string_view method = "GET", int seconds = 30) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
        RawAnswer answer;
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive(until)) {
                return answer;
            }
        }
        answer.head = received_.substr(0, end + 2);
        received_.erase(0, end + 4);
        const auto status = std::atoi(answer.head.c_str() + 9);
        const auto field = answer.head.find("Content-Length: ");
        const auto length = field == std::string::npos || method == "HEAD"
                                ? 0
                                : std::strtoul(answer.head.c_str() + field + 16, nullptr, 10);
        while (received_.size() < length) {
            if (!receive(until)) {
                return answer;
            }
        }
        answer.body = received_.substr(0, length);
        received_.erase(0, length);
        answer.status = status;
        return answer;
    }

    /// True when the server closes within the time; `rest` gets what came before.
    bool closed_within(int seconds) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
        while (receive(until)) {
        }
        return ended_;
    }
    const std::string& received() const { return received_; }

private:
    bool receive(std::chrono::steady_clock::time_point until) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd waiting{socket_, POLLIN, 0};
        const auto patience = left.count() > 0 ? static_cast<int>(left.count()) : 0;
        if (::poll(&waiting, 1, patience) <= 0) {
            return false;
        }
        char buffer[4'096];
        const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0) {
            ended_ = true;
            return false;
        }
        received_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    bool connected_ = false;
    bool ended_ = false;
    std::string received_;
};

}  // namespace symbolon::server
