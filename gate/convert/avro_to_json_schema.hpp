// An Avro schema as the JSON Schema of its data in JSON: in Avro's own encoding, or plain.
//
// A datum is valid by the one exactly when it is by the other, written as JSON; but readers of
// plain JSON also take a union's value in Avro's encoding. Every named type is a definition.
//
// Example:  SYMBOLON_TRY(const auto converted, to_json_schema(tree, JsonEncoding::avro));
// Errors:   invalid_schema: too large
// Threads:  any thread
// Limits:   converted_nodes_max
// Source:   Avro 1.12 specification, "JSON Encoding"; JSON Schema draft-07
// Tested by tests/unit/gate/convert/avro_to_json_schema_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <string>
#include <vector>

namespace symbolon::gate {

enum class JsonEncoding {
    avro,   ///< a union's value is {"branch": value}; bytes are texts of U+0000 to U+00FF
    plain,  ///< a union's value stands for itself; bytes are base64
};

struct ConvertedSchema {
    Json schema{};
    std::vector<std::string> notes{};  ///< what the text no longer says; data are not concerned
};
Result<ConvertedSchema> to_json_schema(const compat::avro::AvroTree& tree, JsonEncoding encoding);

}  // namespace symbolon::gate
