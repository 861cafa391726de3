#include "gate/check/check_tree.hpp"

#include "core/limits.hpp"
#include "gate/check/compare_versions.hpp"
#include "gate/check/parallel.hpp"
#include "gate/check/parse_file.hpp"
#include "gate/check/same_schema.hpp"
#include "gate/check/use_waivers.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

/// What is known of a file between the two rounds.
struct FileState {
    enum class Round { reading, comparing, done } round = Round::reading;
    SubjectReport report{};
    std::shared_ptr<const std::string> text{};
    std::shared_ptr<const BaseSubject> base{};
    compat::SchemaPtr schema{};
    std::vector<DirectReference> direct{};
    ParsedVersions parsed{};  ///< of the base
    bool unchanged = false;   ///< with all that it refers to
};

std::string cut_message(std::string_view text) {
    std::size_t size = std::min(text.size(), limits::quoted_message_bytes_max);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;  // never inside a UTF-8 sequence
    }
    return std::string(text.substr(0, size)) + (size < text.size() ? "…" : "");
}

std::string quote_messages(const std::vector<std::string>& messages) {
    std::string text;
    for (std::size_t at = 0; at < std::min(messages.size(), limits::quoted_messages_max); ++at) {
        text += (at == 0 ? "" : "; ") + cut_message(messages[at]);
    }
    return text.empty() ? "(it gives no reason)" : text;
}

compat::Level transitive_form(compat::Level level) {
    switch (level) {
        case compat::Level::backward:
            return compat::Level::backward_transitive;
        case compat::Level::forward:
            return compat::Level::forward_transitive;
        case compat::Level::full:
            return compat::Level::full_transitive;
        case compat::Level::none:
        case compat::Level::backward_transitive:
        case compat::Level::forward_transitive:
        case compat::Level::full_transitive:
            break;
    }
    return level;
}

// Two rounds, since a server is asked about a file only when it has all that the file refers to:
// first each file is read and held against its subject's latest version, then those that are
// different are compared.
class TreeCheck {
public:
    TreeCheck(const SchemaTree& tree, Baseline& baseline, const CheckOptions& options)
        : tree_(tree),
          baseline_(baseline),
          options_(options),
          latest_(tree, &baseline),
          states_(tree.files.size()) {}

    Result<GateReport> run() {
        const auto first_round = [&](std::size_t at) -> Status {
            SYMBOLON_CHECK(read(at));
            tell_progress(states_[at]);
            return {};
        };
        const auto second_round = [&](std::size_t at) -> Status {
            if (states_[at].round == FileState::Round::comparing) {
                SYMBOLON_CHECK(compare(at));
                states_[at].round = FileState::Round::done;
                tell_progress(states_[at]);
            }
            return {};
        };
        SYMBOLON_CHECK(for_each_index(states_.size(), options_.jobs, first_round));
        SYMBOLON_CHECK(for_each_index(states_.size(), options_.jobs, second_round));
        return finish();
    }

private:
    // The first round.
    Status read(std::size_t at) {
        FileState& state = states_[at];
        const TreeFile& file = tree_.files[at];
        state.report.subject = file.subject;
        state.report.file = file.shown_path;
        state.report.type = file.type;
        SYMBOLON_TRY(state.base, latest_.find(at));
        state.report.level = level_of(file, *state.base);
        SYMBOLON_TRY(auto reading, read_tree_file(tree_, at, latest_));
        state.direct = std::move(reading.resolved.direct);
        state.round = FileState::Round::done;
        if (!reading.resolved.problems.empty()) {
            settle_problems(state, file, reading);
            return {};
        }
        state.schema = std::move(reading.schema);
        if (state.base->versions.empty()) {
            state.report.verdict = Verdict::added;
            state.report.notes.push_back(fmt::format("{} is new: {} has no version to compare with",
                                                     file.subject, baseline_.name()));
            warn_read_only(state, file);
            return {};
        }
        const BaseVersionPtr& latest = state.base->versions.front();
        if (is_unchanged(state, file, reading.resolved.texts, latest)) {
            take_unchanged(state, *latest);
            return {};
        }
        state.round = FileState::Round::comparing;
        return {};
    }

    // What is registered as it is passes: registering it would change nothing.
    void settle_problems(FileState& state, const TreeFile& file, TreeReading& reading) {
        auto& problems = reading.resolved.problems;
        const bool registered =
            problems.front().rule == rule_invalid_schema && !state.base->versions.empty() &&
            is_registered(state, file, reading.resolved.texts, state.base->versions.front());
        if (registered) {
            state.report.notes.push_back(fmt::format(
                "It is registered as it is, but a new schema like it would be refused: {}",
                cut_message(problems.front().message)));
            take_unchanged(state, *state.base->versions.front());
            return;
        }
        state.report.verdict = reading.too_costly ? Verdict::undecided : Verdict::invalid;
        state.report.findings = std::move(problems);
    }

    // As a registry looks for it, which parses leniently.
    static bool is_registered(FileState& state, const TreeFile& file,
                              const std::vector<compat::NamedText>& texts,
                              const BaseVersionPtr& latest) {
        const auto parsed = state.parsed.find(latest);
        if (!parsed || latest->type != file.type) {
            return false;
        }
        if (is_same_text(file.type, file.text, texts, *latest)) {
            return true;
        }
        const auto candidate =
            compat::parse_schema(file.type, file.text, texts, compat::Strictness::lenient);
        return candidate &&
               is_same_schema(**candidate, texts, *latest, **parsed, state.base->normalize);
    }

    static bool is_unchanged(FileState& state, const TreeFile& file,
                             const std::vector<compat::NamedText>& texts,
                             const BaseVersionPtr& latest) {
        if (is_same_text(file.type, file.text, texts, *latest)) {
            return true;
        }
        if (latest->type != file.type) {
            return false;
        }
        const auto parsed = state.parsed.find(latest);
        return parsed &&
               is_same_schema(*state.schema, texts, *latest, **parsed, state.base->normalize);
    }

    // Whoever tries a transitive level wants to know of older versions too.
    void take_unchanged(FileState& state, const BaseVersion& latest) {
        state.unchanged = true;
        state.report.verdict = Verdict::unchanged;
        state.report.compared = {latest.name};
        if (options_.level && compat::is_transitive(*options_.level) && state.schema != nullptr) {
            state.round = FileState::Round::comparing;
        }
    }

    compat::Level level_of(const TreeFile& file, const BaseSubject& base) const {
        for (const auto& level : {options_.level, file.level, base.level, tree_.rules.level}) {
            if (level) {
                return *level;
            }
        }
        return compat::Level::backward;
    }

    // The second round.
    Status compare(std::size_t at) {
        FileState& state = states_[at];
        const TreeFile& file = tree_.files[at];
        const compat::Level level = *state.report.level;
        SYMBOLON_TRY(const auto versions, versions_for(state, file, level));
        state.text = std::make_shared<const std::string>(file.text);
        const CandidateFile candidate{file, state.text, state.schema};
        const std::span<const BaseVersionPtr> all(versions);
        const auto wanted = compat::is_transitive(level) ? all : all.first(1);
        const ComparisonTerms terms{
            level, state.base->policy, ComparisonTerms::CounterExamples::build,
            [&](const GateFinding& finding) {
                return is_waived(finding, file.subject, tree_, options_.today);
            }};
        Comparison compared = compare_versions(
            candidate, terms, state.unchanged ? wanted.subspan(1) : wanted, state.parsed);
        if (state.unchanged) {
            if (compared.verdict == Verdict::compatible) {
                return {};
            }
            compared.compared.insert(compared.compared.begin(), state.report.compared.front());
        }
        state.report.verdict = compared.verdict;
        state.report.compared = std::move(compared.compared);
        state.report.findings = std::move(compared.findings);
        if (state.unchanged) {
            return {};
        }
        if (compared.verdict == Verdict::compatible) {
            warn_older_version(state, candidate, all.subspan(1));
        }
        warn_read_only(state, file);
        return ask_server(at);
    }

    // Newest first; one at least.
    Result<std::vector<BaseVersionPtr>> versions_for(const FileState& state, const TreeFile& file,
                                                     compat::Level level) {
        const auto& known = state.base->versions;
        const bool needs_all = compat::is_transitive(level) ||
                               (options_.older_versions && transitive_form(level) != level);
        // A folder's or a revision's version is its only one, and a first version has none before.
        if (!needs_all || known.size() > 1 || known.front()->version.value() <= 1) {
            return known;
        }
        SYMBOLON_TRY(const auto all, baseline_.find_subject(file.subject, History::all));
        if (all.versions.empty() || all.versions.front()->version != known.front()->version) {
            return failure(make_error(ErrorCode::unavailable,
                                      fmt::format("{} changed in {} while it was read; try again",
                                                  file.subject, baseline_.name())));
        }
        return all.versions;
    }

    void warn_older_version(FileState& state, const CandidateFile& candidate,
                            std::span<const BaseVersionPtr> older) {
        const compat::Level level = *state.report.level;
        const compat::Level transitive = transitive_form(level);
        if (!options_.older_versions || transitive == level) {
            return;
        }
        const Comparison compared = compare_versions(
            candidate, {level, state.base->policy, ComparisonTerms::CounterExamples::none, {}},
            older, state.parsed);
        if (compared.verdict != Verdict::incompatible) {
            return;
        }
        GateFinding finding = compared.findings.front();
        finding.message = fmt::format("It passes {} and would fail {}, because of {}: {} ({})",
                                      compat::to_string(level), compat::to_string(transitive),
                                      compared.version->name, finding.message, finding.rule);
        finding.rule = rule_older_version;
        finding.severity = Severity::warning;
        state.report.findings.push_back(std::move(finding));
    }

    static void warn_read_only(FileState& state, const TreeFile& file) {
        if (state.base->mode.empty()) {
            return;
        }
        auto finding =
            make_finding(rule_read_only, file, {},
                         fmt::format("Registering it would be refused: the mode of {} is {}",
                                     file.subject, state.base->mode),
                         "Set the mode to READWRITE first, or leave the schema as it is");
        finding.severity = Severity::warning;
        state.report.findings.push_back(std::move(finding));
    }

    // Where our level is the server's, and it has all that the file refers to.
    Status ask_server(std::size_t at) {
        FileState& state = states_[at];
        const TreeFile& file = tree_.files[at];
        const bool decided = state.report.verdict == Verdict::compatible ||
                             state.report.verdict == Verdict::incompatible;
        if (!decided || options_.level || file.level || !state.base->level) {
            return {};
        }
        DryRun dry_run{file.subject, file.type, file.text, {}};
        for (const DirectReference& direct : state.direct) {
            auto reference = find_registered(direct);
            if (!reference) {
                return {};
            }
            dry_run.references.push_back(*std::move(reference));
        }
        SYMBOLON_TRY(const auto verdict, verdict_of(dry_run));
        if (!verdict) {
            return {};
        }
        state.report.server_compatible = verdict->compatible;
        if (verdict->compatible != (state.report.verdict == Verdict::compatible)) {
            state.report.findings.push_back(make_finding(
                rule_server_disagrees, file, {},
                verdict->compatible
                    ? fmt::format("{} itself says that the schema is compatible", baseline_.name())
                    : fmt::format("{} itself says that the schema is not compatible: {}",
                                  baseline_.name(), quote_messages(verdict->messages)),
                "Trust neither until it is clear why; the registry may run another release, or "
                "have rules of its own"));
        }
        return {};
    }

    // A refusal of the schema is a verdict as well.
    Result<std::optional<ServerVerdict>> verdict_of(const DryRun& dry_run) {
        auto verdict = baseline_.ask_server(dry_run);
        if (!verdict && (verdict.error().code == ErrorCode::invalid_schema ||
                         verdict.error().code == ErrorCode::incompatible_schema ||
                         verdict.error().code == ErrorCode::check_too_costly)) {
            return ServerVerdict{false, {verdict.error().message}};
        }
        return verdict;
    }

    // A file of the tree, when it is registered as it is.
    std::optional<Reference> find_registered(const DirectReference& direct) const {
        Reference reference = direct.reference;
        if (direct.file) {
            const FileState& target = states_[*direct.file];
            if (!target.unchanged) {
                return std::nullopt;
            }
            reference.version = target.base->versions.front()->version.value();
        }
        return reference.subject.empty() || reference.version <= 0
                   ? std::nullopt
                   : std::optional(std::move(reference));
    }

    void tell_progress(const FileState& state) {
        if (options_.progress && state.round == FileState::Round::done) {
            const std::lock_guard lock(progress_mutex_);
            options_.progress(++done_, states_.size());
        }
    }

    void find_twins() {
        std::map<std::string_view, std::size_t> first;
        for (std::size_t at = 0; at < states_.size(); ++at) {
            const TreeFile& file = tree_.files[at];
            const auto [met, added] = first.emplace(file.subject, at);
            if (!added) {
                states_[at].report.findings.push_back(make_finding(
                    rule_subject_twice, file, {},
                    fmt::format("{} has the subject {} too", tree_.files[met->second].shown_path,
                                file.subject),
                    "Give one of the two another subject in symbolon.yaml, or exclude it"));
            }
        }
    }

    GateReport finish() {
        find_twins();
        GateReport report;
        report.tree = tree_.name;
        report.against = baseline_.name();
        report.notes = tree_.notes;
        for (std::string& note : baseline_.collect_notes(tree_)) {
            report.notes.push_back(std::move(note));
        }
        for (std::size_t at = 0; at < states_.size(); ++at) {
            FileState& state = states_[at];
            for (GateFinding& finding : state.report.findings) {
                if (finding.text != nullptr) {
                    continue;
                }
                if (state.text == nullptr) {
                    state.text = std::make_shared<const std::string>(tree_.files[at].text);
                }
                finding.text = state.text;
            }
            report.subjects.push_back(std::move(state.report));
        }
        for (const LostSchema& lost : baseline_.find_lost(tree_)) {
            report.subjects.push_back(lost_report(lost));
        }
        use_waivers(report, tree_, options_.today);
        return report;
    }

    // A file that can no longer be told to be a schema is no reason to pass.
    static SubjectReport lost_report(const LostSchema& lost) {
        SubjectReport report;
        report.subject = lost.subject;
        report.file = lost.file;
        report.type = SchemaType::json;
        report.verdict = Verdict::invalid;
        report.compared = {lost.name};
        GateFinding finding;
        finding.rule = rule_invalid_schema;
        finding.file = lost.file;
        finding.message = fmt::format(
            "{} is the schema of {}, and the file no longer says that it is one: no \"$schema\" of "
            "json-schema.org can be read in it",
            lost.name, lost.subject);
        finding.hint =
            "Put the \"$schema\" back, name the file under \"schemas\" in symbolon.yaml, or under "
            "\"exclude\" when it is no schema any more";
        report.findings.push_back(std::move(finding));
        return report;
    }

    const SchemaTree& tree_;
    Baseline& baseline_;
    const CheckOptions& options_;
    LatestVersions latest_;
    std::vector<FileState> states_;  ///< each touched by one thread in a round
    std::mutex progress_mutex_;
    std::size_t done_ = 0;  ///< guarded by progress_mutex_
};

}  // namespace

Result<GateReport> check_tree(const SchemaTree& tree, Baseline& baseline,
                              const CheckOptions& options) {
    return TreeCheck(tree, baseline, options).run();
}

}  // namespace symbolon::gate
