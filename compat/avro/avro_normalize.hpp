// The first half of normalisation: a text with full names and sorted properties.
//
// Errors:   invalid_schema, where the reference fails too
// Threads:  any thread
// Limits:   schema_text_bytes_max, json_depth_max
// Source:   avro-compat.md, "Texts" 2
// Tested by tests/unit/compat/avro_vectors_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <string>

namespace symbolon::compat::avro {

/// A schema text that is to be parsed and written canonically; keys in it may be repeated, and its
/// property names are not escaped, as in the reference.
Result<std::string> to_loose_text(const AvroTree& tree);

}  // namespace symbolon::compat::avro
