// The texts that are made of an Avro schema: stored, resolved and normalised.
//
// Errors:   invalid_schema, when a text would be too long or too deep, or cannot be normalised
// Threads:  any thread
// Limits:   schema_text_bytes_max, json_depth_max
// Source:   REST contract 4.2 and 4.3; avro-compat.md, "Texts"
// Tested by tests/unit/compat/avro_vectors_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <string>

namespace symbolon::compat::avro {

/// What the registry stores and returns: types that references are stay names.
Result<std::string> to_canonical_text(const AvroTree& tree);
/// The same with everything written out, from any node of a tree.
Result<std::string> to_resolved_text(const AvroNode& root);
/// The canonical text of the normalised schema.
Result<std::string> to_normalized_text(const AvroTree& tree, Strictness strictness);

}  // namespace symbolon::compat::avro
