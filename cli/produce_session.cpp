#include "cli/produce_session.hpp"

#include "cli/called_wrongly.hpp"
#include "cli/metrics_listener.hpp"
#include "cli/registry_command.hpp"
#include "client/producer/kafka_target.hpp"
#include "client/sink/container_sink.hpp"
#include "client/sink/file_sink.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::cli {

namespace {

using client::EventDestination;
using client::EventEncoding;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds progress_step{500};
constexpr milliseconds metrics_step{5'000};

// What stands behind "kafka:" and the like; nullopt: another word stands before it.
std::optional<std::string> find_after(std::string_view text, std::string_view word) {
    if (!text.starts_with(word) || text.size() == word.size()) {
        return std::nullopt;
    }
    return std::string(text.substr(word.size()));
}

Result<client::ContainerWriterOptions> container_options(const ProduceFlags& flags) {
    const auto codec = client::find_container_codec(flags.codec);
    if (!codec) {
        return called_wrongly("--codec is null, deflate, snappy or zstandard");
    }
    client::ContainerWriterOptions options;
    options.codec = *codec;
    return options;
}

Result<EventDestination> open_container(const ProduceFlags& flags, const std::string& path,
                                        const client::RegisteredSchema& schema) {
    SYMBOLON_TRY(const auto options, container_options(flags));
    const bool avro = schema.type == SchemaType::avro;
    if (avro && !schema.references.empty()) {
        return called_wrongly(
            "a container file holds one schema text, and this one refers to others");
    }
    SYMBOLON_TRY(
        auto sink,
        client::open_container_sink(
            path, avro ? std::string_view(schema.text) : client::wrapped_event_schema, options));
    return EventDestination{client::sink_target(std::move(sink)),
                            avro ? EventEncoding::datum : EventEncoding::wrapped};
}

Result<EventDestination> open_lines(const std::string& path) {
    SYMBOLON_TRY(auto sink, client::FileSink::open(path));
    return EventDestination{client::sink_target(std::move(sink)), EventEncoding::json};
}

// What fits into a line of the terminal: one that is wrapped cannot be written over.
std::string_view fit_terminal(std::string_view line) {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? line.substr(0, size.ws_col - 1U) : line;
}

// Counts on one line that is written over.
class ProduceProgress {
public:
    explicit ProduceProgress(const std::string& mode)
        : on_(mode == "always" || (mode == "auto" && ::isatty(STDERR_FILENO) != 0)) {}

    void show(const client::ProducerCounts& counts) {
        if (on_) {
            const auto elapsed =
                std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun_);
            const auto line = client::to_progress_line(counts, elapsed);
            print_to(stderr, "\r\033[K{}", fit_terminal(line));
            shown_ = true;
        }
    }
    /// Leaves the line where it is.
    void end() {
        if (std::exchange(shown_, false)) {
            print_to(stderr, "\n");
        }
    }

private:
    bool on_;
    bool shown_ = false;
    steady_clock::time_point begun_ = steady_clock::now();
};

void write_metrics(const std::string& path, const client::Metrics& metrics) {
    if (path.empty()) {
        return;
    }
    const auto fresh = path + ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file << metrics.to_text();
        if (!file.flush()) {
            print_to(stderr, "symbolon: {} cannot be written\n", path);
            return;
        }
    }
    std::error_code ignored;
    std::filesystem::rename(fresh, path, ignored);
}

}  // namespace

struct ProduceSession::State {
    const ProduceFlags* flags = nullptr;
    // In the order in which they are needed; what is used outlives who uses it.
    client::SystemClock clock;
    client::Metrics metrics;
    std::unique_ptr<RegistryConnection> registry;
    std::unique_ptr<ServerConnection> platform;
    std::unique_ptr<ServerConnection> webhooks;
    std::unique_ptr<client::Producer> producer;
    std::unique_ptr<MetricsListener> listener;
    std::size_t batch_bytes_max = std::numeric_limits<std::size_t>::max();  // the target's own
    sigset_t signals{};
    int signal_descriptor = -1;
    int stop_descriptor = -1;
    int end_descriptor = -1;
    std::thread watcher;

    Status open_signals();
    Result<EventDestination> open_target(const client::RegisteredSchema& schema);
    Result<EventDestination> open_hand_off(const std::string& name,
                                           const client::RegisteredSchema& schema);
    Result<client::RegisteredSchemaPtr> find_schema();
    Result<client::RegisteredSchemaPtr> try_registration(client::EventSchemaChoice choice);
    Status open_producer(client::RegisteredSchemaPtr schema);
    void watch();
    void take_signal(std::optional<steady_clock::time_point>& hurry_at) const;
};

// Blocked before any thread is made, so that no thread is interrupted by one.
Status ProduceSession::State::open_signals() {
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    struct sigaction hang_up {};
    if (::sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) {
        ::sigaddset(&signals, SIGHUP);  // Under nohup it is ignored, and stays so.
    }
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal_descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC);
    stop_descriptor = ::eventfd(0, EFD_CLOEXEC);
    end_descriptor = ::eventfd(0, EFD_CLOEXEC);
    if (signal_descriptor < 0 || stop_descriptor < 0 || end_descriptor < 0) {
        return failure(make_error(ErrorCode::cannot_start, "signals cannot be waited for"));
    }
    return {};
}

Result<client::RegisteredSchemaPtr> ProduceSession::State::find_schema() {
    SYMBOLON_TRY(auto choice, to_schema_choice(*flags));
    if (choice.subject.empty()) {
        return client::find_event_schema(choice, nullptr);
    }
    SYMBOLON_TRY(registry, connect_registry(flags->registry));
    const bool tries_registration =
        flags->dry_run && choice.registration == client::Registration::allowed;
    if (tries_registration) {
        choice.registration = client::Registration::look_up;
    }
    auto found = client::find_event_schema(choice, registry->registry.get());
    if (found || !client::is_not_there(found.error())) {
        return found;
    }
    if (tries_registration) {
        return try_registration(std::move(choice));
    }
    auto error = explain_missing(*registry->admin, choice.subject, std::move(found.error()));
    if (!choice.text.empty()) {
        error.message += "; --auto-register puts the schema of --schema there";
    } else if (!choice.version) {
        error.message +=
            "; `symbolon register` makes it, and so does --schema with --auto-register";
    }
    return failure(std::move(error));
}

// A dry run writes nothing, in the registry neither. Why not its own dry run: other registries pass
// over `dryRun` and would store the schema; the compatibility check stores nowhere.
Result<client::RegisteredSchemaPtr> ProduceSession::State::try_registration(
    client::EventSchemaChoice choice) {
    const auto answer =
        registry->admin->check({choice.subject, choice.type, choice.text, choice.references});
    if (!answer && !client::is_not_there(answer.error())) {
        return failure(answer.error());
    }
    if (answer && !answer->value("is_compatible", false)) {
        return failure(Error{ErrorCode::incompatible_schema,
                             fmt::format("the schema does not fit {} under its level; `symbolon "
                                         "check` says where",
                                         choice.subject),
                             nullptr});
    }
    choice.subject.clear();
    return client::find_event_schema(choice, nullptr);
}

Result<EventDestination> ProduceSession::State::open_target(
    const client::RegisteredSchema& schema) {
    if (flags->dry_run) {
        return EventDestination{client::discard_target(), EventEncoding::json};
    }
    const bool confluent = flags->encoding == "confluent";
    if (flags->to == "http") {
        auto server = flags->platform;
        server.connections_max = std::max(server.connections_max, flags->requests);
        SYMBOLON_TRY(platform, connect_platform(server));
        if (platform->base_urls.size() > 1) {
            return called_wrongly("--to http sends to one platform; name one --platform-url");
        }
        SYMBOLON_TRY(auto options, to_ingest_options(*flags));
        options.url = platform->base_urls.front() + flags->ingest_path;
        options.encoding = confluent ? EventEncoding::confluent : EventEncoding::json;
        const auto encoding = options.encoding;
        return EventDestination{client::ingest_target(std::move(options), *platform->sender,
                                                      platform->credentials, platform->clock),
                                encoding};
    }
    if (const auto topic = find_after(flags->to, "kafka:")) {
        if (flags->kafka.brokers.empty()) {
            return called_wrongly("--to kafka: needs --brokers HOST:PORT");
        }
        SYMBOLON_TRY(auto options, to_kafka_options(flags->kafka));
        batch_bytes_max = client::kafka_record_bytes_max(options);
        SYMBOLON_TRY(auto target, client::open_kafka_target(std::move(options), *topic));
        return EventDestination{std::move(target), flags->encoding == "json"
                                                       ? EventEncoding::json
                                                       : EventEncoding::confluent};
    }
    if (confluent) {
        return called_wrongly("--encoding confluent goes to http and kafka:, not to files");
    }
    if (const auto path = find_after(flags->to, "file:")) {
        return open_lines(*path);
    }
    if (const auto path = find_after(flags->to, "container:")) {
        return open_container(*flags, *path, schema);
    }
    return called_wrongly("--to TARGET is http, kafka:TOPIC, file:PATH or container:PATH");
}

// A webhook is told until it answers: it gets the X-Request-Id to know a batch again.
Result<EventDestination> ProduceSession::State::open_hand_off(
    const std::string& name, const client::RegisteredSchema& schema) {
    if (const auto path = find_after(name, "container:")) {
        return open_container(*flags, *path, schema);
    }
    if (const auto path = find_after(name, "file:")) {
        return open_lines(*path);
    }
    if (const auto url = find_after(name, "webhook:")) {
        if (!webhooks) {
            ServerFlags plain;
            plain.flag_prefix = "platform-";
            plain.environment_prefix = "SYMBOLON_WEBHOOK_";
            plain.ca_file = flags->platform.ca_file;
            plain.urls = {*url};
            SYMBOLON_TRY(webhooks, connect_platform(plain));
        }
        SYMBOLON_TRY(auto options, to_ingest_options(*flags));
        options.url = *url;
        options.busy_statuses = {429, 500, 502, 503, 504};
        options.lost_answers = client::LostAnswers::resend;
        return EventDestination{client::ingest_target(std::move(options), *webhooks->sender,
                                                      client::no_credentials(), webhooks->clock),
                                EventEncoding::json};
    }
    return called_wrongly(
        fmt::format("--hand-off {}: write container:PATH, file:PATH or webhook:URL", name));
}

Status ProduceSession::State::open_producer(client::RegisteredSchemaPtr schema) {
    SYMBOLON_TRY(auto options, to_options(*flags));
    if (!flags->metrics_url.empty()) {
        SYMBOLON_TRY(listener, MetricsListener::open(flags->metrics_url, metrics));
        print_to(stderr, "metrics at {}\n", listener->url());
    }
    client::ProducerParts parts;
    SYMBOLON_TRY(parts.to, open_target(*schema));
    // An event that Kafka would not take is rejected, and not spooled for ever.
    options.batch.bytes_max = std::min(options.batch.bytes_max, batch_bytes_max);
    parts.metrics = &metrics;
    if (!flags->dry_run) {
        for (const auto& name : flags->hand_off) {
            SYMBOLON_TRY(auto destination, open_hand_off(name, *schema));
            parts.hand_off.push_back(std::move(destination));
        }
        if (!flags->audit.empty()) {
            SYMBOLON_TRY(parts.audit,
                         client::FileSink::open(flags->audit, client::FlushPolicy::on_request));
        }
    } else {
        options.checkpoint_file.clear();
        options.spool_file = "/dev/null";  // Nothing fails, so nothing is kept.
    }
    if (flags->rejects.empty() || flags->dry_run) {
        parts.rejects = client::FileSink::borrow(STDERR_FILENO, "standard error");
    } else {
        SYMBOLON_TRY(parts.rejects, client::FileSink::open(flags->rejects));
    }
    options.schema = std::move(schema);
    SYMBOLON_TRY(producer, client::Producer::open(std::move(options), std::move(parts), clock));
    return {};
}

// The first signal ends reading, the second the process; without one there is only progress.
void ProduceSession::State::take_signal(std::optional<steady_clock::time_point>& hurry_at) const {
    signalfd_siginfo taken{};
    if (::read(signal_descriptor, &taken, sizeof taken) != sizeof taken) {
        return;
    }
    const auto number = static_cast<int>(taken.ssi_signo);
    const auto* const name = number == SIGTERM ? "SIGTERM" : number == SIGINT ? "SIGINT" : "SIGHUP";
    if (hurry_at) {
        if (number != SIGHUP) {  // A terminal that goes sends it more than once.
            ::_exit(128 + number);
        }
        return;
    }
    hurry_at = steady_clock::now() + milliseconds(flags->drain_ms);
    // Before it is said: whoever reads the line may rely on nothing more being read.
    const std::uint64_t one = 1;
    if (::write(stop_descriptor, &one, sizeof one) != sizeof one) {
        print_to(stderr, "symbolon: reading cannot be stopped\n");
    }
    print_to(stderr, "symbolon: {}: what was read is sent for at most {} ms\n", name,
             flags->drain_ms);
}

void ProduceSession::State::watch() {
    ProduceProgress progress(flags->progress);
    std::optional<steady_clock::time_point> hurry_at;
    bool hurried = false;
    auto metrics_at = steady_clock::now() + metrics_step;
    while (true) {
        std::array<pollfd, 2> waited{
            pollfd{.fd = signal_descriptor, .events = POLLIN, .revents = 0},
            pollfd{.fd = end_descriptor, .events = POLLIN, .revents = 0}};
        ::poll(waited.data(), waited.size(), static_cast<int>(progress_step.count()));
        progress.show(producer->counts());
        if (waited[1].revents != 0) {
            break;
        }
        if (waited[0].revents != 0) {
            progress.end();
            take_signal(hurry_at);
        }
        const auto now = steady_clock::now();
        if (hurry_at && now >= *hurry_at && !std::exchange(hurried, true)) {
            producer->hurry();
            for (auto* const server : {platform.get(), webhooks.get()}) {
                if (server != nullptr) {
                    server->abandon.request_stop();
                }
            }
        }
        if (now >= metrics_at) {
            metrics_at = now + metrics_step;
            write_metrics(flags->metrics_file, metrics);
        }
    }
    progress.end();
    write_metrics(flags->metrics_file, metrics);
}

ProduceSession::ProduceSession(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<ProduceSession>> ProduceSession::open(const ProduceFlags& flags) {
    auto state = std::make_unique<State>();
    state->flags = &flags;
    if (flags.to.empty() && !flags.dry_run) {
        return called_wrongly(
            "--to TARGET is missing: http, kafka:TOPIC, file:PATH or container:PATH");
    }
    if (flags.dry_run && flags.resume) {
        return called_wrongly("--resume sends; it does not go with --dry-run");
    }
    // A registry that does not answer may be interrupted: nothing is read yet.
    SYMBOLON_TRY(auto schema, state->find_schema());
    SYMBOLON_CHECK(state->open_signals());
    SYMBOLON_CHECK(state->open_producer(std::move(schema)));
    state->watcher = std::thread([watched = state.get()] { watched->watch(); });
    return std::unique_ptr<ProduceSession>(new ProduceSession(std::move(state)));
}

ProduceSession::~ProduceSession() {
    finish();
    state_->producer.reset();
    for (const int descriptor :
         {state_->signal_descriptor, state_->stop_descriptor, state_->end_descriptor}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

client::Producer& ProduceSession::producer() {
    return *state_->producer;
}

int ProduceSession::stop_descriptor() const {
    return state_->stop_descriptor;
}

void ProduceSession::finish() {
    if (!state_->watcher.joinable()) {
        return;
    }
    const std::uint64_t one = 1;
    if (::write(state_->end_descriptor, &one, sizeof one) == sizeof one) {
        state_->watcher.join();
    }
}

}  // namespace symbolon::cli
