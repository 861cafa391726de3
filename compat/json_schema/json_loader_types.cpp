#include "compat/json_schema/json_loader.hpp"

#include "compat/json_text/json_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace symbolon::compat::json {

namespace {

struct TypeRow {
    std::string_view name;
    ModelKind kind;
    std::optional<Group> group;
};
constexpr std::array type_rows{
    TypeRow{"object", ModelKind::object, Group::object},
    TypeRow{"array", ModelKind::array, Group::array},
    TypeRow{"string", ModelKind::string, Group::string},
    TypeRow{"number", ModelKind::number, Group::number},
    TypeRow{"integer", ModelKind::number, Group::number},
    TypeRow{"boolean", ModelKind::boolean, std::nullopt},
    TypeRow{"null", ModelKind::null, std::nullopt},
};

const TypeRow* find_type(const JsonNode& name) {
    for (const TypeRow& row : type_rows) {
        if (name.kind == JsonKind::string && row.name == name.text) {
            return &row;
        }
    }
    return nullptr;
}

/// A keyword that makes a group be there, and in which drafts it is known.
struct GroupRow {
    std::string_view word;
    Group group;
    Draft first = Draft::draft4;
    Draft last = Draft::draft2020;
};
constexpr std::array group_rows{
    GroupRow{"items", Group::array},
    GroupRow{"prefixItems", Group::array, Draft::draft2019},
    GroupRow{"additionalItems", Group::array, Draft::draft4, Draft::draft7},
    GroupRow{"minItems", Group::array},
    GroupRow{"maxItems", Group::array},
    GroupRow{"uniqueItems", Group::array},
    GroupRow{"contains", Group::array, Draft::draft6},
    GroupRow{"unevaluatedItems", Group::array, Draft::draft2019},
    GroupRow{"properties", Group::object},
    GroupRow{"required", Group::object},
    GroupRow{"additionalProperties", Group::object},
    GroupRow{"patternProperties", Group::object},
    GroupRow{"minProperties", Group::object},
    GroupRow{"maxProperties", Group::object},
    GroupRow{"propertyNames", Group::object, Draft::draft6},
    GroupRow{"dependencies", Group::object, Draft::draft4, Draft::draft7},
    GroupRow{"dependentRequired", Group::object, Draft::draft2019},
    GroupRow{"dependentSchemas", Group::object, Draft::draft2019},
    GroupRow{"unevaluatedProperties", Group::object, Draft::draft2019},
    GroupRow{"minimum", Group::number},
    GroupRow{"maximum", Group::number},
    GroupRow{"exclusiveMinimum", Group::number},
    GroupRow{"exclusiveMaximum", Group::number},
    GroupRow{"multipleOf", Group::number},
    GroupRow{"minLength", Group::string},
    GroupRow{"maxLength", Group::string},
    GroupRow{"pattern", Group::string},
    GroupRow{"format", Group::string},
};

// Parity: the loader of the newer drafts drops what says nothing.
bool says_nothing(std::string_view word, const JsonNode& value) {
    const bool is_true = value.kind == JsonKind::boolean && value.boolean;
    return (word == "items" && is_true) ||
           (word == "properties" && value.kind == JsonKind::object && value.count == 0);
}

}  // namespace

bool Loader::has_group(Group group, const JsonNode& json) const {
    return std::any_of(group_rows.begin(), group_rows.end(), [&](const GroupRow& row) {
        if (row.group != group || draft_ < row.first || draft_ > row.last) {
            return false;
        }
        const JsonNode* value = json.find(row.word);
        return value != nullptr && !(is_modern(draft_) && says_nothing(row.word, *value));
    });
}

bool Loader::load_types(const JsonNode& json, const Place& here, Parts& parts) {
    const JsonNode* type = json.find("type");
    std::set<Group> taken;
    if (type != nullptr && type->kind == JsonKind::array) {
        if (!load_type_list(*type, json, here, parts)) {
            return false;
        }
        for (const JsonNode* item = type->first; item != nullptr; item = item->next) {
            if (const auto group = find_type(*item)->group) {
                taken.insert(*group);
            }
        }
    } else if (type != nullptr) {
        parts.push_back(load_type(*type, &json, here));
        if (parts.back() == nullptr) {
            return false;
        }
        if (const auto group = find_type(*type)->group) {
            taken.insert(*group);
        }
    }
    for (const Group group : {Group::array, Group::object, Group::number, Group::string}) {
        if (taken.count(group) == 0 && has_group(group, json)) {
            parts.push_back(load_group(group, &json, here));
            if (parts.back() == nullptr) {
                return false;
            }
        }
    }
    return true;
}

bool Loader::load_type_list(const JsonNode& types, const JsonNode& json, const Place& here,
                            Parts& parts) {
    Models members;
    std::set<std::string_view> seen;
    std::set<Group> taken;
    for (const JsonNode* item = types.first; item != nullptr; item = item->next) {
        if (!keywords_.expect(item->kind == JsonKind::string, here, *item, "a text")) {
            return false;
        }
        const TypeRow* row = find_type(*item);
        const bool first_of_group =
            row == nullptr || !row->group || taken.insert(*row->group).second;
        // Parity: the newer loader gives the keywords to the first type that they are for.
        const bool has_keywords = first_of_group || !is_modern(draft_);
        const Model* member = load_type(*item, has_keywords ? &json : nullptr, here);
        if (member == nullptr) {
            return false;
        }
        if (seen.insert(item->text).second) {
            members.push_back(member);
        }
    }
    parts.push_back(combine(Criterion::any_of, members, json));
    return true;
}

Model* Loader::load_type(const JsonNode& type, const JsonNode* keywords, const Place& here) {
    if (!keywords_.expect(type.kind == JsonKind::string, here, type,
                          "a text or an array of texts")) {
        return nullptr;
    }
    const TypeRow* row = find_type(type);
    if (row == nullptr) {
        return keywords_.fail(here, type, fmt::format("No type is called \"{}\"", type.text));
    }
    if (!row->group) {
        return new_model(row->kind, *here.node);
    }
    Model* model = load_group(*row->group, keywords, here);
    if (model != nullptr && row->name == "integer") {
        NumberPart part = *model->number;
        part.integer = true;
        model->number = keywords_.make(part);
    }
    return model;
}

Model* Loader::load_group(Group group, const JsonNode* keywords, const Place& here) {
    switch (group) {
        case Group::array:
            return load_array_part(keywords, here);
        case Group::object:
            return load_object_part(keywords, here);
        case Group::number:
            return load_number_part(keywords, here);
        case Group::string:
            return load_string_part(keywords, here);
    }
    return nullptr;
}

Model* Loader::load_string_part(const JsonNode* json, const Place& here) {
    StringPart part;
    const JsonNode* pattern = nullptr;
    if (json != nullptr && (!keywords_.read_bound(*json, "minLength", here, part.min_length) ||
                            !keywords_.read_bound(*json, "maxLength", here, part.max_length) ||
                            !keywords_.read_text(*json, "pattern", here, pattern))) {
        return nullptr;
    }
    if (pattern != nullptr) {
        if (!keywords_.check_pattern(pattern->text, *pattern, here)) {
            return nullptr;
        }
        part.pattern = pattern->text;
    }
    Model* model = new_model(ModelKind::string, *here.node);
    model->string = keywords_.make(part);
    return model;
}

Model* Loader::load_number_part(const JsonNode* json, const Place& here) {
    NumberPart part;
    if (json != nullptr &&
        (!keywords_.read_limit(*json, "minimum", here, part.minimum) ||
         !keywords_.read_limit(*json, "maximum", here, part.maximum) ||
         !read_exclusive(*json, "exclusiveMinimum", here, part.exclusive_minimum) ||
         !read_exclusive(*json, "exclusiveMaximum", here, part.exclusive_maximum) ||
         !keywords_.read_factor(*json, "multipleOf", here, part.multiple_of))) {
        return nullptr;
    }
    Model* model = new_model(ModelKind::number, *here.node);
    model->number = keywords_.make(part);
    return model;
}

bool Loader::read_exclusive(const JsonNode& json, std::string_view word, const Place& here,
                            std::optional<double>& out) {
    if (draft_ != Draft::draft4) {
        return keywords_.read_limit(json, word, here, out);
    }
    bool ignored = false;  // Parity: draft-04's flags are read and never compared
    return keywords_.read_flag(json, word, here, ignored);
}

Model* Loader::load_array_part(const JsonNode* json, const Place& here) {
    ArrayPart part;
    if (json != nullptr && (!load_items(*json, here, part) || !load_contains(*json, here, part) ||
                            !keywords_.read_bound(*json, "minItems", here, part.min_items) ||
                            !keywords_.read_bound(*json, "maxItems", here, part.max_items) ||
                            !keywords_.read_flag(*json, "uniqueItems", here, part.unique))) {
        return nullptr;
    }
    if (json != nullptr && is_modern(draft_) &&
        !load_optional(*json, "unevaluatedItems", here, part.unevaluated)) {
        return nullptr;
    }
    Model* model = new_model(ModelKind::array, *here.node);
    model->array = keywords_.make(part);
    return model;
}

bool Loader::load_items(const JsonNode& json, const Place& here, ArrayPart& part) {
    const JsonNode* items = json.find("items");
    const bool is_flag = items != nullptr && items->kind == JsonKind::boolean;
    if (!is_modern(draft_)) {
        if (items != nullptr && items->kind == JsonKind::array) {
            if (!load_item_list(*items, here, part)) {
                return false;
            }
        } else if (is_flag && draft_ == Draft::draft4) {
            return keywords_.expect(false, here, *items, "a schema or an array of schemas");
        } else if (!load_optional(json, "items", here, part.items)) {
            return false;
        }
        return load_additional(json, "additionalItems", here, part.additional);
    }
    const JsonNode* prefix = json.find("prefixItems");
    if (prefix != nullptr && !load_item_list(*prefix, here, part)) {
        return false;
    }
    if (is_flag) {
        part.additional.permitted = items->boolean;
        return true;
    }
    return load_optional(json, "items", here,
                         prefix != nullptr ? part.additional.schema : part.items);
}

bool Loader::load_item_list(const JsonNode& items, const Place& here, ArrayPart& part) {
    if (!keywords_.expect(items.kind == JsonKind::array, here, items, "an array of schemas")) {
        return false;
    }
    Models models;
    for (const JsonNode* item = items.first; item != nullptr; item = item->next) {
        models.push_back(load(*item, here));
        if (models.back() == nullptr) {
            return false;
        }
    }
    part.list = keywords_.keep(models);
    return true;
}

bool Loader::load_contains(const JsonNode& json, const Place& here, ArrayPart& part) {
    const Model* contained = nullptr;  // loaded for its errors; never compared
    if (draft_ >= Draft::draft6 && !load_optional(json, "contains", here, contained)) {
        return false;
    }
    if (!is_modern(draft_)) {
        // Parity: the older loader does not know these words, keeps them, and compares numbers.
        for (const auto& [word, out] : {std::pair{"minContains", &part.min_contains},
                                        std::pair{"maxContains", &part.max_contains}}) {
            const JsonNode* found = json.find(word);
            if (found != nullptr && is_number(*found)) {
                *out = to_double(*found);
            }
        }
        return true;
    }
    if (contained == nullptr) {
        return true;
    }
    part.min_contains = 1;
    return keywords_.read_limit(json, "minContains", here, part.min_contains) &&
           keywords_.read_limit(json, "maxContains", here, part.max_contains);
}

Model* Loader::load_object_part(const JsonNode* json, const Place& here) {
    ObjectPart part;
    Model* model = new_model(ModelKind::object, *here.node);
    if (json == nullptr) {
        model->object = keywords_.make(part);
        return model;
    }
    std::vector<NamedModel> properties;
    const JsonNode* found = json->find("properties");
    if (found != nullptr && !load_named(*found, here, properties)) {
        return nullptr;
    }
    std::sort(
        properties.begin(), properties.end(),
        [](const NamedModel& left, const NamedModel& right) { return left.name < right.name; });
    part.properties = keywords_.keep(properties);
    const JsonNode* required = json->find("required");
    if (required != nullptr && !keywords_.read_names(*required, here, part.required)) {
        return nullptr;
    }
    const Model* ignored = nullptr;  // loaded for its errors; never compared
    if (draft_ >= Draft::draft6 && !load_optional(*json, "propertyNames", here, ignored)) {
        return nullptr;
    }
    if (is_modern(draft_) &&
        !load_optional(*json, "unevaluatedProperties", here, part.unevaluated)) {
        return nullptr;
    }
    if (!load_patterns(*json, here, part) || !load_dependencies(*json, here, part) ||
        !load_additional(*json, "additionalProperties", here, part.additional) ||
        !keywords_.read_bound(*json, "minProperties", here, part.min_properties) ||
        !keywords_.read_bound(*json, "maxProperties", here, part.max_properties)) {
        return nullptr;
    }
    model->object = keywords_.make(part);
    return model;
}

bool Loader::load_patterns(const JsonNode& json, const Place& here, ObjectPart& part) {
    const JsonNode* found = json.find("patternProperties");
    std::vector<NamedModel> patterns;
    if (found == nullptr) {
        return true;
    }
    if (!load_named(*found, here, patterns)) {
        return false;
    }
    for (const NamedModel& pattern : patterns) {
        if (!keywords_.check_pattern(pattern.name, *found, here)) {
            return false;
        }
    }
    part.patterns = keywords_.keep(patterns);
    return true;
}

bool Loader::load_additional(const JsonNode& json, std::string_view word, const Place& here,
                             Additional& out) {
    const JsonNode* found = json.find(word);
    if (found != nullptr && found->kind == JsonKind::boolean) {
        out.permitted = found->boolean;
        return true;
    }
    return load_optional(json, word, here, out.schema);
}

bool Loader::load_dependencies(const JsonNode& json, const Place& here, ObjectPart& part) {
    std::vector<NameList> lists;
    std::vector<NamedModel> schemas;
    const auto add_list = [&](const JsonNode& value) {
        std::span<const std::string_view> names;
        const bool read = keywords_.read_names(value, here, names);
        lists.push_back({value.key, names});
        return read;
    };
    const auto each_of = [&](std::string_view word, const auto& add) {
        const JsonNode* found = json.find(word);
        if (found == nullptr) {
            return true;
        }
        if (!keywords_.expect(found->kind == JsonKind::object, here, *found, "an object")) {
            return false;
        }
        bool good = true;
        for (const JsonNode* value = found->first; value != nullptr && good; value = value->next) {
            good = add(*value);
        }
        return good;
    };
    const auto add_schema = [&](const JsonNode& value) {
        schemas.push_back({value.key, load(value, here)});
        return schemas.back().model != nullptr;
    };
    const auto add_either = [&](const JsonNode& value) {
        return value.kind == JsonKind::array ? add_list(value) : add_schema(value);
    };
    const bool good = is_modern(draft_) ? each_of("dependentRequired", add_list) &&
                                              each_of("dependentSchemas", add_schema)
                                        : each_of("dependencies", add_either);
    const auto by_name = [](const auto& left, const auto& right) { return left.name < right.name; };
    std::sort(lists.begin(), lists.end(), by_name);
    std::sort(schemas.begin(), schemas.end(), by_name);
    part.property_dependencies = keywords_.keep(lists);
    part.schema_dependencies = keywords_.keep(schemas);
    return good;
}

}  // namespace symbolon::compat::json
