// A tree of schema files, such as a git revision's, as what another tree is compared with.
//
// Each subject has one version, 0, with its references' texts. There is no server to ask.
//
// Example:  auto baseline = make_tree_baseline(std::move(tree));
//           baseline->collect_notes(candidate)  // "orders-value was in … and is no longer in …"
// Errors:   schema_not_found: find_version of a subject that the tree does not have
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/baseline/tree_baseline_test.cpp
#pragma once

#include "gate/model/baseline.hpp"
#include "gate/model/schema_tree.hpp"

#include <memory>
#include <string>
#include <vector>

namespace symbolon::gate {

/// Whether the tree's files stand where their shown paths say, or are those of a revision.
enum class TreePlace { folder, revision };
std::unique_ptr<Baseline> make_tree_baseline(SchemaTree tree, TreePlace place);

/// Subjects of `base` that `candidate` does not have, sorted.
std::vector<std::string> subjects_gone(const SchemaTree& candidate, const SchemaTree& base);

}  // namespace symbolon::gate
