#include "api/catalog.hpp"
#include "api/lookups.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace symbolon {

namespace {

// The last version of `name` that uses the slot; nullopt when none does.
std::optional<Version> find_last_use(const SchemaSlot& slot, const std::string& name) {
    std::optional<Version> last;
    for (auto at = slot.uses.lower_bound({name, Version()});
         at != slot.uses.end() && at->subject == name; ++at) {
        last = at->version;
    }
    return last;
}

struct ScopedSchema {
    std::string context;
    const SchemaSlot* slot = nullptr;
    std::optional<Version> used_as;  ///< a version of the named subject
};

// ID-9 to ID-11.
std::optional<ScopedSchema> find_scoped(const Catalog& catalog, SchemaId id,
                                        const SubjectName& scope) {
    const SchemaSlot* slot = catalog.find_schema(scope.context, id);
    if (scope.name.empty()) {
        return slot == nullptr ? std::nullopt
                               : std::optional(ScopedSchema{scope.context, slot, std::nullopt});
    }
    const auto use_in = [&](const std::string& context) -> std::optional<ScopedSchema> {
        const SchemaSlot* there = catalog.find_schema(context, id);
        const auto use = there == nullptr ? std::nullopt : find_last_use(*there, scope.name);
        return use ? std::optional(ScopedSchema{context, there, use}) : std::nullopt;
    };
    auto found = use_in(scope.context);
    if (found || scope.context != default_context) {
        return found;
    }
    for (const auto& [context, state] : catalog.contexts()) {
        found = context == default_context ? std::nullopt : use_in(context);
        if (found) {
            return found;
        }
    }
    return slot == nullptr ? std::nullopt
                           : std::optional(ScopedSchema{scope.context, slot, std::nullopt});
}

FoundSchema to_found(const Catalog& catalog, SchemaId id, const ScopedSchema& scoped,
                     const std::string& name) {
    FoundSchema found{id, scoped.slot->content, std::nullopt, scoped.slot->ts,
                      scoped.slot->live_uses == 0};
    const SubjectName subject{scoped.context, name};
    const VersionRow* row =
        scoped.used_as ? catalog.find_version(subject, *scoped.used_as) : nullptr;
    if (row != nullptr) {
        found.as_version = to_subject_version(subject, *row);
        found.ts = row->ts;
        found.deleted = row->deleted;
    }
    return found;
}

}  // namespace

Result<FoundSchema> get_schema_by_id(const Catalog& catalog, SchemaId id,
                                     const std::optional<SubjectName>& subject) {
    const SubjectName scope = subject.value_or(SubjectName{});
    const auto scoped = find_scoped(catalog, id, scope);
    if (!scoped) {
        return failure(make_error(ErrorCode::schema_id_not_found, id.value()));
    }
    return to_found(catalog, id, *scoped, scope.name);
}

Result<FoundSchema> get_schema_by_guid(const Catalog& catalog, const Guid& guid) {
    std::optional<FoundSchema> found;
    for (const auto& [context, state] : catalog.contexts()) {
        for (const SchemaId id : catalog.ids_of(context, guid)) {
            const SchemaSlot* slot = catalog.find_schema(context, id);
            if (!found || (found->deleted && slot->live_uses > 0)) {
                found =
                    FoundSchema{id, slot->content, std::nullopt, slot->ts, slot->live_uses == 0};
            }
        }
    }
    if (!found) {
        return failure(make_error(ErrorCode::schema_id_not_found, to_text(guid)));
    }
    return *std::move(found);
}

std::vector<std::pair<std::string, SchemaId>> list_ids_of_guid(const Catalog& catalog,
                                                               const Guid& guid) {
    std::vector<std::pair<std::string, SchemaId>> ids;
    for (const auto& [context, state] : catalog.contexts()) {
        for (const SchemaId id : catalog.ids_of(context, guid)) {
            ids.emplace_back(context, id);
        }
    }
    return ids;
}

Result<std::vector<SubjectVersion>> list_versions_of_id(const Catalog& catalog, SchemaId id,
                                                        const std::optional<SubjectName>& subject,
                                                        View view) {
    const auto scoped = find_scoped(catalog, id, subject.value_or(SubjectName{}));
    if (!scoped) {
        return failure(make_error(ErrorCode::schema_not_found));
    }
    // Uses are sorted by subject, then version: the last one of a subject replaces those before.
    std::vector<SubjectVersion> versions;
    for (const auto& use : scoped->slot->uses) {
        const SubjectName user{scoped->context, use.subject};
        const VersionRow* row = catalog.find_version(user, use.version);
        const bool hidden = row == nullptr || (row->deleted && view == View::live) ||
                            (!row->deleted && view == View::only_deleted);
        if (hidden) {
            continue;
        }
        if (!versions.empty() && versions.back().subject == user) {
            versions.pop_back();
        }
        versions.push_back(to_subject_version(user, *row));
    }
    return versions;
}

SchemaId max_id(const Catalog& catalog, std::string_view context) {
    const ContextState* state = catalog.find_context(context);
    return state == nullptr ? SchemaId() : state->max_id;
}

std::vector<std::string> list_contexts(const Catalog& catalog) {
    std::vector<std::string> names{std::string(default_context)};
    for (const auto& [context, state] : catalog.contexts()) {
        if (state.listed && context != default_context) {
            names.push_back(context);
        }
    }
    return names;
}

Revision revision_of(const Catalog& catalog) {
    return catalog.changed_at();
}

CatalogCounts count(const Catalog& catalog) {
    CatalogCounts counts;
    for (const auto& [context, state] : catalog.contexts()) {
        counts.schemas += state.schemas.size();
        for (const auto& [name, rows] : state.subjects) {
            const auto live = static_cast<std::uint64_t>(std::count_if(
                rows.begin(), rows.end(), [](const auto& row) { return !row.deleted; }));
            counts.versions += live;
            counts.subjects += live > 0 ? 1U : 0U;
        }
    }
    return counts;
}

}  // namespace symbolon
