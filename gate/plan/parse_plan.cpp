#include "core/limits.hpp"
#include "core/repeated_member.hpp"
#include "gate/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace symbolon::gate {

namespace {

tl::unexpected<Error> wrong_at(const std::string& place, const std::string& what) {
    return failure(
        make_error(ErrorCode::malformed_request,
                   fmt::format("not a plan: at {}: {}", place.empty() ? "/" : place, what)));
}

bool is_control(char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

/// One JSON object of the file; what it holds beyond the known members is an error.
class PlanObject {
public:
    static Result<PlanObject> open(const Json& json, const std::string& place,
                                   std::initializer_list<std::string_view> known) {
        if (!json.is_object()) {
            return wrong_at(place, "expected an object");
        }
        for (const auto& item : json.items()) {
            if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
                return wrong_at(place, fmt::format("no plan has \"{}\" here; was the file written "
                                                   "by a newer release?",
                                                   item.key().substr(0, 100)));
            }
        }
        return PlanObject(json, place);
    }

    /// nullptr: absent. Null counts.
    const Json* find(const char* name) const {
        const auto found = json_->find(name);
        return found == json_->end() ? nullptr : &*found;
    }
    std::string place_of(std::string_view name) const { return fmt::format("{}/{}", place_, name); }

    Result<std::string> text(const char* name) const {
        const Json* member = find(name);
        if (member == nullptr || !member->is_string()) {
            return wrong_at(place_of(name), "expected a string");
        }
        const auto& value = member->get_ref<const std::string&>();
        if (std::any_of(value.begin(), value.end(), is_control)) {
            return wrong_at(place_of(name), "a name has no control characters");
        }
        if (value.size() > limits::name_bytes_max) {
            return wrong_at(place_of(name),
                            fmt::format("longer than {} bytes", limits::name_bytes_max));
        }
        return value;
    }
    Result<std::string> name(const char* name) const {
        SYMBOLON_TRY(auto value, text(name));
        if (value.empty()) {
            return wrong_at(place_of(name), "is empty");
        }
        return value;
    }
    Result<std::int32_t> number(const char* name) const {
        const Json* member = find(name);
        const bool fits = member != nullptr && member->is_number_integer() && *member >= 1 &&
                          *member <= std::numeric_limits<std::int32_t>::max();
        if (!fits) {
            return wrong_at(place_of(name), "expected a number from 1 to 2147483647");
        }
        return member->get<std::int32_t>();
    }
    Result<bool> flag(const char* name) const {
        const Json* member = find(name);
        if (member == nullptr || !member->is_boolean()) {
            return wrong_at(place_of(name), "expected true or false");
        }
        return member->get<bool>();
    }

private:
    PlanObject(const Json& json, std::string place) : json_(&json), place_(std::move(place)) {}

    const Json* json_;
    std::string place_;
};

bool is_hexadecimal(std::string_view text, std::size_t size) {
    return text.size() == size &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<RegisteredVersion> parse_latest(const Json& json, const std::string& place) {
    SYMBOLON_TRY(const auto object,
                 PlanObject::open(json, place, {"version", "id", "guid", "textSha256"}));
    SYMBOLON_TRY(const auto version, object.number("version"));
    SYMBOLON_TRY(const auto id, object.number("id"));
    RegisteredVersion latest{Version(version), SchemaId(id), {}, {}};
    if (object.find("guid") != nullptr) {
        SYMBOLON_TRY(latest.guid, object.name("guid"));
    }
    if (object.find("textSha256") != nullptr) {
        SYMBOLON_TRY(latest.text_sha256, object.name("textSha256"));
        if (!is_hexadecimal(latest.text_sha256, 64)) {
            return wrong_at(object.place_of("textSha256"), "expected 64 hexadecimal digits");
        }
    }
    if (latest.guid.empty() && latest.text_sha256.empty()) {
        return wrong_at(place, "expected a guid or a textSha256");
    }
    return latest;
}

Result<std::string> parse_plan_mode(const PlanObject& object, const char* name, bool may_import) {
    SYMBOLON_TRY(auto mode, object.name(name));
    const bool is_known = mode == "READWRITE" || mode == "READONLY" ||
                          mode == "READONLY_OVERRIDE" ||
                          (may_import && (mode == "IMPORT" || mode == "FORWARD"));
    if (!is_known) {
        return wrong_at(object.place_of(name), "expected READWRITE, READONLY or READONLY_OVERRIDE");
    }
    return mode;
}

// All three members stand there, so that a reviewer sees what is compared.
Result<SubjectState> parse_before(const Json& json, const std::string& place) {
    SYMBOLON_TRY(const auto object, PlanObject::open(json, place, {"latest", "config", "mode"}));
    for (const char* const name : {"latest", "config", "mode"}) {
        if (object.find(name) == nullptr) {
            return wrong_at(object.place_of(name), "is missing; null for none");
        }
    }
    SubjectState state;
    if (const Json* latest = object.find("latest"); !latest->is_null()) {
        SYMBOLON_TRY(state.latest, parse_latest(*latest, object.place_of("latest")));
    }
    if (const Json* config = object.find("config"); !config->is_null()) {
        if (!config->is_object()) {
            return wrong_at(object.place_of("config"), "expected an object or null");
        }
        state.config = *config;
    }
    if (!object.find("mode")->is_null()) {
        SYMBOLON_TRY(state.mode, parse_plan_mode(object, "mode", true));
    }
    return state;
}

Result<std::string> parse_lines(const Json* json, const std::string& place) {
    if (json == nullptr || !json->is_array() || json->empty()) {
        return wrong_at(place, "expected a list of lines");
    }
    std::string text;
    for (std::size_t at = 0; at < json->size(); ++at) {
        const Json& line = (*json)[at];
        if (!line.is_string()) {
            return wrong_at(fmt::format("{}/{}", place, at), "expected a string");
        }
        const auto& value = line.get_ref<const std::string&>();
        if (value.find('\n') != std::string::npos) {
            return wrong_at(fmt::format("{}/{}", place, at), "a line has no line end");
        }
        text += at == 0 ? "" : "\n";
        text += value;
        if (text.size() > limits::schema_bytes_max) {
            return wrong_at(place,
                            fmt::format("a schema has at most {} bytes", limits::schema_bytes_max));
        }
    }
    return text;
}

Result<PlannedSchema> parse_schema(const Json& json, const std::string& place) {
    SYMBOLON_TRY(const auto object,
                 PlanObject::open(json, place, {"schemaType", "text", "references"}));
    PlannedSchema schema;
    SYMBOLON_TRY(const auto type_name, object.name("schemaType"));
    const auto type = find_schema_type(type_name);
    if (!type) {
        return wrong_at(object.place_of("schemaType"), "expected AVRO, JSON or PROTOBUF");
    }
    schema.type = *type;
    SYMBOLON_TRY(schema.text, parse_lines(object.find("text"), object.place_of("text")));
    const Json* references = object.find("references");
    if (references == nullptr) {
        return schema;
    }
    const std::string list = object.place_of("references");
    if (!references->is_array() || references->size() > limits::references_max) {
        return wrong_at(
            list, fmt::format("expected a list of at most {} references", limits::references_max));
    }
    for (const Json& item : *references) {
        const auto at = fmt::format("{}/{}", list, schema.references.size());
        SYMBOLON_TRY(const auto fields, PlanObject::open(item, at, {"name", "subject", "version"}));
        Reference reference;
        SYMBOLON_TRY(reference.name, fields.name("name"));
        SYMBOLON_TRY(reference.subject, fields.name("subject"));
        if (fields.find("version") != nullptr) {
            SYMBOLON_TRY(reference.version, fields.number("version"));
        }
        schema.references.push_back(std::move(reference));
    }
    return schema;
}

Status parse_config_changes(const Json& json, const std::string& place, PlannedChange& change) {
    SYMBOLON_TRY(const auto object, PlanObject::open(json, place, {"compatibility", "normalize"}));
    if (object.find("compatibility") != nullptr) {
        SYMBOLON_TRY(const auto level, object.name("compatibility"));
        change.level = compat::find_level(level);
        if (!change.level) {
            return wrong_at(object.place_of("compatibility"), "expected a level, such as BACKWARD");
        }
    }
    if (object.find("normalize") != nullptr) {
        SYMBOLON_TRY(change.normalize, object.flag("normalize"));
    }
    return {};
}

Status check_action(const PlannedChange& change, const std::string& action,
                    const std::string& place) {
    const bool changes = change.schema || change.level || change.normalize || change.mode;
    if (action == "delete" ? changes : !changes) {
        return wrong_at(place, action == "delete" ? "what is deleted is not changed"
                                                  : "nothing of the subject changes");
    }
    if (action == "delete" && !change.before.latest) {
        return wrong_at(place + "/before/latest", "what is deleted was there");
    }
    if (action != to_string(action_of(change))) {
        return wrong_at(place + "/action",
                        fmt::format("the change is one to {}", to_string(action_of(change))));
    }
    return {};
}

Result<PlannedChange> parse_planned_change(const Json& json, const std::string& place) {
    SYMBOLON_TRY(const auto object, PlanObject::open(json, place,
                                                     {"action", "subject", "file", "before",
                                                      "config", "mode", "schema"}));
    PlannedChange change;
    SYMBOLON_TRY(change.subject, object.name("subject"));
    SYMBOLON_TRY(const auto action, object.name("action"));
    if (action != "create" && action != "update" && action != "delete") {
        return wrong_at(object.place_of("action"), "expected create, update or delete");
    }
    change.is_deleted = action == "delete";
    if (object.find("file") != nullptr) {
        SYMBOLON_TRY(change.file, object.text("file"));
    }
    if (object.find("before") == nullptr) {
        return wrong_at(object.place_of("before"), "is missing: what the registry had");
    }
    SYMBOLON_TRY(change.before, parse_before(*object.find("before"), object.place_of("before")));
    if (const Json* config = object.find("config")) {
        SYMBOLON_CHECK(parse_config_changes(*config, object.place_of("config"), change));
    }
    if (object.find("mode") != nullptr) {
        SYMBOLON_TRY(change.mode, parse_plan_mode(object, "mode", false));
    }
    if (const Json* schema = object.find("schema")) {
        SYMBOLON_TRY(change.schema, parse_schema(*schema, object.place_of("schema")));
    }
    SYMBOLON_CHECK(check_action(change, action, place));
    return change;
}

// What a plan leaves open stands before it, so that a step at a time works too.
Status check_references(const Plan& plan) {
    std::set<std::string> before;
    for (std::size_t at = 0; at < plan.changes.size(); ++at) {
        const PlannedChange& change = plan.changes[at];
        const auto& references =
            change.schema ? change.schema->references : std::vector<Reference>();
        for (std::size_t number = 0; number < references.size(); ++number) {
            if (references[number].version == 0 && before.count(references[number].subject) == 0) {
                return wrong_at(fmt::format("/changes/{}/schema/references/{}", at, number),
                                "it has no version, and no change before it registers one of that "
                                "subject");
            }
        }
        if (change.schema) {
            before.insert(change.subject);
        }
    }
    return {};
}

}  // namespace

Result<Plan> parse_plan(std::string_view text) {
    if (text.size() > limits::plan_file_bytes_max) {
        return wrong_at("", fmt::format("larger than {} bytes", limits::plan_file_bytes_max));
    }
    SYMBOLON_TRY(const Json json, parse_json(text));
    if (const auto repeated = find_repeated_member(text)) {
        return wrong_at("", fmt::format("an object has \"{}\" twice, and only one of them would "
                                        "count",
                                        repeated->substr(0, 100)));
    }
    if (!json.is_object() || !json.contains("symbolonPlan")) {
        return wrong_at("", "expected an object with \"symbolonPlan\"; symbolon plan writes one");
    }
    if (json["symbolonPlan"] != 1) {
        return wrong_at("/symbolonPlan",
                        "this release knows 1 only; use the release that wrote it");
    }
    SYMBOLON_TRY(
        const auto object,
        PlanObject::open(json, "", {"symbolonPlan", "registry", "tree", "normalize", "changes"}));
    Plan plan;
    SYMBOLON_TRY(plan.registry, object.text("registry"));
    SYMBOLON_TRY(plan.tree, object.text("tree"));
    SYMBOLON_TRY(plan.normalize, object.flag("normalize"));
    const Json* changes = object.find("changes");
    if (changes == nullptr || !changes->is_array() || changes->size() > limits::plan_changes_max) {
        return wrong_at("/changes", fmt::format("expected a list of at most {} changes",
                                                limits::plan_changes_max));
    }
    std::set<std::string> subjects;
    for (const Json& item : *changes) {
        const auto place = fmt::format("/changes/{}", plan.changes.size());
        SYMBOLON_TRY(auto change, parse_planned_change(item, place));
        if (!subjects.insert(change.subject).second) {
            return wrong_at(place + "/subject", "another change is of this subject");
        }
        plan.changes.push_back(std::move(change));
    }
    SYMBOLON_CHECK(check_references(plan));
    return plan;
}

}  // namespace symbolon::gate
