// The schema that events are validated and encoded with, and how it is found: the latest of a
// subject, a version of it, or the one that equals a text.
//
// Example:  SYMBOLON_TRY(auto schema, find_event_schema({.subject = "orders-value"}, &registry));
// Errors:   malformed_request (neither subject nor text), invalid_schema, those of SchemaSource
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/event_validator_test.cpp
#pragma once

#include "client/registry_client/schema_source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace symbolon::client {

enum class Registration : std::uint8_t {
    look_up,  ///< the text must be registered already
    allowed,  ///< it is registered when it is not
};

struct EventSchemaChoice {
    std::string subject{};               ///< empty: the text is used as it is, and has no id
    WantedVersion version{};             ///< nullopt: the latest, or the one that equals `text`
    std::string text{};                  ///< empty: what the subject has
    SchemaType type = SchemaType::json;  ///< of `text`
    std::vector<Reference> references{};
    Registration registration = Registration::look_up;
};

/// `source` may be nullptr where no subject is named. The answer's `parsed` is there.
Result<RegisteredSchemaPtr> find_event_schema(const EventSchemaChoice& choice,
                                              SchemaSource* source);

}  // namespace symbolon::client
