#include "api/associations/decide_associations.hpp"
#include "api/candidate.hpp"
#include "api/decide.hpp"
#include "api/decide_check.hpp"
#include "api/terms.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace symbolon {

namespace {

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
        const compat::TagEdits& tags = input.request.tags;
        if (version_ == 0 && !(tags.add.empty() && tags.remove.empty())) {
            version_ = -1;  // DC-7
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
        }
        if (edits_tags()) {
            SYMBOLON_TRY(draft.text, edit_text(draft));
            SYMBOLON_TRY(auto latest, find_latest_like(draft));
            if (latest) {
                return Decision<SubjectVersion>{*std::move(latest), {}};
            }
        }
        if (!imports_) {
            name_version(draft, number);
        }
        SYMBOLON_TRY(const auto candidate,
                     make_candidate(catalog_, subject_, draft, candidate_options(), bench_));
        SYMBOLON_CHECK(check_references_are_free(catalog_, subject_, *candidate.content));  // REG-8
        if (version_ == 0 && !id_) {                                                        // REG-9
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
        if (edits_tags() || has_contract_defaults(terms_.config) ||
            (imports_ && draft.text.empty())) {
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

    bool edits_tags() const {
        return !input_.request.tags.empty() || input_.request.propagate_tags;
    }

    Result<std::string> edit_text(const Draft& draft) {
        const bool propagates = input_.request.propagate_tags && terms_.latest != nullptr &&
                                terms_.latest->content->type == draft.type;
        if (draft.text.empty()) {
            return draft.text;  // Refused later, as every empty schema is.
        }
        return bench_.edit_tags(draft.type, draft.text, input_.request.tags,
                                propagates ? terms_.latest->content : nullptr);
    }

    // Edits that change nothing answer the latest version, so that a request may be repeated.
    Result<std::optional<SubjectVersion>> find_latest_like(const Draft& draft) {
        if (version_ != -1 || imports_) {
            return std::optional<SubjectVersion>();
        }
        SYMBOLON_TRY(const auto candidate,
                     make_candidate(catalog_, subject_, draft, candidate_options(), bench_));
        return find_match(catalog_, subject_, candidate, Wanted{View::live, -1, std::nullopt},
                          bench_);
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
                Targets::live, normalize_, reference_versions(input_.settings),
                imports_ ? compat::ValidateFields::no : validate_fields(terms_.config)};
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

Status Registration::check_history(const Candidate& candidate) {
    if (imports_ || input_.options.force) {
        return {};
    }
    SYMBOLON_TRY(const auto history, history_for(catalog_, subject_, terms_, *candidate.content));
    const CheckInput check{catalog_,
                           subject_,
                           terms_,
                           input_.settings,
                           normalize_,
                           ReferrerReports::as_configured,
                           input_.options.verbose ? CounterExamples::build : CounterExamples::none,
                           input_.together};
    SYMBOLON_TRY(auto answer, check_candidate(check, candidate, history, bench_));
    if (answer.compatible) {
        return {};
    }
    Error error = make_error(ErrorCode::incompatible_schema, to_text(subject_),
                             fmt::to_string(fmt::join(answer.messages, ", ")));
    if (input_.options.verbose) {
        auto refusal = std::make_shared<Refusal>();
        refusal->findings = std::move(answer.findings);
        error.detail = std::move(refusal);
    }
    return failure(std::move(error));
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
    Decision<SubjectVersion> decision{
        {subject_, version, id, slot == nullptr ? content : slot->content, input_.now, false}, {}};
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

}  // namespace symbolon
