// The gate: every schema file of a tree against what is registered, or against another tree.
//
// The same engine as the server's, and the same rules of what is compared with what: the level in
// force, the versions that it needs, newest first, stopping at the first that does not fit. Nothing
// is stored anywhere.
//
// Example:  SYMBOLON_TRY(const auto tree, load_tree({"schemas/"}, {}));
//           SYMBOLON_TRY(const auto report, check_tree(tree, *baseline, {.today = "2026-11-22"}));
//           return fails(report) ? 100 : 0;
// Errors:   those of the baseline (unavailable, not_authorised, …): nothing is known then. What is
//           wrong with the schemas themselves is a finding
// Threads:  starts its own, up to `jobs`; the baseline is asked from them
// Limits:   schema_bytes_max, references_max, reference_depth_max, reference_bytes_max,
//           findings_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "gate/model/baseline.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::gate {

struct CheckOptions {
    std::optional<compat::Level> level{};  ///< instead of all others
    std::size_t jobs = 8;                  ///< subjects that are looked at in parallel
    std::string today{};         ///< "2026-11-22": waivers that expired before it do not hold
    bool older_versions = true;  ///< warn where the transitive form of the level would fail
    /// Called from the threads, one at a time, after each file.
    std::function<void(std::size_t done, std::size_t all)> progress{};
};

Result<GateReport> check_tree(const SchemaTree& tree, Baseline& baseline,
                              const CheckOptions& options);

/// A file of a tree as the compatibility engine sees it.
struct ParsedFile {
    compat::SchemaPtr schema{};  ///< nullptr: see `problems`
    /// All that it needs, in order of dependency, as compat::parse_schema wants them.
    std::vector<compat::NamedText> reference_texts{};
    /// What it names itself, as a registry wants them; version 0: the tree's own is meant.
    std::vector<Reference> references{};
    std::vector<GateFinding> problems{};  ///< of severity error
};

/// Every file of a tree, strictly, with its references, those from `baseline` (may be nullptr)
/// included; in the order of the tree's files.
Result<std::vector<ParsedFile>> parse_tree(const SchemaTree& tree, Baseline* baseline,
                                           std::size_t jobs = 8);

}  // namespace symbolon::gate
