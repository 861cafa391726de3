#include "cli/produce_flags.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/text_file.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace symbolon::cli {

namespace {

using std::chrono::milliseconds;

const char* const events_group = "What is done with the events";
const char* const batch_group = "Batches and duplicates";
const char* const sending_group = "Sending";
const char* const files_group = "Files and words";

template <class Number>
void add_number(CLI::App& command, const char* flag, Number& number, std::int64_t least,
                const char* unit, const std::string& help, const char* group) {
    command.add_option(flag, number, help)
        ->check(CLI::Range(least, limits::flag_count_max).description(""))
        ->type_name(unit)
        ->capture_default_str()
        ->group(group);
}

void add_wait(CLI::App& command, const char* flag, std::int64_t& wait, const std::string& help,
              const char* group) {
    command.add_option(flag, wait, help)
        ->check(CLI::Range(std::int64_t{0}, limits::flag_time_ms_max).description(""))
        ->type_name("MS")
        ->capture_default_str()
        ->group(group);
}

void add_event_flags(CLI::App& command, ProduceFlags& flags) {
    command
        .add_option("--subject", flags.subject,
                    "The registry's subject whose schema the events have: its latest version "
                    "unless --version or --schema says otherwise. Needs --registry.")
        ->type_name("SUBJECT")
        ->group(events_group);
    command
        .add_option("--version", flags.version, "The version of the subject; default the latest.")
        ->check(CLI::Range(1, std::numeric_limits<std::int32_t>::max()).description(""))
        ->type_name("N")
        ->group(events_group);
    command
        .add_option(
            "--schema", flags.schema_file,
            "A file with the schema. With --subject it is looked up there, so that messages "
            "carry its id; without, it is used as it is and no registry is asked.")
        ->type_name("FILE")
        ->group(events_group);
    command
        .add_option("--schema-type", flags.schema_type,
                    "AVRO, JSON or PROTOBUF; by default by the file's name: .avsc, .json, .proto.")
        ->type_name("TYPE")
        ->group(events_group);
    command
        .add_flag("--auto-register", flags.auto_register,
                  "Register the schema of --schema under the subject when it is not there.")
        ->group(events_group);
    command
        .add_option("--encoding", flags.encoding,
                    "json: the events' texts. confluent: a zero byte, the schema's id and the body "
                    "of its type (to http as base64 in a JSON array). Default json, for Kafka "
                    "confluent.")
        ->check(CLI::IsMember({"json", "confluent"}))
        ->type_name("FORM")
        ->group(events_group);
    command
        .add_flag("--assert-formats", flags.assert_formats,
                  "Refuse texts that are not of the \"format\" that a JSON Schema names.")
        ->group(events_group);
    command
        .add_flag("--no-defaults", flags.no_defaults,
                  "Do not fill in the defaults of a JSON Schema's top-level properties.")
        ->group(events_group);
    add_avro_json_flags(command, flags.json, events_group);
    command
        .add_option("--message-key", flags.options.key_pointer,
                    "JSON Pointer to the value that becomes the key of Kafka's messages.")
        ->type_name("POINTER")
        ->capture_default_str()
        ->group(events_group);
}

void add_batch_flags(CLI::App& command, ProduceFlags& flags) {
    auto& batch = flags.options.batch;
    auto& duplicates = flags.options.duplicates;
    command
        // One value each, or it would take INPUT along; so with all that are repeatable.
        .add_option("--dedup-key", duplicates.pointers,
                    "JSON Pointer to what makes an event a duplicate of another; repeatable. An "
                    "event that has none of them is never one.")
        ->allow_extra_args(false)
        ->type_name("POINTER")
        ->capture_default_str()
        ->group(batch_group);
    command.add_flag("--no-dedup", flags.no_dedup, "Send duplicates.")->group(batch_group);
    add_number(command, "--dedup-window", flags.dedup_window_seconds, 1, "SECONDS",
               "How long a key is remembered from its first event on.", batch_group);
    add_number(command, "--dedup-keys", duplicates.keys_max, 1, "N",
               "Keys that are remembered at most; the oldest goes.", batch_group);
    add_number(command, "--batch-min", batch.events_min, 1, "N",
               "Events that a batch waits for until --linger-ms.", batch_group);
    add_number(command, "--batch-max", batch.events_max, 1, "N", "Events of a batch at most.",
               batch_group);
    add_number(command, "--batch-bytes", batch.bytes_max, 2, "BYTES",
               "Bytes of a batch as UTF-8 JSON at most. A larger batch is split, a single larger "
               "event is rejected.",
               batch_group);
    add_wait(command, "--linger-ms", flags.linger_ms,
             "A batch that has its least number of events goes after this wait.", batch_group);
    add_wait(command, "--linger-max-ms", flags.linger_max_ms,
             "A batch goes after this wait, however small.", batch_group);
    command
        .add_flag("--atomic", flags.atomic,
                  "Reject a whole batch when one event in it is invalid. Otherwise invalid events "
                  "are rejected one by one.")
        ->group(batch_group);
}

void add_sending_flags(CLI::App& command, ProduceFlags& flags) {
    auto& ingest = flags.ingest;
    add_number(command, "--queue", flags.options.queue_batches_max, 1, "N",
               "Batches that wait to be sent before reading waits.", sending_group);
    command
        .add_option("--requests", flags.requests,
                    "Batches that are sent at a time. Default 5 to http; 1 elsewhere, which keeps "
                    "the order.")
        ->check(CLI::Range(1, 256).description(""))
        ->type_name("N")
        ->group(sending_group);
    add_wait(command, "--send-timeout-ms", flags.send_timeout_ms, "The time of one request.",
             sending_group);
    add_number(command, "--attempts", ingest.attempts_max, 1, "N",
               "Times that a batch is sent while the platform answers 429 or 503.", sending_group);
    add_wait(command, "--retry-after-ms", flags.retry_after_ms,
             "The wait after 429 or 503 that names none in Retry-After.", sending_group);
    command
        .add_option("--retry-growth", ingest.retry_after_growth,
                    "The wait is multiplied by this to the power of the attempt, from 0.")
        ->check(CLI::Range(1.0, 10.0).description(""))
        ->type_name("FACTOR")
        ->capture_default_str()
        ->group(sending_group);
    add_wait(command, "--retry-after-max-ms", flags.retry_after_max_ms,
             "A platform that asks for a longer wait is not waited for: the batch is spooled.",
             sending_group);
    add_number(command, "--connect-retries", ingest.connect_retries_max, 0, "N",
               "Times that a platform which cannot be reached is tried again.", sending_group);
    add_wait(command, "--connect-wait-ms", flags.connect_wait_ms, "The wait before that.",
             sending_group);
    command
        .add_flag("--resend-lost", flags.resend_lost,
                  "Send a batch again when its answer was lost or late. It may then arrive twice, "
                  "with one X-Request-Id. Default: such a batch is spooled.")
        ->group(sending_group);
    command
        .add_option("--ingest-path", flags.ingest_path, "The path behind --platform-url for http.")
        ->capture_default_str()
        ->group(sending_group);
    add_kafka_flags(command, flags.kafka, sending_group);
    command.add_option("--codec", flags.codec, "Of container files.")
        ->check(CLI::IsMember({"null", "deflate", "snappy", "zstandard"}))
        ->capture_default_str()
        ->group(sending_group);
    command
        .add_option("--hand-off", flags.hand_off,
                    "What gets each batch once it is acknowledged: container:PATH (Avro data of "
                    "an Avro schema; records with the event's text for others), file:PATH, or "
                    "webhook:URL. Repeatable.")
        ->allow_extra_args(false)
        ->type_name("TARGET")
        ->group(sending_group);
    add_number(command, "--hand-off-queue", flags.options.hand_off_batches_max, 1, "N",
               "Batches that wait for that before sending waits.", sending_group);
    add_wait(command, "--drain-ms", flags.drain_ms,
             "After SIGTERM or SIGINT: how long is gone on with what was read; requests that are "
             "under way then are abandoned, and what is left is spooled.",
             sending_group);
}

void add_file_flags(CLI::App& command, ProduceFlags& flags) {
    command
        .add_option("--spool", flags.options.spool_file,
                    "Keeps what was not acknowledged; of one run at a time, and removed at the end "
                    "when it is empty.")
        ->type_name("FILE")
        ->capture_default_str()
        ->group(files_group);
    command
        .add_flag("--resume", flags.resume,
                  "Send what the spool holds, each batch with the X-Request-Id that it had. Then "
                  "read INPUT, if one is named.")
        ->group(files_group);
    command
        .add_option("--checkpoint", flags.options.checkpoint_file,
                    "Keeps how far the input was dealt with; a re-run with the same input goes on "
                    "there.")
        ->type_name("FILE")
        ->group(files_group);
    command.add_option("--audit", flags.audit, "Append an audit record for each step of a batch.")
        ->type_name("FILE")
        ->group(files_group);
    command
        .add_option("--rejects", flags.rejects,
                    "Append rejected events with index, reason and text; default standard error.")
        ->type_name("FILE")
        ->group(files_group);
    command
        .add_option("--metrics-file", flags.metrics_file,
                    "Write metrics in Prometheus' text form every 5 s and at the end.")
        ->type_name("FILE")
        ->group(files_group);
    command
        .add_option("--metrics-listen", flags.metrics_url,
                    "Serve Prometheus metrics at /metrics there while it runs.")
        ->type_name("http://HOST:PORT")
        ->group(files_group);
    command.add_option("--progress", flags.progress, "A line of counts on standard error.")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str()
        ->group(files_group);
}

SchemaType type_of(const ProduceFlags& flags) {
    if (const auto named = find_schema_type(flags.schema_type)) {
        return *named;
    }
    return flags.schema_file.ends_with(".avsc")    ? SchemaType::avro
           : flags.schema_file.ends_with(".proto") ? SchemaType::protobuf
                                                   : SchemaType::json;
}

}  // namespace

void add_produce_flags(CLI::App& command, ProduceFlags& flags) {
    command.add_option("INPUT", flags.input,
                       "Events, a JSON text on each line; - or nothing: standard input.");
    command
        .add_option("--to", flags.to,
                    "http: the platform of --platform-url. kafka:TOPIC. file:PATH, JSON Lines. "
                    "container:PATH, an Avro container file.")
        ->type_name("TARGET");
    command.add_flag("--dry-run", flags.dry_run,
                     "Validate, drop duplicates, make batches and encode; send and write nothing.");
    add_event_flags(command, flags);
    add_batch_flags(command, flags);
    add_sending_flags(command, flags);
    add_file_flags(command, flags);
    add_registry_flags(command, flags.registry);
    add_platform_flags(command, flags.platform);
}

Result<client::ProducerOptions> to_options(const ProduceFlags& flags) {
    auto options = flags.options;
    if (options.batch.events_min > options.batch.events_max) {
        return called_wrongly("--batch-min is above --batch-max");
    }
    if (flags.no_dedup) {
        options.duplicates.pointers.clear();
    }
    options.duplicates.window = std::chrono::seconds(flags.dedup_window_seconds);
    options.batch.linger = milliseconds(flags.linger_ms);
    options.batch.linger_max = milliseconds(std::max(flags.linger_ms, flags.linger_max_ms));
    options.batch.mode = flags.atomic ? client::BatchMode::atomic : client::BatchMode::one_by_one;
    options.json = flags.json.options();
    options.formats =
        flags.assert_formats ? client::EventFormats::assert_them : client::EventFormats::annotate;
    options.defaults = flags.no_defaults ? client::FillDefaults::no : client::FillDefaults::yes;
    options.requests_max = flags.requests != 0 ? flags.requests : flags.to == "http" ? 5 : 1;
    return options;
}

Result<client::IngestOptions> to_ingest_options(const ProduceFlags& flags) {
    auto options = flags.ingest;
    if (!flags.ingest_path.starts_with('/')) {
        return called_wrongly("--ingest-path begins with /");
    }
    options.timeout = milliseconds(flags.send_timeout_ms);
    options.retry_after_default = milliseconds(flags.retry_after_ms);
    options.retry_after_max = milliseconds(flags.retry_after_max_ms);
    options.connect_wait = milliseconds(flags.connect_wait_ms);
    options.lost_answers =
        flags.resend_lost ? client::LostAnswers::resend : client::LostAnswers::spool;
    return options;
}

Result<client::EventSchemaChoice> to_schema_choice(const ProduceFlags& flags) {
    client::EventSchemaChoice choice;
    choice.subject = flags.subject;
    if (flags.subject.empty() && flags.schema_file.empty()) {
        return called_wrongly("the events need a schema: --subject NAME, --schema FILE or both");
    }
    if (flags.auto_register && (flags.subject.empty() || flags.schema_file.empty())) {
        return called_wrongly("--auto-register needs --subject and --schema");
    }
    if (flags.version != 0 && (flags.subject.empty() || !flags.schema_file.empty())) {
        return called_wrongly("--version goes with --subject, and without --schema");
    }
    if (!flags.schema_type.empty() && !find_schema_type(flags.schema_type)) {
        return called_wrongly("--schema-type is AVRO, JSON or PROTOBUF");
    }
    if (flags.version != 0) {
        choice.version = Version{flags.version};
    }
    choice.registration =
        flags.auto_register ? client::Registration::allowed : client::Registration::look_up;
    choice.type = type_of(flags);
    if (!flags.schema_file.empty()) {
        auto text = read_whole_file(flags.schema_file, limits::schema_text_bytes_max);
        if (!text) {
            return called_wrongly(text.error().message);
        }
        choice.text = *std::move(text);
        if (choice.text.empty()) {
            return called_wrongly(flags.schema_file + " is empty");
        }
    }
    return choice;
}

}  // namespace symbolon::cli
