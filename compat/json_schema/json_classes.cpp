#include "compat/json_schema/json_classes.hpp"

#include <type_traits>

namespace symbolon::compat::json {

namespace {

template <class T>
void add_bytes(std::string& key, T value) {
    static_assert(std::is_arithmetic_v<T> || std::is_pointer_v<T> || std::is_enum_v<T>);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): of a pointer, the pointer's own bytes are meant
    key.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

void add_text(std::string& key, std::string_view text) {
    add_bytes(key, text.size());
    key += text;
}

template <class T>
void add_optional(std::string& key, const std::optional<T>& value) {
    add_bytes(key, value.has_value());
    if (value) {
        add_bytes(key, *value);
    }
}

void add_value(std::string& key, const JsonNode* value) {
    std::string text;
    if (value != nullptr) {
        append_json(text, *value, MemberOrder::sorted);
    }
    add_text(key, text);
}

void add_names(std::string& key, std::span<const std::string_view> names) {
    add_bytes(key, names.size());
    for (const std::string_view name : names) {
        add_text(key, name);
    }
}

void add_string(std::string& key, const StringPart& part) {
    add_optional(key, part.max_length);
    add_optional(key, part.min_length);
    add_bytes(key, part.pattern.has_value());
    add_text(key, part.pattern.value_or(""));
}

void add_number(std::string& key, const NumberPart& part) {
    add_optional(key, part.maximum);
    add_optional(key, part.minimum);
    add_optional(key, part.exclusive_maximum);
    add_optional(key, part.exclusive_minimum);
    add_value(key, part.multiple_of);
    add_bytes(key, part.integer);
}

}  // namespace

// Recursive, as deep as the text is nested: references end it.
const Model& ModelClasses::representative(const Model& model) {
    if (const auto known = representatives_.find(&model); known != representatives_.end()) {
        return *known->second;
    }
    std::string key;
    add_content(key, model);
    steps_ += 4 + key.size() / 16;
    const Model* first = by_content_.try_emplace(std::move(key), &model).first->second;
    representatives_.emplace(&model, first);
    return *first;
}

void ModelClasses::add_content(std::string& key, const Model& model) {
    add_bytes(key, model.kind);
    if (model.kind == ModelKind::reference) {
        add_bytes(key, model.inner);
        return;
    }
    add_bytes(key, model.annotations != nullptr);
    if (model.annotations != nullptr) {
        add_annotations(key, *model.annotations);
    }
    if (model.object != nullptr) {
        add_object(key, *model.object);
    }
    if (model.array != nullptr) {
        add_array(key, *model.array);
    }
    if (model.string != nullptr) {
        add_string(key, *model.string);
    }
    if (model.number != nullptr) {
        add_number(key, *model.number);
    }
    if (model.value != nullptr) {
        add_value(key, model.value);
    }
    add_model(key, model.inner);
    add_bytes(key, model.criterion);
    add_bytes(key, model.members.size());
    for (const Model* member : model.members) {
        add_model(key, member);
    }
}

void ModelClasses::add_annotations(std::string& key, const Annotations& annotations) {
    for (const JsonNode* value :
         {annotations.id, annotations.title, annotations.description, annotations.default_value}) {
        add_bytes(key, value != nullptr);
        add_value(key, value);
    }
    add_bytes(key, annotations.connect_bytes);
}

void ModelClasses::add_object(std::string& key, const ObjectPart& part) {
    add_named(key, part.properties);
    add_names(key, part.required);
    add_named(key, part.patterns);
    add_bytes(key, part.property_dependencies.size());
    for (const NameList& list : part.property_dependencies) {
        add_text(key, list.name);
        add_names(key, list.names);
    }
    add_named(key, part.schema_dependencies);
    add_bytes(key, part.additional.permitted);
    add_model(key, part.additional.schema);
    add_model(key, part.unevaluated);
    add_optional(key, part.max_properties);
    add_optional(key, part.min_properties);
}

void ModelClasses::add_array(std::string& key, const ArrayPart& part) {
    add_model(key, part.items);
    add_bytes(key, part.list.size());
    for (const Model* item : part.list) {
        add_model(key, item);
    }
    add_bytes(key, part.additional.permitted);
    add_model(key, part.additional.schema);
    add_model(key, part.unevaluated);
    add_optional(key, part.max_items);
    add_optional(key, part.min_items);
    add_bytes(key, part.unique);
    add_optional(key, part.max_contains);
    add_optional(key, part.min_contains);
}

void ModelClasses::add_model(std::string& key, const Model* model) {
    add_bytes(key, model == nullptr ? nullptr : &representative(*model));
}

void ModelClasses::add_named(std::string& key, std::span<const NamedModel> models) {
    add_bytes(key, models.size());
    for (const NamedModel& entry : models) {
        add_text(key, entry.name);
        add_model(key, entry.model);
    }
}

}  // namespace symbolon::compat::json
