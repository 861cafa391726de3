#include "api/associations/decide_associations.hpp"
#include "core/limits.hpp"

#include <set>

namespace symbolon {

namespace {

tl::unexpected<Error> bad_property(std::string_view property, std::string_view detail) {
    return failure(make_error(ErrorCode::invalid_association, property, detail));
}

Status check_text(std::string_view property, const std::string& text) {
    if (text.empty()) {
        return bad_property(property, "it must not be empty");
    }
    if (!check_scope_name({std::string(default_context), text})) {
        return bad_property(property, "it is reserved, too long, or has control characters");
    }
    return {};
}

// "-" means "any" in paths, so nothing may be called so.
Status check_resource_text(std::string_view property, const std::string& text) {
    SYMBOLON_CHECK(check_text(property, text));
    if (text == "-") {
        return bad_property(property, "'-' stands for any name");
    }
    return {};
}

Status check_operation(const AssociationOperation& operation) {
    const std::string& type = operation.association_type;
    if (type != key_association && type != value_association) {
        return bad_property("associationType", "it must be key or value");
    }
    if (operation.kind == AssociationOperation::Kind::remove) {
        return {};
    }
    if (operation.lifecycle == Lifecycle::weak) {
        if (operation.schema) {
            return bad_property("lifecycle", "WEAK does not go with a schema");
        }
        if (operation.frozen == true) {
            return bad_property("frozen", "a WEAK association cannot be frozen");
        }
    }
    return {};
}

}  // namespace

Status check_association_request(const AssociationRequest& request, DryRun dry_run) {
    SYMBOLON_CHECK(check_resource_text("resourceName", request.resource_name));
    SYMBOLON_CHECK(check_resource_text("resourceNamespace", request.resource_namespace));
    if (request.resource_namespace.find(':') != std::string::npos) {
        return bad_property("resourceNamespace", "it must not have a colon");
    }
    if (dry_run == DryRun::no || !request.resource_id.empty()) {
        SYMBOLON_CHECK(check_text("resourceId", request.resource_id));
    }
    if (request.resource_type != topic_resource) {
        return bad_property("resourceType", "it must be topic");
    }
    if (request.operations.empty()) {
        return bad_property("associations", "there must be one at least");
    }
    if (request.operations.size() > limits::association_operations_max) {
        return bad_property("associations", fmt::format("there are more than {}",
                                                        limits::association_operations_max));
    }
    for (const AssociationOperation& operation : request.operations) {
        SYMBOLON_CHECK(check_operation(operation));
    }
    return {};
}

}  // namespace symbolon
