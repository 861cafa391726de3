#include "api/rest/context_rewrite.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

Result<Response> get_contexts(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    auto contexts =
        call.registry.read([](const Catalog& catalog) { return list_contexts(catalog); });
    if (const auto prefix = call.target.find("contextPrefix")) {
        std::erase_if(contexts, [&](const std::string& context) {
            return context.compare(0, prefix->size(), *prefix) != 0;
        });
    }
    return call.answer(to_array_body(take_page(std::move(contexts), page, 0)));
}

Result<Response> delete_context(const Call& call) {
    SYMBOLON_TRY(const std::string context, parse_context_name(call.parameter("context")));
    SYMBOLON_CHECK(call.registry.delete_context(context));
    Response response;
    response.status = 204;
    return response;
}

}  // namespace symbolon::rest
