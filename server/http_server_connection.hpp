// One client's connection: bytes in, requests to the handler, answers out, in order and in time.
//
// A connection is in one phase at a time. Only while it reads may bytes come in, so a client that
// sends ahead fills the kernel's buffers, not ours; only `working` involves another thread.
//
//   idle → header → body → working ─┐        any → lingering → closed
//     ↑________________________answer┘
//
// Threads:  its event loop's thread; a worker fills `response_` while the phase is `working`
// Limits:   header_bytes_max and body_bytes_max, as given
// Source:   RFC 9112; docs/decisions/0001-http-transport.md
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include "server/http_server_loop.hpp"
#include "server/http_server_parser.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::server {

class Connection final : public std::enable_shared_from_this<Connection> {
public:
    /// The stream of a connection. TLS: make this a template parameter (boost::asio::ssl::stream),
    /// begin with a handshake, and reach the socket through lowest_layer(); nothing else here knows
    /// the type.
    using Stream = boost::asio::ip::tcp::socket;
    using Place = std::list<std::shared_ptr<Connection>>::iterator;

    Connection(EventLoop& loop, Stream stream);

    void set_place(Place place) { place_ = place; }
    Place place() const { return place_; }

    void start();
    /// Answers `error` to whatever the client wants, and closes.
    void start_refused(const Error& error);
    /// Acts when the time for what the client has to do is over.
    void check_deadline(Clock::time_point now);
    /// Closes unless a request is under way; that one's answer will close.
    void drain();

private:
    enum class Phase { idle, header, body, working, lingering, closed };
    using SystemError = boost::system::error_code;

    void pump();
    bool parse_buffered();
    void note_waiting();
    void on_request();
    void respond(const rest::Response& response);
    void refuse(const Error& error);
    bool flush();
    void forget_sent();
    void linger();
    void read();
    void make_room();
    void close();

    EventLoop& loop_;
    Stream stream_;
    Place place_{};
    Phase phase_ = Phase::idle;
    Clock::time_point deadline_ = Clock::time_point::max();
    bool reading_ = false;
    bool writing_ = false;
    bool closing_ = false;  ///< nothing more is answered after what is in `out_`
    bool refused_ = false;

    std::vector<char> in_;  ///< bytes [in_begin_, in_end_) are not parsed yet
    std::size_t in_begin_ = 0;
    std::size_t in_end_ = 0;
    bool read_filled_ = false;  ///< the last read took all the room there was

    std::optional<RequestParser> parser_;  ///< set while a request is being read
    rest::Request request_;
    rest::Response response_;
    bool response_ready_ = false;
    bool continue_sent_ = false;
    bool keep_alive_ = true;
    bool http_1_0_ = false;

    std::string out_;                                 ///< heads and small bodies, in order
    std::string body_;                                ///< a large body behind `out_`
    std::shared_ptr<const std::string> shared_body_;  ///< or this one
    std::size_t sent_ = 0;  ///< bytes of `out_` and the body that are gone
};

}  // namespace symbolon::server
