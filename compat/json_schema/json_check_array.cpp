#include "compat/json_schema/json_pair_check.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

bool is_open(const ArrayPart& part) {
    return part.additional.permitted && part.additional.schema == nullptr &&
           (part.unevaluated == nullptr || part.unevaluated->accepts_all());
}

}  // namespace

const Model* find_covering_items(const ArrayPart& part) {
    if (part.additional.schema != nullptr) {
        return part.additional.schema;
    }
    const bool says_something = part.unevaluated != nullptr &&
                                part.unevaluated->kind != ModelKind::never &&
                                !part.unevaluated->accepts_all();
    return says_something ? part.unevaluated : nullptr;
}

void PairCheck::compare_arrays(const ArrayPart& original, const ArrayPart& update, Items& out) {
    add_comparison({"items"}, original.items, update.items, out);
    compare_item_lists(original, update, out);
    compare_additional(
        original.additional, update.additional,
        {"additionalItems", AllowedChange::additional_items_added,
         FindingKind::additional_items_removed, AllowedChange::additional_items_extended,
         FindingKind::additional_items_narrowed},
        out);
    compare_unevaluated(
        original.unevaluated, update.unevaluated,
        {"unevaluatedItems", AllowedChange::unevaluated_items_added,
         FindingKind::unevaluated_items_removed, AllowedChange::unevaluated_items_extended,
         FindingKind::unevaluated_items_narrowed},
        out);
    compare_limits(original.max_items, update.max_items,
                   {"maxItems", FindingKind::max_items_added, AllowedChange::max_items_removed,
                    AllowedChange::max_items_increased, FindingKind::max_items_decreased},
                   out);
    compare_limits(original.min_items, update.min_items,
                   {"minItems", FindingKind::min_items_added, AllowedChange::min_items_removed,
                    FindingKind::min_items_increased, AllowedChange::min_items_decreased},
                   out);
    if (original.unique != update.unique) {
        out.push_back({{"uniqueItems"},
                       update.unique ? ChangeKind(FindingKind::unique_items_added)
                                     : ChangeKind(AllowedChange::unique_items_removed)});
    }
    compare_limits(
        original.max_contains, update.max_contains,
        {"maxContains", FindingKind::max_contains_added, AllowedChange::max_contains_removed,
         AllowedChange::max_contains_increased, FindingKind::max_contains_decreased},
        out);
    compare_limits(
        original.min_contains, update.min_contains,
        {"minContains", FindingKind::min_contains_added, AllowedChange::min_contains_removed,
         FindingKind::min_contains_increased, AllowedChange::min_contains_decreased},
        out);
}

void PairCheck::compare_item_lists(const ArrayPart& original, const ArrayPart& update, Items& out) {
    const std::size_t both = std::min(original.list.size(), update.list.size());
    for (std::uint32_t at = 0; at < both; ++at) {
        add_result({"items", std::nullopt, at}, compare(*original.list[at], *update.list[at]), out);
    }
    for (auto at = static_cast<std::uint32_t>(both); at < original.list.size(); ++at) {
        add_item_removed(*original.list[at], at, update, out);
    }
    for (auto at = static_cast<std::uint32_t>(both); at < update.list.size(); ++at) {
        add_item_added(*update.list[at], at, original, out);
    }
}

void PairCheck::add_item_removed(const Model& item, std::uint32_t number, const ArrayPart& update,
                                 Items& out) {
    const Step step{"items", std::nullopt, number};
    if (is_open(update)) {
        out.push_back({step, AllowedChange::item_removed_from_open_content_model});
        return;
    }
    if (const Model* covering = find_covering_items(update)) {
        const ResultId result = compare(item, *covering);
        add_result(step, result, out);
        out.push_back(
            {step,
             is_compatible(result)
                 ? ChangeKind(
                       AllowedChange::item_removed_is_covered_by_partially_open_content_model)
                 : ChangeKind(
                       FindingKind::item_removed_not_covered_by_partially_open_content_model)});
        return;
    }
    out.push_back(
        {step, item.kind == ModelKind::never
                   ? ChangeKind(AllowedChange::item_with_false_removed_from_closed_content_model)
                   : ChangeKind(FindingKind::item_removed_from_closed_content_model)});
}

void PairCheck::add_item_added(const Model& item, std::uint32_t number, const ArrayPart& original,
                               Items& out) {
    const Step step{"items", std::nullopt, number};
    if (is_open(original)) {
        out.push_back(
            {step,
             item.accepts_all()
                 ? ChangeKind(AllowedChange::item_with_empty_schema_added_to_open_content_model)
                 : ChangeKind(FindingKind::item_added_to_open_content_model)});
        return;
    }
    if (const Model* covering = find_covering_items(original)) {
        const ResultId result = compare(*covering, item);
        add_result(step, result, out);
        out.push_back(
            {step,
             is_compatible(result)
                 ? ChangeKind(AllowedChange::item_added_is_covered_by_partially_open_content_model)
                 : ChangeKind(
                       FindingKind::item_added_not_covered_by_partially_open_content_model)});
        return;
    }
    out.push_back({step, AllowedChange::item_added_to_closed_content_model});
}

}  // namespace symbolon::compat::json
