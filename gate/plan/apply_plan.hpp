// Does what a plan says: in one commit where the registry can, else step by step when that was
// allowed; never over what changed since the plan was made.
//
// Example:  SYMBOLON_TRY(const auto applied, apply_plan(plan, admin, {}));
// Errors:   those of RegistryAdmin before anything was done; malformed_request when the registry
//           has no plans and steps were not allowed. What stops it later is in the answer
// Threads:  one at a time
// Limits:   plan_changes_max
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/apply_plan_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "core/result.hpp"
#include "gate/plan/plan.hpp"
#include "gate/plan/subject_state.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::gate {

enum class PlanRun { real, dry };
enum class Steps { refused, allowed };

struct ApplyOptions {
    PlanRun run = PlanRun::real;
    Steps steps = Steps::refused;  ///< for registries without plans
    /// Called before each step, for those who watch.
    std::function<void(const std::string& step)> progress{};
};

struct AppliedPlan {
    bool is_atomic = true;
    bool changed = false;             ///< false: all was there already
    bool is_unknown = false;          ///< an answer was lost: whether it was done is not known
    std::vector<std::string> done{};  ///< in words: "orders-value: version 4 (id 18)"
    std::vector<std::string> left{};  ///< what was not done, after a failure
    std::vector<StateDrift> drifts{};
    std::optional<Error> failed{};  ///< what stopped it; nothing and no drift: all is done
};

/// The registry takes whole plans. Asks by an empty one.
Result<bool> takes_plans(client::RegistryAdmin& admin);
/// The body of POST /plans.
Json to_plan_request(const Plan& plan);

Result<AppliedPlan> apply_plan(const Plan& plan, client::RegistryAdmin& admin,
                               const ApplyOptions& options);

}  // namespace symbolon::gate
