// The contract, served by the program that keeps it.

#include "api/rest/documents.hpp"
#include "api/rest/routes.hpp"

#include <memory>
#include <string>
#include <utility>

namespace symbolon::rest {

namespace {

using SharedText = std::shared_ptr<const std::string>;

/// A text that never changes is copied once, not for each answer.
SharedText shared(std::string_view text) {
    return std::make_shared<const std::string>(text);
}

Response answer_document(std::string_view content_type, SharedText text) {
    Response response;
    response.content_type = content_type;
    response.shared_body = std::move(text);
    response.headers.push_back({"X-Content-Type-Options", "nosniff"});
    return response;
}

}  // namespace

Result<Response> get_openapi_yaml(const Call&) {
    static const SharedText text = shared(openapi_yaml());
    return answer_document("application/yaml", text);
}

Result<Response> get_openapi_json(const Call&) {
    static const SharedText text = shared(openapi_json());
    return answer_document("application/json", text);
}

Result<Response> get_docs(const Call&) {
    static const SharedText text = shared(docs_page());
    Response response = answer_document("text/html; charset=utf-8", text);
    response.headers.push_back({"Content-Security-Policy", std::string(docs_policy())});
    response.headers.push_back({"Referrer-Policy", "no-referrer"});
    return response;
}

}  // namespace symbolon::rest
