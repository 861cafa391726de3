// Any bytes as a message, with and without a header, under every framing.
//
// What is read must be where it says, and writing it again must give the same bytes; base64,
// hexadecimal and message indexes come back; an envelope says the same once it is written anew.
#include "client/wire/envelope.hpp"
#include "client/wire/framing.hpp"
#include "client/wire/message_indexes.hpp"
#include "client/wire/payload_fault.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/guid.hpp"
#include "core/hex.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::client;

void demand(bool holds, const char* what) {
    if (!holds) {
        std::cerr << "does not hold: " << what << '\n';
        std::abort();
    }
}

void use_framed(const FramedPayload& framed, std::string_view bytes) {
    if (framed.framing == Framing::envelope) {
        demand(framed.version && framed.version->value() > 0, "an envelope has a version");
        return;
    }
    demand(framed.body.data() + framed.body.size() == bytes.data() + bytes.size(),
           "a body goes to the end of the message");
    demand(framed.body_offset + framed.body.size() == bytes.size(), "the offset is the body's");
    switch (framed.framing) {
        case Framing::confluent:
            demand(framed.body_offset == 0 ||
                       frame_confluent(framed.id.value_or(SchemaId{}), framed.body) == bytes,
                   "an id is written as it was read");
            break;
        case Framing::confluent_guid:
            demand(
                framed.body_offset == 0 || frame_confluent_guid(framed.guid, framed.body) == bytes,
                "a GUID is written as it was read");
            break;
        case Framing::single_object:
            demand(frame_single_object(framed.fingerprint.value_or(0), framed.body) == bytes,
                   "a fingerprint is written as it was read");
            break;
        case Framing::container:
        case Framing::envelope:
        case Framing::bare:
            break;
    }
}

void use_texts(std::string_view bytes) {
    demand(parse_base64(to_base64(bytes)).value_or("no") == bytes, "base64 comes back");
    demand(parse_hex(to_hex(bytes)).value_or("no") == bytes, "hexadecimal comes back");
    if (const auto decoded = parse_base64(bytes)) {
        demand(to_base64(*decoded) == bytes, "one value has one text in base64");
    }
    if (bytes.size() >= guid_bytes) {
        const std::string guid = to_guid(bytes.substr(0, guid_bytes));
        demand(parse_guid(guid).value_or("no") == bytes.substr(0, guid_bytes), "GUIDs come back");
    }
    if (const auto guid = parse_guid(bytes)) {
        demand(guid->size() == guid_bytes, "a GUID has its size");
    }
}

void use_indexes(std::string_view bytes) {
    const auto indexes = parse_message_indexes(bytes);
    if (!indexes) {
        demand(find_payload_fault(indexes.error()) == PayloadFault::corrupt, "indexes are refused");
        return;
    }
    demand(indexes->bytes <= bytes.size(), "indexes end within the body");
    std::string again;
    append_message_indexes(again, indexes->path);
    const auto back = parse_message_indexes(again);
    demand(back && back->path == indexes->path && back->bytes == again.size(), "indexes come back");
}

void use_envelope(std::string_view bytes) {
    const EnvelopeClaims claims = find_envelope_claims(bytes);
    const auto envelope = parse_envelope(bytes);
    if (!envelope) {
        return;
    }
    demand(claims.subject == envelope->subject, "claims are the envelope's");
    const auto again = parse_envelope(to_text(*envelope));
    demand(again && again->subject == envelope->subject && again->version == envelope->version &&
               again->event_type == envelope->event_type && again->payload == envelope->payload,
           "an envelope says the same when it is written anew");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t half = size / 2;
    const PayloadHeaders none;
    const PayloadHeaders headers{{"__value_schema_id", std::string(bytes.substr(0, half))}};
    for (const auto part : {PayloadPart::value, PayloadPart::key}) {
        const auto recognised = recognise_framing(bytes, none, part);
        demand(!recognised.reason.empty(), "a framing has a reason");
        for (const auto& [framing, name] : framing_table) {
            if (const auto framed = read_framing(bytes, none, framing, part)) {
                use_framed(*framed, bytes);
            } else {
                demand(!framed.error().message.empty(), "a refusal says why");
            }
        }
        const auto framed = read_framing(bytes.substr(half), headers, std::nullopt, part);
        if (framed) {
            use_framed(*framed, bytes.substr(half));
        }
    }
    use_texts(bytes);
    use_indexes(bytes);
    use_envelope(bytes);
    return 0;
}
