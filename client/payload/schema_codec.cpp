#include "client/payload/schema_codec.hpp"

#include "client/payload/schema_codec_parts.hpp"
#include "client/wire/payload_fault.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {
namespace {

std::string name_of(const RegisteredSchema& schema) {
    std::string name = schema.id.value() > 0 ? fmt::format("schema {}", schema.id.value())
                                             : std::string("the schema");
    if (!schema.subject.empty()) {
        name += fmt::format(" (subject {}, version {})", schema.subject, schema.version.value());
    }
    return name;
}

}  // namespace

Result<std::shared_ptr<const SchemaCodec>> SchemaCodec::compile(RegisteredSchemaPtr schema,
                                                                compat::SchemaPtr reader,
                                                                const AvroJsonOptions& options) {
    if (schema->parsed == nullptr) {
        return failure(make_payload_error(
            PayloadFault::schema_does_not_parse,
            fmt::format("{} does not parse: {}", name_of(*schema), schema->parse_error)));
    }
    if (reader != nullptr && reader->type() != schema->type) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("{} is of type {}, and the reader's schema of type {}", name_of(*schema),
                        to_string(schema->type), to_string(reader->type()))));
    }
    switch (schema->type) {
        case SchemaType::json:
            return compile_json_codec(std::move(schema), reader);
        case SchemaType::protobuf:
            return compile_protobuf_codec(std::move(schema), reader);
        case SchemaType::avro:
            break;
    }
    return compile_avro_codec(std::move(schema), std::move(reader), options);
}

Result<std::string> SchemaCodec::encode_message(std::span<const std::int32_t> indexes,
                                                std::string_view json_text) const {
    if (indexes.size() == 1 && indexes.front() == 0) {
        return encode_json(json_text);
    }
    return failure(make_error(ErrorCode::malformed_datum,
                              fmt::format("{} is of type {}: it has no messages to choose from",
                                          name_of(*schema()), to_string(schema()->type))));
}

}  // namespace symbolon::client
