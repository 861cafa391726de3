// What `symbolon gateway` is made of, opened from its flags: registry, sinks, downstream, gateway.
//
// Example:  SYMBOLON_TRY(const auto program, open_gateway(flags, log));
//           program->gateway->run_once(envelope);  program->close(time);
// Errors:   malformed_request: called wrongly (exit 2); cannot_start, sink_failed and those of the
//           registry: exit 1
// Threads:  opened and closed from one; the gateway: any thread
// Source:   contract of the event clients, section 4
// Tested by tests/e2e/gateway.py
#pragma once

#include "cli/gateway_flags.hpp"
#include "client/gateway/anomaly.hpp"
#include "client/gateway/dispatcher.hpp"
#include "client/gateway/downstream.hpp"
#include "client/gateway/gateway.hpp"
#include "client/gateway/gateway_log.hpp"
#include "client/gateway/schema_refresher.hpp"
#include "client/http/clock.hpp"
#include "client/http/http_client.hpp"
#include "client/kafka/kafka_options.hpp"
#include "client/metrics/metrics.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace symbolon::cli {

/// Each member uses those above it.
struct GatewayProgram {
    client::SystemClock clock{};
    client::Metrics metrics{};
    client::KafkaOptions kafka{};
    std::stop_source abandon_calls{};  ///< of Kafka; the connections below have their own
    std::stop_source abandon_sinks{};
    std::unique_ptr<client::HttpSender> sink_sender{};
    std::unique_ptr<RegistryConnection> registry{};
    std::unique_ptr<ServerConnection> platform{};
    std::unique_ptr<client::Downstream> downstream{};
    std::unique_ptr<client::SchemaKeeper> schemas{};
    std::unique_ptr<client::Dispatcher> dispatcher{};  ///< nullptr: validate only
    std::unique_ptr<client::AnomalyOutlet> anomalies{};
    std::unique_ptr<client::Gateway> gateway{};
    std::unique_ptr<client::SchemaRefresher> refresher{};  ///< nullptr: nobody serves

    /// Ends what is under way with the downstream and the registry: those events fail.
    void abandon();
    /// Writes the anomaly records that wait; what is not written after `time` is given up.
    void close(std::chrono::milliseconds time);
};

/// `log` outlives the parts.
Result<std::unique_ptr<GatewayProgram>> open_gateway(const GatewayFlags& flags,
                                                     client::GatewayLog& log);

}  // namespace symbolon::cli
