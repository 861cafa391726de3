// The one list of errors: what went wrong in the domain's words, and the numbers it has on the
// wire.
//
// Example:  return failure(make_error(ErrorCode::subject_not_found, subject));
// Threads:  immutable
// Source:   REST contract section 2; docs/decisions/0003-errors-and-results.md
// Tested by tests/unit/core/error_test.cpp
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon {

enum class ErrorCode {
    route_not_found,
    method_not_allowed,
    not_acceptable,
    unsupported_media_type,
    request_timeout,
    malformed_request,
    malformed_json,
    missing_body,
    body_too_large,
    header_too_large,
    internal_error,
    overloaded,
    subject_not_found,
    version_not_found,
    schema_not_found,
    schema_id_not_found,
    subject_soft_deleted,
    subject_not_soft_deleted,
    version_soft_deleted,
    version_not_soft_deleted,
    subject_level_not_set,
    subject_mode_not_set,
    association_not_found,
    key_not_found,
    key_not_soft_deleted,
    key_deleted,
    incompatible_schema,
    association_for_resource_exists,
    association_for_subject_exists,
    strong_association_exists,
    no_live_version,
    association_frozen,
    plan_drifted,
    key_exists,
    too_many_keys,
    revision_unknown,
    invalid_schema,
    check_too_costly,
    invalid_version,
    invalid_level,
    invalid_mode,
    forward_mode_not_global,
    operation_not_permitted,
    reference_exists,
    invalid_subject,
    schema_too_large,
    invalid_rule_set,
    context_not_empty,
    invalid_association,
    retained_version,
    not_a_json_schema,
    invalid_key,
    key_referenced,
    store_failed,
    write_conflict,
    no_key_management,
    cannot_start,
    not_authorised,
    unavailable,
    not_reachable,
    answer_lost,
    malformed_datum,
    sink_failed,
};

struct ErrorRow {
    ErrorCode code;
    int wire_code;  ///< `error_code` of the REST contract
    int http_status;
    std::string_view message;  ///< fmt format; `{}` takes make_error's arguments in order
};

inline constexpr std::array error_table{
    ErrorRow{ErrorCode::route_not_found, 404, 404, "HTTP 404 Not Found"},
    ErrorRow{ErrorCode::method_not_allowed, 405, 405, "HTTP 405 Method Not Allowed"},
    ErrorRow{ErrorCode::not_acceptable, 406, 406, "HTTP 406 Not Acceptable"},
    ErrorRow{ErrorCode::unsupported_media_type, 415, 415, "HTTP 415 Unsupported Media Type"},
    ErrorRow{ErrorCode::request_timeout, 408, 408, "{}"},
    ErrorRow{ErrorCode::malformed_request, 400, 400, "{}"},
    ErrorRow{ErrorCode::malformed_json, 400, 400, "{}"},
    ErrorRow{ErrorCode::missing_body, 422, 422, "{} must not be null (was null)"},
    ErrorRow{ErrorCode::body_too_large, 413, 413, "{}"},
    ErrorRow{ErrorCode::header_too_large, 431, 431, "{}"},
    ErrorRow{ErrorCode::internal_error, 500, 500, "Internal Server Error"},
    ErrorRow{ErrorCode::overloaded, 503, 503, "{}"},
    ErrorRow{ErrorCode::subject_not_found, 40401, 404, "Subject '{}' not found."},
    ErrorRow{ErrorCode::version_not_found, 40402, 404, "Version {} not found."},
    ErrorRow{ErrorCode::schema_not_found, 40403, 404, "Schema not found"},
    ErrorRow{ErrorCode::schema_id_not_found, 40403, 404, "Schema {} not found"},
    ErrorRow{ErrorCode::subject_soft_deleted, 40404, 404,
             "Subject '{}' was soft deleted.Set permanent=true to delete permanently"},
    ErrorRow{ErrorCode::subject_not_soft_deleted, 40405, 404,
             "Subject '{}' was not deleted first before being permanently deleted"},
    ErrorRow{ErrorCode::version_soft_deleted, 40406, 404,
             "Subject '{}' Version {} was soft deleted.Set permanent=true to delete permanently"},
    ErrorRow{ErrorCode::version_not_soft_deleted, 40407, 404,
             "Subject '{}' Version {} was not deleted first before being permanently deleted"},
    ErrorRow{ErrorCode::subject_level_not_set, 40408, 404,
             "Subject '{}' does not have subject-level compatibility configured"},
    ErrorRow{ErrorCode::subject_mode_not_set, 40409, 404,
             "Subject '{}' does not have subject-level mode configured"},
    ErrorRow{ErrorCode::association_not_found, 40410, 404, "Association for '{}' not found."},
    ErrorRow{ErrorCode::key_not_found, 40470, 404, "Key '{}' not found"},
    ErrorRow{ErrorCode::key_not_soft_deleted, 40471, 404,
             "Key '{}' was not deleted first before being permanently deleted"},
    ErrorRow{ErrorCode::key_deleted, 40472, 404, "Key '{}' must be undeleted first"},
    ErrorRow{ErrorCode::incompatible_schema, 40901, 409,
             "Schema being registered is incompatible with an earlier schema for subject "
             "\"{}\", details: [{}]"},
    ErrorRow{ErrorCode::association_for_resource_exists, 40903, 409,
             "An association of type '{}' already exists for resource '{}'"},
    ErrorRow{ErrorCode::association_for_subject_exists, 40904, 409,
             "An association already exists for subject '{}'"},
    ErrorRow{ErrorCode::strong_association_exists, 40905, 409,
             "A strong association already exists for subject '{}'"},
    ErrorRow{ErrorCode::no_live_version, 40907, 409,
             "No active (non-deleted) version exists for subject '{}'"},
    ErrorRow{ErrorCode::association_frozen, 40908, 409,
             "The association of type  '{}' is frozen for subject '{}'"},
    ErrorRow{ErrorCode::plan_drifted, 40950, 409,
             "The registry has changed since the plan was made, nothing was done: {}"},
    ErrorRow{ErrorCode::key_exists, 40971, 409, "Key '{}' already exists; use a different value"},
    ErrorRow{ErrorCode::too_many_keys, 40972, 409, "A maximum of {} keys already exist"},
    ErrorRow{ErrorCode::revision_unknown, 41001, 410,
             "Revision {} is ahead of this registry, which stands at {}: its store was replaced. "
             "Read again from since=0"},
    ErrorRow{ErrorCode::invalid_schema, 42201, 422, "{}"},
    ErrorRow{ErrorCode::check_too_costly, 42201, 422, "{}"},
    ErrorRow{ErrorCode::invalid_version, 42202, 422,
             "The specified version '{}' is not a valid version id. Allowed values are between "
             "[1, 2^31-1] and the string \"latest\""},
    ErrorRow{ErrorCode::invalid_level, 42203, 422,
             "Invalid compatibility level. Valid values are none, backward, forward, full, "
             "backward_transitive, forward_transitive, and full_transitive"},
    ErrorRow{ErrorCode::invalid_mode, 42204, 422,
             "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD."},
    ErrorRow{ErrorCode::forward_mode_not_global, 42204, 422,
             "Forward mode only supported on global level"},
    ErrorRow{ErrorCode::operation_not_permitted, 42205, 422, "{}"},
    ErrorRow{ErrorCode::reference_exists, 42206, 422,
             "One or more references exist to the schema "
             "{{magic=1,keytype=SCHEMA,subject={},version={}}}."},
    ErrorRow{ErrorCode::invalid_subject, 42208, 422, "The specified subject '{}' is not a valid."},
    ErrorRow{ErrorCode::schema_too_large, 42209, 422,
             "Register operation failed because schema is too large"},
    ErrorRow{ErrorCode::invalid_rule_set, 42210, 422, "{}"},
    ErrorRow{ErrorCode::context_not_empty, 42211, 422, "The specified context '{}' is not empty."},
    ErrorRow{ErrorCode::invalid_association, 42212, 422,
             "The association specified an invalid value for property: '{}', detail: {}"},
    ErrorRow{ErrorCode::retained_version, 42250, 422, "{}"},
    ErrorRow{ErrorCode::not_a_json_schema, 42251, 422,
             "Data can be validated against JSON Schema only; this schema is of type {}"},
    ErrorRow{ErrorCode::invalid_key, 42271, 422, "Invalid or missing value for field '{}' of key"},
    ErrorRow{ErrorCode::key_referenced, 42272, 422, "One or more references exist to the key '{}'"},
    ErrorRow{ErrorCode::store_failed, 50001, 500, "{}"},
    ErrorRow{ErrorCode::write_conflict, 50001, 500, "Another node wrote first; try again"},
    ErrorRow{ErrorCode::no_key_management, 50070, 500, "{}"},
    ErrorRow{ErrorCode::cannot_start, 500, 500, "{}"},
    // What the clients meet; no answer of the registry carries these.
    ErrorRow{ErrorCode::not_authorised, 401, 401, "{}"},
    ErrorRow{ErrorCode::unavailable, 503, 503, "{}"},
    ErrorRow{ErrorCode::not_reachable, 503, 503, "{}"},
    ErrorRow{ErrorCode::answer_lost, 503, 503, "{}"},
    ErrorRow{ErrorCode::malformed_datum, 400, 400, "{}"},
    ErrorRow{ErrorCode::sink_failed, 500, 500, "{}"},
};

namespace detail {
constexpr bool error_rows_match_enum() {
    for (std::size_t at = 0; at < error_table.size(); ++at) {
        if (error_table[at].code != static_cast<ErrorCode>(at)) {
            return false;
        }
    }
    return error_table.size() == static_cast<std::size_t>(ErrorCode::sink_failed) + 1;
}
}  // namespace detail
static_assert(detail::error_rows_match_enum(), "one row per ErrorCode, in enum order");

constexpr const ErrorRow& row_of(ErrorCode code) {
    return error_table[static_cast<std::size_t>(code)];
}

/// What an error carries beside its message for those who ask for more; whoever made it knows its
/// type.
struct ErrorDetail {
    ErrorDetail() = default;
    ErrorDetail(const ErrorDetail&) = default;
    ErrorDetail& operator=(const ErrorDetail&) = default;
    ErrorDetail(ErrorDetail&&) = default;
    ErrorDetail& operator=(ErrorDetail&&) = default;
    virtual ~ErrorDetail() = default;
};

/// Why a request cannot be served; built where the fact is known and passed up unchanged.
struct Error {
    ErrorCode code = ErrorCode::internal_error;
    std::string message;
    std::shared_ptr<const ErrorDetail> detail{};
};

/// The error with the table's message, its `{}` filled with `arguments`.
template <class... Arguments>
Error make_error(ErrorCode code, const Arguments&... arguments) {
    return Error{
        code,
        fmt::vformat(fmt::string_view(row_of(code).message.data(), row_of(code).message.size()),
                     fmt::make_format_args(arguments...)),
        nullptr};
}

}  // namespace symbolon
