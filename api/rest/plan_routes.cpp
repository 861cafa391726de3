#include "api/decide_plan.hpp"
#include "api/rest/body_fields.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::rest {

namespace {

tl::unexpected<Error> wrong_plan(const std::string& place, std::string_view expected) {
    return failure(
        make_error(ErrorCode::malformed_json, fmt::format("at {}: expected {}", place, expected)));
}

// Strict: a word that nobody reads would be a change that is not made.
Status check_members(const Json& object, const std::string& place,
                     std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : object.items()) {
        static_cast<void>(value);
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return wrong_plan(place + "/" + name, "no such member");
        }
    }
    return {};
}

Result<std::optional<ExpectedVersion>> parse_expected_version(const Json& json,
                                                              const std::string& place) {
    if (json.is_null()) {
        return std::optional<ExpectedVersion>();
    }
    SYMBOLON_TRY(const auto fields, BodyFields::open(json, place));
    SYMBOLON_CHECK(check_members(json, place, {"version", "id", "guid"}));
    SYMBOLON_TRY(const auto version, fields.number("version"));
    SYMBOLON_TRY(const auto id, fields.number("id"));
    SYMBOLON_TRY(const auto guid, fields.text("guid"));
    if (!version || !id) {
        return wrong_plan(place, "a version and an id");
    }
    ExpectedVersion expected{Version(*version), SchemaId(*id), std::nullopt};
    if (guid) {
        expected.guid = find_guid(*guid);
        if (!expected.guid) {
            return wrong_plan(fields.place_of("guid"), "a GUID");
        }
    }
    return std::optional(expected);
}

Result<Mode> parse_mode(const Json& json, const std::string& place) {
    const auto mode =
        json.is_string() ? find_mode(json.get_ref<const std::string&>()) : std::nullopt;
    if (!mode) {
        return wrong_plan(place, "a mode, such as READONLY");
    }
    return *mode;
}

// Null counts here: it expects that there is none.
Result<PlanExpectation> parse_expectation(const Json& json, const std::string& place) {
    PlanExpectation expected;
    if (!json.is_object()) {
        return wrong_plan(place, "an object");
    }
    SYMBOLON_CHECK(check_members(json, place, {"latest", "config", "mode"}));
    if (const auto latest = json.find("latest"); latest != json.end()) {
        SYMBOLON_TRY(expected.latest, parse_expected_version(*latest, place + "/latest"));
    }
    if (const auto config = json.find("config"); config != json.end()) {
        expected.config = config->is_null() ? std::nullopt : std::optional(*config);
    }
    if (const auto mode = json.find("mode"); mode != json.end()) {
        std::optional<Mode> own;
        if (!mode->is_null()) {
            SYMBOLON_TRY(own, parse_mode(*mode, place + "/mode"));
        }
        expected.mode = own;
    }
    return expected;
}

Result<PlanChange> parse_change(const Json& json, const std::string& place,
                                const std::string& context) {
    SYMBOLON_TRY(const auto fields, BodyFields::open(json, place));
    SYMBOLON_CHECK(check_members(
        json, place, {"subject", "expected", "config", "mode", "schema", "normalize", "deleted"}));
    SYMBOLON_TRY(const auto subject, fields.text("subject"));
    if (!subject) {
        return wrong_plan(fields.place_of("subject"), "a string");
    }
    PlanChange change;
    change.subject = parse_subject_in(*subject, context);
    if (const auto expected = json.find("expected"); expected != json.end()) {
        SYMBOLON_TRY(change.expected, parse_expectation(*expected, fields.place_of("expected")));
    }
    if (const Json* config = fields.find("config")) {
        change.config = *config;
    }
    if (const Json* mode = fields.find("mode")) {
        SYMBOLON_TRY(change.mode, parse_mode(*mode, fields.place_of("mode")));
    }
    if (const Json* schema = fields.find("schema")) {
        if (!schema->is_object()) {
            return wrong_plan(fields.place_of("schema"), "an object");
        }
        SYMBOLON_TRY(change.schema, parse_schema_request(*schema));
    }
    SYMBOLON_TRY(const auto normalize, fields.flag("normalize"));
    SYMBOLON_TRY(const auto deleted, fields.flag("deleted"));
    change.normalize = normalize.value_or(false);
    change.deleted = deleted.value_or(false);
    return change;
}

Result<std::vector<PlanChange>> parse_changes(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "applyPlan.request"));
    SYMBOLON_TRY(const auto fields, BodyFields::open(json, ""));
    SYMBOLON_CHECK(check_members(json, "", {"changes"}));
    if (fields.find("changes") == nullptr) {
        return wrong_plan("/changes", "an array");
    }
    SYMBOLON_TRY(const auto items, fields.items("changes"));
    if (items.size() > limits::plan_changes_max) {
        return wrong_plan("/changes", fmt::format("at most {} items", limits::plan_changes_max));
    }
    // In a context's path the parameter holds that context.
    const std::string context =
        parse_subject(call.target.find("subject").value_or(std::string_view())).context;
    std::vector<PlanChange> changes;
    for (const auto& [item, place] : items) {
        SYMBOLON_TRY(auto change, parse_change(*item, place, context));
        changes.push_back(std::move(change));
    }
    return changes;
}

Json to_json(const PlanChangeAnswer& answer) {
    Json json{{"subject", to_text(answer.subject)}};
    if (answer.config) {
        json["config"] = symbolon::to_json(*answer.config, LevelKey::compatibility);
    }
    if (answer.mode) {
        json["mode"] = std::string(to_string(*answer.mode));
    }
    if (answer.schema) {
        const SubjectVersion& version = answer.schema->version;
        json["version"] = version.version.value();
        json["id"] = version.id.value();
        json["guid"] = to_text(version.content->guid);
        json["created"] = answer.schema->is_new;
    }
    if (!answer.deleted.empty()) {
        json["deleted"] = Json::array();
        for (const Version version : answer.deleted) {
            json["deleted"].push_back(version.value());
        }
    }
    return json;
}

}  // namespace

Result<Response> post_plan(const Call& call) {
    SYMBOLON_TRY(const auto changes, parse_changes(call));
    RegisterOptions options;
    SYMBOLON_TRY(options.dry_run, call.target.strict_flag("dryRun"));
    options.verbose = call.target.flag("verbose");
    SYMBOLON_TRY(const PlanAnswer answer, call.registry.apply_plan(changes, options));
    Json body{{"changed", answer.changed}, {"changes", Json::array()}};
    for (const PlanChangeAnswer& each : answer.changes) {
        body["changes"].push_back(to_json(each));
    }
    return call.answer(symbolon::to_text(body));
}

}  // namespace symbolon::rest
