#include "api/candidate.hpp"
#include "api/decide.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace symbolon {

namespace {

/// What holds for a subject at the moment of a request.
struct Terms {
    Config config;
    Mode mode = Mode::readwrite;
    const VersionRows* rows = nullptr;
    const VersionRow* latest = nullptr;
};

Terms terms_of(const Catalog& catalog, const SubjectName& subject,
               const RegistrySettings& settings) {
    const VersionRows* rows = catalog.find_versions(subject);
    return {config_in_scope(catalog, subject, settings.default_level),
            mode_in_scope(catalog, subject), rows, find_latest(rows)};
}

compat::Normalize normalization(const Config& config, bool requested) {
    return requested || config.normalize.value_or(false) ? compat::Normalize::yes
                                                         : compat::Normalize::no;
}

compat::Strictness strictness(const Config& config, const RegistrySettings& settings) {
    return config.validate_new_schemas.value_or(settings.validate_new_schemas)  // VAL-1
               ? compat::Strictness::strict
               : compat::Strictness::lenient;
}

ReferenceVersions reference_versions(const RegistrySettings& settings) {
    return settings.reference_versions_strict ? ReferenceVersions::one_per_subject
                                              : ReferenceVersions::any;
}

// LOOK-2 to LOOK-4: as sent first, then completed from the latest version and the config.
Result<std::optional<SubjectVersion>> find_existing(const Catalog& catalog,
                                                    const SubjectName& subject, const Draft& draft,
                                                    const Terms& terms, const Wanted& wanted,
                                                    compat::Normalize normalize, Workbench& bench) {
    const CandidateOptions options{compat::Strictness::lenient, Targets::any, normalize};
    if (!draft.text.empty()) {
        SYMBOLON_TRY(const auto candidate, make_candidate(catalog, subject, draft, options, bench));
        if (auto match = find_match(catalog, subject, candidate, wanted, bench)) {
            return match;
        }
    }
    if (draft.text.empty() || !draft.metadata || !draft.rule_set) {
        const Draft completed = complete_draft(draft, terms.latest, terms.config);
        if (completed == draft && !draft.text.empty()) {
            return std::optional<SubjectVersion>();
        }
        SYMBOLON_TRY(const auto candidate,
                     make_candidate(catalog, subject, completed, options, bench));
        return find_match(catalog, subject, candidate, wanted, bench);
    }
    return std::optional<SubjectVersion>();
}

class Registration {
public:
    Registration(const Catalog& catalog, const SubjectName& subject, const RegistrationInput& input,
                 Workbench& bench)
        : catalog_(catalog),
          subject_(subject),
          input_(input),
          bench_(bench),
          terms_(terms_of(catalog, subject, input.settings)),
          imports_(takes_ids(terms_.mode)),
          version_(input.request.version) {
        if (input.request.id && *input.request.id >= 0) {
            id_ = SchemaId(*input.request.id);
        }
        normalize_ = imports_ ? compat::Normalize::no  // NORM-1
                              : normalization(terms_.config, input.options.normalize);
    }

    Result<Decision<SubjectVersion>> decide() {
        SYMBOLON_CHECK(check_name());
        SYMBOLON_TRY(auto draft, parse_draft(input_.request));
        SYMBOLON_TRY(auto registered, find_registered(draft));
        if (registered) {
            return Decision<SubjectVersion>{*std::move(registered), {}};
        }
        SYMBOLON_CHECK(check_mode());
        const std::int32_t number = new_version_number();
        if (!imports_) {
            draft = complete_draft(std::move(draft), terms_.latest, terms_.config);
            name_version(draft, number);
        }
        SYMBOLON_TRY(const auto candidate,
                     make_candidate(catalog_, subject_, draft, candidate_options(), bench_));
        if (version_ == 0 && !id_) {  // REG-9
            if (auto match = find_match(catalog_, subject_, candidate, Wanted{}, bench_)) {
                return Decision<SubjectVersion>{*std::move(match), {}};
            }
        }
        SYMBOLON_CHECK(check_history(candidate));
        if (!imports_ && version_ > 0 && version_ != number) {  // REG-11
            return failure(make_error(ErrorCode::invalid_schema,
                                      "Version is not one more than previous version"));
        }
        SYMBOLON_TRY(const auto id, choose_id(*candidate.content));
        return store(candidate.content, Version(number), id);
    }

private:
    // SUB-1, SUB-2.
    Status check_name() const {
        const bool refused =
            input_.settings.reject_empty_subject && (subject_.name.empty() || subject_.name == "*");
        if (refused) {
            return failure(make_error(ErrorCode::invalid_subject, to_text(subject_)));
        }
        return check_subject(subject_);
    }

    // REG-2 and REG-3: what is there already is answered in every mode.
    Result<std::optional<SubjectVersion>> find_registered(const Draft& draft) {
        const bool compare_and_set = version_ > 0 && !id_;
        if (has_contract_defaults(terms_.config) || (imports_ && draft.text.empty())) {
            return std::optional<SubjectVersion>();
        }
        if (compare_and_set) {
            // The draft is parsed all the same: an invalid one is refused before the mode is
            // (REG-1).
            if (!draft.text.empty()) {
                SYMBOLON_CHECK(drop_value(make_candidate(
                    catalog_, subject_, draft,
                    {compat::Strictness::lenient, Targets::any, normalize_}, bench_)));
            }
            return std::optional<SubjectVersion>();
        }
        const Wanted wanted{View::live, version_, id_};
        return find_existing(catalog_, subject_, draft, terms_, wanted, normalize_, bench_);
    }

    static Status drop_value(const Result<Candidate>& candidate) {
        return candidate ? Status() : Status(failure(candidate.error()));
    }

    // REG-4, REG-18.
    Status check_mode() const {
        SYMBOLON_CHECK(check_writable(catalog_, subject_));
        if (id_.has_value() == imports_) {
            return {};
        }
        return failure(make_error(
            ErrorCode::operation_not_permitted,
            fmt::format("Subject {} in context {} is not in {} mode", to_text(subject_),
                        context_prefix(subject_.context), id_ ? "import" : "read-write")));
    }

    // REG-5; in IMPORT any positive version goes (REG-11).
    std::int32_t new_version_number() const {
        if (imports_ && version_ > 0) {
            return version_;
        }
        return terms_.rows == nullptr ? 1 : terms_.rows->back().version.value() + 1;
    }

    // CV-1.
    void name_version(Draft& draft, std::int32_t number) const {
        const std::string property(version_property);
        const bool named = draft.metadata && draft.metadata->properties.count(property) > 0;
        if (version_ != 0 || named) {
            if (!draft.metadata) {
                draft.metadata.emplace();
            }
            draft.metadata->properties[property] = std::to_string(number);
        }
    }

    CandidateOptions candidate_options() const {
        return {id_ ? compat::Strictness::lenient : strictness(terms_.config, input_.settings),
                Targets::live, normalize_, reference_versions(input_.settings)};
    }

    // REG-10.
    Status check_history(const Candidate& candidate);
    // REG-12, ID-7.
    Result<SchemaId> choose_id(const SchemaContent& content) const;
    Decision<SubjectVersion> store(const ContentPtr& content, Version version, SchemaId id) const;

    const Catalog& catalog_;
    const SubjectName& subject_;
    const RegistrationInput& input_;
    Workbench& bench_;
    Terms terms_;
    bool imports_;
    std::int32_t version_;
    std::optional<SchemaId> id_;
    compat::Normalize normalize_ = compat::Normalize::no;
};

// COMP-1 and COMP-2: live versions, newest first; the first alone unless the level is transitive.
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

// What a candidate comes to: reserved fields first, then the levels; an empty history fits
// (COMP-3).
Result<compat::Outcome> check_candidate(const Terms& terms, const Candidate& candidate,
                                        const std::vector<HistorySource>& history,
                                        compat::Normalize normalize, Workbench& bench) {
    SYMBOLON_TRY(auto reserved, find_reserved(terms, candidate, normalize, bench));
    compat::Outcome outcome;
    const compat::Level level = *terms.config.level;
    if (level != compat::Level::none && !history.empty()) {
        SYMBOLON_TRY(outcome, bench.check(level, candidate.source, history));
    }
    outcome.findings.insert(outcome.findings.begin(), reserved.begin(), reserved.end());
    return outcome;
}

std::vector<std::string> messages_of(const compat::Outcome& outcome, const Config& config) {
    return compat::to_messages(outcome, *config.level,
                               config.validate_fields.value_or(false) ? compat::ValidateFields::yes
                                                                      : compat::ValidateFields::no);
}

Status Registration::check_history(const Candidate& candidate) {
    if (imports_ || input_.options.force) {
        return {};
    }
    SYMBOLON_TRY(const auto history, history_for(catalog_, subject_, terms_, *candidate.content));
    SYMBOLON_TRY(const auto outcome,
                 check_candidate(terms_, candidate, history, normalize_, bench_));
    if (!outcome.compatible()) {
        return failure(
            make_error(ErrorCode::incompatible_schema, to_text(subject_),
                       fmt::to_string(fmt::join(messages_of(outcome, terms_.config), ", "))));
    }
    return {};
}

Result<SchemaId> Registration::choose_id(const SchemaContent& content) const {
    if (id_) {  // MODE-6
        const SchemaSlot* slot = catalog_.find_schema(subject_.context, *id_);
        if (slot != nullptr && slot->content->guid != content.guid) {
            return failure(make_error(
                ErrorCode::operation_not_permitted,
                fmt::format("Overwrite new schema with id {} in context {} is not permitted.",
                            id_->value(), context_prefix(subject_.context))));
        }
        return *id_;
    }
    const auto ids = catalog_.ids_of(subject_.context, content.guid);  // ID-5
    if (!ids.empty()) {
        return ids.front();
    }
    std::int32_t next = max_id(catalog_, subject_.context).value();
    do {  // ID-4: imported ids are skipped, though the counter is past them already
        if (next == std::numeric_limits<std::int32_t>::max()) {
            return failure(
                make_error(ErrorCode::operation_not_permitted,
                           fmt::format("Context {} has no free schema ids", subject_.context)));
        }
        ++next;
    } while (catalog_.find_schema(subject_.context, SchemaId(next)) != nullptr);
    return SchemaId(next);
}

Decision<SubjectVersion> Registration::store(const ContentPtr& content, Version version,
                                             SchemaId id) const {
    const std::string& context = subject_.context;
    const SchemaSlot* slot = catalog_.find_schema(context, id);
    const ContentPtr kept = slot != nullptr ? slot->content : content;
    Decision<SubjectVersion> decision{{subject_, version, id, kept, input_.now, false}, {}};
    auto& changes = decision.changes;

    const ContextState* state = catalog_.find_context(context);
    const SchemaId highest = std::max(max_id(catalog_, context), id);
    if (state == nullptr || !state->listed || state->max_id != highest) {  // REG-21, ID-4
        changes.push_back({{RecordFamily::context, context, {}, 0}, ContextRecord{highest, false}});
    }
    if (slot == nullptr) {
        changes.push_back({{RecordFamily::schema, context, {}, id.value()}, content});
    }
    const auto version_key = [&](Version number) {
        return RecordKey{RecordFamily::version, context, subject_.name, number.value()};
    };
    if (terms_.rows != nullptr) {  // REG-13
        for (const auto& row : *terms_.rows) {
            const bool twin = row.deleted && row.id == id && row.version < version;
            if (twin && catalog_.find_referrers({subject_, row.version}) == nullptr) {
                changes.push_back({version_key(row.version), std::monostate()});
            }
        }
    }
    changes.push_back({version_key(version), VersionRecord{id, input_.now, false}});

    // An import may write over a version; what only that version used is forgotten (ID-7).
    const VersionRow* replaced = catalog_.find_version(subject_, version);
    if (replaced != nullptr && replaced->id != id &&
        catalog_.find_schema(context, replaced->id)->uses.size() == 1) {
        changes.push_back(
            {{RecordFamily::schema, context, {}, replaced->id.value()}, std::monostate()});
    }
    return decision;
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

Result<std::optional<SubjectVersion>> look_up_in(const Catalog& catalog, const SubjectName& subject,
                                                 const SchemaRequest& request, const Draft& draft,
                                                 LookUpOptions options,
                                                 const RegistrySettings& settings,
                                                 Workbench& bench) {
    const Terms terms = terms_of(catalog, subject, settings);
    const Wanted wanted{options.deleted ? View::with_deleted : View::live, request.version,
                        std::nullopt};
    return find_existing(catalog, subject, draft, terms, wanted,
                         normalization(terms.config, options.normalize), bench);
}

bool is_known(const VersionRows* rows, const LookUpOptions& options) {
    return rows != nullptr && (options.deleted || has_live(*rows));
}

}  // namespace

Result<Decision<SubjectVersion>> decide_registration(const Catalog& catalog,
                                                     const SubjectName& subject,
                                                     const RegistrationInput& input,
                                                     Workbench& bench) {
    return Registration(catalog, subject, input, bench).decide();
}

Result<SubjectVersion> find_schema_version(const Catalog& catalog, const SubjectName& subject,
                                           const SchemaRequest& request, LookUpOptions options,
                                           const RegistrySettings& settings, Workbench& bench) {
    SYMBOLON_TRY(const auto draft, parse_draft(request));
    if (is_known(catalog.find_versions(subject), options)) {
        SYMBOLON_TRY(auto found,
                     look_up_in(catalog, subject, request, draft, options, settings, bench));
        if (!found) {
            return failure(make_error(ErrorCode::schema_not_found));
        }
        return *std::move(found);
    }
    // LOOK-8, CTX-7: other contexts, for an unqualified name; what fails there is no match.
    for (const auto& [context, state] : catalog.contexts()) {
        if (subject.context != default_context || context == default_context) {
            continue;
        }
        const SubjectName other{context, subject.name};
        if (!is_known(catalog.find_versions(other), options)) {
            continue;
        }
        auto found = look_up_in(catalog, other, request, draft, options, settings, bench);
        if (found && *found) {
            return **std::move(found);
        }
    }
    return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
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
                                 reference_versions(settings)},
                                bench));
    if (!options.version) {
        SYMBOLON_TRY(history, history_for(catalog, subject, terms, *candidate.content));
    }
    SYMBOLON_TRY(auto outcome, check_candidate(terms, candidate, history, normalize, bench));
    CheckAnswer answer{outcome.compatible(), messages_of(outcome, terms.config), {}};
    answer.findings = std::move(outcome.findings);
    return answer;
}

}  // namespace symbolon
