#include "gate/plan/make_plan.hpp"

#include "client/registry_client/schema_document.hpp"
#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"
#include "gate/check/check_tree.hpp"
#include "gate/check/parallel.hpp"
#include "gate/plan/apply_plan.hpp"
#include "gate/plan/planned_baseline.hpp"
#include "gate/plan/subject_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

using client::RegistryAdmin;

/// A file on its way into the plan.
struct Draft {
    client::Candidate candidate{};
    std::vector<std::size_t> needs{};  ///< files of the tree that it refers to
    bool is_changed = false;           ///< gets a new version
    std::int32_t version = 0;          ///< that it has, when it is not changed
    std::optional<PlannedChange> change{};
    std::string problem{};  ///< why no plan may change it
};

/// Files in layers: each refers to files of earlier layers only. Those in a circle are left out.
std::vector<std::vector<std::size_t>> layers_of(const std::vector<Draft>& drafts) {
    std::vector<std::vector<std::size_t>> layers;
    std::vector<bool> is_placed(drafts.size(), false);
    for (bool moved = true; moved;) {
        std::vector<std::size_t> layer;
        for (std::size_t at = 0; at < drafts.size(); ++at) {
            const auto& needs = drafts[at].needs;
            if (!is_placed[at] && std::all_of(needs.begin(), needs.end(), [&](std::size_t needed) {
                    return is_placed[needed];
                })) {
                layer.push_back(at);
            }
        }
        for (const std::size_t at : layer) {
            is_placed[at] = true;
        }
        moved = !layer.empty();
        if (moved) {
            layers.push_back(std::move(layer));
        }
    }
    return layers;
}

bool has_own(const std::optional<Json>& config, const char* name, const Json& wanted) {
    if (!config) {
        return false;
    }
    const auto found = config->find(name);
    return found != config->end() && *found == wanted;
}

std::string alias_in(const std::optional<Json>& config) {
    const auto found = config ? config->find("alias") : Json::const_iterator();
    const bool is_there = config && found != config->end() && found->is_string();
    return is_there ? found->get<std::string>() : std::string();
}

class Planning {
public:
    Planning(const SchemaTree& tree, RegistryAdmin& admin, Baseline& baseline,
             const PlanOptions& options)
        : tree_(tree), admin_(admin), baseline_(baseline), options_(options) {}

    Result<MadePlan> run() {
        made_.plan.registry = options_.registry;
        made_.plan.tree = tree_.name;
        made_.plan.normalize = options_.normalized == Normalized::yes;
        SYMBOLON_TRY(const bool is_readable, read_files());
        if (!is_readable) {
            return std::move(made_);
        }
        for (const auto& layer : layers_of(drafts_)) {
            SYMBOLON_CHECK(for_each_index(layer.size(), options_.jobs,
                                          [&](std::size_t at) { return compare(layer[at]); }));
            for (const std::size_t at : layer) {
                if (!drafts_[at].problem.empty()) {
                    made_.problems.push_back(std::move(drafts_[at].problem));
                }
                if (drafts_[at].change) {
                    made_.plan.changes.push_back(std::move(*drafts_[at].change));
                } else {
                    ++made_.unchanged;
                }
            }
        }
        SYMBOLON_CHECK(find_deletions());
        if (made_.plan.changes.size() > limits::plan_changes_max) {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("{} subjects would change, and a plan has at most {}; plan folder by "
                            "folder",
                            made_.plan.changes.size(), limits::plan_changes_max)));
        }
        SYMBOLON_CHECK(check_new_versions());
        if (is_sound(made_) && !made_.plan.changes.empty()) {
            SYMBOLON_CHECK(ask_registry());
        }
        return std::move(made_);
    }

private:
    // False: there are files that no engine reads; the report says which and why.
    Result<bool> read_files() {
        SYMBOLON_TRY(auto parsed, parse_tree(tree_, &baseline_, options_.jobs));
        std::map<std::string, std::size_t, std::less<>> numbers;
        bool is_readable = true;
        for (std::size_t at = 0; at < parsed.size(); ++at) {
            const TreeFile& file = tree_.files[at];
            if (!numbers.emplace(file.subject, at).second) {
                made_.problems.push_back(fmt::format("{}: another file has the subject {} too",
                                                     file.shown_path, file.subject));
            }
            // Why: a plan and a request are JSON, in which other bytes would become another text.
            if (compat::find_bad_utf8(file.text) != std::string_view::npos) {
                made_.problems.push_back(
                    fmt::format("{}: the file is not UTF-8; save it as UTF-8", file.shown_path));
            }
            is_readable = is_readable && parsed[at].problems.empty();
        }
        if (!is_readable || !made_.problems.empty()) {
            SYMBOLON_CHECK(report_all(std::move(parsed)));
            return false;
        }
        drafts_.resize(parsed.size());
        for (std::size_t at = 0; at < parsed.size(); ++at) {
            const TreeFile& file = tree_.files[at];
            drafts_[at].candidate = {file.subject, file.type, file.text,
                                     std::move(parsed[at].references)};
            for (const Reference& reference : drafts_[at].candidate.references) {
                const auto needed = numbers.find(reference.subject);
                if (reference.version == 0 && needed != numbers.end() && needed->second != at) {
                    drafts_[at].needs.push_back(needed->second);
                }
            }
        }
        return true;
    }

    Status report_all(std::vector<ParsedFile> parsed) {
        for (std::size_t at = 0; at < parsed.size(); ++at) {
            const TreeFile& file = tree_.files[at];
            if (!parsed[at].problems.empty()) {
                made_.report.subjects.push_back({.subject = file.subject,
                                                 .file = file.shown_path,
                                                 .type = file.type,
                                                 .verdict = Verdict::invalid,
                                                 .findings = std::move(parsed[at].problems)});
            }
        }
        name_report();
        return {};
    }

    void name_report() {
        made_.report.command = "plan";
        made_.report.tree = tree_.name;
        made_.report.against = baseline_.name();
    }

    // Called from several threads, each with a file of its own whose needs are done.
    Status compare(std::size_t at) {
        const TreeFile& file = tree_.files[at];
        Draft& draft = drafts_[at];
        SYMBOLON_CHECK(fill_versions(draft));
        SYMBOLON_CHECK(look_up(draft));
        PlannedChange change;
        change.subject = file.subject;
        change.file = file.shown_path;
        if (draft.is_changed) {
            change.schema = PlannedSchema{file.type, file.text, draft.candidate.references};
        }
        if (!draft.is_changed && !file.level && !file.normalize && !file.mode) {
            return {};
        }
        SYMBOLON_TRY(change.before, read_state(admin_, file.subject));
        const auto& before = change.before;
        if (const auto target = alias_in(before.config); change.schema && !target.empty()) {
            draft.problem = fmt::format(
                "{}: the subject {} is an alias of {}, which would get the "
                "new version; name that subject in symbolon.yaml",
                file.shown_path, file.subject, target);
        }
        if (file.level && !has_own(before.config, "compatibilityLevel",
                                   std::string(compat::to_string(*file.level)))) {
            change.level = file.level;
        }
        if (file.normalize && !has_own(before.config, "normalize", *file.normalize)) {
            change.normalize = file.normalize;
        }
        if (file.mode && before.mode != file.mode) {
            change.mode = file.mode;
        }
        if (change.schema || change.level || change.normalize || change.mode) {
            draft.change = std::move(change);
        }
        return {};
    }

    // References to files that stay as they are get the numbers that those have.
    Status fill_versions(Draft& draft) {
        for (Reference& reference : draft.candidate.references) {
            if (reference.version != 0) {
                continue;
            }
            const auto needed =
                std::find_if(draft.needs.begin(), draft.needs.end(), [&](std::size_t number) {
                    return tree_.files[number].subject == reference.subject;
                });
            if (needed == draft.needs.end()) {
                SYMBOLON_TRY(const auto latest, baseline_.find_version(reference.subject, 0));
                reference.version = latest->version.value();
            } else if (drafts_[*needed].is_changed) {
                draft.is_changed = true;
            } else {
                reference.version = drafts_[*needed].version;
            }
        }
        return {};
    }

    Status look_up(Draft& draft) {
        if (draft.is_changed) {
            return {};
        }
        const auto found = admin_.look_up(draft.candidate, options_.normalized == Normalized::yes);
        if (found) {
            SYMBOLON_TRY(const bool is_own,
                         is_of_subject(admin_, draft.candidate.subject, found->subject));
            draft.is_changed = !is_own;
            draft.version = is_own ? found->version.value() : 0;
            return {};
        }
        // What the registry cannot read it does not have; a check says why.
        const bool is_answer =
            client::is_not_there(found.error()) || found.error().code == ErrorCode::invalid_schema;
        if (!is_answer) {
            return failure(found.error());
        }
        draft.is_changed = true;
        return {};
    }

    // ":.one:" where the base URL is of that context (".../contexts/.one"): then a plain name is
    // one of that context, though a registry lists it in full. Otherwise nothing.
    Result<std::string> find_base_context(const std::vector<std::string>& subjects) {
        const auto listed = std::find_if(subjects.begin(), subjects.end(), is_in_context);
        if (listed == subjects.end()) {
            return std::string();
        }
        const std::size_t name_start = listed->find(':', 1) + 1;
        const std::string plain = listed->substr(name_start);
        const auto document = admin_.get_version(plain, std::nullopt);
        if (!document && !client::is_not_there(document.error())) {
            return failure(document.error());
        }
        if (!document || document->subject != *listed) {
            return std::string();
        }
        SYMBOLON_TRY(const bool is_base, is_of_subject(admin_, plain, *listed));
        return is_base ? listed->substr(0, name_start) : std::string();
    }

    static bool is_in_context(const std::string& subject) {
        return subject.starts_with(":.") && subject.find(':', 1) != std::string::npos;
    }

    /// As a registry lists it.
    static std::string with_base(const std::string& base, const std::string& subject) {
        constexpr std::string_view default_prefix = ":.:";
        if (subject.starts_with(default_prefix)) {
            return subject.substr(default_prefix.size());
        }
        return is_in_context(subject) ? subject : base + subject;
    }

    Status find_deletions() {
        if (!options_.prune_prefix) {
            return {};
        }
        SYMBOLON_TRY(const auto subjects, admin_.list_subjects(*options_.prune_prefix));
        SYMBOLON_TRY(const std::string base, find_base_context(subjects));
        const std::string prefix = with_base(base, *options_.prune_prefix);
        std::set<std::string> kept;
        std::set<std::string> needed;
        for (const TreeFile& file : tree_.files) {
            kept.insert(with_base(base, file.subject));
        }
        for (const Draft& draft : drafts_) {
            for (const Reference& reference : draft.candidate.references) {
                needed.insert(
                    with_base(base, client::subject_of(reference, draft.candidate.subject)));
            }
        }
        std::vector<PlannedChange> deletions;
        for (const std::string& subject : subjects) {
            if (kept.count(subject) > 0 || !subject.starts_with(prefix)) {
                continue;
            }
            if (needed.count(subject) > 0) {
                made_.notes.push_back(
                    fmt::format("{} stays, though no file has it: a file refers to it", subject));
                continue;
            }
            PlannedChange change;
            change.subject = subject;
            change.is_deleted = true;
            deletions.push_back(std::move(change));
        }
        SYMBOLON_CHECK(for_each_index(deletions.size(), options_.jobs, [&](std::size_t at) {
            auto state = read_state(admin_, deletions[at].subject);
            if (!state) {
                return Status(failure(std::move(state).error()));
            }
            deletions[at].before = *std::move(state);
            return Status();
        }));
        for (PlannedChange& change : deletions) {
            if (change.before.latest) {
                made_.plan.changes.push_back(std::move(change));
            }
        }
        return {};
    }

    // Under the levels that the plan sets, and without waivers: the registry knows none.
    Status check_new_versions() {
        name_report();
        std::set<std::string> changed;
        for (const PlannedChange& change : made_.plan.changes) {
            if (change.schema) {
                changed.insert(change.subject);
            }
        }
        if (changed.empty()) {
            return {};
        }
        SchemaTree tree = tree_;
        tree.rules.waivers.clear();
        PlannedBaseline planned(baseline_, made_.plan);
        SYMBOLON_TRY(auto report,
                     check_tree(tree, planned, {.jobs = options_.jobs, .older_versions = false}));
        for (SubjectReport& subject : report.subjects) {
            if (changed.count(subject.subject) > 0) {
                made_.report.subjects.push_back(std::move(subject));
            }
        }
        return {};
    }

    // The rules that only it knows: referrers, read-only scopes, its own settings.
    Status ask_registry() {
        SYMBOLON_TRY(const bool at_once, takes_plans(admin_));
        if (!at_once) {
            made_.notes.emplace_back(
                "the registry cannot take a plan as a whole: symbolon apply needs --not-atomic");
            return {};
        }
        SYMBOLON_TRY(const auto tried, apply_plan(made_.plan, admin_, {.run = PlanRun::dry}));
        if (tried.failed) {
            made_.problems.push_back(
                fmt::format("the registry would refuse it: {}", tried.failed->message));
        }
        return {};
    }

    const SchemaTree& tree_;
    RegistryAdmin& admin_;
    Baseline& baseline_;
    const PlanOptions& options_;
    MadePlan made_;
    std::vector<Draft> drafts_;
};

// A name with a line end in it must not look like a line of the plan.
std::string in_one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; },
        '?');
    return text;
}

std::string what_changes(const PlannedChange& change) {
    std::vector<std::string> parts;
    if (change.schema) {
        const auto& latest = change.before.latest;
        parts.push_back(latest ? fmt::format("a new version after {}", latest->version.value())
                               : std::string("new subject"));
    }
    const auto own = [&](const char* name) {
        const auto& config = change.before.config;
        const auto found = config ? config->find(name) : Json::const_iterator();
        return !config || found == config->end() ? std::string("not set")
               : found->is_string()              ? found->get<std::string>()
                                                 : symbolon::to_text(*found);
    };
    if (change.level) {
        parts.push_back(fmt::format("level {} -> {}", own("compatibilityLevel"),
                                    compat::to_string(*change.level)));
    }
    if (change.normalize) {
        parts.push_back(fmt::format("normalize {} -> {}", own("normalize"), *change.normalize));
    }
    if (change.mode) {
        parts.push_back(
            fmt::format("mode {} -> {}", change.before.mode.value_or("not set"), *change.mode));
    }
    if (change.is_deleted) {
        const auto& latest = change.before.latest;
        parts.push_back(
            fmt::format("deleted softly, up to version {}", latest ? latest->version.value() : 0));
    }
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

}  // namespace

bool is_sound(const MadePlan& made) {
    return made.problems.empty() && !fails(made.report);
}

Result<MadePlan> make_plan(const SchemaTree& tree, RegistryAdmin& admin, Baseline& baseline,
                           const PlanOptions& options) {
    return Planning(tree, admin, baseline, options).run();
}

std::string to_summary(const Plan& plan) {
    std::string text;
    std::map<PlanAction, std::size_t> counts;
    for (const PlannedChange& change : plan.changes) {
        const PlanAction action = action_of(change);
        const char mark = action == PlanAction::create   ? '+'
                          : action == PlanAction::remove ? '-'
                                                         : '~';
        std::string line = fmt::format("{} {}  {}{}{}", mark, change.subject, what_changes(change),
                                       change.file.empty() ? "" : "  ", change.file);
        text += in_one_line(std::move(line)) + "\n";
        for (const Reference& reference :
             change.schema ? change.schema->references : std::vector<Reference>()) {
            const auto version = reference.version == 0
                                     ? std::string("(the version of this plan)")
                                     : fmt::format("version {}", reference.version);
            text += in_one_line(fmt::format("    refers to {} as {} {}", reference.name,
                                            reference.subject, version)) +
                    "\n";
        }
        ++counts[action];
    }
    text +=
        plan.changes.empty()
            ? std::string("nothing to change\n")
            : fmt::format("{} to create, {} to update, {} to delete\n", counts[PlanAction::create],
                          counts[PlanAction::update], counts[PlanAction::remove]);
    return text;
}

}  // namespace symbolon::gate
