#include "client/decoder/writer_schemas.hpp"

#include "client/http/retry.hpp"
#include "core/limits.hpp"

#include <cstdint>
#include <utility>

namespace symbolon::client {
namespace {

template <class Number>
void append_bytes(std::string& key, Number number) {
    auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t at = 0; at < sizeof(Number); ++at, bits >>= 8U) {
        key += static_cast<char>(bits & 0xFFU);
    }
}

/// What tells one schema from another, with what its subject may be derived from.
void make_key(std::string& key, const FramedPayload& framed, const Event& event) {
    key.clear();
    append_bytes(key, static_cast<std::uint8_t>(framed.framing));
    if (framed.id) {
        append_bytes(key, framed.id->value());
    }
    if (framed.fingerprint) {
        append_bytes(key, *framed.fingerprint);
    }
    key += framed.guid;
    if (framed.subject.empty()) {
        key += event.topic;
    } else {
        append_bytes(key, framed.version.value_or(Version{}).value());
        key += framed.subject;
    }
}

}  // namespace

bool is_absence(const Error& error) {
    switch (error.code) {
        case ErrorCode::schema_not_found:
        case ErrorCode::subject_not_found:
        case ErrorCode::version_not_found:
        case ErrorCode::schema_id_not_found:
            return true;
        default:
            return find_payload_fault(error) == PayloadFault::schema_not_found;
    }
}

WriterSchemas::WriterSchemas(SchemaSource& source, PayloadDecoder& payloads,
                             const DecoderOptions& options, Clock& clock)
    : source_(source), payloads_(payloads), options_(options), clock_(clock) {}

Result<WriterSchema*> WriterSchemas::find(const FramedPayload& framed, const Event& event) {
    if (framed.framing == Framing::bare && !options_.id && !options_.version) {
        SYMBOLON_TRY(auto latest, fetch(framed, event));
        if (latest.schema != latest_.schema) {
            latest_ = std::move(latest);
        }
        return &latest_;
    }
    make_key(key_, framed, event);
    const auto known = known_.find(key_);
    if (known != known_.end() && clock_.now() < known->second.known_until) {
        return &known->second;
    }
    if (const auto at = refused_.find(key_); at != refused_.end()) {
        if (clock_.now() < at->second.until) {
            return failure(at->second.error);
        }
        refused_.erase(at);
    }
    auto fetched = fetch(framed, event);
    if (!fetched && known != known_.end() && is_retryable_error(fetched.error().code)) {
        known->second.known_until = know_until(framed);  // nobody knows better
        return &known->second;
    }
    if (!fetched) {
        const auto& error = fetched.error();
        if (known != known_.end()) {
            known_.erase(known);
        }
        if (is_absence(error) || error.code == ErrorCode::not_authorised) {
            if (refused_.size() >= limits::decoder_codecs_max) {
                refused_.clear();
            }
            refused_[key_] = {error, clock_.now() + options_.absence_ttl};
        }
        return failure(std::move(fetched).error());
    }
    if (known_.size() >= limits::decoder_codecs_max) {
        known_.clear();
    }
    fetched->known_until = know_until(framed);
    return &(known_[key_] = std::move(*fetched));
}

/// A subject that was deleted for good may be registered anew, with other schemas.
WriterSchemas::Time WriterSchemas::know_until(const FramedPayload& framed) const {
    const bool is_by_version =
        !framed.subject.empty() || (framed.framing == Framing::bare && !options_.id);
    return is_by_version ? clock_.now() + options_.schema_ttl : Time::max();
}

Result<WriterSchema> WriterSchemas::fetch(const FramedPayload& framed, const Event& event) {
    SYMBOLON_CHECK(check_not_paused(pause_));
    auto found = payloads_.find_schema(framed);
    if (!found) {
        note(found.error(), pause_);
        return failure(std::move(found).error());
    }
    WriterSchema writer{.schema = std::move(*found)};
    writer.subject = framed.subject;
    if (writer.subject.empty()) {
        writer.subject = options_.subject;
    }
    if (writer.schema == nullptr) {
        return writer;
    }
    // Several subjects may have the schema of an id; the event's own wins over the registry's pick.
    const auto of_topic = event.topic.empty() ? std::string() : event.topic + "-value";
    writer.version = framed.version.value_or(writer.schema->version);
    if (writer.subject.empty()) {
        writer.subject = of_topic.empty() ? writer.schema->subject : of_topic;
    }
    if (writer.subject == writer.schema->subject) {
        writer.version = writer.schema->version;
    } else if (!writer.subject.empty() && !framed.version) {
        const auto same = source_.find_same(writer.subject, writer.schema->type,
                                            writer.schema->text, writer.schema->references);
        if (same) {
            writer.version = (*same)->version;
        } else if (is_absence(same.error()) || same.error().code == ErrorCode::invalid_schema ||
                   same.error().code == ErrorCode::malformed_request) {
            // Not the subject's after all, or a replica that takes no such question.
            writer.subject = options_.subject.empty() ? writer.schema->subject : options_.subject;
            writer.version =
                writer.subject == writer.schema->subject ? writer.schema->version : Version{};
        } else {
            note(same.error(), pause_);
            return failure(same.error());
        }
    }
    return writer;
}

Result<compat::Level> WriterSchemas::find_level(const WriterSchema& writer) {
    SYMBOLON_CHECK(check_not_paused(pause_));
    SYMBOLON_CHECK(check_not_paused(level_pause_));
    const auto version =
        writer.version == Version{} ? WantedVersion{} : WantedVersion(writer.version);
    auto level = source_.find_level(writer.subject, version);
    if (!level && is_absence(level.error())) {
        return compat::Level::backward;
    }
    if (!level) {
        note(level.error(), level_pause_);
    }
    return level;
}

Result<RegisteredSchemaPtr> WriterSchemas::find_version(const std::string& subject,
                                                        Version version) {
    SYMBOLON_CHECK(check_not_paused(pause_));
    auto found = source_.find_version(subject, version);
    if (!found) {
        note(found.error(), pause_);
    }
    return found;
}

Status WriterSchemas::check_not_paused(const std::optional<Refusal>& pause) const {
    if (pause && clock_.now() < pause->until) {
        return failure(pause->error);
    }
    return {};
}

void WriterSchemas::note(const Error& error, std::optional<Refusal>& pause) {
    if (is_retryable_error(error.code)) {
        pause = Refusal{error, clock_.now() + options_.registry_pause};
    }
}

}  // namespace symbolon::client
