#include "api/catalog.hpp"
#include "api/lookups.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace symbolon {

namespace {

bool is_visible(const VersionRow& row, View view) {
    switch (view) {
        case View::live:
            return !row.deleted;
        case View::with_deleted:
            return true;
        case View::only_deleted:
            return row.deleted;
    }
    return false;
}

// SUBJ-1: "only deleted" subjects are those without a live version, whatever else they have.
bool is_subject_visible(const VersionRows& rows, View view) {
    switch (view) {
        case View::live:
            return has_live(rows);
        case View::with_deleted:
            return true;
        case View::only_deleted:
            return !has_live(rows);
    }
    return false;
}

bool has_visible(const VersionRows* rows, View view) {
    return rows != nullptr && std::any_of(rows->begin(), rows->end(),
                                          [&](const auto& row) { return is_visible(row, view); });
}

tl::unexpected<Error> no_subject(const SubjectName& subject) {
    return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
}

/// Calls `visit(context, name, rows)`.
template <class Visit>
void visit_subjects(const Catalog& catalog, const SubjectPrefix& prefix, const Visit& visit) {
    for (const auto& [context, state] : catalog.contexts()) {
        if (prefix.context && *prefix.context != context) {
            continue;
        }
        for (auto at = state.subjects.lower_bound(prefix.name);
             at != state.subjects.end() && at->first.starts_with(prefix.name); ++at) {
            visit(context, at->first, at->second);
        }
    }
}

// CTX-7: an unqualified name that has nothing in the default context is looked for in the others.
template <class Find>
auto find_elsewhere(const Catalog& catalog, const SubjectName& subject, Find find)
    -> decltype(find(subject)) {
    for (const auto& [context, state] : catalog.contexts()) {
        if (context == default_context || state.subjects.count(subject.name) == 0) {
            continue;
        }
        auto found = find(SubjectName{context, subject.name});
        if (found) {
            return found;
        }
    }
    return no_subject(subject);
}

Result<SubjectVersion> get_version_here(const Catalog& catalog, const SubjectName& subject,
                                        VersionChoice choice, View view) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (!has_visible(rows, view)) {
        return no_subject(subject);
    }
    // VER-G1: the latest is a live one, whatever `view` shows.
    const VersionRow* row =
        choice.number ? catalog.find_version(subject, *choice.number) : find_latest(rows);
    if (row == nullptr || (choice.number && !is_visible(*row, view))) {
        return failure(
            make_error(ErrorCode::version_not_found, choice.number ? choice.number->value() : -1));
    }
    return to_subject_version(subject, *row);
}

std::vector<SubjectVersion> listed_versions(const SubjectName& subject, const VersionRows& rows,
                                            View view, bool latest_only) {
    std::vector<SubjectVersion> versions;
    for (const auto& row : rows) {
        if (!is_visible(row, view)) {
            continue;
        }
        if (latest_only) {
            versions.clear();
        }
        versions.push_back(to_subject_version(subject, row));
    }
    return versions;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    return text;
}

bool says_latest(std::string_view text) {
    constexpr std::string_view latest = "latest";
    return std::equal(text.begin(), text.end(), latest.begin(), latest.end(),
                      [](char given, char wanted) { return (given | 0x20) == wanted; });
}

}  // namespace

Result<VersionChoice> parse_version_choice(std::string_view text) {
    const std::string_view word = trimmed(text);
    if (says_latest(word) || word == "-1") {
        return VersionChoice::latest();
    }
    std::int32_t number = 0;
    const char* const begin =
        word.data();  // NOLINT(bugprone-suspicious-stringview-data-usage): with end
    const char* const end = begin + word.size();
    const auto read = std::from_chars(begin, end, number);
    if (read.ec != std::errc() || read.ptr != end || number < 1) {
        return failure(make_error(ErrorCode::invalid_version, text));
    }
    return VersionChoice{Version(number)};
}

std::vector<std::string> list_subjects(const Catalog& catalog,
                                       const std::optional<std::string>& prefix, View view) {
    std::vector<std::string> names;
    visit_subjects(
        catalog, parse_subject_prefix(prefix),
        [&](const std::string& context, const std::string& name, const VersionRows& rows) {
            if (is_subject_visible(rows, view)) {
                names.push_back(context == default_context && !name.starts_with(":.")
                                    ? name
                                    : to_text(SubjectName{context, name}));
            }
        });
    if (!std::is_sorted(names.begin(), names.end())) {
        std::sort(names.begin(), names.end());
    }
    return names;
}

bool has_live_version(const Catalog& catalog, const SubjectName& subject) {
    return has_visible(catalog.find_versions(subject), View::live);
}

Result<std::vector<Version>> list_versions(const Catalog& catalog, const SubjectName& subject,
                                           View view) {
    const VersionRows* rows = catalog.find_versions(subject);
    // V1: only-deleted of a subject that has only live versions is an empty list, not an error.
    if (!has_visible(rows, view == View::only_deleted ? View::with_deleted : view)) {
        return no_subject(subject);
    }
    std::vector<Version> versions;
    for (const auto& row : *rows) {
        if (is_visible(row, view)) {
            versions.push_back(row.version);
        }
    }
    return versions;
}

Result<std::vector<std::int32_t>> list_versions_deleted_as_negative(const Catalog& catalog,
                                                                    const SubjectName& subject,
                                                                    View view) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (!has_visible(rows, view == View::live ? View::live : View::with_deleted)) {
        return no_subject(subject);
    }
    std::vector<std::int32_t> versions;
    for (const auto& row : *rows) {
        versions.push_back(row.deleted ? -row.version.value() : row.version.value());
    }
    return versions;
}

Result<SubjectVersion> get_version(const Catalog& catalog, const SubjectName& subject,
                                   VersionChoice choice, View view, SearchContexts search) {
    if (search == SearchContexts::yes && subject.context == default_context &&
        !has_visible(catalog.find_versions(subject), view)) {
        return find_elsewhere(catalog, subject, [&](const SubjectName& other) {
            return get_version_here(catalog, other, choice, view);
        });
    }
    return get_version_here(catalog, subject, choice, view);
}

Result<SubjectVersion> get_version_with_metadata(
    const Catalog& catalog, const SubjectName& subject,
    const std::vector<std::pair<std::string, std::string>>& pairs, View view) {
    const VersionRows* rows = catalog.find_versions(subject);
    if (!has_visible(rows, view)) {
        return no_subject(subject);
    }
    const auto holds_pairs = [&](const VersionRow& row) {
        if (!row.content->metadata) {
            return pairs.empty();
        }
        const auto& properties = row.content->metadata->properties;
        return std::all_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
            const auto found = properties.find(pair.first);
            return found != properties.end() && found->second == pair.second;
        });
    };
    const auto found = std::find_if(rows->rbegin(), rows->rend(), [&](const auto& row) {
        return is_visible(row, view) && holds_pairs(row);
    });
    if (found == rows->rend()) {
        return failure(make_error(ErrorCode::schema_not_found));
    }
    return to_subject_version(subject, *found);
}

std::vector<SubjectVersion> list_schemas(const Catalog& catalog, const std::string& prefix,
                                         View view, bool latest_only) {
    // Sorted by the subject's text, as list_subjects does; within a subject by version.
    std::vector<std::pair<std::string, std::vector<SubjectVersion>>> found;
    visit_subjects(
        catalog, parse_subject_prefix(prefix),
        [&](const std::string& context, const std::string& name, const VersionRows& rows) {
            const SubjectName subject{context, name};
            auto versions = listed_versions(subject, rows, view, latest_only);
            if (!versions.empty()) {
                found.emplace_back(to_text(subject), std::move(versions));
            }
        });
    std::sort(found.begin(), found.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    std::vector<SubjectVersion> schemas;
    for (auto& [name, versions] : found) {
        std::move(versions.begin(), versions.end(), std::back_inserter(schemas));
    }
    return schemas;
}

std::vector<SubjectVersion> list_schemas_of(const Catalog& catalog, const SubjectName& subject,
                                            View view, bool latest_only) {
    const VersionRows* rows = catalog.find_versions(subject);
    return rows == nullptr ? std::vector<SubjectVersion>()
                           : listed_versions(subject, *rows, view, latest_only);
}

std::vector<std::pair<SubjectName, SubjectName>> list_aliases(const Catalog& catalog,
                                                              const std::string& prefix) {
    const SubjectPrefix wanted = parse_subject_prefix(prefix);
    std::vector<std::pair<SubjectName, SubjectName>> aliases;
    for (const auto& [context, state] : catalog.contexts()) {
        if (wanted.context && *wanted.context != context) {
            continue;
        }
        for (auto at = state.configs.lower_bound(wanted.name);
             at != state.configs.end() && at->first.starts_with(wanted.name); ++at) {
            const SubjectName alias{context, at->first};
            SubjectName subject = resolve_alias(catalog, alias);
            if (subject != alias) {
                aliases.emplace_back(alias, std::move(subject));
            }
        }
    }
    return aliases;
}

Result<std::vector<SchemaId>> list_referrers(const Catalog& catalog, const SubjectName& subject,
                                             VersionChoice choice, View view) {
    SYMBOLON_TRY(const auto target,
                 get_version(catalog, subject, choice, View::with_deleted, SearchContexts::no));
    std::set<std::pair<std::string, SchemaId>> ids;
    if (const auto* referrers = catalog.find_referrers({subject, target.version})) {
        for (const auto& referrer : *referrers) {
            const VersionRow* row = catalog.find_version(referrer.subject, referrer.version);
            if (row != nullptr && is_visible(*row, view)) {
                ids.emplace(referrer.subject.context, row->id);
            }
        }
    }
    std::vector<SchemaId> ordered;
    ordered.reserve(ids.size());
    for (const auto& [context, id] : ids) {
        ordered.push_back(id);
    }
    return ordered;
}

}  // namespace symbolon
