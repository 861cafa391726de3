#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_multiple.hpp"
#include "compat/json_schema/json_samples.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <cmath>

namespace symbolon::compat::json {

namespace {

bool is_of_type(const JsonNode& value, std::string_view type) {
    switch (value.kind) {
        case JsonKind::null:
            return type == "null";
        case JsonKind::boolean:
            return type == "boolean";
        case JsonKind::string:
            return type == "string";
        case JsonKind::array:
            return type == "array";
        case JsonKind::object:
            return type == "object";
        default:
            return type == "number" ||
                   (type == "integer" &&
                    (value.is_integer() || std::trunc(to_double(value)) == to_double(value)));
    }
}

std::size_t letters_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
        return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
    }));
}

std::string sorted_json(const JsonNode& value) {
    std::string text;
    append_json(text, value, MemberOrder::sorted);
    return text;
}

bool is_equal_json(const JsonNode& left, const JsonNode& right) {
    return (is_number(left) && is_number(right)) ? to_double(left) == to_double(right)
                                                 : sorted_json(left) == sorted_json(right);
}

bool is_within(const Bound32& least, const Bound32& most, std::size_t count) {
    const auto signed_count = static_cast<std::int64_t>(count);
    return (!least || signed_count >= *least) && (!most || signed_count <= *most);
}

}  // namespace

bool Sampler::takes(const Model& model, const JsonNode& value, int depth) {
    constexpr int depth_max = 60;
    if (++steps_ > limits::sample_steps_max || depth > depth_max) {
        return false;
    }
    if (!takes_type(model, value)) {
        return false;
    }
    const bool number = is_number(value);
    switch (model.kind) {
        case ModelKind::never:
            return false;
        case ModelKind::object:
            return value.kind != JsonKind::object || takes_object(*model.object, value, depth);
        case ModelKind::array:
            return value.kind != JsonKind::array || takes_array(*model.array, value, depth);
        case ModelKind::string:
            return value.kind != JsonKind::string || takes_string(*model.string, value);
        case ModelKind::number:
            return !number || takes_number(*model.number, value);
        case ModelKind::enumeration:
            for (const JsonNode* one = model.value->first; one != nullptr; one = one->next) {
                if (is_equal_json(*one, value)) {
                    return true;
                }
            }
            return false;
        case ModelKind::constant:
            return is_equal_json(*model.value, value);
        case ModelKind::negation:
            return !takes(*model.inner, value, depth + 1);
        case ModelKind::reference:
            return takes(*model.inner, value, depth + 1);
        case ModelKind::combined:
            return takes_members(model, value, depth);
        default:
            return true;
    }
}

// The models do not keep whether a type is asked for; the text does.
bool Sampler::takes_type(const Model& model, const JsonNode& value) const {
    if (model.kind == ModelKind::reference) {
        return true;
    }
    const JsonNode* type = model.source->find("type");
    if (type == nullptr) {
        return true;
    }
    if (type->kind == JsonKind::string) {
        return is_of_type(value, type->text);
    }
    for (const JsonNode* one = type->first; one != nullptr; one = one->next) {
        if (is_of_type(value, one->text)) {
            return true;
        }
    }
    return false;
}

bool Sampler::takes_members(const Model& model, const JsonNode& value, int depth) {
    std::size_t count = 0;
    for (const Model* member : model.members) {
        count += takes(*member, value, depth + 1) ? 1 : 0;
    }
    // Types of a list are members of one object: a whole number may be of two of them.
    return model.criterion == Criterion::all_of   ? count == model.members.size()
           : model.criterion == Criterion::any_of ? count > 0
                                                  : count == 1;
}

bool Sampler::takes_number(const NumberPart& part, const JsonNode& value) const {
    const double number = to_double(value);
    if ((part.minimum && number < *part.minimum) || (part.maximum && number > *part.maximum) ||
        (part.exclusive_minimum && number <= *part.exclusive_minimum) ||
        (part.exclusive_maximum && number >= *part.exclusive_maximum) ||
        (part.integer && std::trunc(number) != number)) {
        return false;
    }
    if (part.multiple_of == nullptr) {
        return true;
    }
    const auto decimal = parse_decimal(value.text);
    const auto factor = parse_decimal(part.multiple_of->text);
    return decimal && factor && is_multiple(*decimal, *factor);
}

bool Sampler::takes_string(const StringPart& part, const JsonNode& value) {
    return is_within(part.min_length, part.max_length, letters_of(value.text)) &&
           (!part.pattern || matches(*part.pattern, value.text));
}

bool Sampler::takes_array(const ArrayPart& part, const JsonNode& value, int depth) {
    if (!is_within(part.min_items, part.max_items, value.count)) {
        return false;
    }
    std::set<std::string> seen;
    std::size_t position = 0;
    for (const JsonNode* item = value.first; item != nullptr; item = item->next) {
        if (part.unique && !seen.insert(sorted_json(*item)).second) {
            return false;
        }
        const bool is_listed = position < part.list.size();
        const Model* model = is_listed                ? part.list[position]
                             : part.items != nullptr  ? part.items
                             : part.additional.schema ? part.additional.schema
                                                      : part.unevaluated;
        const bool may_follow =
            part.additional.permitted || (part.list.empty() && part.items != nullptr);
        if ((!is_listed && !may_follow) || (model != nullptr && !takes(*model, *item, depth + 1))) {
            return false;
        }
        ++position;
    }
    return true;
}

bool Sampler::takes_object(const ObjectPart& part, const JsonNode& value, int depth) {
    if (!is_within(part.min_properties, part.max_properties, value.count)) {
        return false;
    }
    for (const std::string_view name : part.required) {
        if (value.find(name) == nullptr) {
            return false;
        }
    }
    for (const JsonNode* member = value.first; member != nullptr; member = member->next) {
        steps_ += 1 + part.properties.size() / 8;
        bool is_known = false;
        const auto fits = [&](const Model& model) {
            is_known = true;
            return takes(model, *member, depth + 1);
        };
        for (const NamedModel& entry : part.properties) {
            if (entry.name == member->key && !fits(*entry.model)) {
                return false;
            }
        }
        for (const NamedModel& entry : part.patterns) {
            if (matches(entry.name, member->key) && !fits(*entry.model)) {
                return false;
            }
        }
        if (is_known) {
            continue;
        }
        const Model* other =
            part.additional.schema != nullptr ? part.additional.schema : part.unevaluated;
        if (!part.additional.permitted || (other != nullptr && !fits(*other))) {
            return false;
        }
    }
    return takes_dependencies(part, value, depth);
}

bool Sampler::takes_dependencies(const ObjectPart& part, const JsonNode& value, int depth) {
    for (const NameList& list : part.property_dependencies) {
        for (const std::string_view name : list.names) {
            if (value.find(list.name) != nullptr && value.find(name) == nullptr) {
                return false;
            }
        }
    }
    return std::all_of(
        part.schema_dependencies.begin(), part.schema_dependencies.end(), [&](const auto& entry) {
            return value.find(entry.name) == nullptr || takes(*entry.model, value, depth + 1);
        });
}

bool Sampler::matches(std::string_view pattern, std::string_view text) {
    auto found = patterns_.find(pattern);
    if (found == patterns_.end()) {
        found = patterns_.emplace(std::string(pattern), compile_pattern(pattern).value_or(nullptr))
                    .first;
    }
    return found->second != nullptr && found->second->is_found_in(text).value_or(false);
}

}  // namespace symbolon::compat::json
