#include "client/registry_client/schema_document.hpp"

#include "core/limits.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace symbolon::client {

namespace {

Error strange(std::string_view what) {
    return make_error(ErrorCode::unavailable,
                      fmt::format("The registry's answer is not a schema: {}", what));
}

/// Takes a text member over; false when it is there and no text.
bool take_text(const Json& json, const char* name, std::string& target) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) {
        return true;
    }
    if (!found->is_string()) {
        return false;
    }
    target = found->get<std::string>();
    return true;
}

template <class Number>
bool take_number(const Json& json, const char* name, Number& target) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) {
        return true;
    }
    if (!found->is_number_integer()) {
        return false;
    }
    const auto value = found->get<std::int64_t>();
    if (value < 0 || value > std::numeric_limits<std::int32_t>::max()) {
        return false;
    }
    target = Number(static_cast<std::int32_t>(value));
    return true;
}

Status take_references(const Json& json, std::vector<Reference>& target) {
    const auto found = json.find("references");
    if (found == json.end() || found->is_null()) {
        return {};
    }
    if (!found->is_array()) {
        return failure(strange("references is no array"));
    }
    if (found->size() > limits::references_max) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("More than {} references", limits::references_max)));
    }
    target.clear();
    for (const auto& item : *found) {
        Reference reference;
        if (!item.is_object() || !take_text(item, "name", reference.name) ||
            !take_text(item, "subject", reference.subject) ||
            !take_number(item, "version", reference.version)) {
            return failure(strange("a reference has no name, subject and version"));
        }
        target.push_back(std::move(reference));
    }
    return {};
}

}  // namespace

std::map<std::string, std::string> properties_of(const Json& json, const char* member) {
    std::map<std::string, std::string> properties;
    const auto metadata = json.find(member);
    if (metadata == json.end() || !metadata->is_object()) {
        return properties;
    }
    const auto found = metadata->find("properties");
    if (found == metadata->end() || !found->is_object()) {
        return properties;
    }
    for (const auto& [name, value] : found->items()) {
        if (value.is_string()) {
            properties.emplace(name, value.get<std::string>());
        }
    }
    return properties;
}

Result<SchemaDocument> parse_schema_document(const Json& json, SchemaDocument asked) {
    SchemaDocument document = std::move(asked);
    std::string type(to_string(document.type));
    if (!take_text(json, "subject", document.subject) || !take_text(json, "guid", document.guid) ||
        !take_text(json, "schemaType", type) || !take_text(json, "schema", document.text) ||
        !take_number(json, "version", document.version) || !take_number(json, "id", document.id)) {
        return failure(strange("a member is of another JSON type"));
    }
    if (document.text.empty()) {
        return failure(strange("it has no member \"schema\""));
    }
    const auto found = find_schema_type(type);
    if (!found) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("Schemas of type '{}' are unknown here", type)));
    }
    document.type = *found;
    if (document.text.size() > limits::schema_bytes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("The schema is longer than {} bytes", limits::schema_bytes_max)));
    }
    SYMBOLON_CHECK(take_references(json, document.references));
    document.properties = properties_of(json, "metadata");
    return document;
}

std::string to_registration_body(SchemaType type, std::string_view text,
                                 const std::vector<Reference>& references) {
    Json body{{"schema", text}, {"schemaType", to_string(type)}};
    for (const auto& reference : references) {
        body["references"].push_back({{"name", reference.name},
                                      {"subject", reference.subject},
                                      {"version", reference.version}});
    }
    return to_text(body);
}

std::string subject_of(const Reference& reference, std::string_view referrer) {
    if (reference.subject.starts_with(":.") || !referrer.starts_with(":.")) {
        return reference.subject;
    }
    const auto end = referrer.find(':', 1);
    return end == std::string_view::npos
               ? reference.subject
               : std::string(referrer.substr(0, end + 1)) + reference.subject;
}

}  // namespace symbolon::client
