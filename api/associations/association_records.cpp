#include "api/associations/association_records.hpp"

#include "core/json.hpp"

#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> bad_association(std::string_view key_text, std::string_view why) {
    return failure(
        make_error(ErrorCode::store_failed,
                   fmt::format("The stored record '{}' cannot be read: {}", key_text, why)));
}

std::string text_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_in(const Json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

std::vector<std::string> to_key_parts(const AssociationKey& key) {
    return {key.resource_id, key.resource_type, key.association_type};
}

AssociationKey to_association_key(const std::vector<std::string>& parts) {
    return {parts.at(0), parts.at(1), parts.at(2)};
}

std::string association_value(const Association& association) {
    return to_text(Json{{"resourceId", association.key.resource_id},
                        {"resourceType", association.key.resource_type},
                        {"associationType", association.key.association_type},
                        {"resourceName", association.resource_name},
                        {"resourceNamespace", association.resource_namespace},
                        {"context", association.subject.context},
                        {"subject", association.subject.name},
                        {"guid", to_text(association.guid)},
                        {"lifecycle", to_string(association.lifecycle)},
                        {"frozen", association.frozen},
                        {"createTs", association.create_ts},
                        {"updateTs", association.update_ts}});
}

Result<AssociationPtr> parse_association_value(std::string_view key_text, AssociationKey key,
                                               std::string_view value) {
    const auto json = parse_json(value);
    if (!json || !json->is_object()) {
        return bad_association(key_text, "it is not a JSON object");
    }
    const auto lifecycle = find_lifecycle(text_in(*json, "lifecycle"));
    const auto guid = find_guid(text_in(*json, "guid"));
    if (!lifecycle || !guid || !json->contains("subject") || !json->contains("context")) {
        return bad_association(key_text, "it lacks lifecycle, guid, context or subject");
    }
    Association association;
    association.key = std::move(key);
    association.resource_name = text_in(*json, "resourceName");
    association.resource_namespace = text_in(*json, "resourceNamespace");
    association.subject = {text_in(*json, "context"), text_in(*json, "subject")};
    association.guid = *guid;
    association.lifecycle = *lifecycle;
    association.frozen = json->contains("frozen") && (*json)["frozen"] == true;
    association.create_ts = number_in(*json, "createTs");
    association.update_ts = number_in(*json, "updateTs");
    return std::make_shared<const Association>(std::move(association));
}

}  // namespace symbolon
