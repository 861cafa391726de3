// Those who refer to a subject, and whether they would still do if they moved to a new version.
//
// A referrer names a fixed version, so a new version breaks nobody at once. It breaks the referrer
// that moves its reference. So each latest version that reaches an earlier version of the subject
// is parsed with the new one in place and checked as if it were being registered itself.
//
// Example:  auto report = check_referrers({catalog, subject, content, settings}, bench);
// Errors:   internal_error while the bench defers: ask again
// Threads:  under Registry::read or in the writer's turn
// Limits:   referrers_checked_max, referrer_walk_max, referrer_bytes_max, referrer_findings_max
// Source:   docs/decisions/0012-referrer-check.md
// Tested by tests/unit/api/referrers_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/check_answer.hpp"
#include "api/registry.hpp"
#include "api/workbench.hpp"
#include "core/result.hpp"

#include <set>
#include <string>
#include <vector>

namespace symbolon {

using SubjectSet = std::set<SubjectName>;

struct LatestReferrers {
    std::vector<VersionName> versions;
    bool complete = true;  ///< false: there are more than were looked at
};
/// The versions that are the latest live one of their subject and refer to any version of
/// `subject`, directly or through others.
LatestReferrers find_latest_referrers(const Catalog& catalog, const SubjectName& subject);

struct ReferrerInput {
    const Catalog& catalog;
    const SubjectName& subject;
    ContentPtr content;  ///< of the new version
    const RegistrySettings& settings;
    const SubjectSet* together = nullptr;  ///< subjects that need no look: they change, too
};
struct ReferrerReport {
    std::vector<ReportedFinding> findings;
    std::vector<std::string> messages;  ///< the same, for the list of the contract's section 5
};
Result<ReferrerReport> check_referrers(const ReferrerInput& input, Workbench& bench);

}  // namespace symbolon
