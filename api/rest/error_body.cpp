#include "api/rest/error_body.hpp"

#include "core/json.hpp"

#include <string>

namespace symbolon::rest {

Response to_response(const Error& error, std::string_view media_type,
                     const RouterSettings& settings) {
    const ErrorRow& row = row_of(error.code);
    const bool shortened =
        error.code == ErrorCode::incompatible_schema && settings.short_incompatible_code;
    Response response;
    response.status = row.http_status;
    response.content_type = media_type;
    response.body = to_text(Json{{"error_code", shortened ? row.http_status : row.wire_code},
                                 {"message", error.message}});
    if (error.code == ErrorCode::overloaded) {
        response.headers.push_back({"Retry-After", "1"});
    }
    return response;
}

}  // namespace symbolon::rest
