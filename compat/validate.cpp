#include "compat/validate.hpp"

#include "compat/json_schema/json_schema.hpp"

#include <cassert>

namespace symbolon::compat {

Result<std::shared_ptr<const JsonValidator>> validator_of(const ParsedSchema& schema,
                                                          Formats formats) {
    assert(schema.type() == SchemaType::json);
    return static_cast<const json::JsonSchema&>(schema).validator(formats);
}

}  // namespace symbolon::compat
