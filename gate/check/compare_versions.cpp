#include "gate/check/compare_versions.hpp"

#include "compat/locate.hpp"
#include "gate/check/tree_references.hpp"
#include "gate/model/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace symbolon::gate {

namespace {

// Findings of one pair of texts, each searched by its own Locator.
class PairPlaces {
public:
    PairPlaces(const CandidateFile& candidate, BaseVersionPtr version)
        : candidate_(candidate),
          version_(std::move(version)),
          // Shares the version's own text; nothing is copied.
          old_text_(version_, &version_->text),
          ours_(candidate.file.type, *candidate.text),
          theirs_(version_->type, *old_text_) {}

    GateFinding to_gate_finding(const compat::DirectedFinding& directed) {
        const auto& [finding, direction] = directed;
        const bool backward = direction == compat::Direction::backward;
        GateFinding out;
        out.rule = compat::to_string(finding.kind);
        out.message = compat::to_sentence(finding, direction);
        out.hint = compat::to_hint(finding, direction);
        out.file = candidate_.file.shown_path;
        out.text = candidate_.text;
        out.direction = direction;
        out.counter_example = finding.counter_example;

        const std::string_view reader_path = compat::reader_place(finding);
        const std::string_view writer_path = compat::writer_place(finding);
        Side ours = side(candidate_.file.shown_path, candidate_.text, ours_,
                         backward ? reader_path : writer_path);
        ours.file = candidate_.file.shown_path;
        Side theirs =
            side(version_->name, old_text_, theirs_, backward ? writer_path : reader_path);
        theirs.file = version_->file;
        guess_writer(finding, backward ? theirs : ours, backward ? theirs_ : ours_);
        out.path = ours.path;
        out.line = ours.line.value_or(1);
        out.column = ours.column.value_or(1);
        out.reader = backward ? ours : theirs;
        out.writer = backward ? std::move(theirs) : std::move(ours);
        return out;
    }

private:
    static Side side(const std::string& name, std::shared_ptr<const std::string> text,
                     compat::Locator& locator, std::string_view path) {
        Side result{name, std::string(path), std::nullopt, std::nullopt, std::move(text), {}};
        if (const auto place = locator.find(path)) {
            result.line = place->line;
            result.column = place->column;
        }
        return result;
    }

    // Where the check does not know the writer's place, the nearest that the text has is taken.
    static void guess_writer(const compat::Finding& finding, Side& writer,
                             compat::Locator& locator) {
        if (!finding.writer_path.empty()) {
            return;
        }
        if (const auto place = locator.find(writer.path)) {
            writer.path = place->path;
        }
    }

    const CandidateFile& candidate_;
    const BaseVersionPtr version_;
    const std::shared_ptr<const std::string> old_text_;
    compat::Locator ours_;
    compat::Locator theirs_;
};

GateFinding not_parsed(const CandidateFile& candidate, const BaseVersion& version,
                       const Error& error) {
    auto finding =
        make_finding(rule_invalid_schema, candidate.file, {},
                     fmt::format("{} cannot be compared with: it does not parse: {}", version.name,
                                 error.message),
                     "Compare with --level NONE, or delete that version where it is registered");
    finding.text = candidate.text;
    return finding;
}

GateFinding not_decided(const CandidateFile& candidate, const BaseVersion& version,
                        const Error& error) {
    auto finding = make_finding(
        rule_undecided, candidate.file, {},
        fmt::format("Nothing is known of it against {}: {}", version.name, error.message),
        "Split the schema, or agree on --level NONE for it and decide by hand");
    finding.text = candidate.text;
    return finding;
}

/// What one version has against the candidate.
struct Misfit {
    Verdict verdict = Verdict::compatible;
    std::vector<GateFinding> findings{};
};

Misfit compare_with(const CandidateFile& candidate, const ComparisonTerms& terms,
                    const BaseVersionPtr& version, ParsedVersions& parsed) {
    const auto earlier = parsed.find(version);
    if (!earlier) {
        return {Verdict::invalid, {not_parsed(candidate, *version, earlier.error())}};
    }
    const compat::HistoryEntry one{version->version, *earlier, {}};
    auto outcome = compat::check_level(terms.level, *candidate.schema, {&one, 1}, terms.policy);
    if (!outcome) {
        return {Verdict::undecided, {not_decided(candidate, *version, outcome.error())}};
    }
    Misfit misfit;
    if (!outcome->compatible()) {
        if (terms.counter_examples == ComparisonTerms::CounterExamples::build) {
            compat::add_counter_examples(*outcome, *candidate.schema, **earlier);
        }
        PairPlaces places(candidate, version);
        for (const compat::DirectedFinding& directed : outcome->findings) {
            misfit.findings.push_back(places.to_gate_finding(directed));
        }
        misfit.verdict = Verdict::incompatible;
    }
    return misfit;
}

/// Findings of several versions, which may say the same of the same place.
class UnlikeFindings {
public:
    void add_to(std::vector<GateFinding>& known, std::vector<GateFinding> more) {
        for (GateFinding& finding : more) {
            if (seen_.emplace(finding.rule, finding.path, finding.direction).second) {
                known.push_back(std::move(finding));
            }
        }
    }

private:
    std::set<std::tuple<std::string, std::string, std::optional<compat::Direction>>> seen_;
};

}  // namespace

Result<compat::SchemaPtr> ParsedVersions::find(const BaseVersionPtr& version) {
    const auto found = parsed_.find(version.get());
    if (found != parsed_.end()) {
        return found->second.schema;
    }
    auto schema = compat::parse_schema(version->type, version->text, version->reference_texts,
                                       compat::Strictness::lenient);
    return parsed_.emplace(version.get(), Entry{version, std::move(schema)}).first->second.schema;
}

Comparison compare_versions(const CandidateFile& candidate, const ComparisonTerms& terms,
                            std::span<const BaseVersionPtr> versions, ParsedVersions& parsed) {
    Comparison comparison;
    UnlikeFindings unlike;
    if (terms.level == compat::Level::none) {
        return comparison;
    }
    for (const BaseVersionPtr& version : versions) {
        comparison.compared.push_back(version->name);
        Misfit misfit = compare_with(candidate, terms, version, parsed);
        if (misfit.verdict == Verdict::compatible) {
            continue;
        }
        const bool waived =
            terms.is_waived && std::all_of(misfit.findings.begin(), misfit.findings.end(),
                                           [&](const auto& each) { return terms.is_waived(each); });
        if (comparison.version == nullptr) {
            comparison.version = version;
            comparison.verdict = misfit.verdict;
        } else if (!waived) {
            comparison.verdict = misfit.verdict;
        }
        if (!waived && comparison.version == version) {
            comparison.findings = std::move(misfit.findings);  // all of them, as they are
            return comparison;
        }
        unlike.add_to(comparison.findings, std::move(misfit.findings));
        if (!waived) {
            return comparison;
        }
    }
    return comparison;
}

}  // namespace symbolon::gate
