// A server on loopback that does on each connection what a test wrote down, byte by byte: for
// clients, which have to stand everything.
//
// Example:  ScriptedServer server({[](Peer& peer) { peer.write("HTTP/1.1 …"); }});
//           sender->send({.url = server.url("/x")});  EXPECT_EQ(server.requests().size(), 1U);
// Threads:  one thread for each connection; the object itself: any thread
// Tested by tests/unit/client/http/http_client_test.cpp
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::testing {

/// Bytes of one connection: as they are, or through TLS.
class PeerStream {
public:
    PeerStream() = default;
    PeerStream(const PeerStream&) = delete;
    PeerStream& operator=(const PeerStream&) = delete;
    PeerStream(PeerStream&&) = delete;
    PeerStream& operator=(PeerStream&&) = delete;
    virtual ~PeerStream() = default;
    /// Bytes that came; 0: the end.
    virtual std::size_t read(char* bytes, std::size_t size) = 0;
    /// False when the client takes nothing any more.
    virtual bool write(std::string_view bytes) = 0;
};

class PlainStream final : public PeerStream {
public:
    explicit PlainStream(int socket) : socket_(socket) {}
    std::size_t read(char* bytes, std::size_t size) override {
        const auto got = ::recv(socket_, bytes, size, 0);
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    bool write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

private:
    const int socket_;
};

class ScriptedServer;

/// The client, as a script sees it. The connection ends when the script does.
class Peer {
public:
    Peer(ScriptedServer& server, int socket, PeerStream& stream)
        : server_(server), socket_(socket), stream_(stream) {}

    /// The next whole request, which the server notes; nullopt: the client closed.
    std::optional<std::string> read_request();
    bool write(std::string_view bytes) { return stream_.write(bytes); }
    /// "200 OK" and so on, with a length.
    bool answer(std::string_view status, std::string_view body, std::string_view headers = "") {
        return write("HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                     std::string(body));
    }
    /// Waits, or ends early (false) when the server stops.
    bool wait(std::chrono::milliseconds time);
    /// Waits until the client has sent something, and leaves it unread.
    void wait_for_bytes() {
        char byte = 0;
        static_cast<void>(::recv(socket_, &byte, 1, MSG_PEEK));
    }
    /// The connection will end with a reset.
    void reset_at_end() {
        const linger hard{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }

private:
    bool read_more();

    ScriptedServer& server_;
    const int socket_;
    PeerStream& stream_;
    std::string received_;
};

class ScriptedServer {
public:
    using Script = std::function<void(Peer&)>;
    using Wrap = std::function<std::unique_ptr<PeerStream>(int)>;

    /// The n-th connection gets the n-th script; the last one serves all that follow.
    explicit ScriptedServer(std::vector<Script> scripts, Wrap wrap = nullptr)
        : scripts_(std::move(scripts)),
          wrap_(std::move(wrap)),
          listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, name, length) != 0 || ::listen(listener_, 64) != 0 ||
            ::getsockname(listener_, name, &length) != 0) {
            std::abort();
        }
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~ScriptedServer() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
            for (const int socket : open_) {
                ::shutdown(socket, SHUT_RDWR);
            }
        }
        changed_.notify_all();
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        for (auto& thread : threads_) {
            thread.join();
        }
        ::close(listener_);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ScriptedServer(ScriptedServer&&) = delete;
    ScriptedServer& operator=(ScriptedServer&&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path, std::string_view scheme = "http") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_) + std::string(path);
    }
    /// Every whole request so far: head and body.
    std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::size_t count_requests(std::string_view beginning) const {
        const auto all = requests();
        return static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(),
            [&](const std::string& request) { return request.starts_with(beginning); }));
    }
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return connections_;
    }
    /// False: fewer connections have ended when the time was over.
    bool wait_for_ended(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return ended_ >= count; });
    }

private:
    friend class Peer;

    void accept_all() {
        while (true) {
            const int socket = ::accept(listener_, nullptr, nullptr);
            const std::lock_guard lock(mutex_);
            if (stopped_ || socket < 0) {
                if (socket >= 0) {
                    ::close(socket);
                }
                return;
            }
            open_.push_back(socket);
            const auto script = scripts_[std::min(connections_++, scripts_.size() - 1)];
            threads_.emplace_back([this, socket, script] { serve(socket, script); });
        }
    }

    void serve(int socket, const Script& script) {
        if (const auto stream = wrap_ ? wrap_(socket) : std::make_unique<PlainStream>(socket)) {
            Peer peer(*this, socket, *stream);
            script(peer);
        }
        {
            const std::lock_guard lock(mutex_);
            std::erase(open_, socket);
            ::close(socket);
            ++ended_;
        }
        changed_.notify_all();
    }

    const std::vector<Script> scripts_;
    const Wrap wrap_;
    const int listener_;
    std::uint16_t port_ = 0;
    std::thread acceptor_;
    std::vector<std::thread> threads_;  // the acceptor's, until it has ended
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::vector<int> open_;
    std::vector<std::string> requests_;
    std::size_t connections_ = 0;
    std::size_t ended_ = 0;
    bool stopped_ = false;
};

inline bool Peer::read_more() {
    std::array<char, 4'096> part{};
    const auto got = stream_.read(part.data(), part.size());
    received_.append(part.data(), got);
    return got > 0;
}

inline std::optional<std::string> Peer::read_request() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more()) {
            return std::nullopt;
        }
    }
    const auto field = received_.find("Content-Length: ");
    const auto length = field > end ? 0 : std::strtoul(received_.c_str() + field + 16, nullptr, 10);
    while (received_.size() < end + 4 + length) {
        if (!read_more()) {
            return std::nullopt;
        }
    }
    std::string request = received_.substr(0, end + 4 + length);
    received_.erase(0, request.size());
    const std::lock_guard lock(server_.mutex_);
    server_.requests_.push_back(request);
    return request;
}

inline bool Peer::wait(std::chrono::milliseconds time) {
    std::unique_lock lock(server_.mutex_);
    return !server_.changed_.wait_for(lock, time, [this] { return server_.stopped_; });
}

/// Answers every request of a connection with 200 and this body.
inline ScriptedServer::Script answering(std::string body) {
    return [body = std::move(body)](Peer& peer) {
        while (peer.read_request() && peer.answer("200 OK", body)) {
        }
    };
}

}  // namespace symbolon::testing
