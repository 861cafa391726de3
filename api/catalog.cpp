#include "api/catalog.hpp"

#include "api/associations/association_records.hpp"
#include "api/dek/key_records.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace symbolon {

namespace {

VersionRows::const_iterator row_at(const VersionRows& rows, Version version) {
    return std::lower_bound(
        rows.begin(), rows.end(), version,
        [](const VersionRow& row, Version wanted) { return row.version < wanted; });
}

template <class Map, class Key>
const typename Map::mapped_type* find_in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Catalog Catalog::layer_over(const Catalog& base) {
    Catalog layer;
    layer.base_ = &base;
    layer.revision_ = base.revision_;
    return layer;
}

const ContextState* Catalog::find_context(std::string_view context) const {
    const auto* own = find_in(contexts_, context);
    return own == nullptr && base_ != nullptr ? base_->find_context(context) : own;
}

const VersionRows* Catalog::find_versions(const SubjectName& subject) const {
    const auto* context = find_in(contexts_, subject.context);
    const auto* rows = context == nullptr ? nullptr : find_in(context->subjects, subject.name);
    if (rows == nullptr && base_ != nullptr) {
        return base_->find_versions(subject);
    }
    return rows == nullptr || rows->empty() ? nullptr : rows;
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
    const auto* state = find_in(contexts_, context);
    if (state != nullptr) {
        const auto found = state->schemas.find(id);
        if (found != state->schemas.end()) {
            return found->second.content == nullptr ? nullptr : &found->second;
        }
    }
    return base_ == nullptr ? nullptr : base_->find_schema(context, id);
}

std::vector<SchemaId> Catalog::ids_of(std::string_view context, const Guid& guid) const {
    std::vector<SchemaId> ids;
    const auto* state = find_in(contexts_, context);
    if (base_ != nullptr) {
        ids = base_->ids_of(context, guid);
        std::erase_if(ids, [&](SchemaId id) {
            return state != nullptr && state->schemas.find(id) != state->schemas.end();
        });
    }
    if (state != nullptr) {
        const auto [first, last] = state->ids.equal_range(guid);
        std::transform(first, last, std::back_inserter(ids),
                       [](const auto& entry) { return entry.second; });
        std::sort(ids.begin(), ids.end());
    }
    return ids;
}

const std::set<VersionName>* Catalog::find_referrers(const VersionName& target) const {
    const auto found = referrers_.find(target);
    if (found == referrers_.end()) {
        return base_ == nullptr ? nullptr : base_->find_referrers(target);
    }
    return found->second.empty() ? nullptr : &found->second;
}

std::size_t Catalog::live_referrers(const SubjectName& subject) const {
    const auto found = live_referrers_.find(subject);
    return found == live_referrers_.end() ? 0 : found->second;
}

const Config* Catalog::find_config(const SubjectName& scope) const {
    if (base_ != nullptr) {
        const auto* own = find_in(layer_configs_, scope);
        return own == nullptr ? base_->find_config(scope) : own->get();
    }
    const auto* context = find_context(scope.context);
    const auto* config = context == nullptr ? nullptr : find_in(context->configs, scope.name);
    return config == nullptr ? nullptr : config->get();
}

const Mode* Catalog::find_mode(const SubjectName& scope) const {
    if (base_ != nullptr) {
        const auto* own = find_in(layer_modes_, scope);
        if (own == nullptr) {
            return base_->find_mode(scope);
        }
        return *own ? &**own : nullptr;
    }
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
    switch (change.key.family) {
        case RecordFamily::association:
            apply_association(change);
            return {};
        case RecordFamily::kek:
        case RecordFamily::dek:
            apply_key(change);
            return {};
        default:
            return apply_in_context(change);
    }
}

void Catalog::apply_association(const Change& change) {
    if (const auto* association = std::get_if<AssociationPtr>(&change.value)) {
        associations_.set(*association);
    } else {
        associations_.erase(to_association_key(change.key.parts));
    }
}

void Catalog::apply_key(const Change& change) {
    if (const auto* kek = std::get_if<KekPtr>(&change.value)) {
        keys_.set_kek(*kek);
    } else if (const auto* dek = std::get_if<DekPtr>(&change.value)) {
        keys_.set_dek(*dek);
    } else if (change.key.family == RecordFamily::kek) {
        keys_.erase_kek(change.key.parts.front());
    } else if (const auto key = find_dek_key(change.key.parts)) {
        keys_.erase_dek(*key);
    }
}

Status Catalog::apply_in_context(const Change& change) {
    const bool erased = std::holds_alternative<std::monostate>(change.value);
    if (base_ != nullptr &&
        (change.key.family == RecordFamily::config || change.key.family == RecordFamily::mode)) {
        apply_setting_of_layer(change);
        return {};
    }
    if (base_ != nullptr) {
        copy_up(change);
    }
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
        case RecordFamily::kek:
        case RecordFamily::dek:
            break;  // belong to no context
    }
    return {};
}

void Catalog::apply_setting_of_layer(const Change& change) {
    const SubjectName scope{change.key.context, change.key.subject};
    if (change.key.family == RecordFamily::config) {
        const auto* config = std::get_if<ConfigPtr>(&change.value);
        layer_configs_[scope] = config == nullptr ? nullptr : *config;
    } else {
        const auto* mode = std::get_if<Mode>(&change.value);
        layer_modes_[scope] = mode == nullptr ? std::nullopt : std::optional(*mode);
    }
}

void Catalog::apply_schema(const Change& change) {
    ContextState& context = contexts_[change.key.context];
    const SchemaId id(change.key.number);
    const auto found = context.schemas.find(id);
    if (found != context.schemas.end() && found->second.content != nullptr) {
        const auto [first, last] = context.ids.equal_range(found->second.content->guid);
        const auto entry =
            std::find_if(first, last, [&](const auto& item) { return item.second == id; });
        context.ids.erase(entry);
    }
    const auto* content = std::get_if<ContentPtr>(&change.value);
    if (content == nullptr) {
        if (base_ != nullptr) {
            context.schemas[id] = SchemaSlot();  // hides the base's
        } else if (found != context.schemas.end()) {
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
    if (found->second.empty() && base_ == nullptr) {  // a layer's empty one hides the base's
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
    if (base_ != nullptr) {
        return;  // a layer's empty one hides the base's
    }
    if (found->second.empty()) {
        referrers_.erase(found);
    }
    if (live && --live_referrers_[target.subject] == 0) {
        live_referrers_.erase(target.subject);
    }
}

// What the change touches is taken over from the base first, so that applying it is as ever.
void Catalog::copy_up(const Change& change) {
    const RecordKey& key = change.key;
    assert(key.family == RecordFamily::context || key.family == RecordFamily::schema ||
           key.family == RecordFamily::version);
    const auto [entry, is_new] = contexts_.try_emplace(key.context);
    const ContextState* below = base_->find_context(key.context);
    if (is_new && below != nullptr) {
        entry->second.listed = below->listed;
        entry->second.max_id = below->max_id;
    }
    if (key.family == RecordFamily::schema) {
        copy_up_schema(key.context, SchemaId(key.number));
    }
    if (key.family != RecordFamily::version) {
        return;
    }
    const SubjectName subject{key.context, key.subject};
    if (const VersionRow* row = find_version(subject, Version(key.number))) {
        copy_up_uses(key.context, row->id, *row->content);
    }
    if (const VersionRows* rows = base_->find_versions(subject)) {
        entry->second.subjects.try_emplace(key.subject, *rows);
    }
    if (const auto* record = std::get_if<VersionRecord>(&change.value)) {
        if (const SchemaSlot* slot = find_schema(key.context, record->id)) {
            copy_up_uses(key.context, record->id, *slot->content);
        }
    }
}

void Catalog::copy_up_schema(const std::string& context, SchemaId id) {
    ContextState& state = contexts_[context];
    const SchemaSlot* slot = base_->find_schema(context, id);
    if (slot != nullptr && state.schemas.try_emplace(id, *slot).second) {
        state.ids.emplace(slot->content->guid, id);
    }
}

void Catalog::copy_up_uses(const std::string& context, SchemaId id, const SchemaContent& content) {
    for (const auto& reference : content.references) {
        const VersionName target = target_of(reference, context);
        const auto* below = base_->find_referrers(target);
        referrers_.try_emplace(target, below == nullptr ? std::set<VersionName>() : *below);
    }
    copy_up_schema(context, id);
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
