#include "client/payload/payload_encoder.hpp"

#include "client/codec/avro_single_object.hpp"
#include "client/wire/envelope.hpp"
#include "client/wire/message_indexes.hpp"
#include "compat/avro/avro_schema.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {
namespace {

/// What the schema lacks for the framing; empty: nothing.
std::string_view find_lack(const RegisteredSchema& schema, Framing framing) {
    switch (framing) {
        case Framing::confluent:
            return schema.id.value() > 0 ? "" : "has no id";
        case Framing::confluent_guid:
            return schema.guid.empty() ? "has no GUID" : "";
        case Framing::single_object:
            return schema.type == SchemaType::avro ? "" : "is not Avro";
        case Framing::envelope:
            return schema.subject.empty() || schema.version.value() < 1
                       ? "has no subject and version"
                       : "";
        case Framing::container:
            return "is written to a file by ContainerWriter";
        case Framing::bare:
            break;
    }
    return "";
}

}  // namespace

Result<PayloadEncoder> PayloadEncoder::open(const RegisteredSchemaPtr& schema,
                                            PayloadEncoderOptions options) {
    if (const std::string_view lack = find_lack(*schema, options.framing); !lack.empty()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("messages of framing \"{}\" cannot be made: the "
                                              "schema {}",
                                              to_string(options.framing), lack)));
    }
    PayloadEncoder encoder;
    SYMBOLON_TRY(encoder.codec_, SchemaCodec::compile(schema, nullptr, options.json));
    if (options.framing == Framing::single_object) {
        const auto& avro = static_cast<const compat::avro::AvroSchema&>(*schema->parsed);
        SYMBOLON_TRY(encoder.fingerprint_, single_object_fingerprint(*avro.tree().root));
    }
    encoder.options_ = std::move(options);
    return encoder;
}

Result<EncodedPayload> PayloadEncoder::encode(std::string_view json_text) const {
    const RegisteredSchema& schema = *codec_->schema();
    SYMBOLON_TRY(std::string body, codec_->encode_message(options_.message_indexes, json_text));
    switch (options_.framing) {
        case Framing::confluent:
            return EncodedPayload{frame_confluent(schema.id, body)};
        case Framing::single_object:
            return EncodedPayload{frame_single_object(fingerprint_, body)};
        case Framing::envelope:
            return EncodedPayload{
                to_text(Envelope{schema.subject, schema.version, options_.event_type, body})};
        case Framing::confluent_guid:
            break;
        case Framing::container:
        case Framing::bare:
            return EncodedPayload{std::move(body)};
    }
    if (options_.guid_place == GuidPlace::before_body) {
        return EncodedPayload{frame_confluent_guid(schema.guid, body)};
    }
    std::size_t index_bytes = 0;
    if (schema.type == SchemaType::protobuf) {
        SYMBOLON_TRY(const auto indexes, parse_message_indexes(body));
        index_bytes = indexes.bytes;
    }
    EncodedPayload encoded{body.substr(index_bytes)};
    encoded.headers.emplace_back(
        schema_header_name(options_.part),
        make_guid_header(schema.guid, std::string_view(body).substr(0, index_bytes)));
    return encoded;
}

}  // namespace symbolon::client
