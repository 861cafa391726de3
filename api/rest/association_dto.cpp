#include "api/rest/association_dto.hpp"

#include "api/rest/body_fields.hpp"
#include "api/rest/dto.hpp"
#include "core/limits.hpp"

#include <optional>

namespace symbolon::rest {

namespace {

tl::unexpected<Error> refused_member(std::string_view property, std::string_view detail) {
    return failure(make_error(ErrorCode::invalid_association, property, detail));
}

Result<std::optional<Lifecycle>> parse_lifecycle(const BodyFields& fields) {
    SYMBOLON_TRY(const auto text, fields.text("lifecycle"));
    if (!text) {
        return std::nullopt;
    }
    const auto lifecycle = find_lifecycle(*text);
    if (!lifecycle) {
        return refused_member("lifecycle", "it must be STRONG or WEAK");
    }
    return lifecycle;
}

Result<AssociationKind> parse_kind(const BodyFields& fields) {
    SYMBOLON_TRY(const std::string text, fields.text_or_empty("opType"));
    if (text == "CREATE") {
        return AssociationKind::create;
    }
    if (text == "UPSERT") {
        return AssociationKind::upsert;
    }
    if (text == "DELETE") {
        return AssociationKind::remove;
    }
    return refused_member("opType", "it must be CREATE, UPSERT or DELETE");
}

Result<AssociationOperation> parse_operation(const BodyFields& fields, AssociationKind kind) {
    AssociationOperation operation;
    operation.kind = kind;
    SYMBOLON_TRY(operation.subject, fields.text("subject"));
    SYMBOLON_TRY(const std::string type, fields.text_or_empty("associationType"));
    if (!type.empty()) {
        operation.association_type = type;
    }
    SYMBOLON_TRY(operation.lifecycle, parse_lifecycle(fields));
    SYMBOLON_TRY(operation.frozen, fields.flag("frozen"));
    if (const Json* schema = fields.find("schema")) {
        SYMBOLON_CHECK(BodyFields::open(*schema, fields.place_of("schema")));
        SYMBOLON_TRY(operation.schema, parse_schema_request(*schema));
    }
    SYMBOLON_TRY(const auto normalize, fields.flag("normalize"));
    operation.normalize = normalize.value_or(false);
    return operation;
}

/// The members that name a resource; `Target` has them under the same names.
template <class Target>
Status parse_resource(const BodyFields& fields, Target& target, std::string& resource_type) {
    SYMBOLON_TRY(target.resource_name, fields.text_or_empty("resourceName"));
    SYMBOLON_TRY(target.resource_namespace, fields.text_or_empty("resourceNamespace"));
    SYMBOLON_TRY(target.resource_id, fields.text_or_empty("resourceId"));
    SYMBOLON_TRY(const std::string type, fields.text_or_empty("resourceType"));
    if (!type.empty()) {
        resource_type = type;
    }
    return {};
}

Result<AssociationRequest> parse_request(const Json& json, const std::string& place,
                                         std::optional<AssociationKind> kind) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, place));
    AssociationRequest request;
    SYMBOLON_CHECK(parse_resource(fields, request, request.resource_type));
    SYMBOLON_TRY(const auto items, fields.items("associations"));
    for (const auto& [item, item_place] : items) {
        SYMBOLON_TRY(const BodyFields members, BodyFields::open(*item, item_place));
        AssociationKind own_kind = kind.value_or(AssociationKind::create);
        if (!kind) {
            SYMBOLON_TRY(own_kind, parse_kind(members));
        }
        SYMBOLON_TRY(auto operation, parse_operation(members, own_kind));
        request.operations.push_back(std::move(operation));
    }
    return request;
}

/// What is not so needs no words: only a WEAK one says that it is not frozen.
bool tells_frozen(const Association& association) {
    return association.frozen || association.lifecycle == Lifecycle::weak;
}

void append_detail(std::string& out, const AssociationDetail& detail) {
    const Association& association = *detail.association;
    ObjectText object(out);
    object.text("subject", to_text(association.subject));
    object.text("associationType", association.key.association_type);
    object.text("lifecycle", to_string(association.lifecycle));
    if (tells_frozen(association)) {
        object.flag("frozen", association.frozen);
    }
    if (detail.schema) {
        std::string schema;
        append_schema(schema, *detail.schema, {detail.schema->content->text});
        object.raw("schema", schema);
    }
    object.close();
}

void add_unless_empty(ObjectText& object, std::string_view name, const std::string& text) {
    if (!text.empty()) {
        object.text(name, text);
    }
}

}  // namespace

Result<AssociationRequest> parse_association_request(const Json& json, AssociationKind kind) {
    return parse_request(json, "", kind);
}

Result<AssociationRequest> parse_association_mutation(const Json& json, const std::string& place) {
    return parse_request(json, place, std::nullopt);
}

Result<AssociationQuestion> parse_association_question(const Json& json, const std::string& place) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, place));
    AssociationQuestion question;
    SYMBOLON_CHECK(parse_resource(fields, question, question.filter.resource_type));
    SYMBOLON_TRY(question.filter.association_types, fields.texts("associationTypes"));
    SYMBOLON_TRY(const auto lifecycle, parse_lifecycle(fields));
    if (lifecycle) {
        question.filter.lifecycles = {*lifecycle};
    }
    return question;
}

Result<std::vector<std::pair<const Json*, std::string>>> parse_association_batch(const Json& json) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, ""));
    SYMBOLON_TRY(auto items, fields.items("requests"));
    if (items.empty()) {
        return refused_member("requests", "there must be one at least");
    }
    if (items.size() > limits::association_requests_max) {
        return refused_member(
            "requests", fmt::format("there are more than {}", limits::association_requests_max));
    }
    return items;
}

void append_association(std::string& out, const Association& association) {
    ObjectText object(out);
    object.text("subject", to_text(association.subject));
    object.text("guid", to_text(association.guid));
    object.text("resourceName", association.resource_name);
    object.text("resourceNamespace", association.resource_namespace);
    object.text("resourceId", association.key.resource_id);
    object.text("resourceType", association.key.resource_type);
    object.text("associationType", association.key.association_type);
    object.text("lifecycle", to_string(association.lifecycle));
    if (tells_frozen(association)) {
        object.flag("frozen", association.frozen);
    }
    object.number("createTs", association.create_ts);
    object.number("updateTs", association.update_ts);
    object.close();
}

std::string to_associations_body(const std::vector<AssociationPtr>& associations) {
    std::string out = "[";
    for (const AssociationPtr& association : associations) {
        out += out.size() > 1 ? "," : "";
        append_association(out, *association);
    }
    return out + "]";
}

std::string to_answer_body(const AssociationAnswer& answer) {
    std::string out;
    ObjectText object(out);
    add_unless_empty(object, "resourceName", answer.resource_name);
    add_unless_empty(object, "resourceNamespace", answer.resource_namespace);
    add_unless_empty(object, "resourceId", answer.resource_id);
    add_unless_empty(object, "resourceType", answer.resource_type);
    if (!answer.associations.empty()) {
        std::string associations = "[";
        for (const AssociationDetail& detail : answer.associations) {
            associations += associations.size() > 1 ? "," : "";
            append_detail(associations, detail);
        }
        object.raw("associations", associations + "]");
    }
    object.close();
    return out;
}

}  // namespace symbolon::rest
