#include "server/http_server_loop.hpp"

#include "core/limits.hpp"
#include "server/http_server_connection.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace symbolon::server {
namespace {

using boost::asio::ip::tcp;

/// While somebody waits for a change: how often the registry is looked at, and every how many looks
/// the time of those who wait. A look is one load; to wake each waiter by itself would cost a
/// system call each.
constexpr std::chrono::milliseconds look_interval{10};
constexpr unsigned looks_per_time_check = 10;
/// Waiters that are answered before other connections get their turn.
constexpr std::size_t woken_at_a_time = 64;

std::chrono::milliseconds tick_for(const ListenOptions& options) {
    const auto shortest =
        std::min({options.header_timeout, options.body_timeout, options.idle_timeout,
                  options.answer_timeout, options.linger_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(500));
}

}  // namespace

EventLoop::EventLoop(SharedState& shared)
    : shared_(shared),
      // Why: one thread runs this loop and touches its sockets; others only post to it.
      io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      work_(io_.get_executor()),
      acceptor_(io_),
      accept_timer_(io_),
      tick_timer_(io_),
      look_timer_(io_),
      tick_interval_(tick_for(shared.options)) {}

EventLoop::~EventLoop() = default;

void EventLoop::listen(tcp::acceptor acceptor) {
    acceptor_ = std::move(acceptor);
    accept();
}

void EventLoop::run() {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception&) {
            // Out of memory while serving one connection: its deadline ends it, the others go on.
            continue;
        }
    }
}

void EventLoop::accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
        if (draining_ || error == boost::asio::error::operation_aborted) {
            return;
        }
        if (!error) {
            on_accept(std::move(socket));
            return accept();
        }
        // Out of descriptors: they come back when clients leave; to spin would only burn the core.
        accept_timer_.expires_after(std::chrono::milliseconds(50));
        accept_timer_.async_wait([this](boost::system::error_code cancelled) {
            if (!cancelled && !draining_) {
                accept();
            }
        });
    });
}

void EventLoop::on_accept(tcp::socket socket) {
    const auto open = shared_.connections_open.load(std::memory_order_relaxed);
    const bool full = open >= shared_.options.connections_max;
    (full ? shared_.connections_refused : shared_.connections_accepted)
        .fetch_add(1, std::memory_order_relaxed);
    if (open >= shared_.options.connections_max + limits::connection_refusals_max) {
        return;
    }
    boost::system::error_code error;
    socket.non_blocking(true, error);
    if (error) {
        return;
    }
    socket.set_option(tcp::no_delay(true), error);
    auto connection = std::make_shared<Connection>(*this, std::move(socket));
    connection->set_place(connections_.insert(connections_.end(), connection));
    shared_.connections_open.fetch_add(1, std::memory_order_relaxed);
    if (full) {
        connection->start_refused(
            make_error(ErrorCode::overloaded, "Too many connections; try again later"));
    } else {
        connection->start();
    }
    if (!ticking_) {
        ticking_ = true;
        tick_later();
    }
}

void EventLoop::forget(Connection& connection) {
    connections_.erase(connection.place());
    const std::lock_guard lock(shared_.drained_mutex);
    if (shared_.connections_open.fetch_sub(1, std::memory_order_relaxed) == 1) {
        shared_.drained.notify_all();
    }
}

void EventLoop::tick_later() {
    tick_timer_.expires_after(tick_interval_);
    tick_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {
            tick();
        }
    });
}

/// One look at all deadlines: cheaper than a timer per request, and as exact as timeouts need to
/// be.
void EventLoop::tick() {
    const auto now = Clock::now();
    for (auto at = connections_.begin(); at != connections_.end();) {
        const auto connection = *at++;  // may leave the list
        connection->check_deadline(now);
    }
    ticking_ = !connections_.empty();
    if (ticking_) {
        tick_later();
    }
}

void EventLoop::watch(const std::shared_ptr<Connection>& connection) {
    watched_.emplace(connection.get(), connection);
    if (!looking_) {
        looking_ = true;
        look_later();
    }
}

void EventLoop::unwatch(const Connection& connection) {
    watched_.erase(&connection);
}

void EventLoop::look_later() {
    look_timer_.expires_after(look_interval);
    look_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {
            look();
        }
    });
}

void EventLoop::look() {
    const auto revision = shared_.handler.revision();
    const bool moved = revision != seen_revision_;
    if (woken_.empty() && (moved || ++looks_ % looks_per_time_check == 0)) {
        seen_revision_ = revision;
        for (const auto& [address, connection] : watched_) {
            woken_.push_back(connection);
        }
        wake_some();
    }
    looking_ = !watched_.empty() || !woken_.empty();
    if (looking_) {
        look_later();
    }
}

void EventLoop::wake_some() {
    const auto now = Clock::now();
    for (std::size_t count = 0; count < woken_at_a_time && !woken_.empty(); ++count) {
        const auto connection = woken_.front().lock();
        woken_.pop_front();
        if (connection) {
            connection->look(now);
        }
    }
    if (!woken_.empty()) {
        boost::asio::post(io_, [this] { wake_some(); });
    }
}

void EventLoop::drain() {
    if (std::exchange(draining_, true)) {
        return;
    }
    boost::system::error_code error;
    // Whoever is in the kernel's queue believes to be connected; closing the acceptor would reset
    // him.
    acceptor_.non_blocking(true, error);
    for (std::size_t taken = 0; taken < shared_.options.connections_max; ++taken) {
        tcp::socket socket(io_);
        acceptor_.accept(socket, error);
        if (error) {
            break;
        }
        on_accept(std::move(socket));
    }
    acceptor_.close(error);
    accept_timer_.cancel();
    for (auto at = connections_.begin(); at != connections_.end();) {
        const auto connection = *at++;
        connection->drain();
    }
}

}  // namespace symbolon::server
