// Whether a candidate may become the next version of its subject, and why not.
//
// Errors:   invalid_schema, check_too_costly; internal_error while the bench defers
// Threads:  under Registry::read or in the writer's turn
// Limits:   those of compat and of referrers.hpp
// Source:   REST contract 3.5, 4.15 and 5; docs/decisions/0012-referrer-check.md
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/candidate.hpp"
#include "api/check_answer.hpp"
#include "api/referrers.hpp"
#include "api/terms.hpp"
#include "api/workbench.hpp"
#include "core/result.hpp"

#include <optional>
#include <vector>

namespace symbolon {

/// COMP-1 and COMP-2: live versions, newest first; the first alone unless the level is transitive.
Result<std::vector<HistorySource>> history_for(const Catalog& catalog, const SubjectName& subject,
                                               const Terms& terms, const SchemaContent& candidate);

/// The text of `version` in a history; nullptr when it is not there.
ContentPtr content_of(const std::vector<HistorySource>& history, std::optional<Version> version);

/// Referrers are always looked at where the config in scope asks for it; then they refuse, too.
enum class ReferrerReports { as_configured, always };

struct CheckInput {
    const Catalog& catalog;
    const SubjectName& subject;
    const Terms& terms;
    const RegistrySettings& settings;
    compat::Normalize normalize = compat::Normalize::no;
    ReferrerReports referrers = ReferrerReports::as_configured;
    CounterExamples counter_examples = CounterExamples::none;
    const SubjectSet* together = nullptr;  ///< subjects that change in the same write
};
/// What `candidate` comes to: reserved fields first, then the levels, then those who refer to it.
Result<CheckAnswer> check_candidate(const CheckInput& input, const Candidate& candidate,
                                    const std::vector<HistorySource>& history, Workbench& bench);

}  // namespace symbolon
