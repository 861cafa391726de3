#include "compat/json_schema/json_check.hpp"

#include "compat/json_schema/json_change_list.hpp"
#include "compat/json_schema/json_multiple.hpp"
#include "compat/json_schema/json_pair_check.hpp"
#include "compat/too_costly.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::compat::json {

namespace {

const Model& follow_once(const Model& model) {
    return model.kind == ModelKind::reference ? *model.inner : model;
}

bool has_parts(const Model& model) {
    return model.kind == ModelKind::object || model.kind == ModelKind::array ||
           model.kind == ModelKind::negation || model.kind == ModelKind::combined;
}

}  // namespace

Result<std::vector<Change>> changes_between(const Model& original, const Model& update,
                                            Policy policy, Wanted wanted) {
    PairCheck check(policy, wanted);
    const ResultId root = check.run(original, update);
    if (check.stopped()) {
        return failure(
            too_costly_to_compare(limits::check_depth_max, ", or a pattern that is too costly"));
    }
    return ChangeList(check, policy, wanted, original, update).write(root);
}

PairCheck::PairCheck(Policy policy, Wanted wanted) : policy_(policy), wanted_(wanted) {
    results_.resize(2);
    results_[refuted_by_glance].items.push_back({{}, FindingKind::type_changed});
    results_[refuted_by_glance].compatible = false;
}

bool PairCheck::spend(std::uint64_t steps) {
    steps_ += steps;
    stopped_ = stopped_ || steps_ > steps_max_ || depth_ > limits::check_depth_max;
    return !stopped_;
}

ResultId PairCheck::run(const Model& original, const Model& update) {
    const ResultId root = run_passes(original, update);
    if (steps_ <= steps_max_) {
        return root;
    }
    begin_anew_with_classes();
    return run_passes(original, update);
}

void PairCheck::begin_anew_with_classes() {
    classes_.emplace();
    known_.clear();
    refuted_.clear();
    results_.resize(2);
    depth_ = 0;
    glances_ = 0;
    steps_ = 0;
    steps_max_ = limits::check_steps_max;
    stopped_ = false;
}

// A pair that is met inside itself is taken for compatible. Such a guess only errs in favour of the
// pair, so what is found incompatible is; the next pass begins with that knowledge, and ends when
// it learns nothing.
ResultId PairCheck::run_passes(const Model& original, const Model& update) {
    while (true) {
        const std::size_t refuted = refuted_.size();
        guesses_ = 0;
        const ResultId root = compare(original, update);
        if (stopped_ || guesses_ == 0 || refuted_.size() == refuted) {
            return root;
        }
        std::erase_if(known_, [this](const auto& entry) {
            return !entry.second.result || results_[*entry.second.result].guessed;
        });
    }
}

ResultId PairCheck::compare(const Model& original_slot, const Model& update_slot) {
    if (glances_ > 0) {
        return glance(original_slot, update_slot);
    }
    const Model* original = &follow_once(original_slot);
    const Model* update = &follow_once(update_slot);
    if (classes_) {
        const std::uint64_t before = classes_->steps();
        original = &classes_->representative(*original);
        update = &classes_->representative(*update);
        spend(classes_->steps() - before);
    }
    if (!spend(1)) {
        return no_changes;
    }
    const ModelPair pair{original, update};
    const auto [found, is_new] = known_.try_emplace(pair);
    if (is_new) {
        return compare_anew(*original, *update);
    }
    if (found->second.result) {
        guesses_ += results_[*found->second.result].guessed ? 1 : 0;
        return *found->second.result;
    }
    ++guesses_;
    const auto refuted = refuted_.find(pair);
    return refuted == refuted_.end() ? no_changes : refuted->second;
}

// Why: of the alternatives of a union most can be told apart by a constant or by the names of their
// properties. To compare them in full would cost the product of all levels of nesting. What a
// glance refutes is refuted, since nothing that is found later makes a pair fit.
bool PairCheck::is_refuted_at_a_glance(const Model& original, const Model& update) {
    return glances_ == 0 && glance(original, update) == refuted_by_glance;
}

ResultId PairCheck::glance(const Model& original_slot, const Model& update_slot) {
    constexpr std::size_t levels_max = 2;
    const Model& original = follow_once(original_slot);
    const Model& update = follow_once(update_slot);
    const bool is_combined =
        original.kind == ModelKind::combined || update.kind == ModelKind::combined;
    const bool is_deep =
        glances_ + 1 >= levels_max && original.kind == update.kind && has_parts(original);
    if (is_combined || is_deep || !spend(1)) {
        return no_changes;
    }
    Items items;
    ++glances_;
    compare_models(original, update, items);
    --glances_;
    return all_allowed(items) ? no_changes : refuted_by_glance;
}

ResultId PairCheck::compare_anew(const Model& original, const Model& update) {
    spend(9);  // an entry costs memory too
    const std::size_t guesses = guesses_;
    Items items;
    ++depth_;
    compare_models(original, update, items);
    --depth_;
    const bool compatible = all_allowed(items);
    ResultId id = no_changes;
    const bool guessed = guesses_ != guesses;
    if (!items.empty() || guessed) {
        spend(items.size());
        id = static_cast<ResultId>(results_.size());
        results_.push_back({std::move(items), compatible, guessed});
    }
    const ModelPair pair{&original, &update};
    known_[pair].result = id;
    if (!compatible && !stopped_) {
        refuted_.insert_or_assign(pair, id);
    }
    return id;
}

bool PairCheck::all_allowed(const Items& items) const {
    return std::all_of(items.begin(), items.end(), [this](const Item& item) {
        return item.change ? item.change->is_allowed(policy_) : is_compatible(item.result);
    });
}

// Why: combined schemas of a thousand members each have a million pairs, most of them of limits and
// values. To remember them costs far more than to compare them.
bool PairCheck::fits(const Model& original_slot, const Model& update_slot) {
    const Model& original = follow_once(original_slot);
    const Model& update = follow_once(update_slot);
    if (has_parts(original) || has_parts(update)) {
        return !is_refuted_at_a_glance(original, update) &&
               is_compatible(compare(original_slot, update_slot));
    }
    if (!spend(1)) {
        return false;
    }
    scratch_.clear();
    compare_models(original, update, scratch_);
    return all_allowed(scratch_);
}

void PairCheck::compare_models(const Model& original, const Model& update, Items& out) {
    if (compare_with_alternatives(original, update, out)) {
        return;
    }
    if (original.kind == update.kind) {
        compare_annotations(original, update, out);
        compare_same_kind(original, update, out);
        return;
    }
    const auto has_bytes = [](const Model& model) {
        return model.annotations != nullptr && model.annotations->connect_bytes;
    };
    if (original.kind != ModelKind::never && !update.accepts_all() &&
        !(has_bytes(original) && has_bytes(update))) {
        out.push_back({{}, FindingKind::type_changed});
    }
}

// One side is combined: it may be that one of its members is what the other side is.
bool PairCheck::compare_with_alternatives(const Model& original, const Model& update, Items& out) {
    const bool from = original.kind == ModelKind::combined;
    const bool to = update.kind == ModelKind::combined;
    if (from == to) {
        return false;
    }
    const Model& combined = from ? original : update;
    const bool may_choose =
        combined.members.size() == 1 || from == (combined.criterion == Criterion::all_of);
    return may_choose && find_alternative(original, update, out);
}

bool PairCheck::find_alternative(const Model& original, const Model& update, Items& out) {
    const bool from = original.kind == ModelKind::combined;
    const auto members = from ? original.members : update.members;
    for (const Model* member : members) {
        const Model& left = from ? *member : original;
        const Model& right = from ? update : *member;
        if (members.size() > 1 && is_refuted_at_a_glance(left, right)) {
            continue;
        }
        const ResultId result = compare(left, right);
        if (stopped_ || !is_compatible(result)) {
            continue;
        }
        add_result({}, result, out);
        if (members.size() > 1) {
            out.push_back(
                {{},
                 from ? AllowedChange::product_type_narrowed : AllowedChange::sum_type_extended});
        }
        return true;
    }
    return false;
}

void PairCheck::compare_same_kind(const Model& original, const Model& update, Items& out) {
    switch (original.kind) {
        case ModelKind::object:
            return compare_objects(*original.object, *update.object, out);
        case ModelKind::array:
            return compare_arrays(*original.array, *update.array, out);
        case ModelKind::string:
            return compare_strings(*original.string, *update.string, out);
        case ModelKind::number:
            return compare_numbers(*original.number, *update.number, out);
        case ModelKind::enumeration:
            return compare_values(original, update, out);
        case ModelKind::constant:
            if (!same_value(original.value, update.value)) {
                out.push_back({{"const"}, FindingKind::enum_array_changed});
            }
            return;
        case ModelKind::negation:
            return compare_negations(original, update, out);
        case ModelKind::combined:
            return compare_combined(original, update, out);
        case ModelKind::empty:
        case ModelKind::always:
        case ModelKind::never:
        case ModelKind::boolean:
        case ModelKind::null:
        case ModelKind::conditional:
        case ModelKind::reference:
            return;
    }
}

void PairCheck::compare_annotations(const Model& original, const Model& update, Items& out) {
    static constexpr Annotations nothing;
    const Annotations& from = original.annotations == nullptr ? nothing : *original.annotations;
    const Annotations& to = update.annotations == nullptr ? nothing : *update.annotations;
    const auto compare_member = [&](const JsonNode* Annotations::*member, AllowedChange change) {
        if (!same_value(from.*member, to.*member)) {
            out.push_back({{}, change});
        }
    };
    compare_member(&Annotations::id, AllowedChange::id_changed);
    compare_member(&Annotations::title, AllowedChange::title_changed);
    compare_member(&Annotations::description, AllowedChange::description_changed);
    compare_member(&Annotations::default_value, AllowedChange::default_changed);
}

void PairCheck::compare_values(const Model& original, const Model& update, Items& out) {
    const auto texts = [this](const JsonNode& values) {
        std::vector<std::string_view> sorted;
        for (const JsonNode* value = values.first; value != nullptr; value = value->next) {
            sorted.push_back(text_of(*value));
        }
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        return sorted;
    };
    const auto from = texts(*original.value);
    const auto to = texts(*update.value);
    spend(from.size() + to.size());
    const auto covers = [](const auto& more, const auto& fewer) {
        return std::includes(more.begin(), more.end(), fewer.begin(), fewer.end());
    };
    if (from == to) {
        return;
    }
    out.push_back({{"enum"},
                   covers(to, from)   ? ChangeKind(AllowedChange::enum_array_extended)
                   : covers(from, to) ? ChangeKind(FindingKind::enum_array_narrowed)
                                      : ChangeKind(FindingKind::enum_array_changed)});
}

void PairCheck::compare_negations(const Model& original, const Model& update, Items& out) {
    const ResultId inner = compare(*update.inner, *original.inner);
    out.push_back({{"not"},
                   is_compatible(inner) ? ChangeKind(AllowedChange::not_type_narrowed)
                                        : ChangeKind(FindingKind::not_type_extended)});
}

void PairCheck::compare_strings(const StringPart& original, const StringPart& update, Items& out) {
    compare_limits(original.max_length, update.max_length,
                   {"maxLength", FindingKind::max_length_added, AllowedChange::max_length_removed,
                    AllowedChange::max_length_increased, FindingKind::max_length_decreased},
                   out);
    compare_limits(original.min_length, update.min_length,
                   {"minLength", FindingKind::min_length_added, AllowedChange::min_length_removed,
                    FindingKind::min_length_increased, AllowedChange::min_length_decreased},
                   out);
    if (original.pattern == update.pattern) {
        return;
    }
    out.push_back({{"pattern"},
                   !original.pattern ? ChangeKind(FindingKind::pattern_added)
                   : !update.pattern ? ChangeKind(AllowedChange::pattern_removed)
                                     : ChangeKind(FindingKind::pattern_changed)});
}

void PairCheck::compare_numbers(const NumberPart& original, const NumberPart& update, Items& out) {
    compare_limits(original.maximum, update.maximum,
                   {"maximum", FindingKind::maximum_added, AllowedChange::maximum_removed,
                    AllowedChange::maximum_increased, FindingKind::maximum_decreased},
                   out);
    compare_limits(original.minimum, update.minimum,
                   {"minimum", FindingKind::minimum_added, AllowedChange::minimum_removed,
                    FindingKind::minimum_increased, AllowedChange::minimum_decreased},
                   out);
    compare_limits(
        original.exclusive_maximum, update.exclusive_maximum,
        {"exclusiveMaximum", FindingKind::exclusive_maximum_added,
         AllowedChange::exclusive_maximum_removed, AllowedChange::exclusive_maximum_increased,
         FindingKind::exclusive_maximum_decreased},
        out);
    compare_limits(
        original.exclusive_minimum, update.exclusive_minimum,
        {"exclusiveMinimum", FindingKind::exclusive_minimum_added,
         AllowedChange::exclusive_minimum_removed, FindingKind::exclusive_minimum_increased,
         AllowedChange::exclusive_minimum_decreased},
        out);
    compare_factors(original.multiple_of, update.multiple_of, out);
    if (original.integer != update.integer) {
        out.push_back({{},
                       original.integer ? ChangeKind(AllowedChange::type_extended)
                                        : ChangeKind(FindingKind::type_narrowed)});
    }
}

void PairCheck::compare_factors(const JsonNode* original, const JsonNode* update, Items& out) {
    const auto add = [&out](ChangeKind kind) { out.push_back({{"multipleOf"}, kind}); };
    if (original == nullptr || update == nullptr) {
        if (original != update) {
            add(original == nullptr ? ChangeKind(FindingKind::multiple_of_added)
                                    : ChangeKind(AllowedChange::multiple_of_removed));
        }
        return;
    }
    const auto from = parse_decimal(original->text);
    const auto to = parse_decimal(update->text);
    if (!from || !to || is_equal(*from, *to)) {
        return;
    }
    spend(original->text.size() + update->text.size());
    add(is_multiple(*to, *from)   ? ChangeKind(FindingKind::multiple_of_expanded)
        : is_multiple(*from, *to) ? ChangeKind(AllowedChange::multiple_of_reduced)
                                  : ChangeKind(FindingKind::multiple_of_changed));
}

void PairCheck::compare_additional(const Additional& original, const Additional& update,
                                   const AdditionalKinds& kinds, Items& out) {
    const auto add = [&](ChangeKind kind) { out.push_back({{kinds.word}, kind}); };
    if (original.permitted != update.permitted) {
        add(update.permitted ? kinds.added : kinds.removed);
    } else if (original.schema == nullptr && update.schema != nullptr) {
        add(kinds.narrowed);
    } else if (original.schema != nullptr && update.schema == nullptr) {
        add(kinds.extended);
    } else {
        add_comparison({kinds.word}, original.schema, update.schema, out);
    }
}

void PairCheck::compare_unevaluated(const Model* original, const Model* update,
                                    const AdditionalKinds& kinds, Items& out) {
    const auto add = [&](ChangeKind kind) { out.push_back({{kinds.word}, kind}); };
    const auto refuses = [](const Model* model) { return model->kind == ModelKind::never; };
    if (original == nullptr || update == nullptr) {
        if (update != nullptr) {
            add(refuses(update) ? kinds.removed : kinds.narrowed);
        } else if (original != nullptr) {
            add(refuses(original) ? kinds.added : kinds.extended);
        }
    } else if (refuses(original) != refuses(update)) {
        add(refuses(original) ? kinds.added : kinds.removed);
    } else if (original->accepts_all() != update->accepts_all()) {
        add(original->accepts_all() ? kinds.narrowed : kinds.extended);
    } else {
        add_comparison({kinds.word}, original, update, out);
    }
}

void PairCheck::add_comparison(const Step& step, const Model* original, const Model* update,
                               Items& out) {
    if (original == nullptr || update == nullptr) {
        if (original != update) {
            out.push_back({step, original == nullptr ? ChangeKind(FindingKind::schema_added)
                                                     : ChangeKind(AllowedChange::schema_removed)});
        }
        return;
    }
    add_result(step, compare(*original, *update), out);
}

void PairCheck::add_result(const Step& step, ResultId result, Items& out) const {
    if (!results_[result].items.empty()) {
        out.push_back({step, std::nullopt, result});
    }
}

const std::string& PairCheck::text_of(const JsonNode& value) {
    const auto [found, is_new] = texts_.try_emplace(&value);
    if (is_new) {
        append_json(found->second, value, MemberOrder::sorted);
        spend(found->second.size() / 8);
    }
    return found->second;
}

bool PairCheck::same_value(const JsonNode* left, const JsonNode* right) {
    if (left == nullptr || right == nullptr) {
        return left == right;
    }
    return left == right || text_of(*left) == text_of(*right);
}

}  // namespace symbolon::compat::json
