#include "cli/replay_messages.hpp"

#include "cli/registry_command.hpp"
#include "client/decoder/event_source.hpp"
#include "client/payload/payload_decoder.hpp"
#include "client/payload/schema_codec.hpp"
#include "client/wire/payload_fault.hpp"
#include "core/base64.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/check/use_waivers.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view kafka_scheme = "kafka://";

tl::unexpected<Error> bad_recording(const std::string& text, std::string_view what) {
    return failure(
        make_error(ErrorCode::malformed_request, fmt::format("--messages {}: {}", text, what)));
}

class NoWriters final : public client::SchemaSource {
public:
    using Found = Result<client::RegisteredSchemaPtr>;
    Found find_by_id(SchemaId) override { return none(); }
    Found find_by_guid(std::string_view) override { return none(); }
    Found find_version(std::string_view, client::WantedVersion) override { return none(); }
    Result<compat::Level> find_level(std::string_view, client::WantedVersion) override {
        return none();
    }
    Found find_same(std::string_view, SchemaType, std::string_view,
                    const std::vector<Reference>&) override {
        return none();
    }
    Found register_schema(std::string_view, SchemaType, std::string_view,
                          const std::vector<Reference>&) override {
        return none();
    }

private:
    static tl::unexpected<Error> none() {
        return failure(make_error(ErrorCode::malformed_request,
                                  "--messages: the schemas that framed messages were written with "
                                  "are in a registry; name it by --against URL or --registry URL"));
    }
};

/// What kafka://HOST:PORT,…/TOPIC[?max=N] says.
struct TopicSource {
    std::string brokers{};
    std::string topic{};
    std::optional<std::size_t> max{};
};

std::optional<TopicSource> parse_topic(std::string_view url) {
    url.remove_prefix(kafka_scheme.size());
    const std::size_t slash = url.find('/');
    if (slash == std::string_view::npos || slash == 0) {
        return std::nullopt;
    }
    TopicSource source{std::string(url.substr(0, slash)), {}, std::nullopt};
    url.remove_prefix(slash + 1);
    const std::size_t question = std::min(url.find('?'), url.size());
    source.topic = url.substr(0, question);
    url.remove_prefix(question);
    if (!url.empty()) {
        constexpr std::string_view mark = "?max=";
        std::size_t number = 0;
        const auto read =
            url.starts_with(mark)
                ? std::from_chars(url.data() + mark.size(), url.data() + url.size(), number)
                : std::from_chars_result{url.data(), std::errc::invalid_argument};
        if (read.ec != std::errc() || read.ptr != url.data() + url.size() || number == 0) {
            return std::nullopt;
        }
        source.max = number;
    }
    const bool one = !source.topic.empty() && source.topic.find(',') == std::string::npos;
    return one ? std::optional(source) : std::nullopt;
}

std::optional<std::size_t> find_tree_subject(const gate::SchemaTree& tree,
                                             std::string_view subject) {
    const auto found =
        std::find_if(tree.files.begin(), tree.files.end(),
                     [&](const gate::TreeFile& file) { return file.subject == subject; });
    return found == tree.files.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - tree.files.begin()));
}

Result<Recording> to_recording(const std::string& text, const gate::SchemaTree& tree) {
    const std::size_t equals = text.find('=');
    const bool names_topic = text.starts_with(kafka_scheme);
    if (!names_topic && equals != std::string::npos) {
        const auto file = find_tree_subject(tree, std::string_view(text).substr(0, equals));
        if (file) {
            return Recording{*file, text.substr(equals + 1)};
        }
    }
    if (names_topic) {
        const auto topic = parse_topic(text);
        if (const auto file =
                topic ? find_tree_subject(tree, topic->topic + "-value") : std::nullopt) {
            return Recording{*file, text};
        }
    }
    if (tree.files.size() == 1) {
        return Recording{0, text};
    }
    return bad_recording(text,
                         "of which subject are they? Give SUBJECT=FILE, with a subject of "
                         "the files that are checked");
}

struct OpenRecording {
    std::unique_ptr<client::EventSource> source{};
    std::size_t max = 0;
};

Result<OpenRecording> open_recording(const std::string& text, const ReplayTerms& terms) {
    client::EventSourceOptions options;
    if (!text.starts_with(kafka_scheme)) {
        SYMBOLON_TRY(auto source, client::open_event_source(text, options));
        return OpenRecording{std::move(source), terms.messages_max};
    }
    const auto topic = parse_topic(text);
    if (!topic) {
        return bad_recording(text,
                             "write kafka://HOST:PORT/TOPIC or kafka://HOST:PORT/TOPIC?max=N");
    }
    options.brokers = topic->brokers;
    options.kafka_properties = terms.kafka_properties;
    // A group of its own, which commits nothing: nobody's position moves.
    options.group = fmt::format("symbolon-check-{}-{}", ::getpid(),
                                std::chrono::system_clock::now().time_since_epoch().count());
    options.at_topic_end = client::AtEnd::stop;
    SYMBOLON_TRY(auto source, client::open_event_source("kafka:" + topic->topic, options));
    return OpenRecording{std::move(source), topic->max.value_or(terms.messages_max)};
}

/// {"value": base64, …} is what tools that copy topics write.
std::string bytes_of_message(const client::Event& event) {
    if (!event.bytes.starts_with('{') || event.bytes.find("\"value\"") == std::string::npos) {
        return event.bytes;
    }
    const auto json = parse_json(event.bytes);
    if (!json || !json->is_object()) {
        return event.bytes;
    }
    const auto value = json->find("value");
    if (value == json->end() || !value->is_string()) {
        return event.bytes;
    }
    return decode_base64(value->get_ref<const std::string&>()).value_or(event.bytes);
}

/// The line that "events.jsonl:17" ends with.
std::size_t line_of_origin(std::string_view origin) {
    const std::size_t colon = origin.rfind(':');
    std::size_t line = 0;
    if (colon != std::string_view::npos) {
        std::from_chars(origin.data() + colon + 1, origin.data() + origin.size(), line);
    }
    return std::max<std::size_t>(line, 1);
}

bool is_about_the_message(const Error& error) {
    return client::find_payload_fault(error).has_value() ||
           error.code == ErrorCode::malformed_datum || error.code == ErrorCode::malformed_json ||
           error.code == ErrorCode::invalid_schema || error.code == ErrorCode::check_too_costly ||
           error.code == ErrorCode::schema_not_found;
}

/// Reads messages of one recording with one schema.
class MessageReader {
public:
    MessageReader(client::SchemaSource& writers, compat::SchemaPtr reader)
        : reader_(std::move(reader)), payloads_(writers, {}) {}

    /// What stands in the way of reading it; an Error when that cannot be known.
    Result<std::optional<std::string>> find_problem(const client::Event& event) {
        if (event.broken) {
            return std::optional(event.broken->message);
        }
        const Status read = event.schema ? read_datum(event) : read_framed(event);
        if (read) {
            return std::optional<std::string>();
        }
        if (!is_about_the_message(read.error())) {
            return failure(read.error());
        }
        return std::optional(read.error().message);
    }

private:
    Status read_datum(const client::Event& event) {
        if (event.schema != container_schema_) {
            container_schema_ = event.schema;
            container_codec_ = client::SchemaCodec::compile(event.schema, reader_);
        }
        if (!container_codec_) {
            return failure(container_codec_.error());
        }
        std::string json;
        SYMBOLON_CHECK((*container_codec_)->append_json(event.bytes, json));
        return {};
    }

    Status read_framed(const client::Event& event) {
        const std::string bytes = bytes_of_message(event);
        SYMBOLON_TRY(const auto framed, payloads_.read_framing(bytes, event.headers));
        SYMBOLON_TRY(const auto writer, payloads_.find_schema(framed));
        if (writer != nullptr && writer->parsed == nullptr) {
            return failure(Error{ErrorCode::invalid_schema, writer->parse_error});
        }
        SYMBOLON_CHECK(payloads_.decode_with(framed, writer, reader_));
        return {};
    }

    const compat::SchemaPtr reader_;
    client::PayloadDecoder payloads_;
    client::RegisteredSchemaPtr container_schema_;
    Result<std::shared_ptr<const client::SchemaCodec>> container_codec_;
};

gate::GateFinding to_unreadable(const Recording& recording, const client::Event& event,
                                const std::string& problem, const gate::TreeFile& file) {
    gate::GateFinding finding;
    finding.rule = gate::rule_message_unreadable;
    finding.message = fmt::format("The message {} cannot be read with {}: {}", event.origin,
                                  file.shown_path, problem);
    finding.hint =
        "Let the schema read what was written, or see to it that the message is gone "
        "before the schema is used";
    const bool is_topic = recording.source.starts_with(kafka_scheme);
    finding.file =
        recording.source.substr(0, is_topic ? recording.source.find('?') : std::string::npos);
    const bool has_lines = !event.schema && !is_topic;
    finding.line = has_lines ? line_of_origin(event.origin) : 1;
    return finding;
}

/// What a source of messages says, with what to do about it.
Error to_source_error(Error error, const Recording& recording) {
    const bool is_called_wrongly = error.code == ErrorCode::malformed_request;
    if (!recording.source.starts_with(kafka_scheme) || is_called_wrongly) {
        return error;
    }
    return with_hint(std::move(error),
                     "Does the address of --messages lead to a Kafka broker that runs, and has it "
                     "that topic?");
}

Status replay_one(const Recording& recording, const ReplayTerms& terms,
                  const compat::SchemaPtr& schema, gate::SubjectReport& subject) {
    const auto open = open_recording(recording.source, terms);
    if (!open) {
        return failure(to_source_error(open.error(), recording));
    }
    MessageReader reader(terms.writers, schema);
    std::size_t seen = 0;
    std::size_t unreadable = 0;
    while (!open->source->at_end() && seen < open->max) {
        const auto events =
            open->source->read({.events_max = std::min<std::size_t>(500, open->max - seen)});
        if (!events) {
            return failure(to_source_error(events.error(), recording));
        }
        for (const client::Event& event : *events) {
            ++seen;
            if (event.bytes.empty() && !event.broken && !event.schema) {
                continue;  // a tombstone
            }
            SYMBOLON_TRY(const auto problem, reader.find_problem(event));
            if (problem && ++unreadable <= limits::replay_findings_max) {
                subject.findings.push_back(
                    to_unreadable(recording, event, *problem, terms.tree.files[recording.file]));
            }
        }
    }
    subject.notes.push_back(fmt::format(
        "{}: {} messages read, {} of them unreadable{}{}", recording.source, seen, unreadable,
        unreadable > limits::replay_findings_max
            ? fmt::format(", of which the first {} are told", limits::replay_findings_max)
            : "",
        open->source->at_end() ? "" : "; there are more, which were not read"));
    return {};
}

}  // namespace

client::SchemaSource& no_writers() {
    static NoWriters none;
    return none;
}

Result<std::vector<Recording>> to_recordings(const std::vector<std::string>& texts,
                                             const gate::SchemaTree& tree) {
    std::vector<Recording> recordings;
    for (const std::string& text : texts) {
        SYMBOLON_TRY(auto recording, to_recording(text, tree));
        recordings.push_back(std::move(recording));
    }
    return recordings;
}

Status replay_messages(const std::vector<Recording>& recordings, const ReplayTerms& terms,
                       gate::GateReport& report) {
    if (recordings.empty()) {
        return {};
    }
    SYMBOLON_TRY(const auto parsed, gate::parse_tree(terms.tree, &terms.baseline));
    for (const Recording& recording : recordings) {
        // check_tree reports the tree's files in their order.
        gate::SubjectReport& subject = report.subjects[recording.file];
        const compat::SchemaPtr& schema = parsed[recording.file].schema;
        if (schema == nullptr) {
            subject.notes.push_back(
                fmt::format("{} was not read, since there is no valid schema to read it with",
                            recording.source));
            continue;
        }
        SYMBOLON_CHECK(replay_one(recording, terms, schema, subject));
        gate::cover_findings(subject, terms.tree, terms.today);
    }
    return {};
}

}  // namespace symbolon::cli
