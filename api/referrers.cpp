#include "api/referrers.hpp"

#include "api/candidate.hpp"
#include "api/decide_check.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <deque>
#include <utility>

namespace symbolon {

namespace {

std::size_t text_bytes_of(const SchemaSource& source) {
    std::size_t bytes = source.content->text.size();
    for (const auto& reference : source.closure) {
        bytes += reference.content->text.size();
    }
    return bytes;
}

std::size_t text_bytes_of(const MovedReferrer& moved) {
    std::size_t bytes = text_bytes_of(moved.moved);
    for (const auto& entry : moved.history) {
        bytes += text_bytes_of(entry.source);
    }
    return bytes;
}

class ReferrerWalk {
public:
    ReferrerWalk(const ReferrerInput& input, Workbench& bench) : input_(input), bench_(bench) {}

    Result<ReferrerReport> run() {
        const LatestReferrers referrers = find_latest_referrers(input_.catalog, input_.subject);
        bool complete = referrers.complete;
        for (const VersionName& name : referrers.versions) {
            if (input_.together != nullptr && input_.together->contains(name.subject)) {
                continue;
            }
            if (is_at_a_limit()) {
                complete = false;
                break;
            }
            look_at(name);
        }
        if (is_open_) {
            return failure(make_error(ErrorCode::internal_error));
        }
        if (!complete) {
            add_incomplete();
        }
        return std::move(report_);
    }

private:
    bool is_at_a_limit() const {
        return checked_ >= limits::referrers_checked_max ||
               text_bytes_ > limits::referrer_bytes_max ||
               finding_bytes_ > limits::findings_bytes_max;
    }

    // Every question is asked before the walk is given up, so that they are answered together.
    void look_at(const VersionName& name) {
        ++checked_;
        const VersionRow& row = *input_.catalog.find_version(name.subject, name.version);
        const Terms terms = terms_of(input_.catalog, name.subject, input_.settings);
        const SubjectVersion referrer = to_subject_version(name.subject, row);
        const auto moved = moved_referrer(referrer, terms);
        if (!moved) {
            add(referrer, terms, {}, invalid_referrer(moved.error().message));
            return;
        }
        text_bytes_ += text_bytes_of(*moved);
        const auto outcome = bench_.check_moved(*moved);
        if (!outcome) {
            is_open_ = true;
            return;
        }
        add(referrer, terms, moved->history, *outcome);
    }

    Result<MovedReferrer> moved_referrer(const SubjectVersion& referrer, const Terms& terms) const {
        const SchemaContent& content = *referrer.content;
        const std::string& context = referrer.subject.context;
        const compat::Strictness strict = strictness(terms.config, input_.settings);
        const StandIn stand_in{input_.subject, input_.content};
        MovedReferrer moved;
        moved.terms = {*terms.config.level, policy_of(terms.config)};
        SYMBOLON_TRY(auto with_new,
                     collect_references(input_.catalog, context, content.type, content.references,
                                        Targets::any, ReferenceVersions::any, &stand_in));
        SYMBOLON_TRY(auto as_it_is, collect_references(input_.catalog, context, content.type,
                                                       content.references, Targets::any));
        moved.moved = make_source(referrer.content, std::move(with_new), strict);
        moved.present = make_source(referrer.content, std::move(as_it_is), strict);
        SYMBOLON_TRY(moved.history, history_for(input_.catalog, referrer.subject, terms, content));
        return moved;
    }

    void add(const SubjectVersion& referrer, const Terms& terms,
             const std::vector<HistorySource>& history, const compat::Outcome& outcome) {
        if (outcome.compatible()) {
            return;
        }
        const ContentPtr old_schema = content_of(history, outcome.old_version);
        for (const auto& [finding, direction] : outcome.findings) {
            report_.messages.push_back(compat::to_message(finding, direction));
            finding_bytes_ += report_.messages.back().size();
            report_.findings.push_back(
                {finding, direction, outcome.old_version, referrer.content, old_schema, referrer});
        }
        report_.messages.push_back(
            fmt::format("{{referrerSubject: '{}', referrerVersion: {}, compatibility: '{}'}}",
                        to_text(referrer.subject), referrer.version.value(),
                        compat::to_string(*terms.config.level)));
    }

    void add_incomplete() {
        ReportedFinding finding;
        finding.finding = {compat::FindingKind::referrers_not_checked, "/",
                           std::to_string(checked_)};
        report_.messages.push_back(compat::to_message(finding.finding, finding.direction));
        report_.findings.push_back(std::move(finding));
    }

    const ReferrerInput& input_;
    Workbench& bench_;
    ReferrerReport report_;
    std::size_t checked_ = 0;
    std::size_t text_bytes_ = 0;
    std::size_t finding_bytes_ = 0;
    bool is_open_ = false;
};

}  // namespace

LatestReferrers find_latest_referrers(const Catalog& catalog, const SubjectName& subject) {
    LatestReferrers found;
    std::deque<VersionName> waiting;
    std::set<VersionName> met;
    if (const VersionRows* rows = catalog.find_versions(subject)) {
        for (const VersionRow& row : *rows) {
            waiting.push_back({subject, row.version});
        }
    }
    for (; !waiting.empty(); waiting.pop_front()) {
        const auto* referrers = catalog.find_referrers(waiting.front());
        if (referrers == nullptr) {
            continue;
        }
        for (const VersionName& name : *referrers) {
            if (name.subject == subject || met.contains(name)) {
                continue;
            }
            if (met.size() >= limits::referrer_walk_max) {
                found.complete = false;
                return found;
            }
            met.insert(name);
            waiting.push_back(name);
            const VersionRow* latest = find_latest(catalog.find_versions(name.subject));
            if (latest != nullptr && latest->version == name.version) {
                found.versions.push_back(name);
            }
        }
    }
    return found;
}

Result<ReferrerReport> check_referrers(const ReferrerInput& input, Workbench& bench) {
    return ReferrerWalk(input, bench).run();
}

}  // namespace symbolon
