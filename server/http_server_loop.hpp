// One event loop: its sockets, its clock, and the connections that live on it.
//
// Threads:  one thread runs the loop; only post() and stop() may be called from others
// Units:    milliseconds
// Source:   docs/decisions/0001-http-transport.md
// Tested by tests/unit/server/http_server_test.cpp
#pragma once

#include "server/http_server.hpp"
#include "server/http_server_response.hpp"
#include "server/http_server_workers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace symbolon::server {

using Clock = std::chrono::steady_clock;

/// What the loops of one server share.
struct SharedState {
    SharedState(Handler handler_in, const ListenOptions& options_in)
        : handler(std::move(handler_in)),
          options(options_in),
          pool(options_in.workers, options_in.waiting_requests_max) {}

    const Handler handler;
    const ListenOptions options;
    WorkerPool pool;
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_accepted{0};
    std::atomic<std::uint64_t> connections_refused{0};
    std::atomic<std::uint64_t> requests_refused{0};
    std::atomic<std::uint64_t> clients_waiting{0};

    std::mutex drained_mutex;
    std::condition_variable drained;
};

class Connection;

class EventLoop {
public:
    explicit EventLoop(SharedState& shared);
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    EventLoop(EventLoop&&) = delete;
    EventLoop& operator=(EventLoop&&) = delete;

    boost::asio::io_context& io() { return io_; }
    SharedState& shared() { return shared_; }
    std::string_view date() { return date_.now(); }
    bool is_draining() const { return draining_; }

    /// Takes over an open acceptor. Before run().
    void listen(boost::asio::ip::tcp::acceptor acceptor);
    /// Serves until stop().
    void run();
    /// On the loop: takes no new connection and closes each one when its request is answered.
    void drain();
    void stop() { io_.stop(); }

    /// On the loop: the connection is closed; forget it.
    void forget(Connection& connection);
    /// On the loop: the connection waits for a change, until unwatch().
    void watch(const std::shared_ptr<Connection>& connection);
    void unwatch(const Connection& connection);

private:
    void accept();
    void on_accept(boost::asio::ip::tcp::socket socket);
    void tick_later();
    void tick();
    void look_later();
    void look();
    void wake_some();

    SharedState& shared_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_timer_;
    boost::asio::steady_timer tick_timer_;
    boost::asio::steady_timer look_timer_;
    const std::chrono::milliseconds tick_interval_;
    bool ticking_ = false;
    bool draining_ = false;
    DateText date_;
    std::list<std::shared_ptr<Connection>> connections_;

    // Answers that wait.
    std::unordered_map<const Connection*, std::weak_ptr<Connection>> watched_;
    std::deque<std::weak_ptr<Connection>> woken_;  ///< to be looked at, some at a time
    std::int64_t seen_revision_ = 0;
    unsigned looks_ = 0;
    bool looking_ = false;
};

}  // namespace symbolon::server
