#include "cli/gateway_program.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/time_limit.hpp"
#include "client/gateway/encoded_downstream.hpp"
#include "client/gateway/http_downstream.hpp"
#include "client/http/http_client_curl.hpp"
#include "client/sink/cloudwatch_sink.hpp"
#include "client/sink/http_sink.hpp"
#include "client/sink/open_sink.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::cli {
namespace {

constexpr std::string_view cloudwatch_scheme = "cloudwatch:";
constexpr std::string_view kafka_downstream_scheme = "kafka:";
constexpr std::string_view container_scheme = "container:";
/// For the thread that refreshes the schema, which looks at the clock more often than that.
constexpr std::chrono::milliseconds refresh_head_start{2'000};

bool is_http(std::string_view text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "gateway";
}

Result<std::string> read_secret(const std::string& path) {
    auto secret = read_secret_file(path);
    return secret ? std::move(secret) : Result<std::string>(called_wrongly(secret.error().message));
}

Result<std::unique_ptr<client::Sink>> open_cloudwatch(const GatewayFlags& flags,
                                                      std::string_view place,
                                                      GatewayProgram& parts) {
    const auto colon = place.find(':');
    client::CloudWatchOptions options;
    options.region = flags.aws_region;
    options.endpoint = flags.aws_endpoint;
    options.group = place.substr(0, colon);
    options.stream = colon == std::string_view::npos ? host_name() : place.substr(colon + 1);
    client::AwsCredentials credentials{flags.aws_access_key_id, flags.aws_secret_access_key,
                                       flags.aws_session_token};
    if (!flags.aws_secret_access_key_file.empty()) {
        SYMBOLON_TRY(credentials.secret_access_key, read_secret(flags.aws_secret_access_key_file));
    }
    if (options.group.empty() || options.stream.empty()) {
        return called_wrongly("write the sink as cloudwatch:GROUP or cloudwatch:GROUP:STREAM");
    }
    if (options.region.empty()) {
        return called_wrongly("CloudWatch Logs needs a region: --aws-region or AWS_REGION");
    }
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        return called_wrongly(
            "CloudWatch Logs needs credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    return std::unique_ptr<client::Sink>(std::make_unique<client::CloudWatchSink>(
        std::move(options), std::move(credentials), *parts.sink_sender, parts.clock,
        client::system_random()));
}

Result<std::unique_ptr<client::Sink>> open_anomaly_sink(const GatewayFlags& flags,
                                                        const std::string& text,
                                                        GatewayProgram& parts) {
    if (text.starts_with(cloudwatch_scheme)) {
        return open_cloudwatch(flags, std::string_view(text).substr(cloudwatch_scheme.size()),
                               parts);
    }
    if (is_http(text)) {
        return std::unique_ptr<client::Sink>(std::make_unique<client::HttpSink>(
            client::HttpSinkOptions{.url = text}, *parts.sink_sender, client::no_credentials(),
            parts.clock, client::system_random()));
    }
    return client::open_sink(text, {parts.kafka.brokers, parts.kafka.properties});
}

Status open_anomalies(const GatewayFlags& flags, GatewayProgram& parts, client::GatewayLog& log) {
    SYMBOLON_TRY(parts.sink_sender,
                 client::open_http_client({.abandon = parts.abandon_sinks.get_token()}));
    std::vector<std::unique_ptr<client::QueuedSink>> queues;
    for (const auto& text : flags.anomalies) {
        SYMBOLON_TRY(auto sink, open_anomaly_sink(flags, text, parts));
        client::QueuedSinkOptions options;
        if (is_http(text)) {
            // A POST each: one that is refused takes no other with it, in truth and in the counts.
            options.batch_records_max = 1;
        }
        options.on_failure = [&log, name = sink->name()](const Error& error, std::size_t lost) {
            log.write(client::GatewayLog::Weight::error, "anomaly records could not be written",
                      {{"sink", name}, {"records", lost}, {"reason", error.message}});
        };
        queues.push_back(std::make_unique<client::QueuedSink>(std::move(sink), std::move(options)));
    }
    parts.anomalies = std::make_unique<client::AnomalyOutlet>(std::move(queues));
    return {};
}

Status open_downstream(const GatewayFlags& flags, GatewayProgram& parts) {
    const std::string_view target = flags.downstream;
    if (is_http(target)) {
        auto platform = flags.platform;
        platform.urls = {flags.downstream};
        platform.connections_max = std::max(platform.connections_max, flags.dispatch.calls_max);
        SYMBOLON_TRY(parts.platform, connect_platform(platform));
        parts.downstream = std::make_unique<client::HttpDownstream>(
            client::HttpDownstreamOptions{.url = flags.downstream}, *parts.platform->sender,
            parts.platform->credentials, parts.clock);
        return {};
    }
    client::OutputSchema schema{.subject = flags.output_subject};
    schema.ttl = std::chrono::seconds(flags.schema_ttl_s);
    SYMBOLON_TRY(schema.version, parse_wanted_version(flags.output_version));
    schema.json = flags.json.options();
    const bool is_kafka = target.starts_with(kafka_downstream_scheme);
    if (!is_kafka && !target.starts_with(container_scheme)) {
        return called_wrongly(fmt::format(
            "--downstream {}: there are http(s)://URL, kafka:TOPIC and container:FILE", target));
    }
    if (schema.subject.empty()) {
        return called_wrongly(fmt::format(
            "--downstream {} needs --output-subject: its schema encodes the records", target));
    }
    if (!is_kafka) {
        SYMBOLON_TRY(parts.downstream, client::open_container_downstream(
                                           std::string(target.substr(container_scheme.size())),
                                           schema, *parts.registry->registry));
        return {};
    }
    if (parts.kafka.brokers.empty()) {
        return called_wrongly(fmt::format("--downstream {} needs --brokers", target));
    }
    auto kafka = parts.kafka;
    // One call lasts no longer than the gateway waits for it.
    kafka.properties.try_emplace("delivery.timeout.ms", std::to_string(flags.call_timeout_ms));
    SYMBOLON_TRY(parts.downstream,
                 client::open_kafka_downstream(
                     {.topic = std::string(target.substr(kafka_downstream_scheme.size())),
                      .schema = std::move(schema),
                      .kafka = std::move(kafka),
                      .abandon = parts.abandon_calls.get_token()},
                     *parts.registry->registry, parts.clock));
    return {};
}

}  // namespace

void GatewayProgram::abandon() {
    registry->clock.hurry();
    registry->abandon.request_stop();
    abandon_calls.request_stop();
    if (platform) {
        platform->abandon.request_stop();
    }
}

void GatewayProgram::close(std::chrono::milliseconds time) {
    const TimeLimit limit(time, [this] { abandon_sinks.request_stop(); });
    anomalies->close(time);
}

Result<std::unique_ptr<GatewayProgram>> open_gateway(const GatewayFlags& flags,
                                                     client::GatewayLog& log) {
    auto parts = std::make_unique<GatewayProgram>();
    SYMBOLON_TRY(auto settings, settings_of(flags));
    SYMBOLON_TRY(parts->kafka, to_kafka_options(flags.kafka));
    client::SchemaKeeperOptions keeper;
    keeper.subject = flags.subject;
    keeper.ttl = std::chrono::seconds(flags.schema_ttl_s);
    if (!flags.once && keeper.ttl.count() > 0) {
        keeper.head_start = refresh_head_start;
    }
    SYMBOLON_TRY(keeper.version, parse_wanted_version(flags.version));
    auto registry = flags.registry;
    // The keeper asks when its schema is due; the client's own entry is as old, and due as well.
    registry.cache_ttl = std::chrono::seconds(flags.schema_ttl_s);
    SYMBOLON_TRY(parts->registry, connect_registry(registry));
    parts->schemas = std::make_unique<client::SchemaKeeper>(
        std::move(keeper), *parts->registry->registry, parts->clock);
    if (!flags.downstream.empty()) {
        SYMBOLON_CHECK(open_downstream(flags, *parts));
        parts->dispatcher = std::make_unique<client::Dispatcher>(
            dispatcher_options_of(flags), *parts->downstream, parts->clock, client::system_random(),
            parts->metrics);
    }
    SYMBOLON_CHECK(open_anomalies(flags, *parts, log));
    parts->gateway = std::make_unique<client::Gateway>(
        std::move(settings), client::GatewayParts{.schemas = *parts->schemas,
                                                  .dispatcher = parts->dispatcher.get(),
                                                  .anomalies = *parts->anomalies,
                                                  .log = log,
                                                  .metrics = parts->metrics,
                                                  .clock = parts->clock});
    return parts;
}

}  // namespace symbolon::cli
