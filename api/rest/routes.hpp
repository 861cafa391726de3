// The route table's row type, and what a row's function is called with.
//
// Threads:  immutable
// Source:   openapi.yaml; REST contract section 3
// Tested by tests/unit/api/rest/openapi_test.cpp
#pragma once

#include "api/associations/association.hpp"
#include "api/registry.hpp"
#include "api/rest/http.hpp"
#include "api/rest/request_target.hpp"
#include "api/rest/router.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::rest {

/// How much a route costs: hot answers come from memory in microseconds and are kept rendered;
/// quick ones come from memory; following ones do, too, unless they reach back too far; slow ones
/// parse, write, or grow with the catalogue.
enum class Pace { hot, quick, following, slow };

/// Whether a route's answers have the contract's three media types or types of its own.
enum class MediaTypes { of_contract, own };

struct Call;
using RouteFunction = Result<Response> (*)(const Call& call);

struct Route {
    static constexpr std::size_t parts_max = 9;

    constexpr Route(Method route_method, std::string_view route_path, Pace route_pace,
                    std::string_view route_operation_id, RouteFunction route_function,
                    MediaTypes route_media_types = MediaTypes::of_contract)
        : method(route_method),
          path(route_path),
          pace(route_pace),
          operation_id(route_operation_id),
          function(route_function),
          media_types(route_media_types) {
        std::string_view rest = path.substr(1);
        while (!rest.empty()) {
            const auto slash = rest.find('/');
            parts[part_count++] = rest.substr(0, slash);
            rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        }
    }

    static constexpr bool is_parameter(std::string_view part) { return part.front() == '{'; }
    bool matches(const RequestTarget& target) const;

    Method method;
    std::string_view path;
    Pace pace;
    std::string_view operation_id;
    RouteFunction function;
    MediaTypes media_types;
    std::array<std::string_view, parts_max> parts{};
    std::size_t part_count = 0;
};

/// All routes, one row each.
std::span<const Route> route_table();

/// The schema that an answer carries, for who counts reads.
using ServedSchema = std::optional<UsageKey>;

struct Call {
    Registry& registry;
    const RouterSettings& settings;
    const Request& request;
    const RequestTarget& target;
    const Route& route;
    std::string_view media_type;
    ServedSchema& served;

    /// The decoded path segment where the route says "{name}". REQUIRES: the route says so.
    std::string_view parameter(std::string_view name) const;
    /// The subject of the path, with its alias followed (REST contract 1.9).
    SubjectName subject(const Catalog& catalog) const;
    SubjectName subject() const;
    /// The subject of the path as it stands: for settings, which are the alias's own.
    SubjectName scope() const;
    /// The `subject` parameter, alias followed; nullopt when absent or empty.
    std::optional<SubjectName> subject_filter(const Catalog& catalog) const;
    /// `{version}`.
    Result<VersionChoice> version() const;
    /// `deleted` and `deletedOnly`, which wins.
    View view() const;
    /// `resourceType`, `associationType` and `lifecycle`.
    Result<AssociationFilter> association_filter() const;
    /// `{id}`; one that is no number of 32 bits is an unknown path.
    Result<SchemaId> schema_id() const;
    /// `offset` and `limit`.
    Result<Page> page() const;
    /// `schema` as the `format` parameter asks for it; an empty optional: as stored.
    Result<std::optional<std::string>> formatted_text(const SchemaContent& content,
                                                      std::string_view context) const;
    Response answer(std::string body) const;
    /// Notes what the answer carries; an empty subject: the request named none.
    void serves(const SubjectVersion& version) const;
    void serves(const std::string& context, SchemaId id) const;
};

/// Whether the caller may do what only administrators may. The seam where authentication decides:
/// there is none yet, and without it everyone is one.
bool caller_is_administrator(const Call& call);
/// The guard of permanent deletions, overridden by an administrator's `force`.
Retention retention_of(const Call& call);

// subject_routes.cpp
Result<Response> get_subjects(const Call& call);
Result<Response> post_subject(const Call& call);
Result<Response> delete_subject(const Call& call);
Result<Response> get_subject_metadata(const Call& call);
// catalog_routes.cpp
Result<Response> get_catalog_subjects(const Call& call);
// usage_routes.cpp
Result<Response> get_usage_of_schema(const Call& call);
Result<Response> get_usage_of_subject(const Call& call);
Result<Response> get_deletion_preview(const Call& call);
// version_routes.cpp
Result<Response> get_versions(const Call& call);
Result<Response> get_version(const Call& call);
Result<Response> post_version(const Call& call);
Result<Response> delete_version(const Call& call);
Result<Response> get_version_text(const Call& call);
Result<Response> get_referrers(const Call& call);
// tag_routes.cpp
Result<Response> post_tags(const Call& call);
// schema_list_routes.cpp
Result<Response> get_schemas(const Call& call);
// schema_routes.cpp
Result<Response> get_schema_of_id(const Call& call);
Result<Response> get_text_of_id(const Call& call);
Result<Response> get_subjects_of_id(const Call& call);
Result<Response> get_versions_of_id(const Call& call);
Result<Response> get_schema_of_guid(const Call& call);
Result<Response> get_ids_of_guid(const Call& call);
Result<Response> get_schema_types(const Call& call);
// deleted_routes.cpp
Result<Response> get_deleted(const Call& call);
Result<Response> undelete_subject(const Call& call);
Result<Response> undelete_version(const Call& call);
Result<Response> get_expired(const Call& call);
// consumer_routes.cpp
Result<Response> get_consumer_schema(const Call& call);
Result<Response> get_consumer_level(const Call& call);
// bundle_routes.cpp
Result<Response> post_bundle(const Call& call);
// plan_routes.cpp
Result<Response> post_plan(const Call& call);
// compatibility_routes.cpp
Result<Response> post_check_with_version(const Call& call);
Result<Response> post_check_with_history(const Call& call);
// validation_routes.cpp
Result<Response> post_datum_of_version(const Call& call);
Result<Response> post_datum_of_id(const Call& call);
// config_routes.cpp
Result<Response> get_global_config(const Call& call);
Result<Response> put_global_config(const Call& call);
Result<Response> delete_global_config(const Call& call);
Result<Response> get_subject_config(const Call& call);
Result<Response> put_subject_config(const Call& call);
Result<Response> delete_subject_config(const Call& call);
// mode_routes.cpp
Result<Response> get_global_mode(const Call& call);
Result<Response> put_global_mode(const Call& call);
Result<Response> delete_global_mode(const Call& call);
Result<Response> get_subject_mode(const Call& call);
Result<Response> put_subject_mode(const Call& call);
Result<Response> delete_subject_mode(const Call& call);
// contexts_routes.cpp
Result<Response> get_contexts(const Call& call);
Result<Response> delete_context(const Call& call);
// metadata_routes.cpp
Result<Response> get_cluster_id(const Call& call);
Result<Response> get_server_version(const Call& call);
Result<Response> get_deployment(const Call& call);
Result<Response> answer_root(const Call& call);
Result<Response> get_liveness(const Call& call);
Result<Response> get_readiness(const Call& call);
// change_routes.cpp
Result<Response> get_changes(const Call& call);
/// Where the request for changes begins; Revision{0} when it does not say so legibly.
Revision position_of(const Request& request, const RequestTarget& target);
// document_routes.cpp
Result<Response> get_openapi_yaml(const Call& call);
Result<Response> get_openapi_json(const Call& call);
Result<Response> get_docs(const Call& call);
// association_routes.cpp
Result<Response> get_associations_of_name(const Call& call);
Result<Response> get_associations_of_subject(const Call& call);
Result<Response> get_associations_of_resource(const Call& call);
Result<Response> post_associations(const Call& call);
Result<Response> put_associations(const Call& call);
Result<Response> delete_associations(const Call& call);
Result<Response> post_association_batch_get(const Call& call);
Result<Response> post_association_batch_mutate(const Call& call);
// dek_routes.cpp
Result<Response> get_keks(const Call& call);
Result<Response> post_kek(const Call& call);
Result<Response> get_kek_by_name(const Call& call);
Result<Response> put_kek(const Call& call);
Result<Response> delete_kek(const Call& call);
Result<Response> undelete_kek(const Call& call);
Result<Response> post_kek_test(const Call& call);
Result<Response> get_dek_subjects(const Call& call);
Result<Response> post_dek_by_body(const Call& call);
Result<Response> post_dek(const Call& call);
Result<Response> get_first_dek(const Call& call);
Result<Response> get_dek_versions(const Call& call);
Result<Response> get_dek_version(const Call& call);
Result<Response> delete_deks(const Call& call);
Result<Response> delete_dek_version(const Call& call);
Result<Response> undelete_deks(const Call& call);
Result<Response> undelete_dek_version(const Call& call);

}  // namespace symbolon::rest
