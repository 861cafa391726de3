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
    // What the members that fit differ in never breaks: then it does not matter which are matched.
    const std::optional<bool> matched =
        wanted_ == Wanted::breaking ? match_in_order(original, update) : std::nullopt;
    if (matched || stopped_) {
        if (matched == false) {
            out.push_back({{}, FindingKind::combined_type_subschemas_changed});
        }
        return;
    }
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

// Why: most unions keep their order, so that each member fits the next one of the other side, and
// nothing has to be known about all the other pairs.
std::optional<bool> PairCheck::match_in_order(const Model& original, const Model& update) {
    const std::size_t before = original.members.size();
    const std::size_t now = update.members.size();
    std::vector<bool> taken(std::max(before, now));
    std::size_t next = 0;
    for (std::size_t index = 0; index < std::min(before, now); ++index) {
        switch (find_partner(original, update, index, next, taken)) {
            case Partner::found:
                break;
            case Partner::none:
                return false;
            case Partner::taken:
                return std::nullopt;
        }
    }
    return true;
}

// A partner for the member at `index` of the smaller side; `next` is where to look first.
PairCheck::Partner PairCheck::find_partner(const Model& original, const Model& update,
                                           std::size_t index, std::size_t& next,
                                           std::vector<bool>& taken) {
    const bool is_original = original.members.size() <= update.members.size();
    Partner answer = Partner::none;
    for (std::size_t tries = 0; tries < taken.size(); ++tries) {
        const std::size_t other = (next + tries) % taken.size();
        if (taken[other] && answer == Partner::taken) {
            continue;
        }
        const bool fit = is_original ? fits(*original.members[index], *update.members[other])
                                     : fits(*original.members[other], *update.members[index]);
        if (stopped_) {
            return Partner::taken;
        }
        if (fit && !taken[other]) {
            taken[other] = true;
            next = (other + 1) % taken.size();
            return Partner::found;
        }
        answer = fit ? Partner::taken : answer;
    }
    return answer;
}

}  // namespace symbolon::compat::json
