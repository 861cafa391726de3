// Messages of a Protobuf schema to their JSON and back.
//
// The JSON is that of Protocol Buffers: names in lowerCamelCase or as `json_name` says, 64-bit
// integers as texts, bytes as base64, enums by name, well-known types in their own forms; fields
// that are not set are left out, and groups are objects. Fields that the schema does not know are
// passed over.
//
// The path to a message counts as the reference and protobuf-es do: top-level messages, then those
// nested in them, without the entry types that map fields have.
//
// Example:  SYMBOLON_TRY(const auto codec, ProtobufCodec::compile(schema, indexes));
//           SYMBOLON_CHECK(codec->append_json(bytes, json));
// Errors:   compile: malformed_datum when the indexes lead nowhere, invalid_schema when libprotobuf
//           refuses the types; else malformed_datum with a DatumErrorDetail
// Units:    bytes
// Threads:  immutable; any thread
// Limits:   datum_bytes_max, protobuf_depth_max, protobuf_memory_bytes_max,
//           protobuf_pool_types_max, protobuf_pool_members_max
// Source:   Protocol Buffers, "Encoding" and "ProtoJSON format"
// Tested by tests/unit/client/codec/protobuf_codec_test.cpp
#pragma once

#include "compat/parsed_schema.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::client {

class ProtobufCodec {
public:
    /// REQUIRES: schema->type() is Protobuf.
    static Result<std::shared_ptr<const ProtobufCodec>> compile(
        const compat::SchemaPtr& schema, std::span<const std::int32_t> indexes);

    struct Parts;
    explicit ProtobufCodec(std::unique_ptr<Parts> parts);
    ~ProtobufCodec();
    ProtobufCodec(const ProtobufCodec&) = delete;
    ProtobufCodec& operator=(const ProtobufCodec&) = delete;
    ProtobufCodec(ProtobufCodec&&) = delete;
    ProtobufCodec& operator=(ProtobufCodec&&) = delete;

    /// Appends the message as one line of JSON; after an error `out` is as it was.
    Status append_json(std::string_view bytes, std::string& out) const;
    /// The bytes of a message, without indexes. A member that no field is called like is an error.
    Result<std::string> encode_json(std::string_view json_text) const;
    /// In full, such as "sales.Order.Line".
    const std::string& message_name() const;

private:
    std::unique_ptr<const Parts> parts_;
};

}  // namespace symbolon::client
