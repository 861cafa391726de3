#include "compat/json_schema/json_matching.hpp"
#include "compat/json_schema/json_pair_check.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

bool is_extension(const Model& original, const Model& update) {
    const bool one_before = original.members.size() == 1;
    const bool one_now = update.members.size() == 1;
    return update.criterion == Criterion::any_of || (one_before && one_now) ||
           (one_before && update.criterion == Criterion::one_of) ||
           (one_now && original.criterion == Criterion::all_of);
}

}  // namespace

std::string_view word_of(Criterion criterion) {
    switch (criterion) {
        case Criterion::all_of:
            return "allOf";
        case Criterion::any_of:
            return "anyOf";
        case Criterion::one_of:
            return "oneOf";
    }
    return {};
}

void PairCheck::compare_combined(const Model& original, const Model& update, Items& out) {
    if (original.criterion != update.criterion) {
        if (!is_extension(original, update)) {
            out.push_back({{}, FindingKind::combined_type_changed});
            return;
        }
        out.push_back({{}, AllowedChange::combined_type_extended});
    }
    const std::size_t before = original.members.size();
    const std::size_t now = update.members.size();
    if (before < now) {
        out.push_back({{},
                       update.criterion == Criterion::all_of
                           ? ChangeKind(FindingKind::product_type_extended)
                           : ChangeKind(AllowedChange::sum_type_extended)});
    } else if (now < before) {
        out.push_back({{},
                       original.criterion == Criterion::all_of
                           ? ChangeKind(AllowedChange::product_type_narrowed)
                           : ChangeKind(FindingKind::sum_type_narrowed)});
    }
    match_members(original, update, out);
}

void PairCheck::match_members(const Model& original, const Model& update, Items& out) {
    FittingPairs fitting(original.members.size());
    for (std::size_t left = 0; left < fitting.size(); ++left) {
        for (std::uint32_t right = 0; right < update.members.size(); ++right) {
            if (fits(*original.members[left], *update.members[right])) {
                fitting[left].push_back(right);
            }
            if (stopped_) {
                return;
            }
        }
    }
    const Matching matching = match_most(fitting, update.members.size());
    spend(matching.steps);
    for (std::size_t left = 0; left < fitting.size(); ++left) {
        if (const auto right = matching.right_of[left]) {
            const Step step{word_of(original.criterion), std::nullopt,
                            static_cast<std::uint32_t>(left)};
            add_result(step, compare(*original.members[left], *update.members[*right]), out);
        }
    }
    if (matching.size < std::min(fitting.size(), update.members.size())) {
        out.push_back({{}, FindingKind::combined_type_subschemas_changed});
    }
}

}  // namespace symbolon::compat::json
