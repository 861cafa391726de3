// The comparison of two models, pair by pair; json_check.hpp is its door.
//
// Invariants: a pair's result is a list of its own changes and of other pairs' results, each with a
// step in front of its path. Pairs are compared once per pass and results are shared, so a result
// stands for a tree that may be far larger than itself.
//
// Errors:   stopped() after too many steps or levels; what it answers then means nothing
// Threads:  one at a time
// Limits:   check_steps_max, check_steps_without_classes_max, check_depth_max
// Source:   json-schema-compat.md 6
// Tested by tests/unit/compat/json_check_test.cpp
#pragma once

#include "compat/json_schema/json_change.hpp"
#include "compat/json_schema/json_check.hpp"
#include "compat/json_schema/json_classes.hpp"
#include "compat/json_schema/json_model.hpp"
#include "compat/json_schema/json_pattern.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

/// One step of a path: nothing, "items", "properties" and a name, or "oneOf" and a number.
struct Step {
    std::string_view word{};
    std::optional<std::string_view> name{};
    std::optional<std::uint32_t> number{};
};

using ResultId = std::uint32_t;
/// The result of pairs without any change.
inline constexpr ResultId no_changes = 0;
/// What a glance answers for a pair that does not fit; not the place to look for its changes.
inline constexpr ResultId refuted_by_glance = 1;

/// One change of a pair, or all those of another pair.
struct Item {
    Step step;
    std::optional<ChangeKind> change;  ///< nullopt: see `result`
    ResultId result = no_changes;
};
using Items = std::vector<Item>;

/// By address, since under "not" a model of the update stands on the original's side.
struct ModelPair {
    const Model* original;
    const Model* update;

    friend bool operator==(const ModelPair&, const ModelPair&) = default;
};
struct PairHash {
    std::size_t operator()(const ModelPair& pair) const {
        const auto left = reinterpret_cast<std::uintptr_t>(pair.original);
        const auto right = reinterpret_cast<std::uintptr_t>(pair.update);
        const std::uint64_t mixed = (left * 0x9E3779B97F4A7C15ULL) ^ (right >> 3U);
        return (mixed ^ (mixed >> 29U)) * 0xD6E8FEB86659FD93ULL;
    }
};

struct PairResult {
    Items items;
    bool compatible = true;
    bool guessed = false;  ///< rests on a guess about a pair that was being compared
};

class PairCheck {
public:
    PairCheck(Policy policy, Wanted wanted);

    /// Compares until no guess is left that might be wrong; schemas that turn out to be hard to
    /// compare are compared anew, those that are written alike as one.
    ResultId run(const Model& original, const Model& update);
    bool stopped() const { return stopped_; }
    const PairResult& result(ResultId id) const { return results_[id]; }
    bool is_compatible(ResultId id) const { return results_[id].compatible; }
    /// The schema for properties called `name` that are not declared; nullptr when there may be
    /// none.
    const Model* find_covering(const ObjectPart& part, std::string_view name);

private:
    struct Known {
        std::optional<ResultId> result;  ///< nullopt: being compared
    };

    bool spend(std::uint64_t steps);
    ResultId run_passes(const Model& original, const Model& update);
    void begin_anew_with_classes();
    bool all_allowed(const Items& items) const;
    /// Whether a comparison would be compatible; keeps nothing of pairs that have no parts.
    bool fits(const Model& original, const Model& update);
    ResultId compare(const Model& original, const Model& update);
    /// Whether the comparison would certainly fail, as far as that shows without looking deep.
    bool is_refuted_at_a_glance(const Model& original, const Model& update);
    ResultId glance(const Model& original, const Model& update);
    ResultId compare_anew(const Model& original, const Model& update);
    void compare_models(const Model& original, const Model& update, Items& out);
    bool compare_with_alternatives(const Model& original, const Model& update, Items& out);
    bool find_alternative(const Model& original, const Model& update, Items& out);
    void compare_same_kind(const Model& original, const Model& update, Items& out);
    void compare_annotations(const Model& original, const Model& update, Items& out);
    void compare_values(const Model& original, const Model& update, Items& out);
    void compare_negations(const Model& original, const Model& update, Items& out);
    void compare_strings(const StringPart& original, const StringPart& update, Items& out);
    void compare_numbers(const NumberPart& original, const NumberPart& update, Items& out);
    void compare_factors(const JsonNode* original, const JsonNode* update, Items& out);

    // json_check_combined.cpp
    void compare_combined(const Model& original, const Model& update, Items& out);
    void match_members(const Model& original, const Model& update, Items& out);
    /// Whether the smaller side's members all find others; nullopt: only a full search can tell.
    std::optional<bool> match_in_order(const Model& original, const Model& update);
    enum class Partner { found, taken, none };
    Partner find_partner(const Model& original, const Model& update, std::size_t index,
                         std::size_t& next, std::vector<bool>& taken);

    // json_check_object.cpp
    void compare_objects(const ObjectPart& original, const ObjectPart& update, Items& out);
    void compare_required(const ObjectPart& original, const ObjectPart& update, Items& out);
    void compare_properties(const ObjectPart& original, const ObjectPart& update, Items& out);
    void add_property_removed(const NamedModel& property, const ObjectPart& update, Items& out);
    void add_property_added(const NamedModel& property, const ObjectPart& original,
                            const ObjectPart& update, Items& out);
    void compare_dependencies(const ObjectPart& original, const ObjectPart& update, Items& out);
    void compare_name_lists(const NameList& original, const NameList& update, Items& out);
    const Model* find_pattern(const ObjectPart& part, std::string_view name);

    // json_check_array.cpp
    void compare_arrays(const ArrayPart& original, const ArrayPart& update, Items& out);
    void compare_item_lists(const ArrayPart& original, const ArrayPart& update, Items& out);
    void add_item_removed(const Model& item, std::uint32_t number, const ArrayPart& update,
                          Items& out);
    void add_item_added(const Model& item, std::uint32_t number, const ArrayPart& original,
                        Items& out);

    /// What is called when a schema for what is not declared changes.
    struct AdditionalKinds {
        std::string_view word;
        ChangeKind added;
        ChangeKind removed;
        ChangeKind extended;
        ChangeKind narrowed;
    };
    void compare_additional(const Additional& original, const Additional& update,
                            const AdditionalKinds& kinds, Items& out);
    void compare_unevaluated(const Model* original, const Model* update,
                             const AdditionalKinds& kinds, Items& out);

    /// Compares what may be absent, and adds the outcome under `step`.
    void add_comparison(const Step& step, const Model* original, const Model* update, Items& out);
    void add_result(const Step& step, ResultId result, Items& out) const;
    const std::string& text_of(const JsonNode& value);
    bool same_value(const JsonNode* left, const JsonNode* right);

    Policy policy_;
    Wanted wanted_;
    std::deque<PairResult> results_;
    std::optional<ModelClasses> classes_;  ///< of comparisons that are hard
    std::unordered_map<ModelPair, Known, PairHash> known_;
    std::unordered_map<ModelPair, ResultId, PairHash> refuted_;  ///< found incompatible
    std::map<std::string_view, PatternPtr> patterns_;
    std::unordered_map<const JsonNode*, std::string> texts_;
    Items scratch_;
    std::uint64_t steps_ = 0;
    std::uint64_t steps_max_ = limits::check_steps_without_classes_max;
    std::size_t glances_ = 0;  ///< levels of a glance
    std::size_t depth_ = 0;
    std::size_t guesses_ = 0;
    bool stopped_ = false;
};

/// The schema for items behind the listed ones; nullptr when there may be none.
const Model* find_covering_items(const ArrayPart& part);
/// "allOf" and the like.
std::string_view word_of(Criterion criterion);

/// Adds the change of a limit that may be absent on either side.
struct LimitKinds {
    std::string_view word;
    ChangeKind added;
    ChangeKind removed;
    ChangeKind increased;
    ChangeKind decreased;
};
template <class Limit>
void compare_limits(const std::optional<Limit>& original, const std::optional<Limit>& update,
                    const LimitKinds& kinds, Items& out) {
    const auto add = [&](ChangeKind kind) { out.push_back({{kinds.word}, kind}); };
    if (!original && update) {
        add(kinds.added);
    } else if (original && !update) {
        add(kinds.removed);
    } else if (original && *original < *update) {
        add(kinds.increased);
    } else if (original && *update < *original) {
        add(kinds.decreased);
    }
}

}  // namespace symbolon::compat::json
