#include "api/associations/decide_associations.hpp"
#include "api/candidate.hpp"
#include "api/decide.hpp"
#include "core/limits.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace symbolon {

namespace {

using RowList = std::vector<const VersionRow*>;  ///< ascending by version

class Restoration {
public:
    /// `chosen` are soft-deleted rows of `subject`, ascending.
    Restoration(const Catalog& catalog, const SubjectName& subject, RowList chosen,
                const UndeleteTerms& terms, Workbench& bench)
        : catalog_(catalog),
          subject_(subject),
          chosen_(std::move(chosen)),
          terms_(terms),
          bench_(bench),
          config_(config_in_scope(catalog, subject, terms.settings.default_level)) {}

    Result<std::vector<Change>> decide() {
        std::vector<Change> changes;
        if (chosen_.empty()) {
            return changes;
        }
        SYMBOLON_CHECK(check_writable(catalog_, subject_));
        for (const VersionRow* row : chosen_) {
            SYMBOLON_CHECK(check_references(*row));
            SYMBOLON_CHECK(check_references_are_free(catalog_, subject_, *row->content));  // REG-8
        }
        const bool imports = takes_ids(mode_in_scope(catalog_, subject_));
        if (terms_.force == Force::no && !imports && *config_.level != compat::Level::none) {
            SYMBOLON_CHECK(check_neighbours());
        }
        for (const VersionRow* row : chosen_) {
            changes.push_back(
                {{RecordFamily::version, subject_.context, subject_.name, row->version.value()},
                 VersionRecord{row->id, row->ts, false}});
        }
        return changes;
    }

private:
    /// What must be able to follow what; `earlier` newest first.
    struct Comparison {
        const VersionRow* candidate;
        RowList earlier;
    };

    bool is_chosen(const VersionRow& row) const {
        return std::find(chosen_.begin(), chosen_.end(), &row) != chosen_.end();
    }

    // REF-4: a live schema refers to live ones only; what those refer to is live by the same rule.
    Status check_references(const VersionRow& row) const {
        for (const Reference& reference : row.content->references) {
            const VersionName target = target_of(reference, subject_.context);
            const VersionRow* found = catalog_.find_version(target.subject, target.version);
            if (found != nullptr && (!found->deleted || is_chosen(*found))) {
                continue;
            }
            return failure(make_error(
                ErrorCode::invalid_schema,
                fmt::format("No schema reference found for subject \"{}\" and version {}: {} "
                            "before version {} of subject \"{}\"",
                            to_text(target.subject), target.version.value(),
                            found == nullptr ? "register it" : "it was soft deleted, restore it",
                            row.version.value(), to_text(subject_))));
        }
        return {};
    }

    // Restored versions are compared with live ones, in both orders of the history. With each
    // other they were compared when they were registered.
    Status check_neighbours() {
        const RowList history = restored_history();
        for (std::size_t at = 0; at < history.size(); ++at) {
            if (is_chosen(*history[at])) {
                collect_comparisons(history, at);
            }
        }
        std::size_t pairs = 0;
        for (const Comparison& comparison : comparisons_) {
            pairs += comparison.earlier.size();
        }
        if (pairs > limits::undelete_checks_max) {
            return failure(make_error(ErrorCode::check_too_costly,
                                      "Too many versions would have to be compared with each "
                                      "other; restore fewer at a time, or force=true"));
        }
        for (const Comparison& comparison : comparisons_) {
            SYMBOLON_CHECK(compare(comparison));
        }
        return {};
    }

    // The subject as it would be: what is live, and what is chosen.
    RowList restored_history() const {
        RowList history;
        for (const VersionRow& row : *catalog_.find_versions(subject_)) {
            if (!row.deleted || is_chosen(row)) {
                history.push_back(&row);
            }
        }
        return history;
    }

    void collect_comparisons(const RowList& history, std::size_t at) {
        const VersionRow& row = *history[at];
        const auto group = compatibility_group_of(*row.content, config_);
        const bool transitive = compat::is_transitive(*config_.level);
        // True when the next one of the same group has been met and no other counts.
        const auto visit = [&](const VersionRow& other, RowList& met) {
            if (compatibility_group_of(*other.content, config_) != group) {
                return false;
            }
            if (!is_chosen(other)) {
                met.push_back(&other);
            }
            return !transitive;
        };
        RowList earlier;
        for (std::size_t before = at; before > 0 && !visit(*history[before - 1], earlier);) {
            --before;
        }
        comparisons_.push_back({&row, std::move(earlier)});
        RowList later;
        for (std::size_t after = at + 1; after < history.size(); ++after) {
            if (visit(*history[after], later)) {
                break;
            }
        }
        for (const VersionRow* candidate : later) {
            comparisons_.push_back({candidate, {&row}});
        }
    }

    Status compare(const Comparison& comparison) {
        const auto& [candidate, earlier] = comparison;
        if (earlier.empty()) {
            return {};
        }
        std::vector<HistorySource> history;
        for (const VersionRow* row : earlier) {
            SYMBOLON_TRY(auto source, source_of(catalog_, subject_.context, row->content));
            history.push_back({row->version, std::move(source)});
        }
        SYMBOLON_TRY(const auto source, source_of(catalog_, subject_.context, candidate->content));
        const auto outcome = bench_.check({*config_.level, policy_of(config_)}, source, history);
        if (!outcome && bench_.has_jobs()) {
            return {};  // Nothing is decided yet; the other questions can be asked meanwhile.
        }
        if (!outcome) {
            return failure(outcome.error());
        }
        return outcome->compatible() ? Status() : Status(refuse(*candidate, *outcome));
    }

    tl::unexpected<Error> refuse(const VersionRow& candidate,
                                 const compat::Outcome& outcome) const {
        const auto messages = compat::to_messages(outcome, *config_.level);
        return failure(Error{
            ErrorCode::incompatible_schema,
            fmt::format("Restoring would make version {} of subject \"{}\" incompatible with an "
                        "earlier one; force=true restores all the same, details: [{}]",
                        candidate.version.value(), to_text(subject_), fmt::join(messages, ", "))});
    }

    const Catalog& catalog_;
    const SubjectName& subject_;
    const RowList chosen_;
    const UndeleteTerms& terms_;
    Workbench& bench_;
    const Config config_;
    std::vector<Comparison> comparisons_;
};

}  // namespace

Result<Decision<std::vector<Version>>> decide_undelete_subject(const Catalog& catalog,
                                                               const SubjectName& subject,
                                                               const UndeleteTerms& terms,
                                                               Workbench& bench) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {
        return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
    }
    Decision<std::vector<Version>> decision;
    RowList chosen;
    for (const VersionRow& row : *rows) {
        if (row.deleted) {
            chosen.push_back(&row);
            decision.answer.push_back(row.version);
        }
    }
    SYMBOLON_TRY(decision.changes,
                 Restoration(catalog, subject, std::move(chosen), terms, bench).decide());
    return decision;
}

Result<Decision<Version>> decide_undelete_version(const Catalog& catalog,
                                                  const SubjectName& subject, VersionChoice choice,
                                                  const UndeleteTerms& terms, Workbench& bench) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {
        return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
    }
    const VersionRow* row =
        choice.number ? catalog.find_version(subject, *choice.number) : find_latest(rows);
    if (row == nullptr) {
        return failure(
            make_error(ErrorCode::version_not_found, choice.number ? choice.number->value() : -1));
    }
    Decision<Version> decision{row->version, {}};
    RowList chosen;
    if (row->deleted) {
        chosen.push_back(row);
    }
    SYMBOLON_TRY(decision.changes,
                 Restoration(catalog, subject, std::move(chosen), terms, bench).decide());
    return decision;
}

}  // namespace symbolon
