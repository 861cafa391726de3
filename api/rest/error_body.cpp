#include "api/rest/error_body.hpp"

#include "api/check_answer.hpp"
#include "api/decide_plan.hpp"
#include "api/rest/finding_body.hpp"
#include "core/json.hpp"

#include <string>

namespace symbolon::rest {

namespace {

// Only who asked for more gets more than the two members of PROTO-13.
void add_refusal(Json& body, const Refusal& refusal) {
    if (refusal.member) {
        body["member"] = {{"index", refusal.member->index}, {"subject", refusal.member->subject}};
    }
    if (!refusal.findings.empty()) {
        body["findings"] = to_json(refusal.findings);
    }
}

void add_drifts(Json& body, const DriftReport& report) {
    body["drift"] = Json::array();
    for (const Drift& drift : report.drifts) {
        body["drift"].push_back({{"subject", drift.subject},
                                 {"of", drift.of},
                                 {"expected", drift.expected},
                                 {"actual", drift.actual}});
    }
}

}  // namespace

Response to_response(const Error& error, std::string_view media_type,
                     const RouterSettings& settings) {
    const ErrorRow& row = row_of(error.code);
    const bool shortened =
        error.code == ErrorCode::incompatible_schema && settings.short_incompatible_code;
    Response response;
    response.status = row.http_status;
    response.content_type = media_type;
    Json body{{"error_code", shortened ? row.http_status : row.wire_code},
              {"message", error.message}};
    if (const auto* refusal = dynamic_cast<const Refusal*>(error.detail.get())) {
        add_refusal(body, *refusal);
    }
    if (const auto* report = dynamic_cast<const DriftReport*>(error.detail.get())) {
        add_drifts(body, *report);
    }
    response.body = to_text(body);
    if (error.code == ErrorCode::overloaded) {
        response.headers.push_back({"Retry-After", "1"});
    }
    return response;
}

}  // namespace symbolon::rest
