#include "cli/gateway_flags.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/text_file.hpp"
#include "client/gateway/mapping.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace symbolon::cli {
namespace {

using std::chrono::milliseconds;

void add_server_flags(CLI::App& command, GatewayFlags& flags) {
    const std::string group = "The server";
    command
        .add_flag("--once", flags.once,
                  "Read one EventBridge envelope from standard input, print\n"
                  "{\"statusCode\":200|400|500,\"body\":\"<json text>\"} and end.")
        ->group(group);
    command.add_option("--listen", flags.listen, "Where to listen; port 0 takes any free one.")
        ->envname("SYMBOLON_GATEWAY_LISTEN")
        ->type_name("http://HOST:PORT")
        ->capture_default_str()
        ->group(group);
    command.add_option("--path", flags.path, "Where events are posted.")
        ->type_name("PATH")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--workers", flags.workers,
                    "Events that are worked on at a time; more than --waiting-max.")
        ->check(CLI::Range(2, 4'096))
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--drain-ms", flags.drain_ms,
                    "At the end: time to finish accepted requests, and again to write the\n"
                    "anomaly records that wait. What is under way then is abandoned, within\n"
                    "a second or so (records on their way to Kafka: 5 s).")
        ->check(CLI::Range(0, 600'000))
        ->capture_default_str()
        ->group(group);
    command.add_option("--log-level", flags.log_level, "debug, info, warning or error.")
        ->type_name("LEVEL")
        ->capture_default_str()
        ->group(group);
}

void add_validation_flags(CLI::App& command, GatewayFlags& flags) {
    const std::string group = "Validation and mapping";
    command
        .add_option("--subject", flags.subject,
                    "Subject whose JSON Schema bodies are validated by; formats such as\n"
                    "date-time are asked for.")
        ->required()
        ->envname("SYMBOLON_GATEWAY_SUBJECT")
        ->type_name("SUBJECT")
        ->group(group);
    command.add_option("--version", flags.version, "Its version: a number, or latest.")
        ->type_name("VERSION")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--schema-ttl-s", flags.schema_ttl_s,
                    "How long a schema serves before it is looked up again; while the\n"
                    "registry is away, the old one goes on to serve.")
        ->check(CLI::Range(0, 3'600))
        ->capture_default_str()
        ->group(group);
    command.add_option("--body-bytes-max", flags.body_bytes_max, "Larger bodies are answered 413.")
        ->check(CLI::Range(std::size_t{1}, limits::datum_bytes_max))
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--event-id", flags.event_id,
                    "JSON pointer to the eventId of answers; nothing there: null.")
        ->type_name("POINTER")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--mapping", flags.mapping_file,
                    "A mapping file, JSON or YAML, that makes a record of the event (see\n"
                    "below); without one, the body itself goes on.")
        ->type_name("FILE")
        ->group(group);
}

void add_anomaly_flags(CLI::App& command, GatewayFlags& flags) {
    const std::string group = "Anomaly records";
    command
        .add_option("--anomalies", flags.anomalies,
                    "Where the record of a refused body goes; repeatable: FILE, file:FILE,\n"
                    "stderr:, stdout:, kafka:TOPIC, http(s)://URL, or\n"
                    "cloudwatch:GROUP[:STREAM] (default stream: the host's name).")
        ->type_name("SINK")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--mask", flags.masks,
                    "A word; fields whose name contains it are masked, in any letter case\n"
                    "and whatever stands between its letters. =WORD asks for the whole\n"
                    "name. Repeatable, in place of the default.")
        ->type_name("WORD")
        ->capture_default_str()
        ->group(group);
    command.add_option("--aws-region", flags.aws_region, "Region of CloudWatch Logs.")
        ->envname("AWS_REGION")
        ->type_name("REGION")
        ->group(group);
    command
        .add_option("--aws-endpoint", flags.aws_endpoint,
                    "In place of https://logs.REGION.amazonaws.com.")
        ->envname("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS")
        ->type_name("URL")
        ->group(group);
    command.add_option("--aws-access-key-id", flags.aws_access_key_id, "Who writes there.")
        ->envname("AWS_ACCESS_KEY_ID")
        ->type_name("ID")
        ->group(group);
    command
        .add_option("--aws-secret-access-key-file", flags.aws_secret_access_key_file,
                    "A file with the secret; or set AWS_SECRET_ACCESS_KEY, and\n"
                    "AWS_SESSION_TOKEN for temporary credentials.")
        ->type_name("FILE")
        ->group(group);
}

void add_target_flags(CLI::App& command, GatewayFlags& flags) {
    const std::string group = "Downstream";
    command
        .add_option("--downstream", flags.downstream,
                    "Where records go: http(s)://URL (a POST each, with the credentials of\n"
                    "the --platform-* flags), kafka:TOPIC (Confluent's framing, by the\n"
                    "schema of --output-subject), or container:FILE (an Avro container\n"
                    "file). Without it, events are validated and accepted.")
        ->envname("SYMBOLON_GATEWAY_DOWNSTREAM")
        ->type_name("TARGET")
        ->group(group);
    command
        .add_option("--output-subject", flags.output_subject,
                    "Subject of the schema, Avro, JSON Schema or Protobuf, that records are\n"
                    "encoded by for Kafka and container files.")
        ->type_name("SUBJECT")
        ->group(group);
    command
        .add_option("--output-version", flags.output_version, "Its version: a number, or latest.")
        ->type_name("VERSION")
        ->capture_default_str()
        ->group(group);
    add_avro_json_flags(command, flags.json, group);
    add_kafka_flags(command, flags.kafka, group);
}

void add_retry_flags(CLI::App& command, GatewayFlags& flags) {
    const std::string group = "Retries and the circuit breaker";
    const auto add = [&command, &group](const std::string& name, auto& value, const auto& range,
                                        const std::string& help) {
        command.add_option(name, value, help)->check(range)->capture_default_str()->group(group);
    };
    const auto time = CLI::Range(std::int64_t{0}, limits::flag_time_ms_max);
    add("--retries", flags.dispatch.retries_max, CLI::Range(0, 5),
        "Calls that repeat one that was answered 429, 500, 502, 503 or 504, or\n"
        "did not connect.");
    add("--retry-base-ms", flags.retry_base_ms, time,
        "The n-th repetition, from 0, waits 2^n times this; at least what\n"
        "Retry-After says.");
    add("--retry-jitter-ms", flags.jitter_ms, time, "And at random up to this.");
    add("--calls-max", flags.dispatch.calls_max, CLI::Range(1, 1'000), "Calls at a time.");
    add("--call-timeout-ms", flags.call_timeout_ms, CLI::Range(1, 600'000), "Time of one call.");
    add("--deadline-ms", flags.deadline_ms, CLI::Range(std::int64_t{1}, limits::flag_time_ms_max),
        "Time of all that is done downstream for one event: calls, waits, and the\n"
        "wait for a free call. No wait is begun that would end behind it. Senders\n"
        "that give up sooner want a smaller one.");
    add("--waiting-max", flags.dispatch.waiting_max, CLI::Range(1, 4'095),
        "Events that are with the downstream or wait for it; more are answered 503\n"
        "at once. Workers beyond this stay free for invalid bodies.");
    add("--breaker-failures", flags.dispatch.breaker.failures, CLI::Range(0, 10'000),
        "Of the last --breaker-calls calls, so many must have failed (429, 5xx, or\n"
        "no answer) for the circuit breaker to open; 0: it never opens.");
    add("--breaker-calls", flags.dispatch.breaker.calls, CLI::Range(1, 10'000),
        "The calls that are looked at.");
    add("--breaker-window-ms", flags.breaker_window_ms, time, "Older calls do not count.");
    add("--breaker-pause-ms", flags.breaker_pause_ms, time,
        "An open breaker answers 503 at once for so long; then one call is tried,\n"
        "which closes it or opens it again.");
}

Result<std::string> read_mapping(const std::string& path) {
    auto text = read_whole_file(path, limits::mapping_bytes_max);
    return text ? std::move(text)
                : Result<std::string>(called_wrongly("the mapping file: " + text.error().message));
}

}  // namespace

void add_gateway_flags(CLI::App& command, GatewayFlags& flags) {
    add_server_flags(command, flags);
    add_validation_flags(command, flags);
    add_registry_flags(command, flags.registry);
    add_anomaly_flags(command, flags);
    add_target_flags(command, flags);
    add_platform_flags(command, flags.platform);
    add_retry_flags(command, flags);
}

Result<client::WantedVersion> parse_wanted_version(const std::string& text) {
    if (text == "latest") {
        return client::WantedVersion{};
    }
    std::int32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < 1) {
        return called_wrongly(
            fmt::format("'{}' is no version: it is a number from 1, or latest", text));
    }
    return client::WantedVersion(Version{number});
}

Result<client::GatewaySettings> settings_of(const GatewayFlags& flags) {
    client::GatewaySettings settings;
    if (!flags.path.starts_with('/') || flags.path == "/health" || flags.path == "/metrics") {
        return called_wrongly(fmt::format(
            "--path {} must begin with / and be neither /health nor /metrics", flags.path));
    }
    settings.path = flags.path;
    settings.body_bytes_max = flags.body_bytes_max;
    auto pointer = client::JsonPointer::parse(flags.event_id);
    if (!pointer) {
        return called_wrongly("--event-id: " + pointer.error().message);
    }
    settings.event_id = std::move(*pointer);
    settings.masks = client::MaskRules(flags.masks);
    if (!flags.mapping_file.empty()) {
        SYMBOLON_TRY(const auto text, read_mapping(flags.mapping_file));
        auto mapping = client::Mapping::parse(text);
        if (!mapping) {
            return called_wrongly(
                fmt::format("{}: {}", flags.mapping_file, mapping.error().message));
        }
        settings.mapping = std::move(*mapping);
    }
    return settings;
}

client::DispatcherOptions dispatcher_options_of(const GatewayFlags& flags) {
    auto options = flags.dispatch;
    options.retry_base = milliseconds(flags.retry_base_ms);
    options.jitter = milliseconds(flags.jitter_ms);
    options.deadline = milliseconds(flags.deadline_ms);
    options.call_timeout = milliseconds(flags.call_timeout_ms);
    options.breaker.window = milliseconds(flags.breaker_window_ms);
    options.breaker.pause = milliseconds(flags.breaker_pause_ms);
    return options;
}

}  // namespace symbolon::cli
