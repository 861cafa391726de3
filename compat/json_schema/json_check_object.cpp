#include "compat/json_schema/json_pair_check.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

bool contains(std::span<const std::string_view> sorted, std::string_view name) {
    return std::binary_search(sorted.begin(), sorted.end(), name);
}

// Whatever is not declared may be there, of any kind.
bool is_open(const ObjectPart& part) {
    return part.additional.permitted && part.additional.schema == nullptr &&
           part.patterns.empty() &&
           (part.unevaluated == nullptr || part.unevaluated->accepts_all());
}

// Walks through two lists that are sorted by name.
template <class Entry, class Removed, class Added, class Both>
void walk_both(std::span<const Entry> original, std::span<const Entry> update,
               const Removed& removed, const Added& added, const Both& both) {
    auto from = original.begin();
    auto to = update.begin();
    while (from != original.end() || to != update.end()) {
        if (to == update.end() || (from != original.end() && from->name < to->name)) {
            removed(*from++);
        } else if (from == original.end() || to->name < from->name) {
            added(*to++);
        } else {
            both(*from++, *to++);
        }
    }
}

}  // namespace

void PairCheck::compare_objects(const ObjectPart& original, const ObjectPart& update, Items& out) {
    spend(original.properties.size() + update.properties.size());
    compare_required(original, update, out);
    compare_properties(original, update, out);
    compare_dependencies(original, update, out);
    compare_additional(
        original.additional, update.additional,
        {"additionalProperties", AllowedChange::additional_properties_added,
         FindingKind::additional_properties_removed, AllowedChange::additional_properties_extended,
         FindingKind::additional_properties_narrowed},
        out);
    compare_unevaluated(original.unevaluated, update.unevaluated,
                        {"unevaluatedProperties", AllowedChange::unevaluated_properties_added,
                         FindingKind::unevaluated_properties_removed,
                         AllowedChange::unevaluated_properties_extended,
                         FindingKind::unevaluated_properties_narrowed},
                        out);
    compare_limits(
        original.max_properties, update.max_properties,
        {"maxProperties", FindingKind::max_properties_added, AllowedChange::max_properties_removed,
         AllowedChange::max_properties_increased, FindingKind::max_properties_decreased},
        out);
    compare_limits(
        original.min_properties, update.min_properties,
        {"minProperties", FindingKind::min_properties_added, AllowedChange::min_properties_removed,
         FindingKind::min_properties_increased, AllowedChange::min_properties_decreased},
        out);
}

// Only of properties that both declare.
void PairCheck::compare_required(const ObjectPart& original, const ObjectPart& update, Items& out) {
    const auto ignore = [](const NamedModel&) {};
    walk_both(
        original.properties, update.properties, ignore, ignore,
        [&](const NamedModel& from, const NamedModel& to) {
            const bool before = contains(original.required, from.name);
            if (before == contains(update.required, to.name)) {
                return;
            }
            const bool has_default = to.model->default_value() != nullptr;
            out.push_back({{"required", to.name},
                           before ? ChangeKind(AllowedChange::required_attribute_removed)
                           : has_default
                               ? ChangeKind(AllowedChange::required_attribute_with_default_added)
                               : ChangeKind(FindingKind::required_attribute_added)});
        });
}

void PairCheck::compare_properties(const ObjectPart& original, const ObjectPart& update,
                                   Items& out) {
    walk_both(
        original.properties, update.properties,
        [&](const NamedModel& removed) { add_property_removed(removed, update, out); },
        [&](const NamedModel& added) { add_property_added(added, original, update, out); },
        [&](const NamedModel& from, const NamedModel& to) {
            add_result({"properties", from.name}, compare(*from.model, *to.model), out);
        });
}

void PairCheck::add_property_removed(const NamedModel& property, const ObjectPart& update,
                                     Items& out) {
    const Step step{"properties", property.name};
    if (is_open(update)) {
        out.push_back({step, AllowedChange::property_removed_from_open_content_model});
        return;
    }
    if (const Model* covering = find_covering(update, property.name)) {
        const ResultId result = compare(*property.model, *covering);
        add_result(step, result, out);
        out.push_back(
            {step,
             is_compatible(result)
                 ? ChangeKind(
                       AllowedChange::property_removed_is_covered_by_partially_open_content_model)
                 : ChangeKind(
                       FindingKind::property_removed_not_covered_by_partially_open_content_model)});
        return;
    }
    out.push_back(
        {step,
         property.model->kind == ModelKind::never
             ? ChangeKind(AllowedChange::property_with_false_removed_from_closed_content_model)
             : ChangeKind(FindingKind::property_removed_from_closed_content_model)});
}

void PairCheck::add_property_added(const NamedModel& property, const ObjectPart& original,
                                   const ObjectPart& update, Items& out) {
    const Step step{"properties", property.name};
    const bool required = contains(update.required, property.name);
    const bool has_default = property.model->default_value() != nullptr;
    if (is_open(original)) {
        out.push_back(
            {step,
             property.model->accepts_all()
                 ? ChangeKind(AllowedChange::property_with_empty_schema_added_to_open_content_model)
             : !required ? ChangeKind(FindingKind::optional_property_added_to_open_content_model)
             : has_default
                 ? ChangeKind(
                       FindingKind::required_property_with_default_added_to_open_content_model)
                 : ChangeKind(FindingKind::required_property_added_to_open_content_model)});
        return;
    }
    if (const Model* covering = find_covering(original, property.name)) {
        const ResultId result = compare(*covering, *property.model);
        add_result(step, result, out);
        out.push_back(
            {step,
             is_compatible(result)
                 ? ChangeKind(
                       AllowedChange::property_added_is_covered_by_partially_open_content_model)
                 : ChangeKind(
                       FindingKind::property_added_not_covered_by_partially_open_content_model)});
    }
    out.push_back(
        {step,
         !required ? ChangeKind(AllowedChange::optional_property_added_to_unopen_content_model)
         : has_default
             ? ChangeKind(
                   AllowedChange::required_property_with_default_added_to_unopen_content_model)
             : ChangeKind(FindingKind::required_property_added_to_unopen_content_model)});
}

const Model* PairCheck::find_covering(const ObjectPart& part, std::string_view name) {
    if (const Model* found = find_pattern(part, name)) {
        return found;
    }
    if (part.additional.schema != nullptr) {
        return part.additional.schema;
    }
    const bool says_something = part.unevaluated != nullptr &&
                                part.unevaluated->kind != ModelKind::never &&
                                !part.unevaluated->accepts_all();
    return says_something ? part.unevaluated : nullptr;
}

const Model* PairCheck::find_pattern(const ObjectPart& part, std::string_view name) {
    constexpr std::uint64_t compile_steps = 200;
    constexpr std::uint64_t search_steps = 20;
    for (const NamedModel& pattern : part.patterns) {
        const auto [found, is_new] = patterns_.try_emplace(pattern.name);
        if (is_new && spend(compile_steps)) {
            found->second = compile_pattern(pattern.name).value_or(nullptr);
        }
        if (!spend(search_steps + name.size()) || found->second == nullptr) {
            return nullptr;
        }
        const auto matches = found->second->is_found_in(name);
        if (!matches) {
            stopped_ = true;
            return nullptr;
        }
        if (*matches) {
            return pattern.model;
        }
    }
    return nullptr;
}

void PairCheck::compare_dependencies(const ObjectPart& original, const ObjectPart& update,
                                     Items& out) {
    const auto adder = [&out](ChangeKind kind) {
        return [&out, kind](const auto& entry) {
            out.push_back({{"dependencies", entry.name}, kind});
        };
    };
    walk_both(original.property_dependencies, update.property_dependencies,
              adder(AllowedChange::dependency_array_removed),
              adder(FindingKind::dependency_array_added),
              [&](const NameList& from, const NameList& to) { compare_name_lists(from, to, out); });
    walk_both(original.schema_dependencies, update.schema_dependencies,
              adder(AllowedChange::dependency_schema_removed),
              adder(FindingKind::dependency_schema_added),
              [&](const NamedModel& from, const NamedModel& to) {
                  add_result({"dependencies", from.name}, compare(*from.model, *to.model), out);
              });
}

void PairCheck::compare_name_lists(const NameList& original, const NameList& update, Items& out) {
    const auto& from = original.names;
    const auto& to = update.names;
    spend(from.size() + to.size());
    if (std::equal(from.begin(), from.end(), to.begin(), to.end())) {
        return;
    }
    const bool extended = std::includes(to.begin(), to.end(), from.begin(), from.end());
    const bool narrowed = std::includes(from.begin(), from.end(), to.begin(), to.end());
    out.push_back({{"dependencies", original.name},
                   extended   ? ChangeKind(FindingKind::dependency_array_extended)
                   : narrowed ? ChangeKind(AllowedChange::dependency_array_narrowed)
                              : ChangeKind(FindingKind::dependency_array_changed)});
}

}  // namespace symbolon::compat::json
