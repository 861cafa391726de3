#include "gate/plan/apply_plan.hpp"

#include "client/registry_client/registry_transport.hpp"
#include "client/registry_client/schema_document.hpp"
#include "gate/plan/plan_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <utility>

namespace symbolon::gate {

namespace {

const client::RegistryRefusal* find_answer(const Error& error) {
    return dynamic_cast<const client::RegistryRefusal*>(error.detail.get());
}

// No answer, or one of something in between that may have given up waiting.
bool leaves_it_open(const Error& error) {
    const auto* refusal = find_answer(error);
    return refusal == nullptr || refusal->status >= 500;
}

Json to_expectation(const SubjectState& before) {
    Json expected{{"latest", nullptr}, {"config", nullptr}, {"mode", nullptr}};
    if (before.latest) {
        expected["latest"] = {{"version", before.latest->version.value()},
                              {"id", before.latest->id.value()}};
        if (!before.latest->guid.empty()) {
            expected["latest"]["guid"] = before.latest->guid;
        }
    }
    if (before.config) {
        expected["config"] = *before.config;
    }
    if (before.mode) {
        expected["mode"] = *before.mode;
    }
    return expected;
}

Json to_request(const PlannedChange& change, const Plan& plan) {
    Json json{{"subject", change.subject}, {"expected", to_expectation(change.before)}};
    if (change.is_deleted) {
        json["deleted"] = true;
        return json;
    }
    if (Json config = to_config_changes(change); !config.is_null()) {
        json["config"] = std::move(config);
    }
    if (change.mode) {
        json["mode"] = *change.mode;
    }
    if (change.schema) {
        Json schema{{"schema", change.schema->text},
                    {"schemaType", std::string(to_string(change.schema->type))},
                    {"references", Json::array()}};
        for (const Reference& reference : change.schema->references) {
            Json item{{"name", reference.name}, {"subject", reference.subject}};
            if (reference.version != 0) {
                item["version"] = reference.version;
            }
            schema["references"].push_back(std::move(item));
        }
        json["schema"] = std::move(schema);
        json["normalize"] = plan.normalize;
    }
    return json;
}

// An answer is as hostile as any input: what is not as it should be is left out.
std::string describe(const Json& change) {
    const auto text_of = [&](const char* name) {
        const auto found = change.find(name);
        return found == change.end() ? std::string()
               : found->is_string()  ? found->get<std::string>()
                                     : symbolon::to_text(*found);
    };
    std::vector<std::string> parts;
    if (change.contains("version")) {
        const bool is_new = change.value("created", Json(true)) != false;
        parts.push_back(fmt::format("version {} (id {}){}", text_of("version"), text_of("id"),
                                    is_new ? "" : ", registered before"));
    }
    if (change.contains("config")) {
        parts.push_back("config " + text_of("config"));
    }
    if (change.contains("mode")) {
        parts.push_back("mode " + text_of("mode"));
    }
    if (change.contains("deleted")) {
        parts.push_back("deleted versions " + text_of("deleted"));
    }
    return fmt::format("{}: {}", text_of("subject"),
                       parts.empty() ? "nothing to do" : fmt::format("{}", fmt::join(parts, ", ")));
}

Result<AppliedPlan> read_answer(const Json& answer) {
    const auto changes = answer.is_object() ? answer.find("changes") : answer.end();
    const auto changed = answer.is_object() ? answer.find("changed") : answer.end();
    if (changes == answer.end() || !changes->is_array() || changed == answer.end() ||
        !changed->is_boolean()) {
        return failure(make_error(ErrorCode::unavailable,
                                  "What answered POST /plans is no schema registry that we know"));
    }
    AppliedPlan applied;
    applied.changed = changed->get<bool>();
    for (const Json& change : *changes) {
        if (change.is_object()) {
            applied.done.push_back(describe(change));
        }
    }
    return applied;
}

// The registry's own list is in the words of its message; asked anew it can be shown in ours.
Status add_drifts(AppliedPlan& applied, const Plan& plan, client::RegistryAdmin& admin) {
    for (const PlannedChange& change : plan.changes) {
        SYMBOLON_TRY(const auto now, read_state(admin, change.subject));
        for (StateDrift& drift : find_drifts(change, now)) {
            applied.drifts.push_back(std::move(drift));
        }
    }
    return {};
}

Result<AppliedPlan> apply_at_once(const Plan& plan, client::RegistryAdmin& admin,
                                  const ApplyOptions& options) {
    const std::string path =
        options.run == PlanRun::dry ? "/plans?dryRun=true&verbose=true" : "/plans?verbose=true";
    const Json body = to_plan_request(plan);
    const bool is_real = options.run == PlanRun::real;
    auto answer = admin.call("POST", path, body);
    const bool is_unknown = is_real && !answer && leaves_it_open(answer.error());
    if (!answer && leaves_it_open(answer.error())) {
        // Whether it was done is not known; a plan that is done may be sent again.
        answer = admin.call("POST", path, body);
    }
    if (answer) {
        return read_answer(*answer);
    }
    const auto* refusal = find_answer(answer.error());
    if (refusal == nullptr && !is_real) {
        return failure(std::move(answer).error());
    }
    AppliedPlan stopped;
    stopped.failed = answer.error();
    stopped.is_unknown = is_unknown;
    if (refusal == nullptr) {
        return stopped;
    }
    if (refusal->error_code == row_of(ErrorCode::plan_drifted).wire_code) {
        SYMBOLON_CHECK(add_drifts(stopped, plan, admin));
    } else if (refusal->status == 413) {
        stopped.failed->message +=
            ". The plan is larger than the registry takes: make one for a part of the tree, or "
            "let its operator raise body_bytes_max";
    }
    return stopped;
}

}  // namespace

Json to_plan_request(const Plan& plan) {
    Json body{{"changes", Json::array()}};
    for (const PlannedChange& change : plan.changes) {
        body["changes"].push_back(to_request(change, plan));
    }
    return body;
}

Result<bool> takes_plans(client::RegistryAdmin& admin) {
    const auto answer = admin.call("POST", "/plans?dryRun=true", Json{{"changes", Json::array()}});
    if (answer) {
        return read_answer(*answer).has_value();
    }
    const auto* refusal = find_answer(answer.error());
    if (refusal != nullptr &&
        (refusal->status == 404 || refusal->status == 405 || refusal->status == 501)) {
        return false;
    }
    return failure(answer.error());
}

Result<AppliedPlan> apply_plan(const Plan& plan, client::RegistryAdmin& admin,
                               const ApplyOptions& options) {
    SYMBOLON_TRY(const bool at_once, takes_plans(admin));
    if (at_once) {
        return apply_at_once(plan, admin, options);
    }
    if (options.steps == Steps::refused) {
        return failure(make_error(
            ErrorCode::malformed_request,
            "this registry cannot take a plan as a whole (it has no POST /plans). With "
            "--not-atomic "
            "it is applied step by step: a failure on the way leaves the steps before it done"));
    }
    return apply_in_steps(plan, admin, options);
}

}  // namespace symbolon::gate
