#include "cli/decode_flags.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/client_settings.hpp"
#include "cli/text_file.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace symbolon::cli {
namespace {

Result<std::string> read_flag_file(const std::string& path) {
    auto text = read_whole_file(path, limits::schema_bytes_max);
    return text ? std::move(text) : Result<std::string>(called_wrongly(text.error().message));
}

/// A number, or nullopt for "latest" and nothing.
Result<client::WantedVersion> parse_version(const std::string& text) {
    if (text.empty() || text == "latest") {
        return client::WantedVersion{};
    }
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1) {
        return called_wrongly(fmt::format("'{}' is no version: a number from 1, or latest", text));
    }
    return client::WantedVersion(Version{number});
}

Result<compat::SchemaPtr> find_reader(const DecodeFlags& flags, client::SchemaSource& source) {
    if (!flags.reader_file.empty()) {
        SYMBOLON_TRY(const auto text, read_flag_file(flags.reader_file));
        return compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::lenient);
    }
    if (flags.reader_subject.empty()) {
        return compat::SchemaPtr{};
    }
    SYMBOLON_TRY(const auto version, parse_version(flags.reader_version));
    SYMBOLON_TRY(const auto schema, source.find_version(flags.reader_subject, version));
    if (!schema->parsed) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("the reader's schema {} does not parse: {}",
                                              flags.reader_subject, schema->parse_error)));
    }
    return schema->parsed;
}

Result<std::vector<client::JsonDefault>> read_defaults(const DecodeFlags& flags) {
    std::vector<client::JsonDefault> defaults;
    if (!flags.defaults_file.empty()) {
        SYMBOLON_TRY(const auto text, read_flag_file(flags.defaults_file));
        SYMBOLON_TRY(defaults, client::parse_json_defaults(text));
    }
    for (const auto& pair : flags.defaults) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos) {
            return called_wrongly(fmt::format("--default '{}' is not POINTER=VALUE", pair));
        }
        const auto value = pair.substr(equals + 1);
        const auto json = parse_json(value);
        // What is no JSON is a text: nobody likes to quote quotes for a shell.
        Json object{{pair.substr(0, equals), json ? *json : Json(value)}};
        SYMBOLON_TRY(auto parsed, client::parse_json_defaults(to_text(object)));
        defaults.push_back(std::move(parsed.front()));
    }
    return defaults;
}

void add_input_flags(CLI::App& command, DecodeFlags& flags) {
    command
        .add_option("input,--input", flags.input,
                    "A file, kafka:TOPIC[,TOPIC...], or - for standard input.")
        ->type_name("INPUT")
        ->capture_default_str();
    command
        .add_option("--input-form", flags.input_form,
                    "What a file holds: lines (an event a line of JSON), base64 (a message a "
                    "line),\n  message (all of it is one), container (an Avro container file, "
                    "each record an\n  event), or auto: by its first bytes.")
        ->check(CLI::IsMember({"auto", "lines", "base64", "message", "container"}))
        ->capture_default_str();
    command
        .add_option("--block-bytes-max", flags.block_bytes_max,
                    "The largest block of a container file that is read; memory is held for two.")
        ->check(CLI::Range(std::size_t{1}, limits::container_block_bytes_ceiling))
        ->type_name("BYTES")
        ->capture_default_str();
    command
        .add_option("--framing", flags.framing,
                    "How a message names its schema: confluent, confluent-guid, single-object,\n"
                    "  container, envelope, bare, or auto: recognised for each.")
        ->check([](const std::string& name) {
            return name == "auto" || client::find_framing(name) ? std::string()
                                                                : "no framing " + name;
        })
        ->capture_default_str();
    command
        .add_option("--subject", flags.subject,
                    "The subject of bare bodies, single objects and ids. Of a Kafka topic's "
                    "ids it is\n  TOPIC-value unless given.")
        ->type_name("SUBJECT");
    command
        .add_option("--version", flags.version,
                    "The version of bare bodies: a number, or latest (default).")
        ->type_name("VERSION");
    command.add_option("--id", flags.id, "The schema id of bare bodies.")
        ->check(CLI::PositiveNumber);
    command.add_option("--batch", flags.batch_events, "Events between two commits, at most.")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
}

void add_value_flags(CLI::App& command, DecodeFlags& flags) {
    command
        .add_option("--reader-schema", flags.reader_file,
                    "Avro data are resolved into the schema in this file.")
        ->type_name("FILE");
    command
        .add_option("--reader-subject", flags.reader_subject,
                    "Avro data are resolved into this subject's schema.")
        ->type_name("SUBJECT")
        ->excludes("--reader-schema");
    command
        .add_option("--reader-version", flags.reader_version,
                    "Of --reader-subject: a number, or latest.")
        ->type_name("VERSION")
        ->capture_default_str();
    add_avro_json_flags(command, flags.json, "");
    command
        .add_option("--defaults", flags.defaults_file,
                    "A JSON object of JSON Pointer to value, for what is missing or null in a "
                    "decoded\n  payload: {\"/agent/id\":\"anonymous\"}")
        ->type_name("FILE");
    command
        .add_option("--default", flags.defaults,
                    "One of them: /agent/id=anonymous. The value is JSON, else text. Repeatable.")
        ->type_name("POINTER=VALUE")
        ->allow_extra_args(false);
}

void add_queue_flags(CLI::App& command, DecodeFlags& flags) {
    const auto add = [&](const std::string& flag, std::string& target, const std::string& help) {
        command.add_option(flag, target, help)->type_name("SINK")->capture_default_str();
    };
    add("--output", flags.output,
        "Where records go: a file (appended), kafka:TOPIC, stderr:, or - for standard output.");
    add("--dead-letter", flags.dead_letter, "Where events go that cannot be decoded.");
    add("--retry", flags.retry, "Where events go that may be decoded later.");
    add("--diagnostic", flags.diagnostic,
        "Where events go whose registered schema does not parse, with that schema.");
    command
        .add_option("--max-retries", flags.retries_max,
                    "Visits to the retry queue before an event that cannot be decoded becomes a "
                    "dead\n  letter.")
        ->check(CLI::Range(0, 1'000))
        ->capture_default_str();
    command
        .add_option("--when-unavailable", flags.when_unavailable,
                    "When the registry (or, with --event-types strict, the platform) does not "
                    "answer or\n  refuses us: retry (events go to the retry queue), or stop (exit "
                    "1; nothing of the\n  batch is committed).")
        ->check(CLI::IsMember({"retry", "stop"}))
        ->capture_default_str();
    command
        .add_option("--state", flags.state,
                    "Where the evolution guard keeps flags and last good versions; see symbolon "
                    "guard.\n  Empty: they are forgotten at the end.\n  environment: "
                    "SYMBOLON_DECODER_STATE")
        ->envname("SYMBOLON_DECODER_STATE")
        ->type_name("FILE")
        ->capture_default_str();
    command
        .add_option("--event-types", flags.event_types,
                    "Ask the event platform for each event type: off, warn (an unknown one is told "
                    "and\n  decoded), or strict (an unknown one is a dead letter).")
        ->check(CLI::IsMember({"off", "warn", "strict"}))
        ->capture_default_str();
    command
        .add_option("--metrics-listen", flags.metrics_url,
                    "Serve Prometheus metrics at /metrics there while it runs.")
        ->type_name("http://HOST:PORT");
}

void add_topic_flags(CLI::App& command, DecodeFlags& flags) {
    add_kafka_flags(command, flags.kafka, "Options");
    command.add_option("--group", flags.group, "The consumer group of a kafka: input.");
    command.add_flag("--until-end", flags.until_end,
                     "End when everything in the topics is read, instead of waiting for more.");
}

}  // namespace

void add_decode_flags(CLI::App& command, DecodeFlags& flags) {
    add_input_flags(command, flags);
    add_value_flags(command, flags);
    add_queue_flags(command, flags);
    add_topic_flags(command, flags);
    add_registry_flags(command, flags.registry);
    add_platform_flags(command, flags.platform);
}

Result<client::DecoderOptions> to_decoder_options(const DecodeFlags& flags,
                                                  client::SchemaSource& source) {
    client::DecoderOptions options;
    options.framing = client::find_framing(flags.framing);
    options.subject = flags.subject;
    SYMBOLON_TRY(options.version, parse_version(flags.version));
    if (flags.id > 0) {
        options.id = SchemaId{flags.id};
    }
    options.json = flags.json.options();
    SYMBOLON_TRY(options.defaults, read_defaults(flags));
    options.retries_max = flags.retries_max;
    SYMBOLON_TRY(const auto client_settings, read_client_settings());
    options.schema_ttl = client_settings.cache_ttl;
    SYMBOLON_TRY(options.reader, find_reader(flags, source));
    return options;
}

client::EventSourceOptions to_source_options(const DecodeFlags& flags,
                                             const client::KafkaOptions& kafka) {
    client::EventSourceOptions options;
    constexpr std::array forms{
        std::pair{std::string_view{"lines"}, client::InputForm::lines},
        std::pair{std::string_view{"base64"}, client::InputForm::base64_lines},
        std::pair{std::string_view{"message"}, client::InputForm::message},
        std::pair{std::string_view{"container"}, client::InputForm::container}};
    for (const auto& [name, form] : forms) {
        if (flags.input_form == name) {
            options.form = form;
        }
    }
    options.container.block_bytes_max = flags.block_bytes_max;
    options.brokers = kafka.brokers;
    options.group = flags.group;
    options.kafka_properties = kafka.properties;
    options.at_topic_end = flags.until_end ? client::AtEnd::stop : client::AtEnd::wait;
    return options;
}

client::SinkOptions to_sink_options(const client::KafkaOptions& kafka) {
    client::SinkOptions options{.brokers = kafka.brokers, .kafka_properties = kafka.properties};
    // Properties of a consumer alone are none of a producer's.
    for (const auto* name : {"group.instance.id", "auto.offset.reset", "session.timeout.ms",
                             "max.poll.interval.ms", "fetch.min.bytes", "isolation.level"}) {
        options.kafka_properties.erase(name);
    }
    return options;
}

}  // namespace symbolon::cli
