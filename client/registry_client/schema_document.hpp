// A schema as a registry writes it in JSON, before its references are collected.
//
// Example:  SYMBOLON_TRY(auto document, parse_schema_document(json));
// Errors:   unavailable (not a registry's answer), invalid_schema (of an unknown type, or beyond a
//           bound)
// Threads:  values
// Limits:   schema_bytes_max, references_max
// Source:   REST contract 4.2 and 4.7
// Tested by tests/unit/client/registry_client/registry_client_test.cpp
#pragma once

#include "client/registry_client/schema_source.hpp"
#include "core/json.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct SchemaDocument {
    std::string subject{};
    Version version{};
    SchemaId id{};
    std::string guid{};
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};
    /// Of its metadata, which tell compatibility groups among others.
    std::map<std::string, std::string> properties{};
};

/// What `json` tells; what it leaves out is taken from `asked`.
Result<SchemaDocument> parse_schema_document(const Json& json, SchemaDocument asked = {});

/// The properties in metadata that `json` has as `member`; what is no text is left out.
std::map<std::string, std::string> properties_of(const Json& json, const char* member);

/// The body of a registration or look-up.
std::string to_registration_body(SchemaType type, std::string_view text,
                                 const std::vector<Reference>& references);

/// The reference's subject as seen from anywhere: a plain name means one of the same context as
/// `referrer`, a subject.
std::string subject_of(const Reference& reference, std::string_view referrer);

}  // namespace symbolon::client
