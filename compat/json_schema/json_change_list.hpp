// Writes the result of a comparison out as the list of changes that it stands for, each with its
// places in both texts.
//
// Places are worked out here, for what is reported, so that comparing costs nothing for them.
//
// Threads:  one at a time
// Limits:   findings_max, findings_bytes_max
// Source:   json-schema-compat.md 6, "Paths"
// Tested by tests/unit/compat/json_places_test.cpp
#pragma once

#include "compat/json_schema/json_check.hpp"
#include "compat/json_schema/json_pair_check.hpp"
#include "compat/json_schema/json_places.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

/// One side of a pair, and the nearest place in its own text: a schema in a referenced text is
/// placed at the `$ref` that leads there.
class ChangeSide {
public:
    explicit ChangeSide(const Model& root) : places_(*root.source) { enter(root); }

    const Model& model() const { return *levels_.back().model; }
    /// Goes on to `slot`, and through it when it is a reference. REQUIRES: leave() afterwards.
    void enter(const Model& slot);
    void leave() { levels_.pop_back(); }
    /// Where what `step` names is, or the schema that would hold it.
    std::string place_of(const Step& step);
    /// Where the schema is that `slot` stands for.
    std::string place_of(const Model& slot);

private:
    struct Level {
        const Model* model;
        std::string pointer;
        bool is_own;  ///< the model is of this text
    };
    std::string place_of_name(const Step& step);

    NodePlaces places_;
    std::vector<Level> levels_;
};

class ChangeList {
public:
    ChangeList(PairCheck& check, Policy policy, Wanted wanted, const Model& original,
               const Model& update)
        : check_(check), policy_(policy), wanted_(wanted), original_(original), update_(update) {}

    std::vector<Change> write(ResultId root) {
        append(root);
        return std::move(changes_);
    }

private:
    bool is_full() const;
    void append(ResultId id);
    void append_below(const Item& item);
    void add(ChangeKind kind);
    std::string place_of(ChangeKind kind, const Step& step, ChangeSide& side);
    const Model* slot_of(const Step& step, const Model& model);

    PairCheck& check_;
    Policy policy_;
    Wanted wanted_;
    ChangeSide original_;
    ChangeSide update_;
    std::vector<const Step*> steps_;
    std::vector<Change> changes_;
    std::size_t bytes_ = 0;
};

/// The schema that a step leads to in an object or array, where it is declared; else nullptr.
const Model* declared_at(const Step& step, const Model& model);

}  // namespace symbolon::compat::json
