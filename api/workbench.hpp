// What one request has parsed and compared so far, so that a rule can ask twice and pay once.
//
// Rules (decide_*) are functions of the catalogue and ask the workbench for parsed schemas,
// equivalence and checks. While the bench defers, a question it cannot answer from memory becomes a
// job, and the rule's result means nothing; the caller runs the jobs, without any lock, and asks
// the rule again. In the writer's turn the bench no longer defers: what has changed since is
// computed on the spot.
//
// Example:  bench.defer();
//           auto decision = registry.read(rule);
//           if (bench.has_jobs()) bench.run_jobs();
// Errors:   those of compat; internal_error stands for "ask again" while deferring
// Threads:  one at a time
// Source:   docs/decisions/0006-group-commit.md
// Tested by tests/unit/api/schema_cache_test.cpp
#pragma once

#include "api/schema_cache.hpp"
#include "compat/compat.hpp"
#include "compat/schema_tags.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

/// A parsed candidate, and the text that would be stored for it.
struct ParsedText {
    compat::SchemaPtr schema;
    std::string text;
    std::size_t canonical_bytes = 0;  ///< of the text that is not normalised
    Status fields;                    ///< what compat says of the fields (VAL-2)
};
using ParsedTextPtr = std::shared_ptr<const ParsedText>;

/// An earlier version to check a candidate against.
struct HistorySource {
    Version version;
    SchemaSource source;
};

/// Whether findings come with data that show them; those who only want the verdict wait for none.
enum class CounterExamples { none, build };

/// How a candidate is checked: what the config in scope says, and what the caller wants to see.
struct CheckTerms {
    compat::Level level = compat::Level::backward;
    compat::Policy policy = compat::Policy::strict;
    CounterExamples counter_examples = CounterExamples::none;
};

/// A version as it would be if a schema that it refers to were another one.
struct MovedReferrer {
    CheckTerms terms;
    SchemaSource moved;
    SchemaSource present;  ///< as it is stored
    std::vector<HistorySource> history;
};
/// What comes of a referrer that is no schema any more.
compat::Outcome invalid_referrer(std::string message);

class Workbench {
public:
    explicit Workbench(SchemaCache& cache) : cache_(cache) {}

    /// From now on unanswered questions become jobs.
    void defer() { deferring_ = true; }
    /// From now on every question is answered at once.
    void stop_deferring() { deferring_ = false; }
    bool has_jobs() const { return !jobs_.empty(); }
    std::size_t job_count() const { return jobs_.size(); }
    void run_jobs();

    Result<ParsedTextPtr> parse(const SchemaSource& source, compat::Normalize normalize);
    /// LOOK-3; nullopt: ask again. A stored schema that cannot be parsed is equivalent to nothing.
    std::optional<bool> equivalent(const SchemaSource& candidate, const SchemaSource& stored);
    /// True when the candidate is known to differ from `stored`, neither having references. What
    /// may differ between equivalent schemas is the order of properties and aliases: canonical
    /// texts are equally long.
    bool surely_differs(std::size_t canonical_bytes, const SchemaContent& stored) {
        return cache_.find_canonical_bytes(stored).value_or(canonical_bytes) != canonical_bytes;
    }
    /// The text with `edits` made, and with the tags of `previous`, which may be nullptr, where its
    /// entities are still there. One request has one set of edits.
    Result<std::string> edit_tags(SchemaType type, const std::string& text,
                                  const compat::TagEdits& edits, const ContentPtr& previous);
    /// COMP-1: `history` newest first, stopping at the first version that does not fit.
    Result<compat::Outcome> check(CheckTerms terms, const SchemaSource& candidate,
                                  const std::vector<HistorySource>& history);
    /// What a registration of the moved referrer would come to; what stands in its way is among the
    /// findings, so an error only ever means "ask again".
    Result<compat::Outcome> check_moved(const MovedReferrer& referrer);

private:
    template <class Value>
    using Memo = std::map<std::string, Value>;

    Result<compat::SchemaPtr> schema_of(const SchemaSource& source);
    Result<ParsedTextPtr> compute_parse(const SchemaSource& source, compat::Normalize normalize);
    bool compute_equivalent(const SchemaSource& candidate, const SchemaSource& stored);
    Result<compat::Outcome> compute_check(CheckTerms terms, const SchemaSource& candidate,
                                          const std::vector<HistorySource>& history);
    compat::Outcome compute_moved(const MovedReferrer& referrer);
    compat::Outcome compute_moved(const MovedReferrer& referrer, const SchemaSource& source);

    SchemaCache& cache_;
    bool deferring_ = false;
    std::vector<std::function<void()>> jobs_;
    Memo<compat::SchemaPtr> schemas_;  ///< candidates, by the key of their source
    Memo<Result<ParsedTextPtr>> parsed_;
    Memo<bool> equivalent_;
    Memo<Result<std::string>> tagged_;
    Memo<Result<compat::Outcome>> checked_;
};

}  // namespace symbolon
