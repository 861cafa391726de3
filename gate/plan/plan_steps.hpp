// A plan on a registry that knows no plans: compared first, then one request after the other.
//
// A step that is done already counts as done, so the same plan can be applied again after a
// failure.
//
// Example:  SYMBOLON_TRY(auto applied, apply_in_steps(plan, admin, options));
// Errors:   those of RegistryAdmin while comparing; later ones are in the answer
// Threads:  one at a time
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/apply_plan_test.cpp
#pragma once

#include "gate/plan/apply_plan.hpp"

namespace symbolon::gate {

Result<AppliedPlan> apply_in_steps(const Plan& plan, client::RegistryAdmin& admin,
                                   const ApplyOptions& options);

}  // namespace symbolon::gate
