#include "api/decide_plan.hpp"

#include "api/decide_bundle.hpp"
#include "api/lookups.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> refused(ErrorCode code, std::size_t place, const PlanChange& change,
                              const std::string& message) {
    return failure(
        name_member(Error{code, message, nullptr}, place, to_text(change.subject), MemberOf::plan));
}

// Parity: an alias is a setting of its own name; what it stands for is another subject.
Status check_subject(const Catalog& catalog, const PlanChange& change, std::size_t place) {
    if (change.subject.name.empty()) {
        return refused(ErrorCode::invalid_subject, place, change, "A plan changes subjects only");
    }
    const bool touches_versions = change.schema || change.deleted;
    if (const SubjectName target = resolve_alias(catalog, change.subject);
        touches_versions && target != change.subject) {
        return refused(
            ErrorCode::operation_not_permitted, place, change,
            fmt::format("It is an alias of \"{}\"; plan that subject itself", to_text(target)));
    }
    const bool turns_into_alias = change.config && change.config->is_object() &&
                                  !change.config->value("alias", Json()).is_null();
    if (turns_into_alias && change.schema) {
        return refused(ErrorCode::operation_not_permitted, place, change,
                       "What becomes an alias gets no schema in the same plan");
    }
    if (change.deleted && (change.schema || change.config || change.mode)) {
        return refused(ErrorCode::invalid_schema, place, change,
                       "What is deleted cannot be changed in the same plan");
    }
    return {};
}

// Soft deletions are all that a plan takes away; turning to IMPORT would clear a subject for good.
Status check_mode(const PlanChange& change, std::size_t place) {
    if (change.mode && takes_ids(*change.mode)) {
        return refused(ErrorCode::invalid_mode, place, change,
                       "A plan sets READWRITE, READONLY or READONLY_OVERRIDE");
    }
    return {};
}

Status check_plan(const Catalog& catalog, const std::vector<PlanChange>& changes) {
    if (changes.size() > limits::plan_changes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("A plan changes at most {} subjects", limits::plan_changes_max)));
    }
    std::set<SubjectName> seen;
    for (std::size_t place = 0; place < changes.size(); ++place) {
        SYMBOLON_CHECK(check_subject(catalog, changes[place], place));
        SYMBOLON_CHECK(check_mode(changes[place], place));
        if (!seen.insert(changes[place].subject).second) {
            return refused(ErrorCode::invalid_schema, place, changes[place],
                           "The plan has another change of this subject");
        }
    }
    return {};
}

Json to_json(const VersionRow& row) {
    return {{"version", row.version.value()},
            {"id", row.id.value()},
            {"guid", to_text(row.content->guid)}};
}

Json to_json(const ExpectedVersion& expected) {
    Json json{{"version", expected.version.value()}, {"id", expected.id.value()}};
    if (expected.guid) {
        json["guid"] = to_text(*expected.guid);
    }
    return json;
}

// As a client sees it: a stored config without a level shows the server's (CFG-E5).
Json shown_config(const Config* own, const RegistrySettings& settings) {
    if (own == nullptr) {
        return nullptr;
    }
    Config shown = *own;
    if (!shown.level) {
        shown.level = settings.default_level;
    }
    return symbolon::to_json(shown, LevelKey::compatibility_level);
}

void find_drifts(const Catalog& catalog, const PlanChange& change, const RegistrySettings& settings,
                 std::vector<Drift>& drifts) {
    const std::string subject = to_text(change.subject);
    if (change.expected.latest) {
        const auto& expected = *change.expected.latest;
        const VersionRow* row = find_latest(catalog.find_versions(change.subject));
        const bool same = row == nullptr || !expected
                              ? row == nullptr && !expected
                              : row->version == expected->version && row->id == expected->id &&
                                    (!expected->guid || row->content->guid == *expected->guid);
        if (!same) {
            drifts.push_back({subject, "latest", expected ? to_json(*expected) : Json(),
                              row == nullptr ? Json() : to_json(*row)});
        }
    }
    if (change.expected.config) {
        const Json expected = change.expected.config->value_or(Json());
        const Json actual = shown_config(catalog.find_config(change.subject), settings);
        if (expected != actual) {
            drifts.push_back({subject, "config", expected, actual});
        }
    }
    if (change.expected.mode) {
        const auto text_of = [](const Mode& mode) { return Json(std::string(to_string(mode))); };
        const Mode* own = catalog.find_mode(change.subject);
        const auto& expected = *change.expected.mode;
        const Json wanted = expected ? text_of(*expected) : Json();
        const Json actual = own == nullptr ? Json() : text_of(*own);
        if (wanted != actual) {
            drifts.push_back({subject, "mode", wanted, actual});
        }
    }
}

Error drift_error(std::vector<Drift> drifts) {
    std::string told;
    for (std::size_t at = 0; at < std::min(drifts.size(), limits::plan_drifts_told_max); ++at) {
        const Drift& drift = drifts[at];
        told += fmt::format("{}{} of \"{}\" was {} and is {}", told.empty() ? "" : "; ", drift.of,
                            drift.subject, to_text(drift.expected), to_text(drift.actual));
    }
    if (drifts.size() > limits::plan_drifts_told_max) {
        told += fmt::format("; and {} more", drifts.size() - limits::plan_drifts_told_max);
    }
    Error error = make_error(ErrorCode::plan_drifted, told);
    auto report = std::make_shared<DriftReport>();
    report->drifts = std::move(drifts);
    error.detail = std::move(report);
    return error;
}

class PlanDecision {
public:
    PlanDecision(const Catalog& catalog, const PlanInput& input, Workbench& bench)
        : input_(input), bench_(bench), staged_(Catalog::layer_over(catalog)) {}

    Result<Decision<PlanAnswer>> decide() {
        for (const PlanChange& change : input_.changes) {
            answer_.changes.push_back({change.subject, {}, {}, {}, {}});
        }
        SYMBOLON_CHECK(set_modes(ReadOnly::no));
        SYMBOLON_CHECK(set_configs());
        SYMBOLON_CHECK(register_schemas());
        SYMBOLON_CHECK(delete_subjects());
        SYMBOLON_CHECK(set_modes(ReadOnly::yes));
        answer_.changed = !changes_.empty();
        return Decision<PlanAnswer>{std::move(answer_), std::move(changes_)};
    }

private:
    enum class ReadOnly { no, yes };

    Status take(std::vector<Change>& changes) {
        for (Change& change : changes) {
            SYMBOLON_CHECK(staged_.apply(change));
            changes_.push_back(std::move(change));
        }
        return {};
    }
    tl::unexpected<Error> named(Error error, std::size_t place) const {
        return failure(name_member(std::move(error), place, to_text(input_.changes[place].subject),
                                   MemberOf::plan));
    }

    Status set_modes(ReadOnly which) {
        for (std::size_t place = 0; place < input_.changes.size(); ++place) {
            const PlanChange& change = input_.changes[place];
            if (!change.mode || is_read_only(*change.mode) != (which == ReadOnly::yes)) {
                continue;
            }
            auto decided = decide_update_mode(staged_, change.subject, change.mode, Force::no,
                                              input_.settings, input_.now);
            if (!decided) {
                return named(std::move(decided).error(), place);
            }
            SYMBOLON_CHECK(take(decided->changes));
            answer_.changes[place].mode = change.mode;
        }
        return {};
    }

    Status set_configs() {
        for (std::size_t place = 0; place < input_.changes.size(); ++place) {
            const PlanChange& change = input_.changes[place];
            if (!change.config) {
                continue;
            }
            if (auto kept = find_kept_config(change)) {
                answer_.changes[place].config = std::move(kept);
                continue;
            }
            auto decided = decide_update_config(staged_, change.subject, *change.config);
            if (!decided) {
                return named(std::move(decided).error(), place);
            }
            SYMBOLON_CHECK(take(decided->changes));
            answer_.changes[place].config = std::move(decided->answer);
        }
        return {};
    }

    // Why: what is there already is no change, even of a subject that the same plan has closed.
    std::optional<Config> find_kept_config(const PlanChange& change) const {
        const Config* stored = staged_.find_config(change.subject);
        if (stored == nullptr) {
            return std::nullopt;
        }
        const auto merged = merge_config(*stored, *change.config);
        return merged && *merged == *stored ? std::optional(*merged) : std::nullopt;
    }

    // The same of schemas: in a closed subject not even what is there can be registered.
    void find_kept_schemas() {
        for (std::size_t place = 0; place < input_.changes.size(); ++place) {
            const PlanChange& change = input_.changes[place];
            if (!change.schema || !is_read_only(mode_in_scope(staged_, change.subject))) {
                continue;
            }
            const std::size_t jobs = bench_.job_count();
            auto found = find_schema_version(staged_, change.subject, with_latest(change),
                                             {input_.options.normalize || change.normalize, false},
                                             input_.settings, bench_);
            if (found && bench_.job_count() == jobs && found->subject == change.subject) {
                kept_.emplace(change.subject, found->version.value());
                answer_.changes[place].schema = BundleAnswer{*std::move(found), false};
            }
        }
    }

    // If it is there, then what its open references mean is there too.
    SchemaRequest with_latest(const PlanChange& change) const {
        SchemaRequest request = *change.schema;
        for (Reference& reference : request.references) {
            const auto target = parse_subject_in(reference.subject, change.subject.context);
            const VersionRow* latest = find_latest(staged_.find_versions(target));
            if (reference.version == 0 && latest != nullptr) {
                reference.version = latest->version.value();
            }
        }
        return request;
    }

    SchemaRequest with_kept(const PlanChange& change) const {
        SchemaRequest request = *change.schema;
        for (Reference& reference : request.references) {
            const auto kept =
                kept_.find(parse_subject_in(reference.subject, change.subject.context));
            if (reference.version == 0 && kept != kept_.end()) {
                reference.version = kept->second;
            }
        }
        return request;
    }

    Status register_schemas() {
        std::vector<BundleMember> members;
        std::vector<std::size_t> places;
        find_kept_schemas();
        for (std::size_t place = 0; place < input_.changes.size(); ++place) {
            const PlanChange& change = input_.changes[place];
            if (change.schema && !answer_.changes[place].schema) {
                members.push_back({change.subject, with_kept(change), change.normalize});
                places.push_back(place);
            }
        }
        const BundleInput bundle{members,    input_.options,           input_.settings,
                                 input_.now, limits::plan_changes_max, MemberOf::plan,
                                 &places};
        SYMBOLON_TRY(auto decided, decide_bundle(staged_, bundle, bench_));
        SYMBOLON_CHECK(take(decided.changes));
        for (std::size_t member = 0; member < members.size(); ++member) {
            answer_.changes[places[member]].schema = std::move(decided.answer[member]);
        }
        return {};
    }

    // What is referred to goes after those who refer to it, so whoever is refused for that reason
    // is asked again when another one went.
    Status delete_subjects() {
        std::vector<std::size_t> left;
        for (std::size_t place = 0; place < input_.changes.size(); ++place) {
            const VersionRows* rows = staged_.find_versions(input_.changes[place].subject);
            if (input_.changes[place].deleted && rows != nullptr && has_live(*rows)) {
                left.push_back(place);
            }
        }
        while (!left.empty()) {
            std::vector<std::size_t> blocked;
            std::optional<Error> why;
            for (const std::size_t place : left) {
                auto decided = decide_delete_subject(
                    staged_, input_.changes[place].subject,
                    {Deletion::soft, Retention::guarded, input_.settings, input_.now});
                if (decided) {
                    SYMBOLON_CHECK(take(decided->changes));
                    answer_.changes[place].deleted = std::move(decided->answer);
                    continue;
                }
                if (decided.error().code != ErrorCode::reference_exists) {
                    return named(std::move(decided).error(), place);
                }
                blocked.push_back(place);
                why = why ? why : std::move(decided).error();
            }
            if (blocked.size() == left.size()) {
                return named(*std::move(why), blocked.front());
            }
            left = std::move(blocked);
        }
        return {};
    }

    const PlanInput& input_;
    Workbench& bench_;
    Catalog staged_;
    PlanAnswer answer_;
    std::vector<Change> changes_;
    std::map<SubjectName, std::int32_t> kept_;  ///< versions of closed subjects that are there
};

}  // namespace

Result<Decision<PlanAnswer>> decide_plan(const Catalog& catalog, const PlanInput& input,
                                         Workbench& bench) {
    SYMBOLON_CHECK(check_plan(catalog, input.changes));
    std::vector<Drift> drifts;
    for (const PlanChange& change : input.changes) {
        find_drifts(catalog, change, input.settings, drifts);
    }
    auto decision = PlanDecision(catalog, input, bench).decide();
    // Why: an answer may be lost after the commit, and who asks again must not be told of drift.
    const bool is_done = decision && decision->changes.empty();
    if (drifts.empty() || is_done) {
        return decision;
    }
    return failure(drift_error(std::move(drifts)));
}

}  // namespace symbolon
