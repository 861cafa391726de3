// Where the schemas of data come from: the registry client, or what a test puts in its place.
//
// Example:  SYMBOLON_TRY(auto schema, source.find_by_id(SchemaId{7}));
// Errors:   schema_not_found (also: subject or version), not_authorised, incompatible_schema,
//           invalid_schema, unavailable (after retries)
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/registry_client/registry_client_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/ids.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

/// A schema as the registry holds it, with the texts of all that it refers to. Immutable.
struct RegisteredSchema {
    std::string subject{};  ///< empty when it was looked up by id and the registry names none
    Version version{};      ///< 0 likewise
    SchemaId id{};          ///< 0 when it was looked up by GUID
    std::string guid{};     ///< 36 characters; empty when the registry tells none
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};
    /// In order of dependency, as compat::parse_schema wants them.
    std::vector<compat::NamedText> reference_texts{};
    /// Parsed leniently; nullptr when it does not parse, and then parse_error says why.
    compat::SchemaPtr parsed{};
    std::string parse_error{};
};

using RegisteredSchemaPtr = std::shared_ptr<const RegisteredSchema>;

/// A version by number; nullopt means the latest.
using WantedVersion = std::optional<Version>;

class SchemaSource {
public:
    SchemaSource() = default;
    SchemaSource(const SchemaSource&) = delete;
    SchemaSource& operator=(const SchemaSource&) = delete;
    SchemaSource(SchemaSource&&) = delete;
    SchemaSource& operator=(SchemaSource&&) = delete;
    virtual ~SchemaSource() = default;

    virtual Result<RegisteredSchemaPtr> find_by_id(SchemaId id) = 0;
    virtual Result<RegisteredSchemaPtr> find_by_guid(std::string_view guid) = 0;
    virtual Result<RegisteredSchemaPtr> find_version(std::string_view subject,
                                                     WantedVersion version) = 0;
    /// The level in force for the subject: GET /schemas/{name}/versions/{version}/compatibility.
    virtual Result<compat::Level> find_level(std::string_view subject, WantedVersion version) = 0;
    /// The registered schema that equals this text. Stores nothing.
    virtual Result<RegisteredSchemaPtr> find_same(std::string_view subject, SchemaType type,
                                                  std::string_view text,
                                                  const std::vector<Reference>& references) = 0;
    /// Registers the text, or finds that it is registered.
    virtual Result<RegisteredSchemaPtr> register_schema(
        std::string_view subject, SchemaType type, std::string_view text,
        const std::vector<Reference>& references) = 0;
};

}  // namespace symbolon::client
