// What is unwise in the schemas of a tree although it is allowed: names, docs, defaults, and what
// will hurt when the schema changes.
//
// Example:  SYMBOLON_TRY(const auto parsed, parse_tree(tree, nullptr));
//           SYMBOLON_TRY(const GateReport report, lint_tree(tree, parsed, options));
// Errors:   malformed_request: a rule that there is not
// Threads:  any thread
// Limits:   lint_findings_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/lint/lint_tree_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/lint/lint_rules.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <span>
#include <string>
#include <vector>

namespace symbolon::gate {

enum class WarningsCount { as_warnings, as_errors };

struct LintOptions {
    std::vector<std::string> use{};     ///< rules; empty: those of the tree's symbolon.yaml
    std::vector<std::string> except{};  ///< beside those of symbolon.yaml
    WarningsCount warnings = WarningsCount::as_warnings;
    std::string today{};  ///< "2026-11-22": exceptions that expired before it do not hold
};

/// `parsed` is of the same tree: parse_tree's. Files that do not parse are reported as such.
Result<GateReport> lint_tree(const SchemaTree& tree, std::span<const ParsedFile> parsed,
                             const LintOptions& options);

}  // namespace symbolon::gate
