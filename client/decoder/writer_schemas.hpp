// The schemas that events were written with, and the levels of their subjects, so that an event
// whose schema was met before asks nobody.
//
// What the registry does not have is remembered for a while, too, and a registry that does not
// answer is left in peace for a few seconds: a flood of wrong ids becomes no flood of requests.
//
// Example:  SYMBOLON_TRY(WriterSchema* const writer, schemas.find(framed, event));
// Errors:   those of PayloadDecoder::find_schema and the schema source
// Threads:  one at a time
// Limits:   decoder_codecs_max
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/decoder_test.cpp
#pragma once

#include "client/decoder/decoder.hpp"
#include "client/payload/payload_decoder.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace symbolon::client {

struct WriterSchema {
    RegisteredSchemaPtr schema{};  ///< nullptr: a container file on its own
    std::string subject{};         ///< empty: none is known, and the guard has no say
    Version version{};             ///< 0: not known
    /// The level was found to let the subject pass, and is believed so long.
    std::chrono::steady_clock::time_point admitted_until{};
    /// The schema is believed to be that of its subject and version; of an id it is for ever.
    std::chrono::steady_clock::time_point known_until{};
};

class WriterSchemas {
public:
    /// All outlive it.
    WriterSchemas(SchemaSource& source, PayloadDecoder& payloads, const DecoderOptions& options,
                  Clock& clock);

    /// Valid until the next call.
    Result<WriterSchema*> find(const FramedPayload& framed, const Event& event);
    /// 404 counts as BACKWARD.
    Result<compat::Level> find_level(const WriterSchema& writer);
    Result<RegisteredSchemaPtr> find_version(const std::string& subject, Version version);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Refusal {
        Error error;
        Time until;
    };

    Time know_until(const FramedPayload& framed) const;
    Result<WriterSchema> fetch(const FramedPayload& framed, const Event& event);
    Status check_not_paused(const std::optional<Refusal>& pause) const;
    /// Remembers in `pause` that the registry did not answer.
    void note(const Error& error, std::optional<Refusal>& pause);

    SchemaSource& source_;
    PayloadDecoder& payloads_;
    const DecoderOptions& options_;
    Clock& clock_;
    std::unordered_map<std::string, WriterSchema> known_;
    std::unordered_map<std::string, Refusal> refused_;
    WriterSchema latest_;  ///< of a subject whose latest version is wanted: asked for each time
    std::optional<Refusal> pause_;
    /// Of levels alone: without them schemas that are kept are as good as before.
    std::optional<Refusal> level_pause_;
    std::string key_;
};

/// The registry has no such schema, subject or version.
bool is_absence(const Error& error);

}  // namespace symbolon::client
