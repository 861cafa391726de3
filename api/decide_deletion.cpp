#include "api/decide.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

namespace {

Change erasure(RecordFamily family, const SubjectName& subject, std::int32_t number) {
    return {{family, subject.context, subject.name, number}, std::monostate()};
}

Change soft_deletion(const SubjectName& subject, const VersionRow& row) {
    return {{RecordFamily::version, subject.context, subject.name, row.version.value()},
            VersionRecord{row.id, row.ts, true}};
}

// DEL-4: a live referrer always blocks; a soft-deleted one blocks a permanent deletion.
bool is_blocked(const Catalog& catalog, const VersionName& target, Deletion deletion,
                const SubjectName* ignored_referrer) {
    const auto* referrers = catalog.find_referrers(target);
    return referrers != nullptr &&
           std::any_of(referrers->begin(), referrers->end(), [&](const VersionName& referrer) {
               if (ignored_referrer != nullptr && referrer.subject == *ignored_referrer) {
                   return false;
               }
               const VersionRow* row = catalog.find_version(referrer.subject, referrer.version);
               return row != nullptr && (deletion == Deletion::permanent || !row->deleted);
           });
}

tl::unexpected<Error> referenced(const SubjectName& subject, Version version) {
    return failure(make_error(ErrorCode::reference_exists, to_text(subject), version.value()));
}

Status check_not_retained(const Catalog& catalog, const SubjectName& subject,
                          std::optional<Version> version, const DeletionTerms& terms) {
    if (terms.retention == Retention::overridden) {
        return {};
    }
    return check_retention(catalog, subject, version, terms.settings, terms.now);
}

// DEL-1.
Result<VersionRow> find_deletable(const Catalog& catalog, const SubjectName& subject,
                                  VersionChoice choice) {
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
    return *row;
}

// DEL-8: an associated subject keeps a live version. `going` is what this deletion takes away.
Status check_not_associated(const Catalog& catalog, const SubjectName& subject,
                            const VersionRow* going) {
    const VersionRows* rows = catalog.find_versions(subject);
    const bool stays_live = going != nullptr && rows != nullptr &&
                            std::any_of(rows->begin(), rows->end(), [&](const VersionRow& row) {
                                return !row.deleted && row.version != going->version;
                            });
    if (!stays_live && catalog.associations().has_any(subject)) {
        return failure(make_error(ErrorCode::association_for_subject_exists, to_text(subject)));
    }
    return {};
}

}  // namespace

void Removal::remove_version(const SubjectName& subject, const VersionRow& row) {
    versions_.insert({subject, row.version});
    ids_.emplace(subject.context, row.id);
}

std::vector<Change> Removal::take() {
    std::vector<Change> changes;
    std::map<SubjectName, std::size_t> removed_of;
    for (const auto& [subject, version] : versions_) {
        changes.push_back(erasure(RecordFamily::version, subject, version.value()));
        ++removed_of[subject];
    }
    // ID-7: an id that nothing uses any more is forgotten; the counter stays.
    for (const auto& [context, id] : ids_) {
        const SchemaSlot* slot = catalog_.find_schema(context, id);
        const std::string& in_context = context;
        const bool unused =
            slot != nullptr &&
            std::all_of(slot->uses.begin(), slot->uses.end(), [&](const SchemaUse& use) {
                return versions_.count({{in_context, use.subject}, use.version}) > 0;
            });
        if (unused) {
            changes.push_back(erasure(RecordFamily::schema, {context, {}}, id.value()));
        }
    }
    // DEL-7: a subject's own settings go with its last version.
    for (const auto& [subject, removed] : removed_of) {
        const VersionRows* rows = catalog_.find_versions(subject);
        if (rows == nullptr || rows->size() > removed || subject.name.empty()) {
            continue;
        }
        if (catalog_.find_config(subject) != nullptr) {
            changes.push_back(erasure(RecordFamily::config, subject, 0));
        }
        if (catalog_.find_mode(subject) != nullptr) {
            changes.push_back(erasure(RecordFamily::mode, subject, 0));
        }
    }
    return changes;
}

Result<Decision<Version>> decide_delete_version(const Catalog& catalog, const SubjectName& subject,
                                                VersionChoice choice, const DeletionTerms& terms) {
    const Deletion deletion = terms.deletion;
    SYMBOLON_TRY(const VersionRow row, find_deletable(catalog, subject, choice));
    if (row.deleted && deletion == Deletion::soft) {  // DEL-2
        return failure(
            make_error(ErrorCode::version_soft_deleted, to_text(subject), row.version.value()));
    }
    SYMBOLON_CHECK(check_writable(catalog, subject));  // DEL-3
    SYMBOLON_CHECK(check_not_associated(catalog, subject, &row));
    if (is_blocked(catalog, {subject, row.version}, deletion, nullptr)) {  // DEL-4
        return referenced(subject, row.version);
    }
    if (!row.deleted && deletion == Deletion::permanent) {  // DEL-5
        return failure(
            make_error(ErrorCode::version_not_soft_deleted, to_text(subject), row.version.value()));
    }
    if (deletion == Deletion::soft) {
        return Decision<Version>{row.version, {soft_deletion(subject, row)}};
    }
    SYMBOLON_CHECK(check_not_retained(catalog, subject, row.version, terms));
    Removal removal(catalog);
    removal.remove_version(subject, row);
    return Decision<Version>{row.version, removal.take()};
}

Result<Decision<std::vector<Version>>> decide_delete_subject(const Catalog& catalog,
                                                             const SubjectName& subject,
                                                             const DeletionTerms& terms) {
    const Deletion deletion = terms.deletion;
    const VersionRows* rows = catalog.find_versions(subject);
    if (rows == nullptr) {  // DEL-12
        return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
    }
    const bool live = has_live(*rows);
    if (!live && deletion == Deletion::soft) {
        return failure(make_error(ErrorCode::subject_soft_deleted, to_text(subject)));
    }
    SYMBOLON_CHECK(check_writable(catalog, subject));
    if (terms.associated == Associated::stays) {
        SYMBOLON_CHECK(check_not_associated(catalog, subject, nullptr));
    }
    for (const auto& row : *rows) {
        // A soft deletion leaves what is softly deleted as it is, so only live versions matter to
        // it.
        const bool touched = deletion == Deletion::permanent || !row.deleted;
        if (touched && is_blocked(catalog, {subject, row.version}, deletion, &subject)) {
            return referenced(subject, row.version);
        }
    }
    if (live && deletion == Deletion::permanent) {
        return failure(make_error(ErrorCode::subject_not_soft_deleted, to_text(subject)));
    }
    if (deletion == Deletion::permanent) {
        SYMBOLON_CHECK(check_not_retained(catalog, subject, std::nullopt, terms));
    }
    Decision<std::vector<Version>> decision;
    Removal removal(catalog);
    for (const auto& row : *rows) {
        if (deletion == Deletion::permanent) {
            removal.remove_version(subject, row);
        } else if (row.deleted) {
            continue;  // DEL-9, DEL-10
        } else {
            decision.changes.push_back(soft_deletion(subject, row));
        }
        decision.answer.push_back(row.version);
    }
    if (deletion == Deletion::permanent) {
        decision.changes = removal.take();
    }
    return decision;
}

Result<Decision<Done>> decide_delete_context(const Catalog& catalog, const std::string& context) {
    const ContextState* state = catalog.find_context(context);
    if (state != nullptr && !state->subjects.empty()) {
        return failure(make_error(ErrorCode::context_not_empty, ":" + context + ":"));
    }
    if (state == nullptr || !state->listed) {
        return Decision<Done>{};
    }
    // The record stays, unlisted, because its counter must: ids are never handed out twice (ID-7).
    return Decision<Done>{
        {}, {{{RecordFamily::context, context, {}, 0}, ContextRecord{state->max_id, true}}}};
}

}  // namespace symbolon
