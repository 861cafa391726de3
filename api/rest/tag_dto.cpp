#include "api/rest/tag_dto.hpp"

#include "api/rest/dto.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace symbolon::rest {

namespace {

tl::unexpected<Error> wrong_tag_shape(const char* place, std::string_view expected) {
    return failure(
        make_error(ErrorCode::malformed_json, fmt::format("at /{}: expected {}", place, expected)));
}

const Json* find_value(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::set<std::string>> parse_words(const Json& list, const char* place) {
    std::set<std::string> words;
    if (!list.is_array()) {
        return wrong_tag_shape(place, "an array of strings");
    }
    for (const Json& word : list) {
        if (!word.is_string()) {
            return wrong_tag_shape(place, "an array of strings");
        }
        words.insert(word.get<std::string>());
    }
    return words;
}

std::optional<compat::EntityKind> find_entity_kind(const Json& name) {
    for (const auto kind : {compat::EntityKind::record, compat::EntityKind::field}) {
        if (name == compat::to_string(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

Result<compat::EntityTags> parse_entity_tags(const Json& item, const char* place) {
    const Json* entity = item.is_object() ? find_value(item, "schemaEntity") : nullptr;
    const Json* path =
        entity != nullptr && entity->is_object() ? find_value(*entity, "entityPath") : nullptr;
    const Json* type = path != nullptr ? find_value(*entity, "entityType") : nullptr;
    const auto kind = type != nullptr ? find_entity_kind(*type) : std::nullopt;
    const Json* tags = item.is_object() ? find_value(item, "tags") : nullptr;
    if (path == nullptr || !path->is_string() || !kind || tags == nullptr) {
        return wrong_tag_shape(place,
                               "objects with schemaEntity (entityPath, and entityType sr_record or "
                               "sr_field) and tags");
    }
    compat::EntityTags parsed{path->get<std::string>(), *kind, {}};
    SYMBOLON_TRY(parsed.tags, parse_words(*tags, place));
    return parsed;
}

void merge_rules(std::vector<Rule>& rules, const std::vector<Rule>& later,
                 const std::set<std::string>& removed) {
    std::erase_if(rules, [&](const Rule& rule) {
        return removed.contains(rule.name) ||
               std::any_of(later.begin(), later.end(),
                           [&](const Rule& other) { return other.name == rule.name; });
    });
    rules.insert(rules.end(), later.begin(), later.end());
}

// The rules of the version that is tagged, unless the request brings its own or changes single
// ones.
Result<std::optional<RuleSet>> parse_tag_rules(const Json& json, const SchemaContent& content) {
    const Json* whole = find_value(json, "ruleSet");
    const Json* to_merge = find_value(json, "rulesToMerge");
    const Json* to_remove = find_value(json, "rulesToRemove");
    if (whole != nullptr && (to_merge != nullptr || to_remove != nullptr)) {
        return failure(
            make_error(ErrorCode::invalid_rule_set,
                       "ruleSet should be omitted if specifying rulesToMerge or rulesToRemove"));
    }
    if (whole != nullptr) {
        SYMBOLON_TRY(auto rules, parse_rule_set(*whole));
        return std::optional(std::move(rules));
    }
    if (to_merge == nullptr && to_remove == nullptr) {
        return content.rule_set;
    }
    RuleSet merged = content.rule_set.value_or(RuleSet{});
    RuleSet later;
    std::set<std::string> removed;
    if (to_merge != nullptr) {
        SYMBOLON_TRY(later, parse_rule_set(*to_merge));
    }
    if (to_remove != nullptr) {
        SYMBOLON_TRY(removed, parse_words(*to_remove, "rulesToRemove"));
    }
    merge_rules(merged.migration_rules, later.migration_rules, removed);
    merge_rules(merged.domain_rules, later.domain_rules, removed);
    merge_rules(merged.encoding_rules, later.encoding_rules, removed);
    if (later.enable_at) {
        merged.enable_at = later.enable_at;
    }
    return std::optional(std::move(merged));
}

}  // namespace

Result<std::vector<compat::EntityTags>> parse_tag_list(const Json& object, const char* name) {
    std::vector<compat::EntityTags> entities;
    const Json* list = find_value(object, name);
    if (list == nullptr) {
        return entities;
    }
    if (!list->is_array()) {
        return wrong_tag_shape(name, "an array");
    }
    for (const Json& item : *list) {
        SYMBOLON_TRY(auto entity, parse_entity_tags(item, name));
        entities.push_back(std::move(entity));
    }
    return entities;
}

Result<bool> parse_propagation(const Json& object) {
    const Json* flag = find_value(object, "propagateSchemaTags");
    if (flag != nullptr && !flag->is_boolean()) {
        return wrong_tag_shape("propagateSchemaTags", "true or false");
    }
    return flag != nullptr && flag->get<bool>();
}

Result<SchemaRequest> parse_tag_request(const Json& json, const SchemaContent& content) {
    SchemaRequest request;
    request.schema = content.text;
    request.schema_type = to_string(content.type);
    request.references = content.references;
    request.metadata = content.metadata;
    if (const Json* metadata = find_value(json, "metadata")) {
        SYMBOLON_TRY(request.metadata, parse_metadata(*metadata));
    }
    SYMBOLON_TRY(request.rule_set, parse_tag_rules(json, content));
    SYMBOLON_TRY(request.tags.add, parse_tag_list(json, "tagsToAdd"));
    SYMBOLON_TRY(request.tags.remove, parse_tag_list(json, "tagsToRemove"));
    request.version = -1;
    if (const Json* version = find_value(json, "newVersion")) {
        const bool fits = version->is_number_integer() && *version >= -1 &&
                          *version <= std::numeric_limits<std::int32_t>::max();
        if (!fits) {
            return wrong_tag_shape("newVersion", "a 32-bit integer");
        }
        request.version = version->get<std::int32_t>();
    }
    return request;
}

Result<std::string> find_tags_text(const SchemaContent& content,
                                   const std::vector<std::string_view>& wanted) {
    std::string text;
    if (wanted.empty()) {
        return text;
    }
    const bool all = std::find(wanted.begin(), wanted.end(), "*") != wanted.end();
    SYMBOLON_TRY(auto entities, compat::find_tags(content.type, content.text));
    for (compat::EntityTags& entity : entities) {
        std::erase_if(entity.tags, [&](const std::string& tag) {
            return !all && std::find(wanted.begin(), wanted.end(), tag) == wanted.end();
        });
        if (entity.tags.empty()) {
            continue;
        }
        text += text.empty() ? "[" : ",";
        ObjectText object(text);
        std::string name;
        ObjectText inner(name);
        inner.text("entityPath", entity.path);
        inner.text("entityType", compat::to_string(entity.kind));
        inner.close();
        object.raw("schemaEntity", name);
        object.raw("tags",
                   to_array_body(std::vector<std::string>(entity.tags.begin(), entity.tags.end())));
        object.close();
    }
    return text.empty() ? text : text + "]";
}

}  // namespace symbolon::rest
