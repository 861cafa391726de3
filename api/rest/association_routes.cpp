#include "api/rest/routes.hpp"

namespace symbolon::rest {

// Nothing is associated with anything here. Current clients ask before the first message of a
// topic, take the empty list for "no association", and stop at any other answer (ASSOC-1).
Result<Response> get_associations(const Call& call) {
    for (const std::string_view lifecycle : call.target.find_all("lifecycle")) {
        if (lifecycle != "NONE" && lifecycle != "STRONG" && lifecycle != "WEAK") {
            return failure(make_error(ErrorCode::route_not_found));
        }
    }
    SYMBOLON_CHECK(call.page());
    return call.answer("[]");
}

}  // namespace symbolon::rest
