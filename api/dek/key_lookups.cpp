#include "api/dek/key_lookups.hpp"

#include "api/catalog.hpp"

#include <algorithm>
#include <set>

namespace symbolon {

namespace {

bool shows(View view, bool deleted) {
    return view == View::with_deleted || deleted == (view == View::only_deleted);
}

bool has_prefix(const SubjectName& subject, const std::vector<std::string>& prefixes) {
    return prefixes.empty() ||
           std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& text) {
               const SubjectPrefix prefix = parse_subject_prefix(text);
               return (!prefix.context || *prefix.context == subject.context) &&
                      subject.name.starts_with(prefix.name);
           });
}

tl::unexpected<Error> no_dek(const DekName& name) {
    return failure(make_error(ErrorCode::key_not_found, to_text(name.subject)));
}

}  // namespace

std::vector<std::string> list_keks(const Catalog& catalog, const std::vector<std::string>& prefixes,
                                   View view) {
    std::vector<std::string> names;
    for (const auto& [name, kek] : catalog.keys().keks()) {
        if (!shows(view, kek->deleted)) {
            continue;
        }
        if (!prefixes.empty()) {
            const auto deks = catalog.keys().deks_of(name);
            const bool fits = std::any_of(deks.begin(), deks.end(), [&](const DekPtr& dek) {
                return shows(view, dek->deleted) && has_prefix(dek->key.name.subject, prefixes);
            });
            if (!fits) {
                continue;
            }
        }
        names.push_back(name);
    }
    return names;
}

Result<KekPtr> get_kek(const Catalog& catalog, std::string_view name, View view) {
    KekPtr kek = catalog.keys().find_kek(name);
    if (!kek || !shows(view, kek->deleted)) {
        return failure(make_error(ErrorCode::key_not_found, name));
    }
    return kek;
}

Result<std::vector<std::string>> list_dek_subjects(const Catalog& catalog,
                                                   std::string_view kek_name,
                                                   const std::vector<std::string>& prefixes,
                                                   View view) {
    SYMBOLON_CHECK(get_kek(catalog, kek_name, view));
    std::set<std::string> subjects;
    for (const DekPtr& dek : catalog.keys().deks_of(kek_name)) {
        if (shows(view, dek->deleted) && has_prefix(dek->key.name.subject, prefixes)) {
            subjects.insert(to_text(dek->key.name.subject));
        }
    }
    return std::vector<std::string>(subjects.begin(), subjects.end());
}

Result<std::vector<std::int32_t>> list_dek_versions(const Catalog& catalog, const DekName& name,
                                                    View view) {
    SYMBOLON_CHECK(get_kek(catalog, name.kek_name, view));
    std::vector<std::int32_t> versions;
    for (const DekPtr& dek : catalog.keys().versions_of(name)) {
        if (shows(view, dek->deleted)) {
            versions.push_back(dek->key.version.value());
        }
    }
    if (versions.empty()) {
        return no_dek(name);
    }
    return versions;
}

Result<DekPtr> get_dek(const Catalog& catalog, const DekName& name, VersionChoice choice,
                       View view) {
    SYMBOLON_CHECK(get_kek(catalog, name.kek_name, view));
    DekPtr found;
    for (const DekPtr& dek : catalog.keys().versions_of(name)) {
        const bool meant = !choice.number || dek->key.version == *choice.number;
        if (meant && shows(view, dek->deleted)) {
            found = dek;
        }
    }
    if (!found) {
        return no_dek(name);
    }
    return found;
}

SubjectName resolve_dek_alias(const Catalog& catalog, const SubjectName& subject) {
    const Config* config = subject.name.empty() ? nullptr : catalog.find_config(subject);
    if (config == nullptr || config->alias_for_deks.value_or("").empty()) {
        return resolve_alias(catalog, subject);
    }
    return parse_subject_in(*config->alias_for_deks, subject.context);
}

}  // namespace symbolon
