#include "cli/commands.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/gateway_flags.hpp"
#include "cli/gateway_program.hpp"
#include "cli/terminal.hpp"
#include "cli/time_limit.hpp"
#include "client/http/retry.hpp"
#include "core/print_to.hpp"
#include "server/http_server.hpp"
#include "server/log.hpp"
#include "server/options.hpp"
#include "server/serve.hpp"
#include "server/signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::cli {
namespace {

constexpr std::string_view gateway_footer =
    R"(Answers of POST PATH:
  200 {"status":"accepted","eventId":...,"requestId":...}
  400 {"error":"Invalid payload structure","details":"POINTER: MESSAGE; ...","requestId":...}
      do not send it again; an anomaly record is left
  413 the body is too large
  500 an internal fault; also: no schema can be had from the registry
  503 {"status":"failed_after_retries","eventId":...,"requestId":...}
      the downstream did not take it; send it again
GET /health answers 200 once a schema is known, GET /metrics Prometheus' text.
Whoever reaches the port is answered, without TLS and credentials: listen on
loopback or a private network, behind a proxy that asks for them.

An anomaly record is one line of JSON: timestamp (ms), requestId, anomalyType, errorDetails,
payloadSize (bytes) and maskedPayload, the first 256 bytes with fields of --mask masked.
A sink that fails delays and fails no request; what it does not take is counted in /metrics.

A mapping file, JSON or YAML, says where each field of the record comes from:
  fields:
    interaction_id: {from: [/detail/interaction/id], required: true}   absent: 400
    queue_name:     /detail/interaction/queue/name                     absent: null
    attributes:     {from: /detail/interaction/attributes, default: {}}
    source:         {value: genesys}
    processed_at:   {now: true}                                        RFC 3339, UTC
The first pointer of `from` that leads to a value other than null counts.

Downstream calls that are answered 429, 500, 502, 503 or 504, or do not connect, are repeated;
any other refusal is final, logged, and answered 503. A call whose answer was lost is not
repeated here: the sender is answered 503 and sends the event again with the same id.
Waits hold no call, and no worker beyond --waiting-max, so that a downstream that hangs never
keeps invalid bodies or /health from being answered.

With --once the exit code is 0 when an answer was printed, whatever its statusCode;
a registry that cannot be reached is a 500.
The first SIGTERM or SIGINT finishes accepted requests for --drain-ms; calls of the downstream
that take longer are abandoned, their senders answered 503, and the exit status is 1. The second
ends at once.
Example:
  symbolon gateway --registry http://127.0.0.1:8081 --subject conversation-events \
      --downstream http://127.0.0.1:9000/events --anomalies anomalies.jsonl)";

/// For the answers to senders whose calls were abandoned.
constexpr std::chrono::milliseconds answer_grace{2'000};

/// The gateway's words in the program's log.
class LogAdapter final : public client::GatewayLog {
public:
    explicit LogAdapter(server::Log& log) : log_(log) {}
    void write(Weight weight, std::string_view message, const Json& fields) override {
        const auto level = weight == Weight::error     ? server::LogLevel::error
                           : weight == Weight::warning ? server::LogLevel::warning
                                                       : server::LogLevel::info;
        log_.write(level, message, {{"details", fields}});
    }

private:
    server::Log& log_;
};

client::GatewayRequest to_gateway(const rest::Request& request) {
    client::GatewayRequest made;
    made.method = request.method_name;
    made.path = request.target.substr(0, request.target.find('?'));
    for (const auto& header : request.headers) {
        made.headers.emplace_back(header.name, header.value);
    }
    made.body = request.body;
    return made;
}

rest::Response to_rest(client::GatewayResponse response) {
    rest::Response made;
    made.status = response.status;
    made.body = std::move(response.body);
    for (auto& [name, value] : response.headers) {
        if (name == "Content-Type") {
            made.content_type = std::move(value);
        } else {
            made.headers.push_back({std::move(name), std::move(value)});
        }
    }
    return made;
}

Result<server::ListenOptions> listen_options_of(const GatewayFlags& flags) {
    server::ServeOptions options;
    const auto rows = server::option_table();
    const auto listen = std::ranges::find(rows, "listen", &server::OptionRow::name);
    if (listen == rows.end() || !listen->apply(options, flags.listen)) {
        return failure(
            Error{ErrorCode::malformed_request,
                  fmt::format("--listen {}: write it as http://HOST:PORT", flags.listen)});
    }
    if (flags.workers <= flags.dispatch.waiting_max) {
        return failure(Error{ErrorCode::malformed_request,
                             fmt::format("--workers {} must be more than --waiting-max {}, or a "
                                         "downstream that hangs keeps all of them",
                                         flags.workers, flags.dispatch.waiting_max)});
    }
    options.listen.workers = flags.workers;
    options.listen.body_bytes_max = flags.body_bytes_max;
    options.listen.drain_timeout = std::chrono::milliseconds(flags.drain_ms) + answer_grace;
    return options.listen;
}

Status serve_events(const GatewayFlags& flags, GatewayProgram& program, server::Log& log,
                    server::StopSignals& signals) {
    SYMBOLON_TRY(const auto options, listen_options_of(flags));
    if (const auto schema = program.schemas->current(); !schema) {
        log.write(server::LogLevel::warning, "no schema is known yet",
                  {{"subject", flags.subject}, {"reason", schema.error().message}});
    }
    program.refresher = std::make_unique<client::SchemaRefresher>(*program.schemas);
    auto& gateway = *program.gateway;
    server::Handler handler;
    handler.handle = [&gateway](const rest::Request& request) {
        return to_rest(gateway.handle(to_gateway(request)));
    };
    handler.is_quick = [&gateway](const rest::Request& request) {
        return gateway.is_quick(
            std::string_view(request.target).substr(0, request.target.find('?')));
    };
    handler.refuse = [&gateway](const Error& error) { return to_rest(gateway.refuse(error)); };
    SYMBOLON_TRY(const auto server, server::HttpServer::listen(std::move(handler), options));
    const auto url = server::url_of(options.host, server->port());
    server::tell_address(url);
    log.write(server::LogLevel::info, "started", {{"url", url}, {"subject", flags.subject}});

    const auto signal = signals.wait();
    log.write(server::LogLevel::info, "stopping", {{"signal", signal}});
    program.registry->clock.hurry();  // requests that wait for a schema end
    std::atomic<std::size_t> abandoned{0};
    {
        const TimeLimit limit(std::chrono::milliseconds(flags.drain_ms), [&] {
            abandoned = program.dispatcher ? program.dispatcher->inside() : 0;
            program.abandon();
        });
        if (program.dispatcher) {
            program.dispatcher->stop();
        }
        server->stop();
    }
    if (abandoned > 0) {
        return failure(make_error(
            ErrorCode::request_timeout,
            fmt::format("{} events were still with the downstream after --drain-ms: their calls "
                        "were abandoned, and their senders have to send them again",
                        abandoned.load())));
    }
    return {};
}

/// Standard input, or one byte more than is taken.
std::string read_envelope(std::size_t bytes_max) {
    std::string text(bytes_max + 1, '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::cin.gcount()));
    return text;
}

/// Writes the anomaly records that wait, and says how many found no place: counters end here.
void close_sinks(GatewayProgram& program, const GatewayFlags& flags, client::GatewayLog& log) {
    program.close(std::chrono::milliseconds(flags.drain_ms));
    for (const auto& sink : program.anomalies->sinks()) {
        const auto counters = sink->counters();
        if (counters.failed + counters.dropped > 0) {
            log.write(client::GatewayLog::Weight::error, "anomaly records were lost",
                      {{"sink", sink->name()},
                       {"written", counters.written},
                       {"failed", counters.failed},
                       {"dropped", counters.dropped}});
        }
    }
}

void print_answer(const std::string& answer) {
    print_to(stdout, "{}\n", answer);
    std::fflush(stdout);
}

/// A signal ends it at once: what called it has no answer then, and calls again.
Status answer_once(const GatewayFlags& flags, client::GatewayLog& log) {
    const auto program = open_gateway(flags, log);
    if (!program && client::is_retryable_error(program.error().code)) {
        log.write(client::GatewayLog::Weight::error, "the gateway cannot be opened",
                  {{"reason", program.error().message}});
        print_answer(client::once_fault("the registry cannot be reached now"));
        return {};
    }
    if (!program) {
        return failure(program.error());
    }
    print_answer((*program)->gateway->run_once(read_envelope(flags.body_bytes_max)));
    close_sinks(**program, flags, log);
    return {};
}

Status serve_until_stopped(const GatewayFlags& flags, server::Log& log, client::GatewayLog& adapter,
                           server::StopSignals& signals) {
    SYMBOLON_TRY(const auto program, open_gateway(flags, adapter));
    auto served = serve_events(flags, *program, log, signals);
    close_sinks(*program, flags, adapter);
    if (served) {
        log.write(server::LogLevel::info, "stopped");
    }
    return served;
}

Status run_gateway(const GatewayFlags& flags) {
    std::optional<server::StopSignals> signals;  // before any thread
    if (!flags.once) {
        signals.emplace();
    }
    server::LogSettings settings;
    const auto level = server::find_log_level(flags.log_level);
    if (!level) {
        return failure(Error{
            ErrorCode::malformed_request,
            fmt::format("--log-level {}: there are debug, info, warning, error", flags.log_level)});
    }
    settings.level = *level;
    server::Log log(settings);
    LogAdapter adapter(log);
    return signals ? serve_until_stopped(flags, log, adapter, *signals)
                   : answer_once(flags, adapter);
}

void read_aws_environment(GatewayFlags& flags) {
    const auto read = [](std::string& value, const char* name) {
        const char* const found = std::getenv(name);
        if (value.empty() && found != nullptr) {
            value = found;
        }
    };
    read(flags.aws_secret_access_key, "AWS_SECRET_ACCESS_KEY");
    read(flags.aws_session_token, "AWS_SESSION_TOKEN");
    read(flags.aws_region, "AWS_DEFAULT_REGION");
    read(flags.aws_endpoint, "AWS_ENDPOINT_URL");
}

}  // namespace

void add_gateway_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "gateway", "Takes events by HTTP, validates, masks, maps and forwards them.");
    // Shared with the callback, which runs after this function.
    const auto flags = std::make_shared<GatewayFlags>();
    add_gateway_flags(*command, *flags);
    command->footer(std::string(gateway_footer));
    command->callback([flags, &exit_code] {
        read_aws_environment(*flags);
        if (const auto done = run_gateway(*flags); !done) {
            print_to(stderr, "symbolon: {}\n", printable(done.error().message));
            exit_code = exit_of(done.error());
        }
    });
}

}  // namespace symbolon::cli
