// How a message says which schema its bytes have: the framings that are read and written.
//
// Example:  SYMBOLON_TRY(const auto framed, read_framing(bytes, headers, {}));
//           const std::string message = frame_confluent(SchemaId{7}, body);
// Errors:   malformed_datum with a PayloadErrorDetail (client/wire/payload_fault.hpp);
//           malformed_json of an envelope
// Units:    bytes; offsets from the message's first
// Threads:  any thread
// Limits:   message_indexes_max, json_depth_max
// Source:   Confluent's wire format; Avro 1.12, "Single-object encoding"; docs/clients.md
// Tested by tests/unit/client/wire/framing_test.cpp
#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

enum class Framing : std::uint8_t {
    confluent,       ///< 00, schema id in four bytes, body
    confluent_guid,  ///< 01 and a GUID of 16 bytes, in a header or before the body
    single_object,   ///< C3 01, Avro's fingerprint in eight bytes, body
    container,       ///< an Avro container file, which brings its schema along
    envelope,        ///< EventBridge's JSON around base64
    bare,            ///< the body alone
};

inline constexpr std::array framing_table{
    std::pair{Framing::confluent, std::string_view{"confluent"}},
    std::pair{Framing::confluent_guid, std::string_view{"confluent-guid"}},
    std::pair{Framing::single_object, std::string_view{"single-object"}},
    std::pair{Framing::container, std::string_view{"container"}},
    std::pair{Framing::envelope, std::string_view{"envelope"}},
    std::pair{Framing::bare, std::string_view{"bare"}},
};
std::string_view to_string(Framing framing);
std::optional<Framing> find_framing(std::string_view name);

/// A Kafka record's, in their order; values are bytes.
using PayloadHeaders = std::vector<std::pair<std::string, std::string>>;

/// Whether a record's key or its value is read; decides which header tells the schema.
enum class PayloadPart : std::uint8_t { value, key };
/// "__value_schema_id" or "__key_schema_id".
std::string_view schema_header_name(PayloadPart part);

struct RecognisedFraming {
    Framing framing = Framing::bare;
    std::string reason;  ///< a sentence about what was seen
};
/// By the header, then by the first bytes. Nothing known: bare, and the reason says what it may be.
RecognisedFraming recognise_framing(std::string_view bytes, const PayloadHeaders& headers,
                                    PayloadPart part = PayloadPart::value);

enum class BodyForm : std::uint8_t { datum, container_file };

/// A message taken apart. Views point into the message, the headers, or `owned`.
struct FramedPayload {
    Framing framing = Framing::bare;
    // What it says about its schema; what it does not say is empty.
    std::optional<SchemaId> id{};
    std::string guid{};  ///< 36 characters
    std::optional<std::uint64_t> fingerprint{};
    std::string subject{};
    std::optional<Version> version{};
    std::string event_type{};  ///< an envelope's

    BodyForm form = BodyForm::datum;
    std::string_view body{};
    std::size_t body_offset = 0;  ///< in the message; 0 for an envelope
    /// Message indexes of a Protobuf body that stand in the header; empty: before the body.
    std::string_view index_bytes{};
    std::shared_ptr<const std::string> owned{};
};

/// With a framing that is known beforehand, or the one that is recognised.
Result<FramedPayload> read_framing(std::string_view bytes, const PayloadHeaders& headers,
                                   std::optional<Framing> forced,
                                   PayloadPart part = PayloadPart::value);

/// `body` begins with message indexes when it is Protobuf.
std::string frame_confluent(SchemaId id, std::string_view body);
/// Before the body. REQUIRES: `guid` is one, of 36 characters.
std::string frame_confluent_guid(std::string_view guid, std::string_view body);
/// The value of the header; `index_bytes` are the message indexes of a Protobuf body, which is then
/// sent without them. REQUIRES: `guid` is one, of 36 characters.
std::string make_guid_header(std::string_view guid, std::string_view index_bytes);
std::string frame_single_object(std::uint64_t fingerprint, std::string_view body);

}  // namespace symbolon::client
