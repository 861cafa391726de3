// The fingerprints that a schema is known by.
//
// Example:  find_fingerprints(*schema)->front().name == "CRC-64-AVRO"
// Errors:   invalid_schema, when a canonical text would be too long
// Threads:  any thread
// Source:   Avro 1.12 specification, "Schema Fingerprints" and "Single object encoding"
// Tested by tests/unit/gate/convert/schema_fingerprint_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/result.hpp"

#include <string>
#include <vector>

namespace symbolon::gate {

struct Fingerprint {
    std::string name{};  ///< "SHA-256 of the parsing form"
    std::string key{};   ///< for machines: "parsingFormSha256"
    std::string hex{};
};
/// Of an Avro schema those of its parsing canonical form, and of every schema those of the text
/// that a registry stores.
Result<std::vector<Fingerprint>> find_fingerprints(const compat::ParsedSchema& schema);

/// Avro's Parsing Canonical Form; malformed_request for schemas of other types.
Result<std::string> to_parsing_form(const compat::ParsedSchema& schema);

}  // namespace symbolon::gate
