// One registered schema, of any of the three types, as bytes of its data to JSON text and back.
//
// Avro data become plain JSON as the options say, resolved into a reader schema where one is given.
// Data of a JSON Schema are JSON already: they are validated. Protobuf messages become and are read
// from the JSON of Protocol Buffers (client/codec/protobuf_codec.hpp); a reader schema takes the
// place of the writer's, since Protobuf resolves by numbers.
//
// Example:  SYMBOLON_TRY(const auto codec, SchemaCodec::compile(schema));
//           SYMBOLON_TRY(const std::size_t used, codec->append_json(body, json));
// Errors:   invalid_schema, when the schema does not parse or cannot be used; malformed_datum, with
//           the offset and field, or the JSON Pointer, where a datum does not fit
// Units:    bytes
// Threads:  immutable; any thread
// Limits:   datum_bytes_max, and those of the codecs
// Source:   docs/clients.md
// Tested by tests/unit/client/payload/schema_codec_test.cpp
#pragma once

#include "client/codec/avro_json.hpp"
#include "client/registry_client/schema_source.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::client {

class SchemaCodec {
public:
    static Result<std::shared_ptr<const SchemaCodec>> compile(RegisteredSchemaPtr schema,
                                                              compat::SchemaPtr reader = nullptr,
                                                              const AvroJsonOptions& options = {});

    SchemaCodec() = default;
    SchemaCodec(const SchemaCodec&) = delete;
    SchemaCodec& operator=(const SchemaCodec&) = delete;
    SchemaCodec(SchemaCodec&&) = delete;
    SchemaCodec& operator=(SchemaCodec&&) = delete;
    virtual ~SchemaCodec() = default;

    /// Appends one line of JSON. `body` is what follows the framing, of Protobuf with its message
    /// indexes. Answers the bytes used: all of them but for Avro, where something may follow.
    Result<std::size_t> append_json(std::string_view body, std::string& out) const {
        return append_json({}, body, out);
    }
    /// The same with the message indexes elsewhere, as in a header; empty: they are in the body.
    virtual Result<std::size_t> append_json(std::string_view index_bytes, std::string_view body,
                                            std::string& out) const = 0;

    /// The body for the framing, of Protobuf the first message with its message indexes.
    virtual Result<std::string> encode_json(std::string_view json_text) const = 0;
    /// Of another message of a Protobuf schema than the first. Other types: malformed_datum.
    virtual Result<std::string> encode_message(std::span<const std::int32_t> indexes,
                                               std::string_view json_text) const;

    virtual const RegisteredSchemaPtr& schema() const = 0;
};

}  // namespace symbolon::client
