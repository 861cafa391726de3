// The validating HTTP subscription, without the HTTP: a request in, a response out.
//
// A body is validated by a JSON Schema, turned into a record by the mapping, where there is one,
// and brought to the downstream. What is invalid is answered 400, which tells the sender not to
// repeat it, and leaves an anomaly record; what the downstream did not take is answered 503, so
// that the sender repeats it.
//
//   200 {"status":"accepted","eventId":…,"requestId":…}
//   400 {"error":"Invalid payload structure","details":"<pointer>: <message>; …","requestId":…}
//   413 {"error":"Payload too large","details":…,"requestId":…}
//   500 {"error":"Internal error","details":…,"requestId":…}   also: no schema can be had
//   503 {"status":"failed_after_retries","eventId":…,"requestId":…}
//
// Example:  const auto response = gateway.handle({"POST", "/eventbridge/subscription", {}, body});
// Errors:   none: every outcome is a response
// Units:    bytes
// Threads:  any thread; handle() waits for the downstream
// Source:   contract of the event clients, section 4
// Tested by tests/unit/client/gateway/gateway_test.cpp
#pragma once

#include "client/gateway/anomaly.hpp"
#include "client/gateway/dispatcher.hpp"
#include "client/gateway/gateway_log.hpp"
#include "client/gateway/mapping.hpp"
#include "client/gateway/masking.hpp"
#include "client/gateway/schema_keeper.hpp"
#include "client/http/http_client.hpp"
#include "client/metrics/metrics.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

struct GatewayRequest {
    std::string method{};
    std::string path{};  ///< without a query
    HeaderList headers{};
    std::string body{};
};

struct GatewayResponse {
    int status = 200;
    HeaderList headers{};  ///< with Content-Type
    std::string body{};
};

struct GatewaySettings {
    std::string path = "/eventbridge/subscription";
    std::size_t body_bytes_max = limits::body_bytes_max_default;
    JsonPointer event_id{};  ///< of eventId in answers; nothing there: null
    MaskRules masks{};
    /// nullopt: the body itself is the record; of a name that stands twice in an object, the last.
    std::optional<Mapping> mapping{};
};

/// All outlive the gateway.
struct GatewayParts {
    SchemaKeeper& schemas;
    Dispatcher* dispatcher = nullptr;  ///< nullptr: validate only
    AnomalyOutlet& anomalies;
    GatewayLog& log;
    Metrics& metrics;
    Clock& clock;
};

/// What run_once() would answer when not even the gateway could be opened: 500.
std::string once_fault(std::string_view details);

class Gateway {
public:
    Gateway(GatewaySettings settings, GatewayParts parts);

    /// POST on the path, GET /health and GET /metrics; 404 and 405 for others.
    GatewayResponse handle(const GatewayRequest& request);
    /// True when handle() answers from memory.
    bool is_quick(std::string_view path) const { return path != settings_.path; }
    /// The response to what never became a request, such as a body that is too large.
    GatewayResponse refuse(const Error& error);

    /// The function form: one envelope to {"statusCode":…,"body":"<json text>"}. 400: it is
    /// invalid; 500: the schema cannot be had now, or the downstream fails, so that the caller
    /// repeats it. Without a downstream the body carries the record.
    std::string run_once(const std::string& envelope);

private:
    enum class Outcome { accepted, invalid, too_large, failed, fault };
    enum class SchemaFault { cannot_be_had, cannot_be_used };
    struct Accepted {
        Outcome outcome = Outcome::fault;
        std::string event_id = "null";  ///< as JSON
        std::string details{};
        std::string record{};
    };

    Accepted accept(const std::string& body, const std::string& request_id);
    /// The record of a valid event; nothing yet in Accepted but its id.
    Status read_event(const std::string& body, Accepted& accepted, std::string& event_id_text);
    /// Not the event's fault: logged, and answered so that the sender repeats it.
    Accepted fault(SchemaFault what, const Error& error, const std::string& request_id);
    Accepted invalid(const std::string& body, const std::string& request_id, std::string details);
    GatewayResponse respond(const Accepted& accepted, const std::string& request_id) const;
    GatewayResponse subscription(const GatewayRequest& request);
    GatewayResponse health() const;
    GatewayResponse metrics_page();
    void count(Outcome outcome);

    const GatewaySettings settings_;
    const GatewayParts parts_;
};

}  // namespace symbolon::client
