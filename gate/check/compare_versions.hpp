// A candidate against earlier versions of its subject, and the findings with their places in both
// texts.
//
// Example:  const Comparison compared = compare_versions({file, *schema, level, policy}, versions);
// Errors:   none: a check that is too costly and a version that does not parse are findings
// Threads:  any thread
// Limits:   findings_max, counter_examples_max, located_text_bytes_max, locate_steps_max
// Source:   REST contract COMP-1, COMP-3
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "gate/model/baseline.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symbolon::gate {

/// What earlier versions parsed to, so that each is parsed once for a file.
class ParsedVersions {
public:
    Result<compat::SchemaPtr> find(const BaseVersionPtr& version);

private:
    struct Entry {
        BaseVersionPtr version;  ///< keeps the key alive
        Result<compat::SchemaPtr> schema;
    };
    std::map<const BaseVersion*, Entry> parsed_;
};

struct CandidateFile {
    const TreeFile& file;
    std::shared_ptr<const std::string> text{};
    compat::SchemaPtr schema{};
};

struct ComparisonTerms {
    compat::Level level = compat::Level::backward;
    compat::Policy policy = compat::Policy::strict;
    enum class CounterExamples { none, build } counter_examples = CounterExamples::build;
    /// An agreed exception covers it. What older versions forbid counts beside what is agreed on.
    std::function<bool(const GateFinding&)> is_waived{};
};

struct Comparison {
    Verdict verdict = Verdict::compatible;
    std::vector<std::string> compared{};  ///< BaseVersion::name of those that were looked at
    /// Of the first version that does not fit; where all that it has against the candidate is
    /// waived, what the versions before it have as well.
    std::vector<GateFinding> findings{};
    BaseVersionPtr version{};  ///< the first that does not fit
};

/// `versions` newest first: all that the terms' level needs, and no more.
Comparison compare_versions(const CandidateFile& candidate, const ComparisonTerms& terms,
                            std::span<const BaseVersionPtr> versions, ParsedVersions& parsed);

}  // namespace symbolon::gate
