#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

Result<Response> answer_check(const Call& call, std::optional<VersionChoice> version) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "checkCompatibility.request"));
    SYMBOLON_TRY(const SchemaRequest request, parse_schema_request(json));
    const bool verbose = call.target.flag("verbose");
    const CheckOptions options{call.target.flag("normalize"), verbose, version};
    SYMBOLON_TRY(const CheckAnswer answer,
                 call.registry.check_compatibility(call.subject(), request, options));
    return call.answer(to_check_body(answer, verbose ? Detail::verbose : Detail::verdict));
}

}  // namespace

Result<Response> post_check_with_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    return answer_check(call, choice);
}

Result<Response> post_check_with_history(const Call& call) {
    return answer_check(call, std::nullopt);
}

}  // namespace symbolon::rest
