#include "api/associations/association_lookups.hpp"
#include "api/rest/association_dto.hpp"
#include "api/rest/context_rewrite.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/error_body.hpp"
#include "api/rest/routes.hpp"
#include "core/limits.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

constexpr int multi_status = 207;
constexpr int no_content = 204;

/// Without associations, clients that ask get "none" (ASSOC-1); other routes are not there.
Status check_enabled(const Call& call) {
    if (!call.registry.settings().associations) {
        return failure(make_error(ErrorCode::route_not_found));
    }
    return {};
}

template <class List>
Result<Response> answer_list(const Call& call, const List& list) {
    SYMBOLON_TRY(const AssociationFilter filter, call.association_filter());
    SYMBOLON_TRY(const Page page, call.page());
    if (!call.registry.settings().associations) {
        return call.answer("[]");
    }
    auto found = call.registry.read([&](const Catalog& catalog) { return list(catalog, filter); });
    return call.answer(
        to_associations_body(take_page(std::move(found), page, limits::page_items_max)));
}

Result<AssociationOptions> parse_options(const Call& call) {
    AssociationOptions options;
    SYMBOLON_TRY(const bool dry_run, call.target.strict_flag("dryRun"));
    options.dry_run = dry_run ? DryRun::yes : DryRun::no;
    const auto context = call.target.find("context").value_or(std::string_view());
    if (!context.empty()) {
        SYMBOLON_TRY(options.context, parse_context_name(context));
    }
    return options;
}

Result<Response> change(const Call& call, const AssociationRequest& request) {
    SYMBOLON_TRY(const AssociationOptions options, parse_options(call));
    SYMBOLON_TRY(const auto answer, call.registry.change_associations(request, options));
    return call.answer(to_answer_body(answer));
}

/// Each item's own outcome: what went wrong with one does not touch the others.
template <class Ask>
Result<Response> answer_batch(const Call& call, std::string_view argument, const Ask& ask) {
    SYMBOLON_CHECK(check_enabled(call));
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, argument));
    SYMBOLON_TRY(const auto items, parse_association_batch(json));
    std::string body = R"({"results":[)";
    for (std::size_t at = 0; at < items.size(); ++at) {
        body += at > 0 ? "," : "";
        const Result<AssociationAnswer> answer = ask(*items[at].first, items[at].second);
        if (answer) {
            body += R"({"result":)" + to_answer_body(*answer) + "}";
        } else {
            const Response refusal = to_response(answer.error(), call.media_type, call.settings);
            body += R"({"error":)" + refusal.body + "}";
        }
    }
    Response response = call.answer(body + "]}");
    response.status = multi_status;
    return response;
}

}  // namespace

Result<AssociationFilter> Call::association_filter() const {
    AssociationFilter filter;
    const auto type = target.find("resourceType").value_or(std::string_view());
    if (!type.empty()) {
        filter.resource_type = type;
    }
    for (const std::string_view each : target.find_all("associationType")) {
        if (!each.empty()) {
            filter.association_types.emplace_back(each);
        }
    }
    for (const std::string_view each : target.find_all("lifecycle")) {
        const auto lifecycle = find_lifecycle(each);
        if (!lifecycle && each != "NONE" && !each.empty()) {
            return failure(make_error(ErrorCode::route_not_found));
        }
        if (!each.empty() && !filter.lifecycles) {
            filter.lifecycles.emplace();  // NONE: no association has it
        }
        if (lifecycle) {
            filter.lifecycles->push_back(*lifecycle);
        }
    }
    return filter;
}

Result<Response> get_associations_of_name(const Call& call) {
    return answer_list(call, [&](const Catalog& catalog, const AssociationFilter& filter) {
        return list_associations_of_name(catalog, call.parameter("namespace"),
                                         call.parameter("name"), filter);
    });
}

Result<Response> get_associations_of_subject(const Call& call) {
    return answer_list(call, [&](const Catalog& catalog, const AssociationFilter& filter) {
        return list_associations_of_subject(catalog, call.subject(catalog), filter);
    });
}

Result<Response> get_associations_of_resource(const Call& call) {
    return answer_list(call, [&](const Catalog& catalog, const AssociationFilter& filter) {
        return list_associations_of_resource(catalog, call.parameter("resourceId"), filter);
    });
}

Result<Response> post_associations(const Call& call) {
    SYMBOLON_CHECK(check_enabled(call));
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "createAssociation.request"));
    SYMBOLON_TRY(const auto request, parse_association_request(json, AssociationKind::create));
    return change(call, request);
}

Result<Response> put_associations(const Call& call) {
    SYMBOLON_CHECK(check_enabled(call));
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "updateAssociation.request"));
    SYMBOLON_TRY(auto request, parse_association_request(json, AssociationKind::upsert));
    const std::string_view id = call.parameter("resourceId");
    if (request.resource_id.empty()) {
        request.resource_id = id;
    } else if (request.resource_id != id) {
        return failure(make_error(ErrorCode::invalid_association, "resourceId",
                                  "it is not the one of the path"));
    }
    return change(call, request);
}

Result<Response> delete_associations(const Call& call) {
    SYMBOLON_CHECK(check_enabled(call));
    AssociationDeletion deletion;
    deletion.resource_id = call.parameter("resourceId");
    SYMBOLON_TRY(deletion.filter, call.association_filter());
    deletion.cascade = call.target.flag("cascadeLifecycle") ? Cascade::yes : Cascade::no;
    SYMBOLON_TRY(const bool dry_run, call.target.strict_flag("dryRun"));
    SYMBOLON_CHECK(call.registry.delete_associations(deletion, dry_run ? DryRun::yes : DryRun::no));
    Response response;
    response.status = no_content;
    return response;
}

Result<Response> post_association_batch_get(const Call& call) {
    const WithSchemas with_schemas =
        call.target.flag("includeSchemas") ? WithSchemas::yes : WithSchemas::no;
    return answer_batch(
        call, "batchGetAssociations.request",
        [&](const Json& json, const std::string& place) -> Result<AssociationAnswer> {
            SYMBOLON_TRY(const auto question, parse_association_question(json, place));
            return call.registry.read([&](const Catalog& catalog) {
                return get_associations(catalog, question, with_schemas);
            });
        });
}

Result<Response> post_association_batch_mutate(const Call& call) {
    SYMBOLON_TRY(const AssociationOptions options, parse_options(call));
    return answer_batch(
        call, "batchMutateAssociations.request",
        [&](const Json& json, const std::string& place) -> Result<AssociationAnswer> {
            SYMBOLON_TRY(const auto request, parse_association_mutation(json, place));
            return call.registry.change_associations(request, options);
        });
}

}  // namespace symbolon::rest
