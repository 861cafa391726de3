// The consumer's side as a library: an event's bytes in, JSON records or a dead letter out.
//
// A record is {"decoded_payload":…,"schema_id":…,"schema_version":…,"event_type":…}. schema_id is
// what the event names: a subject for an EventBridge envelope and for a bare body whose subject was
// given, the registry's number elsewhere, null for a container file on its own. An event never
// throws, never stops the decoder and is never dropped: what is not decoded comes back as a letter
// that says for which queue and why.
//
// Example:  Decoder decoder(registry, {});
//           const auto outcome = decoder.decode(bytes, headers);
//           for (const auto& record : outcome.records) { std::cout << record << '\n'; }
//           if (outcome.letter) { dead_letters << to_text(*outcome.letter) << '\n'; }
// Errors:   none: a letter, see dead_letter.hpp
// Threads:  one at a time; a schema source serves many decoders
// Limits:   payload_text_bytes_max, decoder_codecs_max, and those of the codecs
// Source:   contract of the event clients, section 3; docs/clients.md
// Tested by tests/unit/client/decoder/decoder_test.cpp
#pragma once

#include "client/codec/avro_json.hpp"
#include "client/decoder/dead_letter.hpp"
#include "client/decoder/event.hpp"
#include "client/decoder/event_type_check.hpp"
#include "client/decoder/evolution_guard.hpp"
#include "client/decoder/json_defaults.hpp"
#include "client/http/clock.hpp"
#include "client/registry_client/schema_source.hpp"
#include "client/wire/framing.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

enum class EventTypeRule : std::uint8_t {
    off,
    warn,    ///< an unknown type is counted and the event decoded; so when nobody answers
    strict,  ///< an unknown type is a dead letter; when nobody answers, the retry queue
};

struct DecoderOptions {
    std::optional<Framing> framing{};  ///< nullopt: recognised event by event
    /// What events that name no schema have: a subject and version, or an id. The subject also
    /// stands for events that bring an id along, which alone belongs to no subject.
    std::string subject{};
    WantedVersion version{};
    std::optional<SchemaId> id{};
    /// Avro data are resolved into it.
    compat::SchemaPtr reader{};
    AvroJsonOptions json{};
    std::vector<JsonDefault> defaults{};
    int retries_max = 3;
    /// The largest record, with its key, that the output takes; the event of a larger one is a dead
    /// letter.
    std::size_t record_bytes_max = std::numeric_limits<std::size_t>::max();
    /// The same of the dead-letter and the diagnostic queue, where a larger letter keeps the
    /// event's beginning. What waits to be decoded later is never cut.
    std::size_t letter_bytes_max = std::numeric_limits<std::size_t>::max();
    EventTypeRule event_types = EventTypeRule::off;
    /// REQUIRED unless event_types is off; outlives the decoder.
    EventTypeCheck* event_type_check = nullptr;
    /// nullptr: the machine's.
    Clock* clock = nullptr;
    /// How long the registry is left in peace after it did not answer.
    std::chrono::seconds registry_pause{5};
    /// How long it is believed which schema a version of a subject has, and which level; and that
    /// a schema does not exist.
    std::chrono::seconds schema_ttl{300};
    std::chrono::seconds absence_ttl{10};
};

struct DecodeOutcome {
    std::vector<std::string> records{};  ///< lines of JSON
    std::optional<DeadLetter> letter{};  ///< set: there are no records
    /// The event type is unknown, or could not be asked for, and the rule is warn.
    std::string warning{};
    /// Decoded by rule 4, with the last good version as the reader.
    bool by_last_good = false;
};

class Decoder {
public:
    /// `source` outlives the decoder.
    Decoder(SchemaSource& source, DecoderOptions options, GuardState state = {});
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder();

    DecodeOutcome decode(std::string_view bytes, const PayloadHeaders& headers = {});
    DecodeOutcome decode(const Event& event);

    /// Flags and last good versions, to be kept for the next start.
    const GuardState& guard_state() const;
    /// They changed since the last call.
    bool take_guard_changed();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace symbolon::client
