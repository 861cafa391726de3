#include "api/rest/routes.hpp"

#include "api/lookups.hpp"

#include <cassert>
#include <utility>

namespace symbolon::rest {

namespace {

constexpr std::array routes{
    Route{Method::get, "/subjects", Pace::slow, "listSubjects", get_subjects},
    Route{Method::post, "/subjects/{subject}", Pace::slow, "lookUpSchema", post_subject},
    Route{Method::del, "/subjects/{subject}", Pace::slow, "deleteSubject", delete_subject},
    Route{Method::get, "/subjects/{subject}/metadata", Pace::slow, "getSchemaWithMetadata",
          get_subject_metadata},
    Route{Method::get, "/subjects/{subject}/versions", Pace::quick, "listVersions", get_versions},
    Route{Method::get, "/subjects/{subject}/versions/{version}", Pace::hot, "getVersion",
          get_version},
    Route{Method::post, "/subjects/{subject}/versions", Pace::slow, "registerSchema", post_version},
    Route{Method::del, "/subjects/{subject}/versions/{version}", Pace::slow, "deleteVersion",
          delete_version},
    Route{Method::get, "/subjects/{subject}/versions/{version}/schema", Pace::hot, "getVersionText",
          get_version_text},
    Route{Method::get, "/subjects/{subject}/versions/{version}/referencedby", Pace::slow,
          "listReferrers", get_referrers},
    Route{Method::post, "/subjects/{subject}/versions/{version}/tags", Pace::slow,
          "modifySchemaTags", post_tags},
    Route{Method::get, "/schemas", Pace::slow, "listSchemas", get_schemas},
    Route{Method::get, "/schemas/ids/{id}", Pace::hot, "getSchemaById", get_schema_of_id},
    Route{Method::get, "/schemas/ids/{id}/schema", Pace::hot, "getSchemaTextById", get_text_of_id},
    Route{Method::get, "/schemas/ids/{id}/subjects", Pace::slow, "listSubjectsOfId",
          get_subjects_of_id},
    Route{Method::get, "/schemas/ids/{id}/versions", Pace::slow, "listVersionsOfId",
          get_versions_of_id},
    Route{Method::get, "/schemas/guids/{guid}", Pace::hot, "getSchemaByGuid", get_schema_of_guid},
    Route{Method::get, "/schemas/guids/{guid}/ids", Pace::quick, "listIdsOfGuid", get_ids_of_guid},
    Route{Method::get, "/schemas/types", Pace::quick, "listSchemaTypes", get_schema_types},
    Route{Method::get, "/schemas/{subject}/versions/{version}", Pace::hot, "getConsumerSchema",
          get_consumer_schema},
    Route{Method::get, "/schemas/{subject}/versions/{version}/compatibility", Pace::hot,
          "getConsumerLevel", get_consumer_level},
    Route{Method::get, "/deleted", Pace::slow, "listDeleted", get_deleted},
    Route{Method::post, "/subjects/{subject}/undelete", Pace::slow, "undeleteSubject",
          undelete_subject},
    Route{Method::post, "/subjects/{subject}/versions/{version}/undelete", Pace::slow,
          "undeleteVersion", undelete_version},
    Route{Method::get, "/retention/expired", Pace::slow, "listExpired", get_expired},
    Route{Method::post, "/compatibility/subjects/{subject}/versions/{version}", Pace::slow,
          "checkCompatibilityWithVersion", post_check_with_version},
    Route{Method::post, "/compatibility/subjects/{subject}/versions", Pace::slow,
          "checkCompatibility", post_check_with_history},
    Route{Method::post, "/validate/subjects/{subject}/versions/{version}", Pace::slow,
          "validateDatumOfVersion", post_datum_of_version},
    Route{Method::post, "/validate/schemas/ids/{id}", Pace::slow, "validateDatumOfId",
          post_datum_of_id},
    Route{Method::post, "/bundles", Pace::slow, "registerBundle", post_bundle},
    Route{Method::post, "/plans", Pace::slow, "applyPlan", post_plan},
    Route{Method::get, "/config", Pace::quick, "getGlobalConfig", get_global_config},
    Route{Method::put, "/config", Pace::slow, "updateGlobalConfig", put_global_config},
    Route{Method::del, "/config", Pace::slow, "deleteGlobalConfig", delete_global_config},
    Route{Method::get, "/config/{subject}", Pace::quick, "getSubjectConfig", get_subject_config},
    Route{Method::put, "/config/{subject}", Pace::slow, "updateSubjectConfig", put_subject_config},
    Route{Method::del, "/config/{subject}", Pace::slow, "deleteSubjectConfig",
          delete_subject_config},
    Route{Method::get, "/mode", Pace::quick, "getGlobalMode", get_global_mode},
    Route{Method::put, "/mode", Pace::slow, "updateGlobalMode", put_global_mode},
    Route{Method::del, "/mode", Pace::slow, "deleteGlobalMode", delete_global_mode},
    Route{Method::get, "/mode/{subject}", Pace::quick, "getSubjectMode", get_subject_mode},
    Route{Method::put, "/mode/{subject}", Pace::slow, "updateSubjectMode", put_subject_mode},
    Route{Method::del, "/mode/{subject}", Pace::slow, "deleteSubjectMode", delete_subject_mode},
    Route{Method::get, "/contexts", Pace::quick, "listContexts", get_contexts},
    Route{Method::del, "/contexts/{context}", Pace::slow, "deleteContext", delete_context},
    Route{Method::get, "/changes", Pace::following, "listChanges", get_changes, MediaTypes::own},
    Route{Method::get, "/v1/metadata/id", Pace::quick, "getClusterId", get_cluster_id},
    Route{Method::get, "/v1/metadata/version", Pace::quick, "getServerVersion", get_server_version},
    Route{Method::get, "/v1/metadata/deployment", Pace::quick, "getDeployment", get_deployment},
    Route{Method::get, "/", Pace::quick, "getRoot", answer_root},
    Route{Method::post, "/", Pace::quick, "postRoot", answer_root},
    Route{Method::get, "/associations/resources/{namespace}/{name}", Pace::quick,
          "listAssociationsOfName", get_associations_of_name},
    Route{Method::get, "/associations/subjects/{subject}", Pace::quick, "listAssociationsOfSubject",
          get_associations_of_subject},
    Route{Method::get, "/associations/resources/{resourceId}", Pace::quick,
          "listAssociationsOfResource", get_associations_of_resource},
    Route{Method::post, "/associations", Pace::slow, "createAssociations", post_associations},
    Route{Method::put, "/associations/resources/{resourceId}", Pace::slow, "updateAssociations",
          put_associations},
    Route{Method::del, "/associations/resources/{resourceId}", Pace::slow, "deleteAssociations",
          delete_associations},
    Route{Method::post, "/associations:batchGet", Pace::slow, "batchGetAssociations",
          post_association_batch_get},
    Route{Method::post, "/associations:batchMutate", Pace::slow, "batchMutateAssociations",
          post_association_batch_mutate},
    Route{Method::get, "/usage/schemas/{id}", Pace::quick, "getUsageOfSchema", get_usage_of_schema},
    Route{Method::get, "/usage/subjects/{subject}", Pace::slow, "getUsageOfSubject",
          get_usage_of_subject},
    Route{Method::get, "/subjects/{subject}/deletion-preview", Pace::slow, "previewDeletion",
          get_deletion_preview},
    Route{Method::get, "/catalog/subjects", Pace::slow, "findSubjects", get_catalog_subjects},
    Route{Method::get, "/openapi.yaml", Pace::quick, "getOpenapiYaml", get_openapi_yaml,
          MediaTypes::own},
    Route{Method::get, "/openapi.json", Pace::quick, "getOpenapiJson", get_openapi_json,
          MediaTypes::own},
    Route{Method::get, "/docs", Pace::quick, "getDocs", get_docs, MediaTypes::own},
    Route{Method::get, "/dek-registry/v1/keks", Pace::quick, "listKeks", get_keks},
    Route{Method::post, "/dek-registry/v1/keks", Pace::slow, "createKek", post_kek},
    Route{Method::get, "/dek-registry/v1/keks/{name}", Pace::quick, "getKek", get_kek_by_name},
    Route{Method::put, "/dek-registry/v1/keks/{name}", Pace::slow, "updateKek", put_kek},
    Route{Method::del, "/dek-registry/v1/keks/{name}", Pace::slow, "deleteKek", delete_kek},
    Route{Method::post, "/dek-registry/v1/keks/{name}/undelete", Pace::slow, "undeleteKek",
          undelete_kek},
    Route{Method::post, "/dek-registry/v1/keks/{name}/test", Pace::quick, "testKek", post_kek_test},
    Route{Method::get, "/dek-registry/v1/keks/{name}/deks", Pace::quick, "listDekSubjects",
          get_dek_subjects},
    Route{Method::post, "/dek-registry/v1/keks/{name}/deks", Pace::slow, "createDekOfBody",
          post_dek_by_body},
    Route{Method::post, "/dek-registry/v1/keks/{name}/deks/{subject}", Pace::slow, "createDek",
          post_dek},
    Route{Method::get, "/dek-registry/v1/keks/{name}/deks/{subject}", Pace::quick, "getFirstDek",
          get_first_dek},
    Route{Method::get, "/dek-registry/v1/keks/{name}/deks/{subject}/versions", Pace::quick,
          "listDekVersions", get_dek_versions},
    Route{Method::get, "/dek-registry/v1/keks/{name}/deks/{subject}/versions/{version}",
          Pace::quick, "getDek", get_dek_version},
    Route{Method::del, "/dek-registry/v1/keks/{name}/deks/{subject}", Pace::slow, "deleteDeks",
          delete_deks},
    Route{Method::del, "/dek-registry/v1/keks/{name}/deks/{subject}/versions/{version}", Pace::slow,
          "deleteDek", delete_dek_version},
    Route{Method::post, "/dek-registry/v1/keks/{name}/deks/{subject}/undelete", Pace::slow,
          "undeleteDeks", undelete_deks},
    Route{Method::post, "/dek-registry/v1/keks/{name}/deks/{subject}/versions/{version}/undelete",
          Pace::slow, "undeleteDek", undelete_dek_version},
    Route{Method::get, "/health/live", Pace::quick, "getLiveness", get_liveness},
    Route{Method::get, "/health/ready", Pace::slow, "getReadiness", get_readiness},
};

}  // namespace

std::span<const Route> route_table() {
    return routes;
}

bool Route::matches(const RequestTarget& target) const {
    if (target.size() != part_count) {
        return false;
    }
    for (std::size_t at = 0; at < part_count; ++at) {
        if (!is_parameter(parts[at]) && parts[at] != target.segment(at)) {
            return false;
        }
    }
    return true;
}

std::string_view Call::parameter(std::string_view name) const {
    for (std::size_t at = 0; at < route.part_count; ++at) {
        const std::string_view part = route.parts[at];
        if (Route::is_parameter(part) && part.substr(1, part.size() - 2) == name) {
            return target.segment(at);
        }
    }
    assert(false && "the route has no such parameter");
    return {};
}

SubjectName Call::subject(const Catalog& catalog) const {
    return resolve_alias(catalog, scope());
}

SubjectName Call::subject() const {
    return registry.read([this](const Catalog& catalog) { return subject(catalog); });
}

SubjectName Call::scope() const {
    return parse_subject(parameter("subject"));
}

std::optional<SubjectName> Call::subject_filter(const Catalog& catalog) const {
    const auto text = target.find("subject");
    if (!text || text->empty()) {
        return std::nullopt;
    }
    return resolve_alias(catalog, parse_subject(*text));
}

Result<SchemaId> Call::schema_id() const {
    const auto number = find_int32(parameter("id"));
    if (!number) {
        return failure(make_error(ErrorCode::route_not_found));
    }
    return SchemaId{*number};
}

Result<VersionChoice> Call::version() const {
    return parse_version_choice(parameter("version"));
}

View Call::view() const {
    if (target.flag("deletedOnly")) {
        return View::only_deleted;
    }
    return target.flag("deleted") ? View::with_deleted : View::live;
}

Result<Page> Call::page() const {
    SYMBOLON_TRY(const std::int32_t offset, target.number("offset", 0));
    SYMBOLON_TRY(const std::int32_t limit, target.number("limit", -1));
    return Page{offset, limit};
}

Result<std::optional<std::string>> Call::formatted_text(const SchemaContent& content,
                                                        std::string_view context) const {
    const auto name = target.find("format");
    const TextFormat format =
        name ? compat::find_text_format(content.type, *name) : TextFormat::stored;
    if (format == TextFormat::stored) {
        return std::nullopt;
    }
    SYMBOLON_TRY(std::string text, registry.text_of(content, context, format));
    return std::optional(std::move(text));
}

bool caller_is_administrator(const Call& /*call*/) {
    return true;
}

Retention retention_of(const Call& call) {
    return call.target.flag("force") && caller_is_administrator(call) ? Retention::overridden
                                                                      : Retention::guarded;
}

Response Call::answer(std::string body) const {
    Response response;
    response.content_type = media_type;
    response.body = std::move(body);
    return response;
}

void Call::serves(const SubjectVersion& version) const {
    served = UsageKey{version.subject.context, version.id, version.subject.name};
}

void Call::serves(const std::string& context, SchemaId id) const {
    served = UsageKey{context, id, {}};
}

}  // namespace symbolon::rest
