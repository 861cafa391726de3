#include "client/gateway/gateway.hpp"

#include "core/guid.hpp"
#include "core/repeated_member.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace symbolon::client {
namespace {

constexpr std::string_view health_path = "/health";
constexpr std::string_view metrics_path = "/metrics";
/// The sender chose it, and a schema need not bound it.
constexpr std::size_t logged_id_bytes_max = 128;

std::string json_string(std::string_view text) {
    return to_text(Json(text));
}

GatewayResponse json_response(int status, const std::string& request_id, std::string body) {
    return {status,
            {{"Content-Type", "application/json"}, {"X-Request-ID", request_id}},
            std::move(body)};
}

GatewayResponse error_response(int status, std::string_view error, std::string_view details,
                               const std::string& request_id) {
    return json_response(
        status, request_id,
        fmt::format(R"({{"error":{},"details":{},"requestId":{}}})", json_string(error),
                    json_string(details), json_string(request_id)));
}

std::string once_answer(int status, const std::string& body) {
    return fmt::format(R"({{"statusCode":{},"body":{}}})", status, json_string(body));
}

/// The body, unless a name stands twice in an object of it: readers do not agree on which of the
/// two counts, and what goes on must be what was validated.
std::string record_of(const std::string& body, const Json& event) {
    return find_repeated_member(body) ? to_text(event) : body;
}

GatewayResponse not_allowed(std::string_view allowed) {
    auto response =
        error_response(405, "Method not allowed", fmt::format("use {}", allowed), make_guid());
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace

Gateway::Gateway(GatewaySettings settings, GatewayParts parts)
    : settings_(std::move(settings)), parts_(parts) {
    auto& metrics = parts_.metrics;
    metrics.describe("symbolon_gateway_events_total", "Events received, by what became of them.");
    metrics.describe("symbolon_gateway_seconds", "Time from a whole request to its answer.");
    metrics.describe("symbolon_gateway_breaker_open",
                     "The circuit breaker: 0 closed, 0.5 half open, 1 open.");
    metrics.describe("symbolon_gateway_downstream_inside",
                     "Events that are with the downstream or wait for it.");
    metrics.describe("symbolon_gateway_anomaly_records",
                     "Anomaly records by sink and by what became of them.");
    metrics.describe("symbolon_gateway_stale_schema_answers",
                     "Events validated by a schema that could not be looked up again in time.");
}

GatewayResponse Gateway::handle(const GatewayRequest& request) {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (request.path == settings_.path) {
        return request.method == "POST" ? subscription(request) : not_allowed("POST");
    }
    if (request.path == health_path) {
        return reads ? health() : not_allowed("GET, HEAD");
    }
    if (request.path == metrics_path) {
        return reads ? metrics_page() : not_allowed("GET, HEAD");
    }
    return error_response(404, "Not found",
                          fmt::format("events are taken by POST {}", settings_.path), make_guid());
}

GatewayResponse Gateway::subscription(const GatewayRequest& request) {
    const auto begun = parts_.clock.now();
    const auto request_id = make_guid();
    const auto accepted = accept(request.body, request_id);
    count(accepted.outcome);
    parts_.metrics.observe_seconds(
        "symbolon_gateway_seconds",
        std::chrono::duration<double>(parts_.clock.now() - begun).count());
    return respond(accepted, request_id);
}

Gateway::Accepted Gateway::accept(const std::string& body, const std::string& request_id) {
    if (body.size() > settings_.body_bytes_max) {
        return {.outcome = Outcome::too_large,
                .details = fmt::format("the body has {} bytes, at most {} are taken", body.size(),
                                       settings_.body_bytes_max)};
    }
    const auto schema = parts_.schemas.current();
    if (!schema) {
        return fault(SchemaFault::cannot_be_had, schema.error(), request_id);
    }
    const auto errors = (*schema)->validator->validate(body);
    if (!errors && errors.error().code == ErrorCode::invalid_schema) {
        return fault(SchemaFault::cannot_be_used, errors.error(), request_id);
    }
    if (!errors) {
        return invalid(body, request_id, errors.error().message);
    }
    if (!errors->empty()) {
        return invalid(body, request_id, details_of(*errors, settings_.masks));
    }
    Accepted accepted;
    DownstreamRecord record;
    if (const auto read = read_event(body, accepted, record.event_id); !read) {
        return invalid(body, request_id, read.error().message);
    }
    accepted.outcome = Outcome::accepted;
    if (parts_.dispatcher == nullptr) {
        return accepted;
    }
    record.json = accepted.record;
    record.request_id = request_id;
    const auto dispatched = parts_.dispatcher->send(record);
    if (!dispatched.ok) {
        accepted.outcome = Outcome::failed;
        parts_.log.write(
            dispatched.is_final ? GatewayLog::Weight::error : GatewayLog::Weight::warning,
            dispatched.is_final ? "the downstream refused an event" : "the downstream failed",
            {{"reason", dispatched.reason},
             {"attempts", dispatched.attempts},
             {"event_id", record.event_id.substr(0, logged_id_bytes_max)},
             {"request_id", request_id}});
    }
    return accepted;
}

Status Gateway::read_event(const std::string& body, Accepted& accepted,
                           std::string& event_id_text) {
    const auto event = parse_json(body);
    if (!event) {
        // What the validator took, such as a number beyond a double; its words repeat values.
        return failure(make_error(ErrorCode::malformed_json,
                                  "The body is JSON that cannot be processed: a number in it is "
                                  "too large."));
    }
    if (const auto* const id = settings_.event_id.find(*event); id != nullptr) {
        if (id->is_string()) {
            event_id_text = id->get<std::string>();
        }
        if (id->is_string() || id->is_number()) {
            accepted.event_id = to_text(*id);
        }
    }
    if (!settings_.mapping) {
        accepted.record = record_of(body, *event);
        return {};
    }
    SYMBOLON_TRY(accepted.record, settings_.mapping->apply(*event, parts_.clock.wall_now()));
    return {};
}

Gateway::Accepted Gateway::fault(SchemaFault what, const Error& error,
                                 const std::string& request_id) {
    const bool had = what == SchemaFault::cannot_be_used;
    const auto& subject = parts_.schemas.options().subject;
    parts_.log.write(GatewayLog::Weight::error,
                     had ? "the schema cannot be used" : "the schema cannot be had",
                     {{"subject", subject}, {"reason", error.message}, {"request_id", request_id}});
    return {.outcome = Outcome::fault,
            .details = fmt::format("the schema of subject \"{}\" cannot be {} now", subject,
                                   had ? "used" : "had")};
}

Gateway::Accepted Gateway::invalid(const std::string& body, const std::string& request_id,
                                   std::string details) {
    parts_.anomalies.report(to_json_line({.request_id = request_id, .details = details}, body,
                                         settings_.masks, parts_.clock.wall_now()));
    return {.outcome = Outcome::invalid, .details = std::move(details)};
}

GatewayResponse Gateway::respond(const Accepted& accepted, const std::string& request_id) const {
    switch (accepted.outcome) {
        case Outcome::accepted:
            return json_response(
                200, request_id,
                fmt::format(R"({{"status":"accepted","eventId":{},"requestId":{}}})",
                            accepted.event_id, json_string(request_id)));
        case Outcome::failed:
            return json_response(
                503, request_id,
                fmt::format(R"({{"status":"failed_after_retries","eventId":{},"requestId":{}}})",
                            accepted.event_id, json_string(request_id)));
        case Outcome::invalid:
            return error_response(400, "Invalid payload structure", accepted.details, request_id);
        case Outcome::too_large:
            return error_response(413, "Payload too large", accepted.details, request_id);
        case Outcome::fault:
            break;
    }
    return error_response(500, "Internal error", accepted.details, request_id);
}

GatewayResponse Gateway::refuse(const Error& error) {
    const int status = row_of(error.code).http_status;
    const auto request_id = make_guid();
    if (status == 413) {
        count(Outcome::too_large);
        return error_response(413, "Payload too large", error.message, request_id);
    }
    if (status >= 500) {
        parts_.log.write(GatewayLog::Weight::error, error.message, {{"request_id", request_id}});
    }
    const std::string_view what = status == 503   ? "Service unavailable"
                                  : status >= 500 ? "Internal error"
                                                  : "Bad request";
    return error_response(status, what, error.message, request_id);
}

GatewayResponse Gateway::health() const {
    const auto state = parts_.schemas.state();
    const auto& wanted = parts_.schemas.options();
    Json body = {{"status", state.schema ? "UP" : "DOWN"},
                 {"subject", wanted.subject},
                 {"schemaProblem", state.problem.empty() ? Json() : Json(state.problem)}};
    if (state.schema) {
        body["version"] = state.schema->schema->version.value();
        body["schemaId"] = state.schema->schema->id.value();
    }
    if (parts_.dispatcher != nullptr) {
        body["breaker"] = std::string(to_string(parts_.dispatcher->breaker_state()));
    }
    return json_response(state.schema ? 200 : 503, make_guid(), to_text(body));
}

GatewayResponse Gateway::metrics_page() {
    auto& metrics = parts_.metrics;
    if (parts_.dispatcher != nullptr) {
        const auto state = parts_.dispatcher->breaker_state();
        metrics.set_gauge("symbolon_gateway_breaker_open",
                          state == CircuitBreaker::State::closed      ? 0
                          : state == CircuitBreaker::State::half_open ? 0.5
                                                                      : 1);
    }
    if (parts_.dispatcher != nullptr) {
        metrics.set_gauge("symbolon_gateway_downstream_inside",
                          static_cast<double>(parts_.dispatcher->inside()));
    }
    metrics.set_gauge("symbolon_gateway_stale_schema_answers",
                      static_cast<double>(parts_.schemas.state().stale_answers));
    for (const auto& sink : parts_.anomalies.sinks()) {
        const auto counters = sink->counters();
        for (const auto& [what, value] :
             {std::pair{"written", counters.written}, std::pair{"failed", counters.failed},
              std::pair{"dropped", counters.dropped}, std::pair{"waiting", counters.waiting}}) {
            metrics.set_gauge("symbolon_gateway_anomaly_records", static_cast<double>(value),
                              {{"sink", sink->name()}, {"outcome", what}});
        }
    }
    return {200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, metrics.to_text()};
}

void Gateway::count(Outcome outcome) {
    static constexpr std::array names{"accepted", "invalid", "too_large", "failed", "fault"};
    parts_.metrics.add("symbolon_gateway_events_total",
                       {{"outcome", names[static_cast<std::size_t>(outcome)]}});
}

std::string Gateway::run_once(const std::string& envelope) {
    const auto request_id = make_guid();
    const auto accepted = accept(envelope, request_id);
    count(accepted.outcome);
    auto response = respond(accepted, request_id);
    if (accepted.outcome == Outcome::accepted && parts_.dispatcher == nullptr) {
        response.body.pop_back();
        response.body += fmt::format(R"(,"record":{}}})", accepted.record);
    }
    const bool refused =
        accepted.outcome == Outcome::invalid || accepted.outcome == Outcome::too_large;
    const int status = response.status == 200 ? 200 : refused ? 400 : 500;
    return once_answer(status, response.body);
}

std::string once_fault(std::string_view details) {
    return once_answer(500, error_response(500, "Internal error", details, make_guid()).body);
}

}  // namespace symbolon::client
