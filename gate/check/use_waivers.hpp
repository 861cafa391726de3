// The agreed exceptions of symbolon.yaml, applied to a report.
//
// Example:  use_waivers(report, tree, "2026-11-22");
// Threads:  one at a time
// Source:   docs/gate.md
// Tested by tests/unit/gate/check/use_waivers_test.cpp
#pragma once

#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <string_view>

namespace symbolon::gate {

/// Which rules' exceptions are told of when they cover nothing: lint's say nothing of a check.
enum class WaiverScope { check, lint };

/// An exception of the tree covers such a finding of `subject` today.
bool is_waived(const GateFinding& finding, std::string_view subject, const SchemaTree& tree,
               std::string_view today);

/// The findings of one subject alone: those that came after the check.
void cover_findings(SubjectReport& subject, const SchemaTree& tree, std::string_view today);

/// Findings get the waiver that covers them. One that has expired covers nothing and is a warning,
/// like one that covers nothing, in a report of its own without a subject.
void use_waivers(GateReport& report, const SchemaTree& tree, std::string_view today,
                 WaiverScope scope = WaiverScope::check);

}  // namespace symbolon::gate
