#include "cli/metrics_listener.hpp"

#include "api/rest/http.hpp"
#include "server/options.hpp"

#include <algorithm>
#include <string_view>

namespace symbolon::cli {
namespace {

Result<server::ListenOptions> parse_listen_url(const std::string& url) {
    const auto rows = server::option_table();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [](const auto& option) { return option.name == "listen"; });
    server::ServeOptions options;
    if (row == rows.end() || !row->apply(options, url)) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("metrics: '{}' is not http://HOST:PORT", url)));
    }
    // A scraper or two, not the world.
    options.listen.event_loops = 1;
    options.listen.workers = 1;
    options.listen.connections_max = 64;
    options.listen.drain_timeout = std::chrono::milliseconds(500);
    return options.listen;
}

rest::Response answer(const rest::Request& request, const client::Metrics& metrics) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    rest::Response response;
    if (path != "/metrics") {
        response.status = 404;
        response.content_type = "text/plain; charset=utf-8";
        response.body = "Metrics are at /metrics\n";
        return response;
    }
    if (request.method != rest::Method::get && request.method != rest::Method::head) {
        response.status = 405;
        response.headers.push_back({"Allow", "GET, HEAD"});
        return response;
    }
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics.to_text();
    return response;
}

}  // namespace

Result<std::unique_ptr<MetricsListener>> MetricsListener::open(const std::string& url,
                                                               const client::Metrics& metrics) {
    SYMBOLON_TRY(const auto options, parse_listen_url(url));
    server::Handler handler;
    handler.handle = [&metrics](const rest::Request& request) { return answer(request, metrics); };
    handler.is_quick = [](const rest::Request&) { return true; };
    handler.refuse = [](const Error& error) {
        rest::Response response;
        response.status = row_of(error.code).http_status;
        return response;
    };
    SYMBOLON_TRY(auto server, server::HttpServer::listen(std::move(handler), options));
    auto where = server::url_of(options.host, server->port()) + "/metrics";
    return std::unique_ptr<MetricsListener>(
        new MetricsListener(std::move(server), std::move(where)));
}

MetricsListener::~MetricsListener() {
    server_->stop();
}

}  // namespace symbolon::cli
