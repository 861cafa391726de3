#include "cli/called_wrongly.hpp"
#include "cli/commands.hpp"
#include "cli/decode_flags.hpp"
#include "cli/metrics_listener.hpp"
#include "cli/progress_line.hpp"
#include "cli/registry_command.hpp"
#include "cli/terminal.hpp"
#include "client/decoder/decode_run.hpp"
#include "client/decoder/event_type_check.hpp"
#include "core/print_to.hpp"
#include "server/signals.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace symbolon::cli {
namespace {

using client::RunCounts;

constexpr std::string_view topic_scheme = "kafka:";

/// A queue that nothing goes to leaves no empty file behind.
class LazySink final : public client::Sink {
public:
    LazySink(std::string url, client::SinkOptions options)
        : url_(std::move(url)), options_(std::move(options)) {}

    Status write(std::span<const client::SinkRecord> records) override {
        if (!sink_) {
            SYMBOLON_TRY(sink_, client::open_sink(url_, options_));
        }
        return sink_->write(records);
    }
    std::string name() const override { return url_; }

private:
    std::string url_;
    client::SinkOptions options_;
    std::unique_ptr<client::Sink> sink_;
};

/// Stands where no registry is named: container files bring their schemas along.
class NoRegistry final : public client::SchemaSource {
public:
    Result<client::RegisteredSchemaPtr> find_by_id(SchemaId) override { return none(); }
    Result<client::RegisteredSchemaPtr> find_by_guid(std::string_view) override { return none(); }
    Result<client::RegisteredSchemaPtr> find_version(std::string_view,
                                                     client::WantedVersion) override {
        return none();
    }
    Result<compat::Level> find_level(std::string_view, client::WantedVersion) override {
        return none();
    }
    Result<client::RegisteredSchemaPtr> find_same(std::string_view, SchemaType, std::string_view,
                                                  const std::vector<Reference>&) override {
        return none();
    }
    Result<client::RegisteredSchemaPtr> register_schema(std::string_view, SchemaType,
                                                        std::string_view,
                                                        const std::vector<Reference>&) override {
        return none();
    }

private:
    static tl::unexpected<Error> none() {
        return failure(make_error(ErrorCode::unavailable,
                                  "no registry is named: --registry URL, or SYMBOLON_REGISTRY"));
    }
};

std::string to_progress_words(const RunCounts& counts, std::chrono::duration<double> time) {
    return fmt::format("{} events, {:.0f}/s: {} decoded, {} retry, {} dead letters, {} diagnostic",
                       counts.in,
                       time.count() > 0 ? static_cast<double>(counts.in) / time.count() : 0.0,
                       counts.decoded, counts.retry, counts.dead_letter, counts.diagnostic);
}

/// The first SIGTERM or SIGINT. A second one ends the process.
class StopRequest {
public:
    bool is_there() {
        if (!signal_) {
            signal_ = signals_.find();
        }
        return signal_.has_value();
    }
    /// What a stop means for the next run.
    void tell(const std::string& input) const {
        if (!signal_) {
            return;
        }
        std::error_code ignored;
        const auto path = client::find_sink_path(input).value_or(std::string());
        print_to(stderr, "{}: what was read is in its place{}\n", *signal_,
                 std::filesystem::is_regular_file(path, ignored)
                     ? fmt::format("; the next run reads {} from its beginning", input)
                     : std::string());
    }

private:
    server::StopSignals signals_;
    std::optional<std::string_view> signal_;
};

/// Everything that a run needs, in the order in which it is made.
struct DecodeParts {
    StopRequest stop;  // before any thread
    std::unique_ptr<RegistryConnection> registry;
    NoRegistry no_registry;
    std::unique_ptr<ServerConnection> platform;
    std::unique_ptr<client::EventTypeCheck> event_types;
    std::unique_ptr<client::GuardStore> guard_store;
    std::unique_ptr<client::EventSource> source;
    client::SinkOptions sink_options;
    std::map<std::string, std::unique_ptr<LazySink>> sinks;  // by URL: queues may share one
    std::unique_ptr<client::Decoder> decoder;
    client::Metrics metrics;
    std::unique_ptr<MetricsListener> listener;
};

/// Once the signal is taken its clocks cannot see it any more: what is still decoded then waits for
/// no registry.
bool is_told_to_stop(DecodeParts& parts) {
    const bool is_told = parts.stop.is_there();
    if (is_told && parts.registry) {
        parts.registry->clock.hurry();
    }
    if (is_told && parts.platform) {
        parts.platform->clock.hurry();
    }
    return is_told;
}

LazySink& sink_of(DecodeParts& parts, const std::string& url) {
    auto& sink = parts.sinks[url];
    if (!sink) {
        sink = std::make_unique<LazySink>(url, parts.sink_options);
    }
    return *sink;
}

/// "kafka:a" of "kafka:a,b".
bool is_one_of_topics(std::string_view url, std::string_view input) {
    if (!url.starts_with(topic_scheme) || !input.starts_with(topic_scheme)) {
        return false;
    }
    const auto topic = url.substr(topic_scheme.size());
    const auto topics = fmt::format(",{},", input.substr(topic_scheme.size()));
    return !topic.empty() && topics.find(fmt::format(",{},", topic)) != std::string::npos;
}

/// What tells one file from another; nullopt: no file on a disk.
using FileIdentity = std::optional<std::pair<dev_t, ino_t>>;

FileIdentity file_behind(const std::string& url, int standard_stream) {
    struct stat status {};
    const auto path = client::find_sink_path(url);
    const bool is_stream = url == "-" || url == "stdout:" || url == "stderr:";
    const bool is_there = path        ? ::stat(path->c_str(), &status) == 0
                          : is_stream ? ::fstat(standard_stream, &status) == 0
                                      : false;
    return is_there && S_ISREG(status.st_mode)
               ? FileIdentity(std::in_place, status.st_dev, status.st_ino)
               : std::nullopt;
}

/// Reading what one appends to would never end.
Status check_input_is_no_sink(const DecodeFlags& flags) {
    const auto input = file_behind(flags.input, STDIN_FILENO);
    for (const auto& url : {flags.output, flags.dead_letter, flags.retry, flags.diagnostic}) {
        if ((url == flags.input && url != "-") || is_one_of_topics(url, flags.input)) {
            return failure(
                make_error(ErrorCode::malformed_request,
                           fmt::format("{} is both read and written; name another", url)));
        }
        const auto sink = file_behind(url, url == "stderr:" ? STDERR_FILENO : STDOUT_FILENO);
        if (input && sink == input) {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("{} is both read and written; move it away and read it there",
                            url == "-" ? flags.input : url)));
        }
    }
    return {};
}

/// A queue that is needed for the first time after hours is no time to learn that it is none.
Status check_sinks(const DecodeFlags& flags, const client::SinkOptions& options) {
    for (const auto& url : {flags.output, flags.dead_letter, flags.retry, flags.diagnostic}) {
        if (const auto checked = client::check_sink_url(url, options); !checked) {
            return failure(make_error(ErrorCode::malformed_request, checked.error().message));
        }
    }
    return {};
}

Status open_event_types(const DecodeFlags& flags, DecodeParts& parts,
                        client::DecoderOptions& options) {
    if (flags.event_types == "off") {
        return {};
    }
    if (!is_given(flags.platform)) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "--event-types needs the platform: --platform-url URL"));
    }
    SYMBOLON_TRY(parts.platform, connect_platform(flags.platform));
    if (parts.platform->base_urls.size() > 1) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "event types are asked of one platform; name one "
                                  "--platform-url"));
    }
    parts.event_types = std::make_unique<client::EventTypeCheck>(
        client::EventTypeOptions{.base_url = parts.platform->base_urls.front(),
                                 .timeout = parts.platform->timeout},
        *parts.platform->sender, parts.platform->credentials, parts.platform->clock);
    options.event_types =
        flags.event_types == "strict" ? client::EventTypeRule::strict : client::EventTypeRule::warn;
    options.event_type_check = parts.event_types.get();
    return {};
}

Status open_parts(const DecodeFlags& flags, DecodeParts& parts) {
    SYMBOLON_CHECK(check_input_is_no_sink(flags));
    SYMBOLON_TRY(const auto kafka, to_kafka_options(flags.kafka));
    parts.sink_options = to_sink_options(kafka);
    SYMBOLON_CHECK(check_sinks(flags, parts.sink_options));
    client::SchemaSource* schemas = &parts.no_registry;
    if (is_given(flags.registry)) {
        SYMBOLON_TRY(parts.registry, connect_registry(flags.registry));
        schemas = parts.registry->registry.get();
    }
    auto options = to_decoder_options(flags, *schemas);
    if (!options && parts.registry) {
        return failure(explain_missing(*parts.registry->admin, flags.reader_subject,
                                       std::move(options.error())));
    }
    if (!options) {
        return failure(options.error());
    }
    const auto bytes_max_of = [&](const std::string& url) {
        return url.starts_with(topic_scheme) ? client::kafka_record_bytes_max(kafka)
                                             : std::numeric_limits<std::size_t>::max();
    };
    options->record_bytes_max = bytes_max_of(flags.output);
    options->letter_bytes_max =
        std::min(bytes_max_of(flags.dead_letter), bytes_max_of(flags.diagnostic));
    SYMBOLON_CHECK(open_event_types(flags, parts, *options));
    client::GuardState state;
    if (!flags.state.empty()) {
        SYMBOLON_TRY(parts.guard_store, client::GuardStore::open(flags.state));
        SYMBOLON_TRY(state, parts.guard_store->load());
    }
    auto source_options = to_source_options(flags, kafka);
    source_options.stop = [&parts] { return is_told_to_stop(parts); };
    SYMBOLON_TRY(parts.source, client::open_event_source(flags.input, source_options));
    parts.decoder =
        std::make_unique<client::Decoder>(*schemas, std::move(*options), std::move(state));
    if (!flags.metrics_url.empty()) {
        SYMBOLON_TRY(parts.listener, MetricsListener::open(flags.metrics_url, parts.metrics));
        print_to(stderr, "metrics at {}\n", parts.listener->url());
    }
    return {};
}

void export_registry_counters(DecodeParts& parts) {
    if (!parts.registry) {
        return;
    }
    const auto counters = parts.registry->registry->counters();
    const auto set = [&](std::string_view name, std::uint64_t value) {
        parts.metrics.set_gauge(name, static_cast<double>(value));
    };
    set("symbolon_registry_requests", counters.requests);
    set("symbolon_registry_retries", counters.retries);
    set("symbolon_registry_cache_hits", counters.cache_hits);
    set("symbolon_registry_cache_misses", counters.cache_misses);
    set("symbolon_registry_stale_answers", counters.stale_answers);
}

void print_counts(const RunCounts& counts) {
    print_to(stderr,
             "events: in={} decoded={} retry={} dead_letter={} diagnostic={}; records={} "
             "by_last_good={} type_warnings={}\n",
             counts.in, counts.decoded, counts.retry, counts.dead_letter, counts.diagnostic,
             counts.records, counts.by_last_good, counts.type_warnings);
}

/// Where those that were not decoded are, and why.
void print_letters(const RunCounts& counts, const DecodeFlags& flags) {
    const auto place_of = [&](client::Queue queue) -> const std::string& {
        switch (queue) {
            case client::Queue::retry:
                return flags.retry;
            case client::Queue::diagnostic:
                return flags.diagnostic;
            case client::Queue::dead_letter:
                break;
        }
        return flags.dead_letter;
    };
    for (const auto& [which, number] : counts.letters) {
        const auto& reason = client::row_of(which.second);
        print_to(stderr, "  {} in {}: {} ({})\n", number, place_of(which.first), reason.name,
                 reason.meaning);
    }
}

int run_decode(const DecodeFlags& flags) {
    DecodeParts parts;
    if (const auto opened = open_parts(flags, parts); !opened) {
        tell_error(opened.error());
        return exit_of(opened.error());
    }
    const client::RunSinks sinks{sink_of(parts, flags.output), sink_of(parts, flags.retry),
                                 sink_of(parts, flags.dead_letter),
                                 sink_of(parts, flags.diagnostic)};
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    const auto begun = steady_clock::now();
    ProgressLine progress(ProgressTimes{.first = milliseconds(0), .step = milliseconds(500)});
    client::RunOptions options;
    options.batch.events_max = flags.batch_events;
    // Without a registry nothing in a retry queue would fare better.
    options.when_unavailable = flags.when_unavailable == "stop" || !parts.registry
                                   ? client::WhenUnavailable::stop
                                   : client::WhenUnavailable::retry_queue;
    options.guard_store = parts.guard_store.get();
    options.metrics = &parts.metrics;
    options.stop = [&parts] { return is_told_to_stop(parts); };
    options.progress = [&](const RunCounts& counts) {
        progress.show([&] { return to_progress_words(counts, steady_clock::now() - begun); });
        export_registry_counters(parts);
    };
    options.warn = [&](std::string_view words) {
        progress.clear();
        print_to(stderr, "warning: {}\n", printable(words));
    };
    RunCounts counts;
    const auto run = client::run_decoder(*parts.source, *parts.decoder, sinks, options, counts);
    progress.clear();
    if (run) {
        parts.stop.tell(flags.input);
    }
    print_counts(counts);
    print_letters(counts, flags);
    if (!run) {
        print_to(stderr, "symbolon: {}\n", printable(run.error().message));
        return exit_failed;
    }
    return 0;
}

std::string reason_list() {
    std::string list;
    for (const auto& row : client::reason_table) {
        list += fmt::format("  {:<29} {}{}\n", row.name, row.meaning,
                            row.retry == client::Retry::eligible ? " (retry_eligible)" : "");
    }
    return list;
}

}  // namespace

void add_decode_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "decode", "Decodes events into JSON records, and keeps what it cannot decode in queues.");
    // Shared with the callbacks, which run after this function.
    const auto flags = std::make_shared<DecodeFlags>();
    add_decode_flags(*command, *flags);
    command->footer(
        "Writes an object a line for each record: decoded_payload, schema_id, schema_version and\n"
        "event_type. schema_id is what the event names: a subject, or the registry's number.\n"
        "Each event goes to exactly one place. A batch is committed (a Kafka topic's position) "
        "after\n"
        "all of its records are on the disk or acknowledged, so each event arrives at least once;\n"
        "standard output is not flushed to a disk. Queues are files of JSON Lines, made when they "
        "are\n"
        "needed; read one again by naming it as INPUT, and other files as queues. Counts are "
        "printed\n"
        "at the end: in = decoded + retry + dead_letter + diagnostic. SIGTERM ends after the batch "
        "in\n"
        "hand, and what has come through a pipe by then; a file is read from its beginning by the\n"
        "next run.\n\n"
        "The evolution guard, for each subject: (1) a flagged one goes to the dead-letter queue; "
        "(2)\n"
        "compatibility level NONE on one that was never decoded flags it; (3) else the event is\n"
        "decoded with its own version, the last good one from then on; (4) when that fails, the "
        "last\n"
        "good version is tried as the reader, then the retry queue takes the event up to "
        "--max-retries\n"
        "times; (5) a schema that does not parse sends it to the diagnostic queue. An event that "
        "waits\n"
        "because nobody answered waits as often as it takes, and is never a dead letter for that.\n"
        "An id says nothing of subjects: without --subject or a topic the guard lets its events "
        "pass.\n\n"
        "Reasons in the queues' records:\n" +
        reason_list() +
        "\nExit status: 0 read to the end or told to stop, whatever is in the queues; 1 stopped by "
        "an\n"
        "error (a sink that cannot be written, ...); 2 called wrongly.\n"
        "Example: symbolon decode events.jsonl --registry http://localhost:8081 --output "
        "records.jsonl");
    command->callback([flags, &exit_code] { exit_code = run_decode(*flags); });
}

}  // namespace symbolon::cli
