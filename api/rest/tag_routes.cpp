#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/rest/tag_dto.hpp"

namespace symbolon::rest {

Result<Response> post_tags(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "modifySchemaTags.request"));
    SYMBOLON_TRY(const SubjectVersion tagged, call.registry.read([&](const Catalog& catalog) {
        return symbolon::get_version(catalog, call.subject(catalog), choice, View::live,
                                     SearchContexts::no);
    }));
    SYMBOLON_TRY(const SchemaRequest request, parse_tag_request(json, *tagged.content));
    SYMBOLON_TRY(const SubjectVersion stored,
                 call.registry.register_schema(tagged.subject, request, {}));
    return call.answer(to_registered_body(stored, {stored.content->text}));
}

}  // namespace symbolon::rest
