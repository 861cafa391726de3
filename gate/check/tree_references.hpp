// What a file of a tree refers to: files of the same tree first, then what the baseline has.
//
// Example:  SYMBOLON_TRY(auto resolved, resolve_references(tree, 3, latest));
// Errors:   those of the baseline; a reference that leads nowhere is a finding
// Threads:  any thread
// Limits:   references_max, reference_depth_max, reference_bytes_max
// Source:   docs/gate.md; REST contract 4.7
// Tested by tests/unit/gate/check/parse_tree_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "gate/model/baseline.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

/// What a baseline has of the subjects of a tree's files, asked for once.
class LatestVersions {
public:
    /// Both outlive it; nullptr: there is nothing to ask, and no subject has versions.
    LatestVersions(const SchemaTree& tree, Baseline* baseline);

    Result<std::shared_ptr<const BaseSubject>> find(std::size_t file);
    Baseline* baseline() const { return baseline_; }

private:
    const SchemaTree& tree_;
    Baseline* const baseline_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<const BaseSubject>> found_;  ///< guarded by mutex_
};

struct DirectReference {
    Reference reference{};  ///< version 0: the tree's own
    std::optional<std::size_t> file{};
    std::size_t line = 1;
    std::size_t column = 1;
};

struct ResolvedReferences {
    std::vector<compat::NamedText> texts{};  ///< in order of dependency
    std::vector<DirectReference> direct{};   ///< in the order of the file
    std::vector<GateFinding> problems{};
};
Result<ResolvedReferences> resolve_references(const SchemaTree& tree, std::size_t file,
                                              LatestVersions& latest);

/// An error finding at a place of a file.
struct FindingPlace {
    std::size_t line = 1;
    std::size_t column = 1;
};
GateFinding make_finding(std::string_view rule, const TreeFile& file, FindingPlace place,
                         std::string message, std::string hint);

}  // namespace symbolon::gate
