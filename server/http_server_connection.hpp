// One client's connection: bytes in, requests to the handler, answers out, in order and in time.
//
// A connection is in one phase at a time. Only while it reads may bytes come in, so a client that
// sends ahead fills the kernel's buffers, not ours; only `working` involves another thread.
//
//   idle → header → body → working ⇄ waiting ─┐        any → lingering → closed
//     ↑__________________________________answer┘
//
// `waiting` costs no thread: the loop looks whether the registry has moved (look()), and the same
// request is handed in again. A stream sends what comes each time and goes on to wait.
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
    /// Acts when the registry has moved past what a waiting answer knows, or its time is over.
    void look(Clock::time_point now);
    /// Closes unless a request is under way; that one's answer will close. Waiting ends.
    void drain();

private:
    enum class Phase { idle, header, body, working, waiting, lingering, closed };
    using SystemError = boost::system::error_code;

    void pump();
    bool parse_buffered();
    void note_waiting();
    void on_request();
    void ask_handler();
    void respond(const rest::Response& response);
    void respond_complete(const rest::Response& response);
    void respond_waiting(const rest::Response& response);
    void begin_stream(const rest::Response& response);
    void send_piece(std::string_view piece);
    void end_stream();
    void wait();
    void resume(rest::Resumption::Cause cause);
    void stop_waiting();
    bool take_waiting_place();
    void give_waiting_place_back();
    void notice_leaving();
    void wait_on();
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

    rest::Waiting waiting_;            ///< of the phase `waiting`
    Clock::time_point waits_until_{};  ///< and its end
    bool has_waiting_place_ = false;   ///< counted in clients_waiting
    bool streaming_ = false;           ///< the head of an answer without an end is sent

    std::string out_;                                 ///< heads and small bodies, in order
    std::string body_;                                ///< a large body behind `out_`
    std::shared_ptr<const std::string> shared_body_;  ///< or this one
    std::size_t sent_ = 0;  ///< bytes of `out_` and the body that are gone
};

}  // namespace symbolon::server
