// JSON texts to framed messages of one registered schema.
//
// Example:  SYMBOLON_TRY(const auto encoder, PayloadEncoder::open(schema, {}));
//           SYMBOLON_TRY(const EncodedPayload message, encoder.encode(R"({"id":7})"));
// Errors:   those of SchemaCodec; malformed_request when the schema cannot have the framing
// Units:    bytes
// Threads:  immutable; any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/payload/payload_encoder_test.cpp
#pragma once

#include "client/payload/schema_codec.hpp"
#include "client/wire/framing.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

enum class GuidPlace : std::uint8_t { header, before_body };

struct PayloadEncoderOptions {
    Framing framing = Framing::confluent;  ///< any but a container file
    GuidPlace guid_place = GuidPlace::header;
    PayloadPart part = PayloadPart::value;
    AvroJsonOptions json{};
    /// Path to the message of a Protobuf schema.
    std::vector<std::int32_t> message_indexes{0};
    std::string event_type = "unknown";  ///< an envelope's
};

struct EncodedPayload {
    std::string bytes;
    PayloadHeaders headers{};  ///< those that belong to the framing
};

class PayloadEncoder {
public:
    static Result<PayloadEncoder> open(const RegisteredSchemaPtr& schema,
                                       PayloadEncoderOptions options);

    Result<EncodedPayload> encode(std::string_view json_text) const;
    const RegisteredSchemaPtr& schema() const { return codec_->schema(); }

private:
    PayloadEncoder() = default;

    std::shared_ptr<const SchemaCodec> codec_;
    PayloadEncoderOptions options_;
    std::uint64_t fingerprint_ = 0;
};

}  // namespace symbolon::client
