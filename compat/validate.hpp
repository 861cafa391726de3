// The door to the validator of data: what a JSON Schema asks of a datum.
//
// Example:  SYMBOLON_TRY(const auto validator, validator_of(*schema, Formats::annotate));
//           SYMBOLON_TRY(const auto errors, validator->validate(R"({"age":12})"));
// Errors:   invalid_schema; those of compat/json_schema/json_validator.hpp
// Threads:  any thread; a schema's validator is made once and kept with it
// Source:   docs/api_beyond.md
// Tested by tests/unit/compat/validate_test.cpp
#pragma once

#include "compat/json_schema/json_validator.hpp"
#include "compat/parsed_schema.hpp"

#include <memory>

namespace symbolon::compat {

using json::Formats;
using json::JsonValidator;
using json::ValidationError;

/// REQUIRES: schema.type() is JSON Schema.
Result<std::shared_ptr<const JsonValidator>> validator_of(const ParsedSchema& schema,
                                                          Formats formats);

}  // namespace symbolon::compat
