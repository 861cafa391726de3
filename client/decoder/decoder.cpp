#include "client/decoder/decoder.hpp"

#include "client/decoder/container_events.hpp"
#include "client/decoder/writer_schemas.hpp"
#include "client/payload/payload_decoder.hpp"
#include "client/registry_client/registry_transport.hpp"
#include "client/wire/envelope.hpp"
#include "client/wire/payload_fault.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace symbolon::client {
namespace {

PayloadDecoderOptions payload_options_of(const DecoderOptions& options) {
    return {.framing = options.framing,
            .id = options.id,
            .subject = options.subject,
            .version = options.version,
            .reader = options.reader,
            .json = options.json,
            .codecs_max = limits::decoder_codecs_max};
}

/// A registry answered that it does not take such a question, as for a subject of 20,000 letters:
/// that is the event's fault, and asking again does not help.
bool is_refused_question(const Error& error) {
    const auto* const refusal = dynamic_cast<const RegistryRefusal*>(error.detail.get());
    return refusal != nullptr && refusal->status >= 400 && refusal->status < 500 &&
           (error.code == ErrorCode::malformed_request || error.code == ErrorCode::invalid_schema);
}

/// A 404 that is not in a registry's words: a proxy's, say, whose registry is just being replaced.
bool is_strangers_absence(const Error& error) {
    const auto* const refusal = dynamic_cast<const RegistryRefusal*>(error.detail.get());
    return refusal != nullptr && refusal->status == 404 && refusal->error_code == 0;
}

/// A failure of the schema source, or of a message that names no schema.
Reason reason_of_lookup(const Error& error) {
    if (is_strangers_absence(error)) {
        return Reason::registry_unavailable;
    }
    if (is_absence(error) || is_refused_question(error)) {
        return Reason::schema_not_found;
    }
    if (error.code == ErrorCode::not_authorised) {
        return Reason::registry_not_authorised;
    }
    if (error.code == ErrorCode::invalid_schema || error.code == ErrorCode::check_too_costly) {
        return Reason::schema_unparseable;
    }
    const auto fault = find_payload_fault(error);
    if (!fault) {
        return Reason::registry_unavailable;
    }
    switch (*fault) {
        case PayloadFault::unknown_framing:
        case PayloadFault::missing_metadata:
            return Reason::missing_schema_metadata;
        case PayloadFault::schema_not_found:
            return Reason::schema_not_found;
        case PayloadFault::schema_does_not_parse:
            return Reason::schema_unparseable;
        case PayloadFault::corrupt:
            break;
    }
    return Reason::payload_corrupt;
}

Reason reason_of_broken(const Error& error) {
    return error.code == ErrorCode::body_too_large ? Reason::event_too_large
                                                   : Reason::payload_corrupt;
}

/// The registry's schema cannot be used; a container file's own is the event's fault.
bool is_schema_at_fault(const Error& error, BodyForm form) {
    return form == BodyForm::datum &&
           (error.code == ErrorCode::invalid_schema || error.code == ErrorCode::check_too_costly ||
            find_payload_fault(error) == PayloadFault::schema_does_not_parse);
}

/// A letter that its queue does not take keeps the event's beginning, as one of any other event
/// that is too large.
void cut_letter(DeadLetter& letter, const Event& event, std::size_t bytes_max) {
    const auto bytes = to_text(letter).size() + letter.key.size();
    if (bytes <= bytes_max) {
        return;
    }
    letter.error = fmt::format(
        "the letter would take {} bytes, and its queue takes {}: the event's beginning is kept, "
        "and the rest is where it came from; it is here for {}: {}",
        bytes, bytes_max, row_of(letter.reason).name,
        std::string_view(letter.error).substr(0, limits::event_excerpt_bytes_max));
    letter.reason = Reason::event_too_large;
    letter.original_event =
        original_event_of(std::string_view(event.bytes).substr(0, limits::event_excerpt_bytes_max));
    letter.raw_schema.resize(std::min(letter.raw_schema.size(), limits::event_excerpt_bytes_max));
}

std::string find_type_header(const PayloadHeaders& headers) {
    const auto at = std::find_if(headers.begin(), headers.end(),
                                 [](const auto& header) { return header.first == "event_type"; });
    return at == headers.end() || at->second.empty() ? "unknown" : at->second;
}

}  // namespace

class Decoder::Work {
public:
    Work(SchemaSource& source, DecoderOptions options, GuardState state)
        : options_(std::move(options)),
          clock_(options_.clock == nullptr ? own_clock_ : *options_.clock),
          payloads_(source, payload_options_of(options_)),
          schemas_(source, payloads_, options_, clock_),
          guard_(std::move(state), options_.retries_max) {}

    DecodeOutcome decode(const Event& event);
    EvolutionGuard& guard() { return guard_; }

private:
    /// An event in work: what letters and records say about it.
    struct Passage {
        const Event& event;
        std::string schema_id{"null"};  // JSON
        std::string version{"null"};    // JSON
        std::string event_type;
        std::string warning{};
    };
    using Records = std::vector<DecodedRecord>;

    DecodeOutcome decode_framed(Passage& passage, const FramedPayload& framed);
    DecodeOutcome decode_admitted(Passage& passage, const FramedPayload& framed,
                                  WriterSchema& writer);
    DecodeOutcome decode_datum(Passage& passage);
    /// Rule 4.
    DecodeOutcome recover(Passage& passage, const FramedPayload& framed, const WriterSchema& writer,
                          const Error& error);
    std::optional<DecodeOutcome> check_event_type(Passage& passage);
    std::optional<DecodeOutcome> check_level(Passage& passage, WriterSchema& writer);

    DecodeOutcome refuse(const Passage& passage, Queue queue, Reason reason, std::string error,
                         std::string_view raw_schema = {});
    /// To the queue that the reason asks for.
    DecodeOutcome refuse_lookup(const Passage& passage, const Error& error);
    DecodeOutcome deliver(Passage& passage, Records records);
    DecodeOutcome flagged(const Passage& passage, std::string_view subject);
    std::int64_t now_ms() const;

    DecoderOptions options_;
    SystemClock own_clock_;
    Clock& clock_;
    PayloadDecoder payloads_;
    WriterSchemas schemas_;
    EvolutionGuard guard_;
    /// The codec of the container file whose records come one by one.
    RegisteredSchemaPtr datum_schema_;
    Result<std::shared_ptr<const SchemaCodec>> datum_codec_;
};

std::int64_t Decoder::Work::now_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               clock_.wall_now().time_since_epoch())
        .count();
}

DecodeOutcome Decoder::Work::decode(const Event& event) {
    Passage passage{.event = event, .event_type = find_type_header(event.headers)};
    if (event.broken) {
        return refuse(passage, Queue::dead_letter, reason_of_broken(*event.broken),
                      event.broken->message);
    }
    if (event.schema) {
        if (auto refused = check_event_type(passage)) {
            return std::move(*refused);
        }
        return decode_datum(passage);
    }
    const auto framed = payloads_.read_framing(event.bytes, event.headers);
    if (!framed) {
        auto claims = find_envelope_claims(event.bytes);
        if (!claims.subject.empty()) {
            passage.schema_id = to_json_string(claims.subject);
        }
        if (!claims.version.empty()) {
            passage.version = to_json_string(claims.version);
        }
        if (!claims.event_type.empty()) {
            passage.event_type = std::move(claims.event_type);
        }
        const bool is_no_json = framed.error().code == ErrorCode::malformed_json;
        return refuse(passage, Queue::dead_letter,
                      is_no_json ? Reason::payload_corrupt : reason_of_lookup(framed.error()),
                      framed.error().message);
    }
    return decode_framed(passage, *framed);
}

DecodeOutcome Decoder::Work::decode_framed(Passage& passage, const FramedPayload& framed) {
    const bool is_bare = framed.framing == Framing::bare;
    if (framed.framing == Framing::envelope) {
        passage.event_type = framed.event_type.empty() ? "unknown" : framed.event_type;
    }
    const auto& named = framed.subject.empty() && is_bare ? options_.subject : framed.subject;
    if (!named.empty()) {
        passage.schema_id = to_json_string(named);
        const auto version = is_bare ? options_.version : framed.version;
        passage.version = version ? std::to_string(version->value()) : "null";
    } else if (const auto id = is_bare ? options_.id : framed.id) {
        passage.schema_id = std::to_string(id->value());
    }
    // Rule 1, before anybody is asked anything.
    if (!named.empty() && guard_.is_flagged(named)) {
        return flagged(passage, named);
    }
    if (auto refused = check_event_type(passage)) {
        return std::move(*refused);
    }
    const auto writer = schemas_.find(framed, passage.event);
    if (!writer) {
        return refuse_lookup(passage, writer.error());
    }
    return decode_admitted(passage, framed, **writer);
}

DecodeOutcome Decoder::Work::decode_admitted(Passage& passage, const FramedPayload& framed,
                                             WriterSchema& writer) {
    if (writer.version != Version{}) {
        passage.version = std::to_string(writer.version.value());
    }
    if (passage.schema_id == "null" && writer.schema && writer.schema->id != SchemaId{}) {
        passage.schema_id = std::to_string(writer.schema->id.value());
    }
    const bool guarded = !writer.subject.empty() && writer.schema != nullptr;
    if (guarded && guard_.is_flagged(writer.subject)) {
        return flagged(passage, writer.subject);
    }
    // Rule 5.
    if (writer.schema && !writer.schema->parsed) {
        return refuse(passage, Queue::diagnostic, Reason::schema_unparseable,
                      writer.schema->parse_error, writer.schema->text);
    }
    // Rule 2.
    if (guarded) {
        if (auto refused = check_level(passage, writer)) {
            return std::move(*refused);
        }
    }
    // Rule 3.
    auto records = payloads_.decode_with(framed, writer.schema, options_.reader);
    if (!records) {
        return recover(passage, framed, writer, records.error());
    }
    if (guarded && writer.version != Version{}) {
        guard_.remember(writer.subject, writer.version);
    }
    return deliver(passage, std::move(*records));
}

std::optional<DecodeOutcome> Decoder::Work::check_level(Passage& passage, WriterSchema& writer) {
    const auto now = clock_.now();
    if (now < writer.admitted_until) {
        return std::nullopt;
    }
    const auto level = schemas_.find_level(writer);
    if (!level && guard_.find_last_good(writer.subject)) {
        // Whatever the level is, a subject that was decoded before is admitted.
        writer.admitted_until = now + options_.schema_ttl;
        return std::nullopt;
    }
    if (!level) {
        return refuse_lookup(passage, level.error());
    }
    if (guard_.admit(writer.subject, writer.version, *level, now_ms()) == Admission::dead_letter) {
        return refuse(
            passage, Queue::dead_letter, Reason::backward_incompatible_schema,
            fmt::format("subject {} has compatibility level NONE and was never decoded here: it "
                        "is flagged until the flag is cleared",
                        writer.subject));
    }
    writer.admitted_until = now + options_.schema_ttl;
    return std::nullopt;
}

DecodeOutcome Decoder::Work::recover(Passage& passage, const FramedPayload& framed,
                                     const WriterSchema& writer, const Error& error) {
    if (writer.schema && is_schema_at_fault(error, framed.form)) {
        return refuse(passage, Queue::diagnostic, Reason::schema_unparseable, error.message,
                      writer.schema->text);
    }
    const auto last_good =
        writer.subject.empty() ? std::nullopt : guard_.find_last_good(writer.subject);
    if (!last_good || !writer.schema) {
        return refuse(passage, Queue::dead_letter, Reason::payload_corrupt, error.message);
    }
    auto message = error.message;
    // With the same version as the reader the same would happen again.
    if (*last_good != writer.version || options_.reader) {
        const auto reader = schemas_.find_version(writer.subject, *last_good);
        if (!reader && is_unavailable(reason_of_lookup(reader.error()))) {
            // Rule 4 was not tried, so this does not count as one of its failures.
            return refuse(passage, Queue::retry, reason_of_lookup(reader.error()),
                          fmt::format("{}; the last good version {} could not be asked for: {}",
                                      message, last_good->value(), reader.error().message));
        }
        if (reader && (*reader)->parsed) {
            auto records = payloads_.decode_with(framed, writer.schema, (*reader)->parsed);
            if (records) {
                auto outcome = deliver(passage, std::move(*records));
                outcome.by_last_good = true;
                return outcome;
            }
        }
        message += reader ? fmt::format("; nor with the last good version {} as the reader",
                                        last_good->value())
                          : fmt::format("; the last good version {} is not there any more: {}",
                                        last_good->value(), reader.error().message);
    }
    return refuse(passage, guard_.queue_after_failure(passage.event.attempt),
                  Reason::payload_corrupt, std::move(message));
}

DecodeOutcome Decoder::Work::decode_datum(Passage& passage) {
    const auto& event = passage.event;
    if (event.schema != datum_schema_) {
        datum_schema_ = event.schema;
        datum_codec_ = SchemaCodec::compile(event.schema, options_.reader, options_.json);
    }
    if (!datum_codec_) {
        return refuse(passage, Queue::dead_letter, Reason::payload_corrupt,
                      datum_codec_.error().message);
    }
    DecodedRecord record;
    if (const auto used = (*datum_codec_)->append_json(event.bytes, record.json); !used) {
        return refuse(passage, Queue::dead_letter, Reason::payload_corrupt, used.error().message);
    }
    Records records;
    records.push_back(std::move(record));
    return deliver(passage, std::move(records));
}

std::optional<DecodeOutcome> Decoder::Work::check_event_type(Passage& passage) {
    if (options_.event_types == EventTypeRule::off) {
        return std::nullopt;
    }
    const bool strict = options_.event_types == EventTypeRule::strict;
    const auto answer = options_.event_type_check->ask(passage.event_type);
    if (answer && *answer == EventTypeAnswer::known) {
        return std::nullopt;
    }
    if (answer) {
        auto message = fmt::format("the event platform knows no event type \"{}\"",
                                   passage.event_type.substr(0, limits::event_type_bytes_max));
        if (strict) {
            return refuse(passage, Queue::dead_letter, Reason::event_type_unknown,
                          std::move(message));
        }
        passage.warning = std::move(message);
        return std::nullopt;
    }
    if (strict) {
        return refuse(passage, Queue::retry,
                      answer.error().code == ErrorCode::not_authorised
                          ? Reason::platform_not_authorised
                          : Reason::platform_unavailable,
                      answer.error().message);
    }
    passage.warning = answer.error().message;
    return std::nullopt;
}

DecodeOutcome Decoder::Work::flagged(const Passage& passage, std::string_view subject) {
    return refuse(
        passage, Queue::dead_letter, Reason::backward_incompatible_schema,
        fmt::format("subject {} is flagged as incompatible until the flag is cleared", subject));
}

DecodeOutcome Decoder::Work::refuse_lookup(const Passage& passage, const Error& error) {
    const auto reason = reason_of_lookup(error);
    auto queue = Queue::dead_letter;
    if (reason == Reason::schema_unparseable) {
        queue = Queue::diagnostic;
    } else if (is_unavailable(reason)) {
        // However often: an outage is not the event's fault, and must not make it a dead letter.
        queue = Queue::retry;
    }
    return refuse(passage, queue, reason, error.message);
}

DecodeOutcome Decoder::Work::refuse(const Passage& passage, Queue queue, Reason reason,
                                    std::string error, std::string_view raw_schema) {
    const auto& event = passage.event;
    DecodeOutcome outcome;
    outcome.warning = passage.warning;
    outcome.letter = DeadLetter{
        .queue = queue,
        .reason = reason,
        .error = std::move(error),
        .schema_id = passage.schema_id,
        .version = passage.version,
        .event_type = passage.event_type,
        .original_event = original_event_of(
            event.schema ? to_container_file(event.schema->text, 1, event.bytes) : event.bytes),
        .raw_schema = std::string(raw_schema),
        .origin = event.origin,
        .topic = event.topic,
        .key = event.key,
        .headers = event.headers,
        .attempt = event.attempt + (queue == Queue::retry && !is_unavailable(reason) ? 1 : 0),
        .timestamp_ms = now_ms(),
    };
    if (queue != Queue::retry &&
        options_.letter_bytes_max < std::numeric_limits<std::size_t>::max()) {
        cut_letter(*outcome.letter, event, options_.letter_bytes_max);
    }
    return outcome;
}

DecodeOutcome Decoder::Work::deliver(Passage& passage, Records records) {
    DecodeOutcome outcome;
    outcome.warning = std::move(passage.warning);
    outcome.records.reserve(records.size());
    const auto tail =
        fmt::format(R"(,"schema_id":{},"schema_version":{},"event_type":{}}})", passage.schema_id,
                    passage.version, to_json_string(passage.event_type));
    for (auto& record : records) {
        if (!options_.defaults.empty()) {
            fill_defaults(record.json, options_.defaults);
        }
        std::string line;
        line.reserve(record.json.size() + tail.size() + 20);
        line += R"({"decoded_payload":)";
        line += record.json;
        line += tail;
        if (line.size() + passage.event.key.size() > options_.record_bytes_max) {
            passage.warning = std::move(outcome.warning);
            return refuse(passage, Queue::dead_letter, Reason::event_too_large,
                          fmt::format("the record takes {} bytes, and the output at most {}; of a "
                                      "topic, message.max.bytes allows more",
                                      line.size(), options_.record_bytes_max));
        }
        outcome.records.push_back(std::move(line));
        record.json = {};
    }
    return outcome;
}

Decoder::Decoder(SchemaSource& source, DecoderOptions options, GuardState state)
    : work_(std::make_unique<Work>(source, std::move(options), std::move(state))) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

DecodeOutcome Decoder::decode(std::string_view bytes, const PayloadHeaders& headers) {
    Event event;
    event.bytes = std::string(bytes);
    event.headers = headers;
    return work_->decode(event);
}

DecodeOutcome Decoder::decode(const Event& event) {
    return work_->decode(event);
}

const GuardState& Decoder::guard_state() const {
    return work_->guard().state();
}

bool Decoder::take_guard_changed() {
    return work_->guard().take_changed();
}

}  // namespace symbolon::client
