#include "api/decide.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

namespace {

Change mode_change(const SubjectName& scope, std::optional<Mode> mode) {
    Change change{{RecordFamily::mode, scope.context, scope.name, 0}, std::monostate()};
    if (mode) {
        change.value = *mode;
    }
    return change;
}

Status check_mutable(const RegistrySettings& settings) {
    if (!settings.mode_mutability) {  // MODE-8
        return failure(
            make_error(ErrorCode::operation_not_permitted, "Mode changes are not allowed"));
    }
    return {};
}

using SubjectRows = std::vector<std::pair<SubjectName, const VersionRows*>>;

// MODE-4: a subject; a context; or, for the global scopes, everything.
SubjectRows subjects_in(const Catalog& catalog, const SubjectName& scope) {
    SubjectRows found;
    if (!scope.name.empty()) {
        if (const auto* rows = catalog.find_versions(scope)) {
            found.emplace_back(scope, rows);
        }
        return found;
    }
    const bool everywhere = scope.context == default_context || scope.context == global_context;
    for (const auto& [context, state] : catalog.contexts()) {
        if (!everywhere && context != scope.context) {
            continue;
        }
        for (const auto& [name, rows] : state.subjects) {
            found.emplace_back(SubjectName{context, name}, &rows);
        }
    }
    return found;
}

// MODE-4: what is softly deleted in the scope goes for good, unless something outside refers to it.
Result<std::vector<Change>> clear_for_import(const Catalog& catalog, const SubjectName& scope,
                                             const RegistrySettings& settings, std::int64_t now) {
    const SubjectRows subjects = subjects_in(catalog, scope);
    std::set<SubjectName> inside;
    for (const auto& [subject, rows] : subjects) {
        if (has_live(*rows)) {
            return failure(make_error(ErrorCode::operation_not_permitted,
                                      "Cannot import since found existing subjects"));
        }
        inside.insert(subject);
    }
    Removal removal(catalog);
    for (const auto& [subject, rows] : subjects) {
        SYMBOLON_CHECK(check_retention(catalog, subject, std::nullopt, settings, now));
        for (const auto& row : *rows) {
            const auto* referrers = catalog.find_referrers({subject, row.version});
            const bool referenced =
                referrers != nullptr &&
                std::any_of(referrers->begin(), referrers->end(), [&](const auto& referrer) {
                    return inside.count(referrer.subject) == 0;
                });
            if (referenced) {
                return failure(
                    make_error(ErrorCode::reference_exists, to_text(subject), row.version.value()));
            }
            removal.remove_version(subject, row);
        }
    }
    return removal.take();
}

}  // namespace

Result<Decision<Done>> decide_update_mode(const Catalog& catalog, const SubjectName& scope,
                                          std::optional<Mode> mode, Force force,
                                          const RegistrySettings& settings, std::int64_t now) {
    SYMBOLON_CHECK(check_scope_name(scope));
    SYMBOLON_CHECK(check_mutable(settings));
    if (mode == Mode::forward && (scope.context != global_context || !scope.name.empty())) {
        return failure(make_error(ErrorCode::forward_mode_not_global));  // MODE-E3
    }
    Decision<Done> decision;
    if (mode == Mode::import && force == Force::no &&
        mode_in_scope(catalog, scope) != Mode::import) {
        SYMBOLON_TRY(decision.changes, clear_for_import(catalog, scope, settings, now));
        // The subject's own mode is about to be set; DEL-7's clean-up of it must not come after.
        std::erase_if(decision.changes, [&](const Change& change) {
            return change.key.family == RecordFamily::mode && change.key.context == scope.context &&
                   change.key.subject == scope.name;
        });
    }
    const Mode* stored = catalog.find_mode(scope);
    const bool same = stored == nullptr ? !mode.has_value() : mode == *stored;
    if (!same) {
        decision.changes.push_back(mode_change(scope, mode));
    }
    return decision;
}

Result<Decision<std::optional<Mode>>> decide_delete_mode(const Catalog& catalog,
                                                         const SubjectName& scope,
                                                         Recursive recursive,
                                                         const RegistrySettings& settings) {
    SYMBOLON_CHECK(check_mutable(settings));
    const bool global = scope.name.empty() && scope.context == default_context;
    const Mode* stored = catalog.find_mode(scope);
    if (stored == nullptr && !global && recursive == Recursive::no) {
        return failure(make_error(ErrorCode::subject_not_found, to_text(scope)));
    }
    Decision<std::optional<Mode>> decision;
    if (stored != nullptr) {
        decision.answer = *stored;
        decision.changes.push_back(mode_change(scope, std::nullopt));
    } else if (global) {
        decision.answer = Mode::readwrite;
    }
    const ContextState* context = catalog.find_context(scope.context);
    if (recursive == Recursive::yes && scope.name.empty() && context != nullptr) {  // MODE-E4
        for (const auto& [name, mode] : context->modes) {
            if (!name.empty()) {
                decision.changes.push_back(mode_change({scope.context, name}, std::nullopt));
            }
        }
    }
    return decision;
}

}  // namespace symbolon
