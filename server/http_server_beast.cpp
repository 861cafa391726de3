#include "server/http_server.hpp"
#include "server/http_server_loop.hpp"

#include <sys/socket.h>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::server {
namespace {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using SystemError = boost::system::error_code;

enum class Sharing { alone, among_loops };

Result<tcp::acceptor> open_acceptor(asio::io_context& io, const tcp::endpoint& endpoint,
                                    Sharing sharing) {
    tcp::acceptor acceptor(io);
    SystemError error;
    const auto fail = [&] { return failure(Error{ErrorCode::cannot_start, error.message()}); };
    if (acceptor.open(endpoint.protocol(), error)) {
        return fail();
    }
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (sharing == Sharing::among_loops && acceptor.set_option(ReusePort(true), error)) {
        return fail();
    }
    if (endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
        acceptor.set_option(asio::ip::v6_only(false), error);
    }
    if (acceptor.bind(endpoint, error)) {
        return fail();
    }
    return Result<tcp::acceptor>(std::move(acceptor));
}

std::string advice(const std::string& reason, std::uint16_t port) {
    if (reason == std::make_error_code(std::errc::address_in_use).message()) {
        return "another process listens there; stop it or choose another port";
    }
    if (reason == std::make_error_code(std::errc::permission_denied).message() && port < 1024) {
        return "ports below 1024 need a privilege; choose a higher one";
    }
    return reason;
}

class BeastServer final : public HttpServer {
public:
    BeastServer(Handler handler, const ListenOptions& options)
        : shared_(std::move(handler), options) {
        const auto cores = std::max(1U, std::thread::hardware_concurrency());
        const auto count = options.event_loops == 0 ? cores : options.event_loops;
        for (std::size_t at = 0; at < count; ++at) {
            loops_.push_back(std::make_unique<EventLoop>(shared_));
        }
    }
    ~BeastServer() override { stop(); }
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;
    BeastServer(BeastServer&&) = delete;
    BeastServer& operator=(BeastServer&&) = delete;

    Status open() {
        const auto& options = shared_.options;
        SystemError error;
        tcp::resolver resolver(loops_.front()->io());
        const auto found = resolver.resolve(options.host, std::to_string(options.port),
                                            tcp::resolver::passive, error);
        std::string reason = error ? error.message() : "the host has no address";
        for (const auto& entry : found) {
            const auto bound = bind_all(entry.endpoint());
            if (bound) {
                return start();
            }
            reason = bound.error().message;
        }
        return failure(Error{ErrorCode::cannot_start,
                             fmt::format("cannot listen on {} port {}: {}", options.host,
                                         options.port, advice(reason, options.port))});
    }

    std::uint16_t port() const override { return port_; }

    TransportCounters counters() const override {
        return {shared_.connections_open.load(std::memory_order_relaxed),
                shared_.connections_accepted.load(std::memory_order_relaxed),
                shared_.connections_refused.load(std::memory_order_relaxed),
                shared_.requests_refused.load(std::memory_order_relaxed),
                shared_.clients_waiting.load(std::memory_order_relaxed)};
    }

    void stop() override {
        if (std::exchange(stopped_, true) || threads_.empty()) {
            return;
        }
        drain();
        for (const auto& loop : loops_) {
            loop->stop();
        }
        for (const auto& thread : threads_) {
            thread->join();
        }
        // After the loops: an answer that is still being made has nowhere to go but must end.
        shared_.pool.stop();
        loops_.clear();
    }

private:
    Status bind_all(const tcp::endpoint& wanted) {
        acceptors_.clear();
        if (wanted.port() != 0) {
            // Why: with SO_REUSEPORT a second server would share the port silently. This one does
            // not ask for it, so it fails when anybody else listens.
            SYMBOLON_TRY(const auto probe,
                         open_acceptor(loops_.front()->io(), wanted, Sharing::alone));
        }
        auto endpoint = wanted;
        for (const auto& loop : loops_) {
            SYMBOLON_TRY(auto acceptor, open_acceptor(loop->io(), endpoint, Sharing::among_loops));
            SystemError error;
            endpoint = acceptor.local_endpoint(error);
            if (error || acceptor.listen(asio::socket_base::max_listen_connections, error)) {
                return failure(Error{ErrorCode::cannot_start, error.message()});
            }
            acceptors_.push_back(std::move(acceptor));
        }
        port_ = endpoint.port();
        return {};
    }

    Status start() {
        for (std::size_t at = 0; at < loops_.size(); ++at) {
            loops_[at]->listen(std::move(acceptors_[at]));
        }
        acceptors_.clear();
        for (const auto& loop : loops_) {
            threads_.push_back(std::make_unique<DeepThread>([each = loop.get()] { each->run(); }));
            if (!threads_.back()->started()) {
                for (const auto& each : loops_) {
                    each->stop();
                }
                threads_.clear();
                return failure(Error{ErrorCode::cannot_start, "the system gives no thread"});
            }
        }
        return {};
    }

    void drain() {
        std::atomic<std::size_t> draining{0};
        for (const auto& loop : loops_) {
            asio::post(loop->io(), [&draining, this, each = loop.get()] {
                each->drain();
                const std::lock_guard lock(shared_.drained_mutex);
                draining.fetch_add(1);
                shared_.drained.notify_all();
            });
        }
        std::unique_lock lock(shared_.drained_mutex);
        // The first wait is short and without a bound, for the loops refer to `draining`.
        shared_.drained.wait(lock, [&] { return draining.load() == loops_.size(); });
        shared_.drained.wait_for(lock, shared_.options.drain_timeout,
                                 [this] { return shared_.connections_open.load() == 0; });
    }

    SharedState shared_;
    std::vector<std::unique_ptr<EventLoop>> loops_;
    std::vector<tcp::acceptor> acceptors_;  // between bind and start
    std::vector<std::unique_ptr<DeepThread>> threads_;
    std::uint16_t port_ = 0;
    bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(Handler handler,
                                                       const ListenOptions& options) {
    auto server = std::make_unique<BeastServer>(std::move(handler), options);
    SYMBOLON_CHECK(server->open());
    return Result<std::unique_ptr<HttpServer>>(std::move(server));
}

}  // namespace symbolon::server
