// Compares a tree of schema files with a registry: what must change there so that it has what the
// tree says.
//
// Equal is what the registry itself finds equal (POST /subjects/{subject}), in whatever order and
// with whatever blanks it is written. A reference to a file of the tree means the version that this
// file has, or gets.
//
// Example:  SYMBOLON_TRY(const auto made, make_plan(tree, admin, *baseline, options));
//           if (!made.problems.empty() || fails(made.report)) { … refuse … }
// Errors:   those of RegistryAdmin and of the baseline; malformed_request: more changes than a plan
//           may have
// Threads:  starts its own, up to `jobs`
// Limits:   plan_changes_max
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/make_plan_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "core/result.hpp"
#include "gate/model/baseline.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"
#include "gate/plan/plan.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::gate {

enum class Normalized { no, yes };

struct PlanOptions {
    std::string registry{};  ///< how it is called in the file
    Normalized normalized = Normalized::no;
    /// Subjects that start with it and that no file has are deleted softly; nothing: none is.
    std::optional<std::string> prune_prefix{};
    std::size_t jobs = 8;
};

struct MadePlan {
    Plan plan{};
    std::size_t unchanged = 0;  ///< files that the registry has as they are
    /// What the gate says of the subjects that get a new version; the plan is refused if it fails.
    GateReport report{};
    /// Why the plan is refused beyond that.
    std::vector<std::string> problems{};
    std::vector<std::string> notes{};
};

/// The plan can be written: nothing of it would be refused, as far as is known.
bool is_sound(const MadePlan& made);

Result<MadePlan> make_plan(const SchemaTree& tree, client::RegistryAdmin& admin, Baseline& baseline,
                           const PlanOptions& options);

/// "+ orders-value  new subject, schemas/orders.avsc" and its like, a line for each change; and how
/// many there are of each.
std::string to_summary(const Plan& plan);

}  // namespace symbolon::gate
