#include "server/serve.hpp"

#include "api/rest/request_id.hpp"
#include "server/caretaker.hpp"
#include "server/metrics.hpp"
#include "server/signals.hpp"
#include "server/version.hpp"
#include "storage/open_store.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace symbolon::server {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Why: by default glibc keeps an arena per core and thread, and grows what it keeps of large
/// blocks; two arenas and a fixed threshold hold the resident memory near what is in use.
void bound_allocator() {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

/// A connection is a descriptor: asks the system for as many as it may have. Answers how many those
/// are.
std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 1'024;
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

/// What lies between the transport and the routes: figures, log lines, and the page with the
/// figures.
class Desk {
public:
    Desk(Registry& registry, const rest::Router& router, Log& log)
        : registry_(registry), router_(router), log_(log), metrics_(rest::Router::route_names()) {}

    /// The server whose counters are shown; set once, before the first request is counted.
    void watch(const HttpServer& server) { server_.store(&server, std::memory_order_release); }

    rest::Response handle(const rest::Request& request) {
        const auto start = SteadyClock::now();
        std::string_view operation;
        auto response = path_of(request.target) == "/metrics" ? metrics_page(request)
                                                              : router_.handle(request, &operation);
        const auto took = SteadyClock::now() - start;
        // What waits is counted once: an answer when it is there, a stream when it begins.
        const bool is_counted =
            response.waiting
                ? response.waiting->form == rest::Waiting::Form::stream && !request.resumed
                : true;
        if (is_counted) {
            metrics_.count(operation, response.status, took);
            note(request, response, took);
        }
        return response;
    }

    bool is_quick(const rest::Request& request) const {
        return path_of(request.target) != "/metrics" && router_.is_quick(request);
    }

private:
    rest::Response metrics_page(const rest::Request& request) const {
        if (request.method != rest::Method::get && request.method != rest::Method::head) {
            auto response = router_.refuse(make_error(ErrorCode::method_not_allowed));
            response.headers.push_back({"Allow", "GET, HEAD"});
            return response;
        }
        Gauges gauges;
        if (const auto* const server = server_.load(std::memory_order_acquire)) {
            gauges.transport = server->counters();
        }
        gauges.catalog = registry_.read([](const Catalog& catalog) { return count(catalog); });
        rest::Response response;
        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
        response.headers.push_back({"X-Request-ID", rest::request_id_of(request)});
        response.body = metrics_.to_text(gauges);
        return response;
    }

    void note(const rest::Request& request, const rest::Response& response,
              std::chrono::nanoseconds took) {
        const auto level = response.status < 500    ? LogLevel::debug
                           : response.status == 503 ? LogLevel::warning
                                                    : LogLevel::error;
        if (!log_.shows(level)) {
            return;
        }
        const auto id = std::ranges::find(response.headers, "X-Request-ID", &rest::Header::name);
        const auto microseconds =
            std::chrono::duration_cast<std::chrono::microseconds>(took).count();
        log_.write(level, level == LogLevel::debug ? "request" : response.body_view(),
                   {{"method", request.method_name},
                    {"target", request.target},
                    {"status", response.status},
                    {"microseconds", microseconds},
                    {"request_id", id == response.headers.end() ? Json() : Json(id->value)}});
    }

    Registry& registry_;
    const rest::Router& router_;
    Log& log_;
    Metrics metrics_;
    std::atomic<const HttpServer*> server_{nullptr};
};

void warn_about_descriptors(Log& log, const ListenOptions& options) {
    const auto descriptors = raise_descriptor_limit();
    if (descriptors < options.connections_max + 64) {
        log.write(LogLevel::warning,
                  "the system gives fewer descriptors than connections_max asks for; raise "
                  "`ulimit -n` or lower connections_max",
                  {{"descriptors", descriptors}, {"connections_max", options.connections_max}});
    }
}

}  // namespace

void tell_address(std::string_view url) {
    const auto line = fmt::format("listening on {}\n", url);
    // Why not stdout: what it could not write would make the program's end a failure.
    [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, line.data(), line.size());
}

Status serve(const ServeOptions& options, const std::vector<std::string>& warnings) {
    bound_allocator();
    StopSignals signals;
    Log log(options.log);
    for (const auto& warning : warnings) {
        log.write(LogLevel::warning, warning);
    }
    warn_about_descriptors(log, options.listen);

    SYMBOLON_TRY(auto opened, storage::open_store(options.store));
    SYMBOLON_TRY(
        const auto registry,
        Registry::open(std::shared_ptr<storage::Store>(std::move(opened)), options.registry));
    auto router_settings = options.router;
    // Empty where the sources were not built from a repository.
    if (std::string_view(SYMBOLON_COMMIT).size() == 40) {
        router_settings.commit_id = SYMBOLON_COMMIT;
    }
    const rest::Router router(*registry, std::move(router_settings));
    Desk desk(*registry, router, log);
    Handler handler;
    handler.handle = [&desk](const rest::Request& request) { return desk.handle(request); };
    handler.is_quick = [&desk](const rest::Request& request) { return desk.is_quick(request); };
    handler.refuse = [&router](const Error& error) { return router.refuse(error); };
    handler.revision = [&registry] { return registry->revision().value(); };
    SYMBOLON_TRY(const auto server, HttpServer::listen(std::move(handler), options.listen));
    desk.watch(*server);
    const Caretaker caretaker([&registry] { return registry->tend(); });

    const auto url = url_of(options.listen.host, server->port());
    tell_address(url);
    log.write(LogLevel::info, "started",
              {{"url", url}, {"store", options.store}, {"version", program_version()}});

    const auto signal = signals.wait();
    log.write(LogLevel::info, "stopping", {{"signal", signal}});
    server->stop();
    if (const auto flushed = registry->flush_usage(); !flushed) {
        log.write(LogLevel::warning, "what was counted of reads since the last minute is lost",
                  {{"reason", flushed.error().message}});
    }
    log.write(LogLevel::info, "stopped");
    return {};
}

}  // namespace symbolon::server
