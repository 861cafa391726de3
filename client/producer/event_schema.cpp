#include "client/producer/event_schema.hpp"

#include <memory>
#include <utility>

namespace symbolon::client {

namespace {

Result<RegisteredSchemaPtr> find_unchecked(const EventSchemaChoice& choice, SchemaSource* source) {
    if (choice.subject.empty() && choice.text.empty()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "name the schema of the events: a subject, or a schema file"));
    }
    if (choice.subject.empty()) {
        SYMBOLON_TRY(auto parsed, compat::parse_schema(choice.type, choice.text, {},
                                                       compat::Strictness::lenient));
        auto schema = std::make_shared<RegisteredSchema>();
        schema->type = choice.type;
        schema->text = choice.text;
        schema->parsed = std::move(parsed);
        return RegisteredSchemaPtr(std::move(schema));
    }
    if (source == nullptr) {
        return failure(
            make_error(ErrorCode::malformed_request, "a subject needs a registry that holds it"));
    }
    if (choice.text.empty()) {
        return source->find_version(choice.subject, choice.version);
    }
    if (choice.registration == Registration::allowed) {
        return source->register_schema(choice.subject, choice.type, choice.text, choice.references);
    }
    return source->find_same(choice.subject, choice.type, choice.text, choice.references);
}

}  // namespace

Result<RegisteredSchemaPtr> find_event_schema(const EventSchemaChoice& choice,
                                              SchemaSource* source) {
    SYMBOLON_TRY(auto schema, find_unchecked(choice, source));
    if (!schema->parsed) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("the schema of subject {} cannot be used: {}",
                                              choice.subject, schema->parse_error)));
    }
    return schema;
}

}  // namespace symbolon::client
