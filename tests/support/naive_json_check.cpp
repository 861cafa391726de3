#include "tests/support/naive_json_check.hpp"

#include "core/json.hpp"

#include <regex.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

namespace symbolon::tests {

namespace {

using Json = nlohmann::json;

/// A schema, or one of the classes of keywords in it.
struct Shape {
    std::string kind;
    const Json* json = nullptr;
    int part = 0;  ///< which of the classes; with `json` it says what is meant
    std::vector<Shape> members{};
};

bool is_found(const std::string& pattern, const std::string& text) {
    regex_t compiled{};
    if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&compiled);
    return found;
}

class NaiveJsonCheck {
public:
    NaiveJsonCheck(const Json& original, const Json& update, bool lenient, std::uint64_t steps_max)
        : original_(&original), update_(&update), lenient_(lenient), steps_max_(steps_max) {
        add_nodes(original);
    }

    std::optional<bool> run() {
        const bool fits = compare(shape_of(*original_), shape_of(*update_));
        return steps_ > steps_max_ ? std::nullopt : std::optional(fits);
    }

private:
    static bool is_number_word(const std::string& type) {
        return type == "number" || type == "integer";
    }

    static std::vector<Shape> members_of(const Json& array) {
        std::vector<Shape> members;
        std::set<std::string> seen;
        for (const Json& item : array) {
            if (seen.insert(item.dump()).second) {
                members.push_back(shape_of(item));
            }
        }
        return members;
    }

    static Shape shape_of(const Json& json) {
        if (json.is_boolean()) {
            return {json.get<bool>() ? "true" : "false", &json};
        }
        if (json.contains("$ref")) {
            return {"$ref", &json};
        }
        std::vector<Shape> parts;
        const auto add = [&](Shape shape) {
            shape.part = static_cast<int>(parts.size()) + 1;
            parts.push_back(std::move(shape));
        };
        if (json.contains("enum")) {
            add({"enum", &json});
        }
        for (const char* word : {"allOf", "anyOf", "oneOf"}) {
            if (json.contains(word)) {
                add({word, &json, 0, members_of(json[word])});
            }
        }
        if (json.contains("not")) {
            add({"not", &json});
        }
        if (json.contains("type") && json["type"].is_array()) {
            Shape list{"anyOf", &json};
            for (const Json& type : json["type"]) {
                list.members.push_back(
                    {type.get<std::string>(), &json, 100 + static_cast<int>(list.members.size())});
            }
            add(list);
        } else if (json.contains("type")) {
            add({json["type"].get<std::string>(), &json});
        } else if (json.contains("items")) {
            add({"array", &json});
        } else if (json.contains("properties")) {
            add({"object", &json});
        }
        if (parts.empty()) {
            return {"empty", &json};
        }
        return parts.size() == 1 ? parts.front() : Shape{"allOf", &json, 0, parts};
    }

    static bool is_combined(const Shape& shape) {
        return shape.kind == "allOf" || shape.kind == "anyOf" || shape.kind == "oneOf";
    }
    static bool takes_all(const Shape& shape) {
        return shape.kind == "empty" || shape.kind == "true";
    }

    Shape followed(const Shape& shape) const {
        if (shape.kind != "$ref") {
            return shape;
        }
        const std::string name = (*shape.json)["$ref"].get<std::string>().substr(1);
        const bool of_original = nodes_.count(shape.json) != 0;
        return shape_of((*(of_original ? original_ : update_))[Json::json_pointer(name)]);
    }

    void add_nodes(const Json& json) {
        nodes_.insert(&json);
        if (json.is_structured()) {
            std::for_each(json.begin(), json.end(),
                          [this](const Json& child) { add_nodes(child); });
        }
    }

    bool compare(const Shape& original_slot, const Shape& update_slot) {
        const Shape original = followed(original_slot);
        const Shape update = followed(update_slot);
        const auto key = std::tuple(original.json, original.part, update.json, update.part);
        if (++steps_ > steps_max_ || path_.size() > 400 ||
            std::find(path_.begin(), path_.end(), key) != path_.end()) {
            return true;  // what is asked inside itself fits unless something else says no
        }
        path_.push_back(key);
        const bool fits = compare_shapes(original, update);
        path_.pop_back();
        return fits;
    }

    bool compare_shapes(const Shape& original, const Shape& update) {
        const bool from = is_combined(original);
        const bool to = is_combined(update);
        if (!from && to && (update.members.size() == 1 || update.kind != "allOf") &&
            std::any_of(update.members.begin(), update.members.end(),
                        [&](const Shape& member) { return compare(original, member); })) {
            return true;
        }
        if (from && !to && (original.members.size() == 1 || original.kind == "allOf") &&
            std::any_of(original.members.begin(), original.members.end(),
                        [&](const Shape& member) { return compare(member, update); })) {
            return true;
        }
        const bool numbers = is_number_word(original.kind) && is_number_word(update.kind);
        if (from && to) {
            return compare_combined(original, update);
        }
        if (original.kind != update.kind && !numbers) {
            return original.kind == "false" || takes_all(update);
        }
        const Json& before = *original.json;
        const Json& now = *update.json;
        if (numbers) {
            return (original.kind == "integer" || update.kind != "integer") &&
                   keeps_most(before, now, "maximum") && keeps_least(before, now, "minimum");
        }
        if (original.kind == "string") {
            return keeps_most(before, now, "maxLength") && keeps_least(before, now, "minLength");
        }
        if (original.kind == "enum") {
            return std::all_of(
                before["enum"].begin(), before["enum"].end(), [&](const Json& value) {
                    return std::find(now["enum"].begin(), now["enum"].end(), value) !=
                           now["enum"].end();
                });
        }
        if (original.kind == "not") {
            return compare(shape_of(now["not"]), shape_of(before["not"]));
        }
        if (original.kind == "array") {
            return !now.contains("items") ||
                   (before.contains("items") &&
                    compare(shape_of(before["items"]), shape_of(now["items"])));
        }
        return original.kind != "object" || compare_objects(before, now);
    }

    static bool keeps_most(const Json& before, const Json& now, const char* word) {
        return !now.contains(word) || (before.contains(word) && before[word] <= now[word]);
    }
    static bool keeps_least(const Json& before, const Json& now, const char* word) {
        return !now.contains(word) || (before.contains(word) && before[word] >= now[word]);
    }

    bool compare_combined(const Shape& original, const Shape& update) {
        const std::size_t before = original.members.size();
        const std::size_t now = update.members.size();
        const bool may_change = update.kind == "anyOf" || (before == 1 && now == 1) ||
                                (before == 1 && update.kind == "oneOf") ||
                                (now == 1 && original.kind == "allOf");
        if ((original.kind != update.kind && !may_change) ||
            (before < now && update.kind == "allOf") ||
            (now < before && original.kind != "allOf")) {
            return false;
        }
        std::vector<bool> taken(now);
        return most_matched(original, update, 0, taken) == std::min(before, now);
    }

    // The best that can be done from `index` on, by trying everything.
    std::size_t most_matched(const Shape& original, const Shape& update, std::size_t index,
                             std::vector<bool>& taken) {
        if (index == original.members.size()) {
            return 0;
        }
        std::size_t best = most_matched(original, update, index + 1, taken);
        for (std::size_t other = 0; other < taken.size(); ++other) {
            if (!taken[other] && compare(original.members[index], update.members[other])) {
                taken[other] = true;
                best = std::max(best, 1 + most_matched(original, update, index + 1, taken));
                taken[other] = false;
            }
        }
        return best;
    }

    static bool requires_name(const Json& object, const std::string& name) {
        if (!object.contains("required")) {
            return false;
        }
        const Json& names = object["required"];
        return std::find(names.begin(), names.end(), Json(name)) != names.end();
    }
    static bool has_default(const Json& schema) {
        return schema.is_object() && !schema.contains("$ref") && schema.contains("default");
    }
    static const Json& properties_of(const Json& object) {
        static const Json none = Json::object();
        return object.contains("properties") ? object["properties"] : none;
    }
    static const Json* additional_of(const Json& object) {
        const bool is_schema =
            object.contains("additionalProperties") && object["additionalProperties"].is_object();
        return is_schema ? &object["additionalProperties"] : nullptr;
    }
    static bool permits_others(const Json& object) {
        return object.value("additionalProperties", Json(true)) != Json(false);
    }
    static bool is_open(const Json& object) {
        return permits_others(object) && additional_of(object) == nullptr &&
               !object.contains("patternProperties");
    }
    static const Json* covering(const Json& object, const std::string& name) {
        if (object.contains("patternProperties")) {
            for (const auto& [pattern, schema] : object["patternProperties"].items()) {
                if (is_found(pattern, name)) {
                    return &schema;
                }
            }
        }
        return additional_of(object);
    }

    bool compare_objects(const Json& before, const Json& now) {
        for (const auto& [name, schema] : properties_of(before).items()) {
            if (!properties_of(now).contains(name) && !may_remove(name, schema, now)) {
                return false;
            }
        }
        for (const auto& [name, schema] : properties_of(now).items()) {
            if (!properties_of(before).contains(name)) {
                if (!may_add(name, schema, before, now)) {
                    return false;
                }
                continue;
            }
            if ((requires_name(now, name) && !requires_name(before, name) &&
                 !has_default(schema)) ||
                !compare(shape_of(properties_of(before)[name]), shape_of(schema))) {
                return false;
            }
        }
        const Json* others_before = additional_of(before);
        const Json* others_now = additional_of(now);
        if (permits_others(before) != permits_others(now)) {
            return permits_others(now) || lenient_;
        }
        return others_now == nullptr ||
               (others_before == nullptr
                    ? lenient_
                    : compare(shape_of(*others_before), shape_of(*others_now)));
    }

    bool may_remove(const std::string& name, const Json& schema, const Json& now) {
        if (is_open(now)) {
            return true;
        }
        if (const Json* others = covering(now, name)) {
            return compare(shape_of(schema), shape_of(*others));
        }
        return lenient_ || schema == Json(false);
    }

    bool may_add(const std::string& name, const Json& schema, const Json& before, const Json& now) {
        const bool must_be = requires_name(now, name);
        if (is_open(before)) {
            return takes_all(shape_of(schema)) || (lenient_ && (!must_be || has_default(schema)));
        }
        const Json* others = covering(before, name);
        return (others == nullptr || compare(shape_of(*others), shape_of(schema))) &&
               (!must_be || has_default(schema));
    }

    const Json* original_;
    const Json* update_;
    std::set<const Json*> nodes_;  ///< of the original
    bool lenient_;
    std::uint64_t steps_max_;
    std::uint64_t steps_ = 0;
    std::vector<std::tuple<const Json*, int, const Json*, int>> path_;
};

}  // namespace

std::optional<bool> json_reads_naively(const std::string& update, const std::string& original,
                                       compat::Policy policy, std::uint64_t steps_max) {
    const Json before = Json::parse(original);
    const Json now = Json::parse(update);
    return NaiveJsonCheck(before, now, policy == compat::Policy::lenient, steps_max).run();
}

}  // namespace symbolon::tests
