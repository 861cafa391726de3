// A registry as it will be when a plan has set its modes: new schemas are checked against that.
// (Levels of a plan are those of the tree's files, which the gate knows by itself.)
//
// Example:  PlannedBaseline planned(baseline, plan);  check_tree(tree, planned, {});
// Errors:   those of the baseline below
// Threads:  any thread
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/make_plan_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/model/baseline.hpp"
#include "gate/plan/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::gate {

class PlannedBaseline final : public Baseline {
public:
    /// Both outlive it.
    PlannedBaseline(Baseline& below, const Plan& plan) : below_(below), plan_(plan) {}

    const std::string& name() const override { return below_.name(); }

    Result<BaseSubject> find_subject(std::string_view subject, History history) override {
        SYMBOLON_TRY(auto found, below_.find_subject(subject, history));
        const auto change =
            std::find_if(plan_.changes.begin(), plan_.changes.end(),
                         [&](const PlannedChange& each) { return each.subject == subject; });
        if (change != plan_.changes.end() && change->mode == "READWRITE") {
            found.mode.clear();
        }
        return found;
    }

    Result<BaseVersionPtr> find_version(std::string_view subject, std::int32_t version) override {
        return below_.find_version(subject, version);
    }

    // A dry run of the whole plan asks better: single ones do not know of each other.
    Result<std::optional<ServerVerdict>> ask_server(const DryRun&) override {
        return std::optional<ServerVerdict>();
    }

private:
    Baseline& below_;
    const Plan& plan_;
};

}  // namespace symbolon::gate
