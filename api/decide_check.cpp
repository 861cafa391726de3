#include "api/decide_check.hpp"

#include "api/candidate.hpp"
#include "api/decide.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace symbolon {

namespace {

// The names in the metadata property `confluent:reserved`, separated by commas.
std::set<std::string> reserved_fields(const SchemaContent& content) {
    std::set<std::string> names;
    if (!content.metadata) {
        return names;
    }
    const auto found = content.metadata->properties.find("confluent:reserved");
    std::string_view rest =
        found == content.metadata->properties.end() ? std::string_view() : found->second;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view name = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
        name = name.substr(0, name.find_last_not_of(' ') + 1);
        if (!name.empty()) {
            names.emplace(name);
        }
    }
    return names;
}

// VAL-2: a reserved name stays reserved, and no field may have it.
Result<std::vector<compat::DirectedFinding>> find_reserved(const Terms& terms,
                                                           const Candidate& candidate,
                                                           compat::Normalize normalize,
                                                           Workbench& bench) {
    std::vector<compat::DirectedFinding> findings;
    if (!terms.config.validate_fields.value_or(false)) {
        return findings;
    }
    const auto add = [&](compat::FindingKind kind, const std::string& field) {
        findings.push_back({{kind, "/", field}, compat::Direction::backward});
    };
    const auto reserved = reserved_fields(*candidate.content);
    if (terms.latest != nullptr) {
        for (const auto& field : reserved_fields(*terms.latest->content)) {
            if (!reserved.contains(field)) {
                add(compat::FindingKind::reserved_field_removed, field);
            }
        }
    }
    SYMBOLON_TRY(const auto parsed, bench.parse(candidate.source, normalize));
    for (const auto& field : reserved) {
        if (parsed->schema->has_top_level_field(field)) {
            add(compat::FindingKind::reserved_field_conflict, field);
        }
    }
    return findings;
}

// COMPAT-E1, COMPAT-E2: exactly the version that the path names.
Result<std::vector<HistorySource>> named_history(const Catalog& catalog, const SubjectName& subject,
                                                 const Terms& terms, VersionChoice choice) {
    const VersionRow* row =
        choice.number ? catalog.find_version(subject, *choice.number) : terms.latest;
    if (choice.number && (row == nullptr || row->deleted)) {
        return failure(make_error(ErrorCode::version_not_found, choice.number->value()));
    }
    std::vector<HistorySource> history;
    if (row != nullptr) {
        SYMBOLON_TRY(auto source, source_of(catalog, subject.context, row->content));
        history.push_back({row->version, std::move(source)});
    }
    return history;
}

std::vector<ReportedFinding> to_reports(const compat::Outcome& outcome, const Candidate& candidate,
                                        const std::vector<HistorySource>& history) {
    const ContentPtr old_schema = content_of(history, outcome.old_version);
    std::vector<ReportedFinding> reports;
    for (const auto& [finding, direction] : outcome.findings) {
        reports.push_back({finding, direction, outcome.old_version, candidate.source.content,
                           old_schema, std::nullopt});
    }
    return reports;
}

// The referrers' entries stand before the last one, which tells the policy.
void refuse_for_referrers(CheckAnswer& answer, const Config& config,
                          std::vector<std::string> messages) {
    answer.compatible = false;
    if (answer.messages.empty()) {
        answer.messages.push_back(compat::policy_message(*config.level, validate_fields(config)));
    }
    answer.messages.insert(answer.messages.end() - 1, std::make_move_iterator(messages.begin()),
                           std::make_move_iterator(messages.end()));
}

}  // namespace

ContentPtr content_of(const std::vector<HistorySource>& history, std::optional<Version> version) {
    const auto found =
        std::find_if(history.begin(), history.end(),
                     [&](const HistorySource& entry) { return version == entry.version; });
    return found == history.end() ? nullptr : found->source.content;
}

Result<std::vector<HistorySource>> history_for(const Catalog& catalog, const SubjectName& subject,
                                               const Terms& terms, const SchemaContent& candidate) {
    std::vector<HistorySource> history;
    if (terms.rows == nullptr) {
        return history;
    }
    const auto group = compatibility_group_of(candidate, terms.config);
    for (auto row = terms.rows->rbegin(); row != terms.rows->rend(); ++row) {
        if (row->deleted || compatibility_group_of(*row->content, terms.config) != group) {
            continue;
        }
        SYMBOLON_TRY(auto source, source_of(catalog, subject.context, row->content));
        history.push_back({row->version, std::move(source)});
        if (!compat::is_transitive(*terms.config.level)) {
            break;
        }
    }
    return history;
}

Result<CheckAnswer> check_candidate(const CheckInput& input, const Candidate& candidate,
                                    const std::vector<HistorySource>& history, Workbench& bench) {
    const Config& config = input.terms.config;
    SYMBOLON_TRY(auto reserved, find_reserved(input.terms, candidate, input.normalize, bench));
    compat::Outcome outcome;
    if (*config.level != compat::Level::none && !history.empty()) {  // COMP-3
        SYMBOLON_TRY(outcome,
                     bench.check({*config.level, policy_of(config), input.counter_examples},
                                 candidate.source, history));
    }
    outcome.findings.insert(outcome.findings.begin(), reserved.begin(), reserved.end());
    CheckAnswer answer{outcome.compatible(),
                       compat::to_messages(outcome, *config.level, validate_fields(config)),
                       to_reports(outcome, candidate, history)};

    const bool refuses = config.check_referrers.value_or(false);
    if (refuses || input.referrers == ReferrerReports::always) {
        SYMBOLON_TRY(auto report, check_referrers({input.catalog, input.subject, candidate.content,
                                                   input.settings, input.together},
                                                  bench));
        if (refuses && !report.findings.empty()) {
            refuse_for_referrers(answer, config, std::move(report.messages));
        }
        answer.findings.insert(answer.findings.end(),
                               std::make_move_iterator(report.findings.begin()),
                               std::make_move_iterator(report.findings.end()));
    }
    return answer;
}

Result<CheckAnswer> answer_check(const Catalog& catalog, const SubjectName& subject,
                                 const SchemaRequest& request, const CheckOptions& options,
                                 const RegistrySettings& settings, Workbench& bench) {
    const Terms terms = terms_of(catalog, subject, settings);
    std::vector<HistorySource> history;
    if (options.version) {
        SYMBOLON_TRY(history, named_history(catalog, subject, terms, *options.version));
    }
    SYMBOLON_TRY(auto draft, parse_draft(request));
    draft = complete_draft(std::move(draft), terms.latest, terms.config);
    const compat::Normalize normalize = normalization(terms.config, options.normalize);
    SYMBOLON_TRY(const auto candidate,
                 make_candidate(catalog, subject, draft,
                                {strictness(terms.config, settings), Targets::live, normalize,
                                 reference_versions(settings), validate_fields(terms.config)},
                                bench));
    if (!options.version) {
        SYMBOLON_TRY(history, history_for(catalog, subject, terms, *candidate.content));
    }
    const bool verbose = options.verbose;
    const CheckInput check{catalog,
                           subject,
                           terms,
                           settings,
                           normalize,
                           verbose ? ReferrerReports::always : ReferrerReports::as_configured,
                           verbose ? CounterExamples::build : CounterExamples::none,
                           nullptr};
    return check_candidate(check, candidate, history, bench);
}

}  // namespace symbolon
