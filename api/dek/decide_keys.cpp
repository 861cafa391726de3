#include "api/dek/decide_keys.hpp"

#include "api/dek/key_lookups.hpp"
#include "api/dek/key_records.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

namespace {

tl::unexpected<Error> no_key(const std::string& name) {
    return failure(make_error(ErrorCode::key_not_found, name));
}

Change kek_change(const std::string& name, KekPtr kek) {
    Change change;
    change.key.family = RecordFamily::kek;
    change.key.parts = {name};
    if (kek) {
        change.value = std::move(kek);
    }
    return change;
}

Change dek_change(const DekKey& key, DekPtr dek) {
    Change change;
    change.key.family = RecordFamily::dek;
    change.key.parts = to_key_parts(key);
    if (dek) {
        change.value = std::move(dek);
    }
    return change;
}

Decision<KekPtr> store_kek(Kek kek, std::int64_t now) {
    kek.ts = now;
    auto stored = std::make_shared<const Kek>(std::move(kek));
    return {stored, {kek_change(stored->name, stored)}};
}

Decision<DekPtr> store_dek(Dek dek, std::int64_t now) {
    dek.ts = now;
    auto stored = std::make_shared<const Dek>(std::move(dek));
    return {stored, {dek_change(stored->key, stored)}};
}

Result<KekPtr> find_live_kek(const Catalog& catalog, const std::string& name) {
    KekPtr kek = catalog.keys().find_kek(name);
    if (!kek || kek->deleted) {
        return no_key(name);
    }
    return kek;
}

Status check_kms_props(const std::map<std::string, std::string>& props) {
    const bool fits = props.size() <= limits::kms_props_max &&
                      std::all_of(props.begin(), props.end(), [](const auto& prop) {
                          return prop.first.size() + prop.second.size() <= limits::name_bytes_max;
                      });
    if (!fits) {
        return failure(make_error(ErrorCode::invalid_key, "kmsProps"));
    }
    return {};
}

Status check_dek_request(const DekRequest& request) {
    SYMBOLON_CHECK(check_subject(request.name.subject));
    if (request.name.subject.name.empty()) {
        return failure(make_error(ErrorCode::invalid_key, "subject"));
    }
    if (request.version < 1) {
        return failure(make_error(ErrorCode::invalid_key, "version"));
    }
    const std::size_t bytes = request.encrypted_key_material.size();
    if (bytes == 0 || bytes > limits::key_material_bytes_max) {
        return failure(make_error(ErrorCode::invalid_key, "encryptedKeyMaterial"));
    }
    return {};
}

/// The versions that `choice` means; "latest" is the highest that is not deleted.
std::vector<DekPtr> chosen_deks(const Catalog& catalog, const DekChoice& choice) {
    auto deks = catalog.keys().versions_of(choice.name);
    if (!choice.version) {
        return deks;
    }
    if (!choice.version->number) {
        std::erase_if(deks, [](const DekPtr& dek) { return dek->deleted; });
        return deks.empty() ? deks : std::vector{deks.back()};
    }
    std::erase_if(deks,
                  [&](const DekPtr& dek) { return dek->key.version != *choice.version->number; });
    return deks;
}

}  // namespace

tl::unexpected<Error> no_key_management() {
    return failure(make_error(
        ErrorCode::no_key_management,
        "This server does not talk to key management systems: a KEK cannot be shared with it, and "
        "clients wrap their data keys themselves"));
}

Result<Decision<KekPtr>> decide_create_kek(const Catalog& catalog, const KekRequest& request,
                                           std::int64_t now) {
    Kek kek = request.kek;
    kek.kms_type = normalized_kms_type(kek.kms_type);
    SYMBOLON_CHECK(check_kek_name(kek.name));
    SYMBOLON_CHECK(check_kms_key(kek.kms_type, kek.kms_key_id));
    SYMBOLON_CHECK(check_kms_props(kek.kms_props));
    if (request.shared) {
        return no_key_management();
    }
    if (const KekPtr old = catalog.keys().find_kek(kek.name)) {
        Kek same = kek;
        same.ts = old->ts;
        same.deleted = true;
        if (!old->deleted || *old != same) {  // DEK-3
            return failure(make_error(ErrorCode::key_exists, kek.name));
        }
        if (kek.deleted) {
            return Decision<KekPtr>{old, {}};
        }
    } else if (catalog.keys().keks().size() >= limits::keks_max) {
        return failure(make_error(ErrorCode::too_many_keys, limits::keks_max));
    }
    return store_kek(std::move(kek), now);
}

Result<Decision<KekPtr>> decide_update_kek(const Catalog& catalog, const std::string& name,
                                           const KekUpdate& update, std::int64_t now) {
    SYMBOLON_TRY(const KekPtr old, find_live_kek(catalog, name));
    if (update.shared) {
        return no_key_management();
    }
    Kek kek = *old;
    kek.kms_props = update.kms_props.value_or(old->kms_props);
    kek.doc = update.doc.value_or(old->doc);
    SYMBOLON_CHECK(check_kms_props(kek.kms_props));
    if (kek == *old) {
        return Decision<KekPtr>{old, {}};
    }
    return store_kek(std::move(kek), now);
}

Result<Decision<Done>> decide_delete_kek(const Catalog& catalog, const std::string& name,
                                         Deletion deletion, std::int64_t now) {
    const KekPtr old = catalog.keys().find_kek(name);
    if (!old || (old->deleted && deletion == Deletion::soft)) {
        return no_key(name);
    }
    if (!old->deleted && deletion == Deletion::permanent) {  // DEK-7
        return failure(make_error(ErrorCode::key_not_soft_deleted, name));
    }
    const auto deks = catalog.keys().deks_of(name);
    const bool referenced = std::any_of(deks.begin(), deks.end(), [&](const DekPtr& dek) {
        return deletion == Deletion::permanent || !dek->deleted;
    });
    if (referenced) {
        return failure(make_error(ErrorCode::key_referenced, name));
    }
    if (deletion == Deletion::permanent) {
        return Decision<Done>{{}, {kek_change(name, nullptr)}};
    }
    Kek kek = *old;
    kek.deleted = true;
    return Decision<Done>{{}, store_kek(std::move(kek), now).changes};
}

Result<Decision<Done>> decide_undelete_kek(const Catalog& catalog, const std::string& name,
                                           std::int64_t now) {
    const KekPtr old = catalog.keys().find_kek(name);
    if (!old) {
        return no_key(name);
    }
    if (!old->deleted) {
        return Decision<Done>{};
    }
    Kek kek = *old;
    kek.deleted = false;
    return Decision<Done>{{}, store_kek(std::move(kek), now).changes};
}

Result<Decision<DekPtr>> decide_create_dek(const Catalog& catalog, const DekRequest& request,
                                           std::int64_t now) {
    SYMBOLON_CHECK(find_live_kek(catalog, request.name.kek_name));
    SYMBOLON_CHECK(check_dek_request(request));
    Dek dek{{request.name, Version(request.version)},
            request.encrypted_key_material,
            now,
            request.deleted};
    if (const DekPtr old = catalog.keys().find_dek(dek.key)) {
        const bool same = old->encrypted_key_material == dek.encrypted_key_material;
        const bool may_replace = old->deleted ? same : request.rewrap;  // DEK-3
        if (!may_replace) {
            return failure(make_error(ErrorCode::key_exists, to_text(request.name.subject)));
        }
        if (same && old->deleted == dek.deleted) {
            return Decision<DekPtr>{old, {}};
        }
    }
    return store_dek(std::move(dek), now);
}

Result<Decision<Done>> decide_delete_deks(const Catalog& catalog, const DekChoice& choice,
                                          Deletion deletion, std::int64_t now) {
    const std::string subject = to_text(choice.name.subject);
    SYMBOLON_CHECK(get_kek(catalog, choice.name.kek_name, View::with_deleted));
    auto deks = chosen_deks(catalog, choice);
    const bool any_live =
        std::any_of(deks.begin(), deks.end(), [](const DekPtr& dek) { return !dek->deleted; });
    if (deks.empty() || (deletion == Deletion::soft && !any_live)) {
        return no_key(subject);
    }
    if (deletion == Deletion::permanent && any_live) {  // DEK-7
        return failure(make_error(ErrorCode::key_not_soft_deleted, subject));
    }
    Decision<Done> decision;
    for (const DekPtr& old : deks) {
        if (deletion == Deletion::permanent) {
            decision.changes.push_back(dek_change(old->key, nullptr));
        } else if (!old->deleted) {
            Dek dek = *old;
            dek.deleted = true;
            decision.changes.push_back(store_dek(std::move(dek), now).changes.front());
        }
    }
    return decision;
}

Result<Decision<Done>> decide_undelete_deks(const Catalog& catalog, const DekChoice& choice,
                                            std::int64_t now) {
    SYMBOLON_TRY(const KekPtr kek, get_kek(catalog, choice.name.kek_name, View::with_deleted));
    if (kek->deleted) {
        return failure(make_error(ErrorCode::key_deleted, kek->name));
    }
    const auto deks = chosen_deks(catalog, choice);
    if (deks.empty()) {
        return no_key(to_text(choice.name.subject));
    }
    Decision<Done> decision;
    for (const DekPtr& old : deks) {
        if (old->deleted) {
            Dek dek = *old;
            dek.deleted = false;
            decision.changes.push_back(store_dek(std::move(dek), now).changes.front());
        }
    }
    return decision;
}

}  // namespace symbolon
