// What a registry has of a subject now, and how that differs from what a plan was made over.
//
// Example:  SYMBOLON_TRY(const auto now, read_state(admin, change.subject));
//           for (const StateDrift& drift : find_drifts(change, now)) { … }
// Errors:   those of RegistryAdmin
// Threads:  any thread
// Source:   docs/decisions/0024-plan-and-apply.md
// Tested by tests/unit/gate/plan/apply_plan_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "core/result.hpp"
#include "gate/plan/plan.hpp"

#include <string>
#include <vector>

namespace symbolon::gate {

/// One thing that is not as the plan's `before` says.
struct StateDrift {
    std::string subject{};
    std::string of{};  ///< "latest", "config" or "mode"
    Json expected{};   ///< null: nothing
    Json actual{};
};

/// What a registry answered as subject `answered` is of the one that was asked for: ":.:a" is "a",
/// and below a base URL of a context (".../contexts/.one") "a" is ":.one:a". Not so what it answers
/// through an alias, or from another context where it has none of that name.
Result<bool> is_of_subject(client::RegistryAdmin& admin, const std::string& asked,
                           const std::string& answered);

/// Nothing of a subject is no error. A version that a registry answers from elsewhere, through an
/// alias or from another context, is not the subject's own.
Result<SubjectState> read_state(client::RegistryAdmin& admin, const std::string& subject);
Result<std::optional<RegisteredVersion>> read_latest(client::RegistryAdmin& admin,
                                                     const std::string& subject);

std::vector<StateDrift> find_drifts(const PlannedChange& change, const SubjectState& now);

/// "orders-value: latest was version 3 (id 17) and is version 4 (id 19)".
std::string to_text(const StateDrift& drift);

}  // namespace symbolon::gate
