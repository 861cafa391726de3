#include "compat/json_schema/json_change_list.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace symbolon::compat::json {

namespace {

const Model* find_named(std::span<const NamedModel> sorted, std::string_view name) {
    const auto found = std::lower_bound(
        sorted.begin(), sorted.end(), name,
        [](const NamedModel& entry, std::string_view wanted) { return entry.name < wanted; });
    return found != sorted.end() && found->name == name ? found->model : nullptr;
}

// The keyword that makes a schema what it is.
std::string_view class_keyword(const Model& model) {
    switch (model.kind) {
        case ModelKind::enumeration:
            return "enum";
        case ModelKind::constant:
            return "const";
        case ModelKind::negation:
            return "not";
        case ModelKind::conditional:
            return "if";
        case ModelKind::reference:
            return "$ref";
        case ModelKind::combined: {
            const std::string_view word = word_of(model.criterion);
            return model.source->find(word) != nullptr ? word : "type";
        }
        default:
            return "type";
    }
}

// What a keyword of a path may be called in a text; each draft has its own words.
struct Words {
    std::string_view step;
    std::array<std::string_view, 3> written;
};
constexpr std::array words_rows{
    Words{"dependencies", {"dependencies", "dependentRequired", "dependentSchemas"}},
    Words{"additionalItems", {"additionalItems", "items", ""}},
    Words{"minContains", {"minContains", "contains", ""}},
    Words{"maxContains", {"maxContains", "contains", ""}},
};

const JsonNode* find_keyword(const JsonNode& schema, std::string_view word) {
    for (const Words& row : words_rows) {
        if (row.step == word) {
            for (const std::string_view written : row.written) {
                if (const JsonNode* found = schema.find(written)) {
                    return found;
                }
            }
        }
    }
    return schema.find(word);
}

bool is_uncovered(ChangeKind kind) {
    if (kind.is_allowed(Policy::strict)) {
        return false;
    }
    switch (kind.finding()) {
        case FindingKind::property_removed_not_covered_by_partially_open_content_model:
        case FindingKind::property_added_not_covered_by_partially_open_content_model:
        case FindingKind::item_removed_not_covered_by_partially_open_content_model:
        case FindingKind::item_added_not_covered_by_partially_open_content_model:
            return true;
        default:
            return false;
    }
}

std::string as_place(std::string pointer) {
    return pointer.empty() ? "/" : std::move(pointer);
}

}  // namespace

const Model* declared_at(const Step& step, const Model& model) {
    if (model.kind == ModelKind::object && step.name) {
        return step.word == "properties" ? find_named(model.object->properties, *step.name)
               : step.word == "dependencies"
                   ? find_named(model.object->schema_dependencies, *step.name)
                   : nullptr;
    }
    if (model.kind == ModelKind::object) {
        return step.word == "additionalProperties"    ? model.object->additional.schema
               : step.word == "unevaluatedProperties" ? model.object->unevaluated
                                                      : nullptr;
    }
    if (model.kind != ModelKind::array) {
        return nullptr;
    }
    if (step.number) {
        return *step.number < model.array->list.size() ? model.array->list[*step.number] : nullptr;
    }
    return step.word == "items"              ? model.array->items
           : step.word == "additionalItems"  ? model.array->additional.schema
           : step.word == "unevaluatedItems" ? model.array->unevaluated
                                             : nullptr;
}

void ChangeSide::enter(const Model& slot) {
    const Model& model = slot.kind == ModelKind::reference ? *slot.inner : slot;
    if (auto pointer = places_.find(*model.source)) {
        levels_.push_back({&model, std::move(*pointer), true});
        return;
    }
    std::string nearest = levels_.empty() ? "" : levels_.back().pointer;
    if (auto pointer = places_.find(*slot.source); pointer && &slot != &model) {
        nearest = std::move(*pointer);
        nearest += slot.source->find("$ref") != nullptr ? "/$ref" : "/$dynamicRef";
    }
    levels_.push_back({&model, std::move(nearest), false});
}

std::string ChangeSide::place_of(const Model& slot) {
    enter(slot);
    std::string pointer = levels_.back().pointer;
    leave();
    return as_place(std::move(pointer));
}

std::string ChangeSide::place_of(const Step& step) {
    const Level& level = levels_.back();
    if (!level.is_own) {
        return as_place(level.pointer);
    }
    if (step.name || step.number) {
        return place_of_name(step);
    }
    const JsonNode& schema = *level.model->source;
    const std::string_view word = step.word.empty() ? class_keyword(*level.model) : step.word;
    const JsonNode* found = find_keyword(schema, word);
    std::string pointer = level.pointer;
    if (found != nullptr) {
        append_pointer_token(pointer, found->key);
    }
    return as_place(std::move(pointer));
}

// Of a property, a listed item, a required name or a dependency.
std::string ChangeSide::place_of_name(const Step& step) {
    const Level& level = levels_.back();
    if (const Model* declared = declared_at(step, *level.model)) {
        return as_place(places_.find(*declared->source).value_or(level.pointer));
    }
    const JsonNode* keyword = find_keyword(*level.model->source, step.word);
    std::string pointer = level.pointer;
    if (keyword == nullptr || !step.name || step.word == "properties") {
        return as_place(std::move(pointer));
    }
    append_pointer_token(pointer, keyword->key);
    std::size_t position = 0;
    for (const JsonNode* child = keyword->first; child != nullptr; child = child->next) {
        if (keyword->kind == JsonKind::array ? child->text == *step.name
                                             : child->key == *step.name) {
            append_pointer_token(pointer, keyword->kind == JsonKind::array
                                              ? std::to_string(position)
                                              : std::string(*step.name));
            break;
        }
        ++position;
    }
    return pointer;
}

bool ChangeList::is_full() const {
    return changes_.size() >= limits::findings_max || bytes_ > limits::findings_bytes_max;
}

void ChangeList::append(ResultId id) {
    for (const Item& item : check_.result(id).items) {
        if (is_full()) {
            return;
        }
        const bool breaks =
            item.change ? !item.change->is_allowed(policy_) : !check_.is_compatible(item.result);
        if (!breaks && wanted_ == Wanted::breaking) {
            continue;
        }
        steps_.push_back(&item.step);
        if (item.change) {
            add(*item.change);
        } else {
            append_below(item);
        }
        steps_.pop_back();
    }
}

// Members of combined schemas have no places of their own: what stands below them never breaks.
void ChangeList::append_below(const Item& item) {
    const Model* original = slot_of(item.step, original_.model());
    const Model* update = slot_of(item.step, update_.model());
    original_.enter(original == nullptr ? original_.model() : *original);
    update_.enter(update == nullptr ? update_.model() : *update);
    append(item.result);
    update_.leave();
    original_.leave();
}

// The schema that is compared at `step`: the declared one, or the one for what is not declared.
const Model* ChangeList::slot_of(const Step& step, const Model& model) {
    if (const Model* declared = declared_at(step, model)) {
        return declared;
    }
    if (model.kind == ModelKind::object && step.word == "properties" && step.name) {
        return check_.find_covering(*model.object, *step.name);
    }
    if (model.kind == ModelKind::array && step.word == "items" && step.number) {
        return find_covering_items(*model.array);
    }
    return nullptr;
}

std::string ChangeList::place_of(ChangeKind kind, const Step& step, ChangeSide& side) {
    const Model* covering = is_uncovered(kind) && declared_at(step, side.model()) == nullptr
                                ? slot_of(step, side.model())
                                : nullptr;
    return covering != nullptr ? side.place_of(*covering) : side.place_of(step);
}

void ChangeList::add(ChangeKind kind) {
    std::string path;
    for (const Step* step : steps_) {
        if (step->word.empty()) {
            continue;
        }
        path += "/";
        path += step->word;
        if (step->name) {
            path += "/";
            path += *step->name;
        } else if (step->number) {
            path += "/" + std::to_string(*step->number);
        }
    }
    const Step& last = *steps_.back();
    Change change{kind, path.empty() ? "#/" : "#" + path, place_of(kind, last, update_),
                  place_of(kind, last, original_),
                  last.name     ? std::string(*last.name)
                  : last.number ? std::to_string(*last.number)
                                : ""};
    bytes_ += change.path.size() + change.reader_path.size() + change.writer_path.size() +
              change.name.size();
    changes_.push_back(std::move(change));
}

}  // namespace symbolon::compat::json
