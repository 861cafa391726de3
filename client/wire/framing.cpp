#include "client/wire/framing.hpp"

#include "client/wire/envelope.hpp"
#include "client/wire/payload_fault.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/guid.hpp"
#include "core/hex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace symbolon::client {
namespace {

constexpr std::size_t id_bytes = 4;
constexpr std::size_t fingerprint_bytes = 8;
constexpr std::string_view single_object_mark = "\xC3\x01";
constexpr std::string_view container_mark = "Obj\x01";

tl::unexpected<Error> too_short(Framing framing, std::size_t wanted, std::size_t found) {
    return failure(make_payload_error(
        PayloadFault::unknown_framing,
        fmt::format("too short for framing \"{}\": it takes {} bytes, and there are {}",
                    to_string(framing), wanted, found),
        found));
}

tl::unexpected<Error> not_framed(Framing framing, std::string_view mark, std::string_view bytes) {
    return failure(make_payload_error(
        PayloadFault::unknown_framing,
        fmt::format("not of framing \"{}\": it begins with {}, and this with {}",
                    to_string(framing), to_hex(mark), to_hex(bytes.substr(0, mark.size()))),
        0));
}

/// ok: `bytes` begin with the mark and hold as much as the framing takes.
Status check_start(Framing framing, std::string_view mark, std::size_t wanted,
                   std::string_view bytes) {
    if (!bytes.starts_with(mark.substr(0, std::min(mark.size(), bytes.size())))) {
        return not_framed(framing, mark, bytes);
    }
    return bytes.size() < wanted ? Status(too_short(framing, wanted, bytes.size())) : Status();
}

std::int32_t read_id(std::string_view bytes) {
    std::uint32_t id = 0;
    for (const char each : bytes.substr(0, id_bytes)) {
        id = id << 8U | static_cast<unsigned char>(each);
    }
    return static_cast<std::int32_t>(id);
}

// Parity: the last one counts, since serialisers add theirs behind what was forwarded; one without
// a value is as good as none.
const std::string* find_schema_header(const PayloadHeaders& headers, PayloadPart part) {
    const auto found = std::find_if(headers.rbegin(), headers.rend(), [&](const auto& header) {
        return header.first == schema_header_name(part);
    });
    return found == headers.rend() || found->second.empty() ? nullptr : &found->second;
}

// The mark as a text with a zero in it.
constexpr std::string_view id_mark{"\0", 1};
constexpr std::string_view guid_mark{"\x01", 1};

Result<FramedPayload> read_confluent(std::string_view bytes) {
    constexpr std::size_t front = 1 + id_bytes;
    SYMBOLON_CHECK(check_start(Framing::confluent, id_mark, front, bytes));
    FramedPayload framed;
    framed.framing = Framing::confluent;
    framed.id = SchemaId{read_id(bytes.substr(1))};
    if (framed.id->value() < 1) {
        return failure(make_payload_error(
            PayloadFault::unknown_framing,
            fmt::format("the four bytes after 00 are no schema id: {}", framed.id->value()), 1));
    }
    framed.body = bytes.substr(front);
    framed.body_offset = front;
    return framed;
}

Result<FramedPayload> read_guid(std::string_view bytes) {
    constexpr std::size_t front = 1 + guid_bytes;
    SYMBOLON_CHECK(check_start(Framing::confluent_guid, guid_mark, front, bytes));
    FramedPayload framed;
    framed.framing = Framing::confluent_guid;
    framed.guid = to_guid(bytes.substr(1, guid_bytes));
    framed.body = bytes.substr(front);
    framed.body_offset = front;
    return framed;
}

// The header holds what otherwise stands before the body; an id in it is rare but allowed.
Result<FramedPayload> read_header(std::string_view bytes, std::string_view header,
                                  PayloadPart part) {
    auto framed = header.starts_with(id_mark) ? read_confluent(header) : read_guid(header);
    if (!framed) {
        return failure(make_payload_error(
            PayloadFault::unknown_framing,
            fmt::format("header {}: {}", schema_header_name(part), framed.error().message),
            std::nullopt, std::string(schema_header_name(part))));
    }
    framed->index_bytes = framed->body;
    framed->body = bytes;
    framed->body_offset = 0;
    return framed;
}

Result<FramedPayload> read_single_object(std::string_view bytes) {
    const std::size_t front = single_object_mark.size() + fingerprint_bytes;
    SYMBOLON_CHECK(check_start(Framing::single_object, single_object_mark, front, bytes));
    FramedPayload framed;
    framed.framing = Framing::single_object;
    std::uint64_t fingerprint = 0;
    for (std::size_t at = front; at > single_object_mark.size(); --at) {
        fingerprint = fingerprint << 8U | static_cast<unsigned char>(bytes[at - 1]);
    }
    framed.fingerprint = fingerprint;
    framed.body = bytes.substr(front);
    framed.body_offset = front;
    return framed;
}

BodyForm form_of(std::string_view body) {
    return body.starts_with(container_mark) ? BodyForm::container_file : BodyForm::datum;
}

Result<FramedPayload> read_container(std::string_view bytes) {
    SYMBOLON_CHECK(check_start(Framing::container, container_mark, container_mark.size(), bytes));
    FramedPayload framed;
    framed.framing = Framing::container;
    framed.form = BodyForm::container_file;
    framed.body = bytes;
    return framed;
}

Result<FramedPayload> read_envelope(std::string_view bytes) {
    SYMBOLON_TRY(Envelope envelope, parse_envelope(bytes));
    FramedPayload framed;
    framed.framing = Framing::envelope;
    framed.subject = std::move(envelope.subject);
    framed.version = envelope.version;
    framed.event_type = std::move(envelope.event_type);
    framed.owned = std::make_shared<const std::string>(std::move(envelope.payload));
    framed.body = *framed.owned;
    framed.form = form_of(framed.body);
    return framed;
}

std::string_view without_blanks(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

RecognisedFraming recognise_text(std::string_view bytes) {
    const std::string_view text = without_blanks(bytes);
    if (text.starts_with('{')) {
        // Every field that an envelope must have is in its "detail".
        for (const std::string_view name : {"\"avro_payload\"", "\"schema_id\""}) {
            if (text.find("\"detail\"") != std::string_view::npos &&
                text.find(name) != std::string_view::npos) {
                return {Framing::envelope,
                        fmt::format("a JSON object with \"detail\" and {}", name)};
            }
        }
        return {Framing::bare, "this looks like plain JSON, not a framed message"};
    }
    if (text.starts_with('[')) {
        return {Framing::bare, "this looks like plain JSON, not a framed message"};
    }
    if (bytes.empty()) {
        return {Framing::bare, "there are no bytes; a tombstone of Kafka looks so"};
    }
    return {Framing::bare,
            fmt::format("no framing begins with the bytes {}", to_hex(bytes.substr(0, 4)))};
}

}  // namespace

std::string_view to_string(Framing framing) {
    return framing_table.at(static_cast<std::size_t>(framing)).second;
}

std::optional<Framing> find_framing(std::string_view name) {
    for (const auto& [framing, framing_name] : framing_table) {
        if (framing_name == name) {
            return framing;
        }
    }
    return std::nullopt;
}

std::string_view schema_header_name(PayloadPart part) {
    return part == PayloadPart::key ? "__key_schema_id" : "__value_schema_id";
}

RecognisedFraming recognise_framing(std::string_view bytes, const PayloadHeaders& headers,
                                    PayloadPart part) {
    if (const std::string* header = find_schema_header(headers, part)) {
        return {header->starts_with(id_mark) ? Framing::confluent : Framing::confluent_guid,
                fmt::format("the header {} names the schema", schema_header_name(part))};
    }
    if (bytes.starts_with(container_mark)) {
        return {Framing::container, "the bytes begin with \"Obj\" and 01"};
    }
    if (bytes.starts_with(single_object_mark) &&
        bytes.size() >= single_object_mark.size() + fingerprint_bytes) {
        return {Framing::single_object, "the bytes begin with C3 01"};
    }
    if (bytes.starts_with(id_mark) && bytes.size() >= 1 + id_bytes &&
        read_id(bytes.substr(1)) > 0) {
        return {Framing::confluent, "the bytes begin with 00 and a schema id"};
    }
    if (bytes.starts_with(guid_mark) && bytes.size() >= 1 + guid_bytes) {
        return {Framing::confluent_guid, "the bytes begin with 01, and a GUID may follow"};
    }
    return recognise_text(bytes);
}

Result<FramedPayload> read_framing(std::string_view bytes, const PayloadHeaders& headers,
                                   std::optional<Framing> forced, PayloadPart part) {
    const Framing framing = forced ? *forced : recognise_framing(bytes, headers, part).framing;
    switch (framing) {
        case Framing::confluent:
        case Framing::confluent_guid:
            if (const std::string* header = find_schema_header(headers, part)) {
                return read_header(bytes, *header, part);
            }
            return framing == Framing::confluent ? read_confluent(bytes) : read_guid(bytes);
        case Framing::single_object:
            return read_single_object(bytes);
        case Framing::container:
            return read_container(bytes);
        case Framing::envelope:
            return read_envelope(bytes);
        case Framing::bare:
            break;
    }
    FramedPayload framed;
    framed.body = bytes;
    return framed;
}

std::string frame_confluent(SchemaId id, std::string_view body) {
    std::string framed(id_mark);
    framed.reserve(1 + id_bytes + body.size());
    const auto number = static_cast<std::uint32_t>(id.value());
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        framed += static_cast<char>(number >> (shift - 8) & 0xFFU);
    }
    return framed.append(body);
}

std::string frame_confluent_guid(std::string_view guid, std::string_view body) {
    return make_guid_header(guid, body);
}

std::string make_guid_header(std::string_view guid, std::string_view index_bytes) {
    const auto bytes = parse_guid(guid);
    assert(bytes.has_value());
    return std::string(guid_mark)
        .append(bytes.value_or(std::string(guid_bytes, '\0')))
        .append(index_bytes);
}

std::string frame_single_object(std::uint64_t fingerprint, std::string_view body) {
    std::string framed(single_object_mark);
    framed.reserve(single_object_mark.size() + fingerprint_bytes + body.size());
    for (std::size_t at = 0; at < fingerprint_bytes; ++at) {
        framed += static_cast<char>(fingerprint >> (8 * at) & 0xFFU);
    }
    return framed.append(body);
}

}  // namespace symbolon::client
