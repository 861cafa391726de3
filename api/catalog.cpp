#include "api/catalog.hpp"

#include "api/associations/association_records.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace symbolon {

namespace {

VersionRows::const_iterator row_at(const VersionRows& rows, Version version) {
    return std::lower_bound(
        rows.begin(), rows.end(), version,
        [](const VersionRow& row, Version wanted) { return row.version < wanted; });
}

template <class Map>
const typename Map::mapped_type* find_in(const Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

const ContextState* Catalog::find_context(std::string_view context) const {
    return find_in(contexts_, context);
}

const VersionRows* Catalog::find_versions(const SubjectName& subject) const {
    const auto* context = find_context(subject.context);
    return context == nullptr ? nullptr : find_in(context->subjects, subject.name);
}

const VersionRow* Catalog::find_version(const SubjectName& subject, Version version) const {
    const auto* rows = find_versions(subject);
    if (rows == nullptr) {
        return nullptr;
    }
    const auto found = row_at(*rows, version);
    return found == rows->end() || found->version != version ? nullptr : &*found;
}

const SchemaSlot* Catalog::find_schema(std::string_view context, SchemaId id) const {
    const auto* state = find_context(context);
    if (state == nullptr) {
        return nullptr;
    }
    const auto found = state->schemas.find(id);
    return found == state->schemas.end() ? nullptr : &found->second;
}

std::vector<SchemaId> Catalog::ids_of(std::string_view context, const Guid& guid) const {
    std::vector<SchemaId> ids;
    if (const auto* state = find_context(context)) {
        const auto [first, last] = state->ids.equal_range(guid);
        std::transform(first, last, std::back_inserter(ids),
                       [](const auto& entry) { return entry.second; });
        std::sort(ids.begin(), ids.end());
    }
    return ids;
}

const std::set<VersionName>* Catalog::find_referrers(const VersionName& target) const {
    const auto found = referrers_.find(target);
    return found == referrers_.end() ? nullptr : &found->second;
}

std::size_t Catalog::live_referrers(const SubjectName& subject) const {
    const auto found = live_referrers_.find(subject);
    return found == live_referrers_.end() ? 0 : found->second;
}

const Config* Catalog::find_config(const SubjectName& scope) const {
    const auto* context = find_context(scope.context);
    const auto* config = context == nullptr ? nullptr : find_in(context->configs, scope.name);
    return config == nullptr ? nullptr : config->get();
}

const Mode* Catalog::find_mode(const SubjectName& scope) const {
    const auto* context = find_context(scope.context);
    return context == nullptr ? nullptr : find_in(context->modes, scope.name);
}

void Catalog::set_revision(Revision revision) {
    revision_ = revision;
    if (std::exchange(changed_, false)) {
        changed_at_ = revision;
    }
}

Status Catalog::apply(const Change& change) {
    if (change.key.family == RecordFamily::usage) {
        return {};  // kept by UsageBook
    }
    changed_ = true;
    if (change.key.family != RecordFamily::association) {
        return apply_in_context(change);
    }
    if (const auto* association = std::get_if<AssociationPtr>(&change.value)) {
        associations_.set(*association);
    } else {
        associations_.erase(to_association_key(change.key.parts));
    }
    return {};
}

Status Catalog::apply_in_context(const Change& change) {
    const bool erased = std::holds_alternative<std::monostate>(change.value);
    ContextState& context = contexts_[change.key.context];
    switch (change.key.family) {
        case RecordFamily::context: {
            const auto* record = std::get_if<ContextRecord>(&change.value);
            context.listed = record != nullptr && !record->deleted;
            context.max_id = record != nullptr ? record->max_id : SchemaId();
            break;
        }
        case RecordFamily::schema:
            apply_schema(change);
            break;
        case RecordFamily::version:
            return apply_version(change);
        case RecordFamily::config:
            if (erased) {
                context.configs.erase(change.key.subject);
            } else {
                context.configs[change.key.subject] = std::get<ConfigPtr>(change.value);
            }
            break;
        case RecordFamily::usage:
            break;
        case RecordFamily::mode:
            if (erased) {
                context.modes.erase(change.key.subject);
            } else {
                context.modes[change.key.subject] = std::get<Mode>(change.value);
            }
            break;
        case RecordFamily::association:
            break;  // belongs to no context
    }
    return {};
}

void Catalog::apply_schema(const Change& change) {
    ContextState& context = contexts_[change.key.context];
    const SchemaId id(change.key.number);
    const auto found = context.schemas.find(id);
    if (found != context.schemas.end()) {
        const auto [first, last] = context.ids.equal_range(found->second.content->guid);
        const auto entry =
            std::find_if(first, last, [&](const auto& item) { return item.second == id; });
        context.ids.erase(entry);
    }
    const auto* content = std::get_if<ContentPtr>(&change.value);
    if (content == nullptr) {
        if (found != context.schemas.end()) {
            context.schemas.erase(found);
        }
        return;
    }
    context.schemas[id].content = *content;
    context.ids.emplace((*content)->guid, id);
}

Status Catalog::apply_version(const Change& change) {
    const SubjectName subject{change.key.context, change.key.subject};
    const Version version(change.key.number);
    const auto* record = std::get_if<VersionRecord>(&change.value);
    const auto* slot = record == nullptr ? nullptr : find_schema(subject.context, record->id);
    if (record != nullptr && slot == nullptr) {
        return failure(
            make_error(ErrorCode::store_failed,
                       fmt::format("The stored record '{}' points to schema {}, which is not there",
                                   to_text(change.key), record->id.value())));
    }
    remove_row(subject, version);
    if (record == nullptr) {
        return {};
    }
    VersionRow row{version, record->id, record->ts, record->deleted, slot->content};
    add_uses(subject, row);
    auto& rows = contexts_[subject.context].subjects[subject.name];
    rows.insert(row_at(rows, version), std::move(row));
    return {};
}

void Catalog::remove_row(const SubjectName& subject, Version version) {
    auto& subjects = contexts_[subject.context].subjects;
    const auto found = subjects.find(subject.name);
    if (found == subjects.end()) {
        return;
    }
    const auto row = row_at(found->second, version);
    if (row == found->second.end() || row->version != version) {
        return;
    }
    remove_uses(subject, *row);
    found->second.erase(row);
    if (found->second.empty()) {
        subjects.erase(found);
    }
}

void Catalog::add_uses(const SubjectName& subject, const VersionRow& row) {
    SchemaSlot& slot = contexts_[subject.context].schemas[row.id];
    slot.uses.insert({subject.name, row.version});
    slot.live_uses += row.deleted ? 0U : 1U;
    slot.ts = slot.ts == 0 ? row.ts : slot.ts;
    for (const auto& reference : row.content->references) {
        const VersionName target = target_of(reference, subject.context);
        const bool is_new = referrers_[target].insert({subject, row.version}).second;
        if (is_new && !row.deleted) {
            ++live_referrers_[target.subject];
        }
    }
}

void Catalog::remove_uses(const SubjectName& subject, const VersionRow& row) {
    auto& schemas = contexts_[subject.context].schemas;
    // A tombstone of the schema may have come first, when entries are read at their last touch.
    if (const auto slot = schemas.find(row.id); slot != schemas.end()) {
        if (slot->second.uses.erase({subject.name, row.version}) > 0) {
            slot->second.live_uses -= row.deleted ? 0U : 1U;
        }
    }
    for (const auto& reference : row.content->references) {
        remove_referrer(target_of(reference, subject.context), {subject, row.version},
                        !row.deleted);
    }
}

void Catalog::remove_referrer(const VersionName& target, const VersionName& referrer, bool live) {
    const auto found = referrers_.find(target);
    if (found == referrers_.end() || found->second.erase(referrer) == 0) {
        return;
    }
    if (found->second.empty()) {
        referrers_.erase(found);
    }
    if (live && --live_referrers_[target.subject] == 0) {
        live_referrers_.erase(target.subject);
    }
}

const VersionRow* find_latest(const VersionRows* rows) {
    if (rows == nullptr) {
        return nullptr;
    }
    const auto found =
        std::find_if(rows->rbegin(), rows->rend(), [](const auto& row) { return !row.deleted; });
    return found == rows->rend() ? nullptr : &*found;
}

bool has_live(const VersionRows& rows) {
    return find_latest(&rows) != nullptr;
}

SubjectVersion to_subject_version(const SubjectName& subject, const VersionRow& row) {
    return {subject, row.version, row.id, row.content, row.ts, row.deleted};
}

VersionName target_of(const Reference& reference, std::string_view context) {
    return {parse_subject_in(reference.subject, context), Version(reference.version)};
}

}  // namespace symbolon
