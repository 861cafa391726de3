#include "compat/avro/avro_parse.hpp"
#include "compat/compat.hpp"
#include "compat/json_schema/json_schema.hpp"
#include "compat/protobuf/proto_schema.hpp"

namespace symbolon::compat {

Result<SchemaPtr> parse_schema(SchemaType type, std::string_view text,
                               std::span<const NamedText> references, Strictness strictness) {
    switch (type) {
        case SchemaType::avro:
            return avro::parse_avro(text, references, strictness);
        case SchemaType::json:
            return json::parse_json_schema(text, references);
        case SchemaType::protobuf:
            return protobuf::parse_protobuf(text, references, strictness);
    }
    return failure(make_error(ErrorCode::invalid_schema, "Invalid schema type"));
}

}  // namespace symbolon::compat
