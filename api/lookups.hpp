// Questions to the catalogue: pure reads that copy out values. Parse nothing, touch no disk.
//
// Example:  registry.read([&](const Catalog& catalog) { return list_versions(catalog, s, view); });
// Errors:   the 404 family, as each function says
// Units:    offset and limit count items; limit 0 or less: no limit
// Threads:  under Registry::read
// Limits:   page_items_max
// Source:   REST contract section 3
// Tested by tests/unit/api/lookups_test.cpp
#pragma once

#include "api/config.hpp"
#include "api/schema_content.hpp"
#include "api/subject_name.hpp"
#include "core/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon {

class Catalog;

/// Which versions a question sees.
enum class View { live, with_deleted, only_deleted };

struct Page {
    std::int64_t offset = 0;
    std::int64_t limit = -1;
};
/// The items of `page`; limits of 0 or less, or above `limit_max`, become `limit_max` (0: no
/// maximum).
template <class Item>
std::vector<Item> take_page(std::vector<Item> items, Page page, std::size_t limit_max) {
    const auto size = static_cast<std::int64_t>(items.size());
    const auto maximum = limit_max == 0 ? size : static_cast<std::int64_t>(limit_max);
    const auto first = std::min(std::max<std::int64_t>(page.offset, 0), size);
    const auto wanted = page.limit <= 0 || page.limit > maximum ? maximum : page.limit;
    const auto last = wanted > size - first ? size : first + wanted;
    return {std::make_move_iterator(items.begin() + first),
            std::make_move_iterator(items.begin() + last)};
}

/// A version as a path names it: a number, or the latest live one.
struct VersionChoice {
    std::optional<Version> number;  ///< nothing: latest

    static VersionChoice latest() { return {}; }
};
/// "7", "-1", "latest" in any letter case; invalid_version otherwise.
Result<VersionChoice> parse_version_choice(std::string_view text);

/// Subjects as texts, sorted; `prefix` in the language of SUBJ-1 (nullopt: every context).
std::vector<std::string> list_subjects(const Catalog& catalog,
                                       const std::optional<std::string>& prefix, View view);
/// False for a subject that is softly deleted as a whole, and for one that is unknown.
bool has_live_version(const Catalog& catalog, const SubjectName& subject);
/// Version numbers, ascending. subject_not_found when none is visible (V1 says for which view).
Result<std::vector<Version>> list_versions(const Catalog& catalog, const SubjectName& subject,
                                           View view);
/// Numbers where soft-deleted ones are negative; the subject must have a live version unless `view`
/// shows deleted ones (V1, deletedAsNegative).
Result<std::vector<std::int32_t>> list_versions_deleted_as_negative(const Catalog& catalog,
                                                                    const SubjectName& subject,
                                                                    View view);
enum class SearchContexts { no, yes };
/// subject_not_found, version_not_found (VER-G1). `search` looks into other contexts when the
/// default context has nothing under this name (CTX-7).
Result<SubjectVersion> get_version(const Catalog& catalog, const SubjectName& subject,
                                   VersionChoice choice, View view, SearchContexts search);
/// Highest visible version whose metadata properties hold every pair (S4). subject_not_found,
/// schema_not_found.
Result<SubjectVersion> get_version_with_metadata(
    const Catalog& catalog, const SubjectName& subject,
    const std::vector<std::pair<std::string, std::string>>& pairs, View view);
/// All versions for GET /schemas, sorted by subject then version.
std::vector<SubjectVersion> list_schemas(const Catalog& catalog, const std::string& prefix,
                                         View view, bool latest_only);
/// The same for one subject.
std::vector<SubjectVersion> list_schemas_of(const Catalog& catalog, const SubjectName& subject,
                                            View view, bool latest_only);
/// Aliases whose own names have this prefix, with the subjects that they stand for.
std::vector<std::pair<SubjectName, SubjectName>> list_aliases(const Catalog& catalog,
                                                              const std::string& prefix);

/// What an id answers: the content, and a subject's version when the request named a subject that
/// uses it.
struct FoundSchema {
    SchemaId id;
    ContentPtr content;
    std::optional<SubjectVersion> as_version;
    std::int64_t ts = 0;
    bool deleted = false;  ///< no live version uses it
};
/// ID-9 to ID-12; `subject` nothing or empty: the default context. schema_id_not_found.
Result<FoundSchema> get_schema_by_id(const Catalog& catalog, SchemaId id,
                                     const std::optional<SubjectName>& subject);
/// schema_id_not_found with the text of the guid.
Result<FoundSchema> get_schema_by_guid(const Catalog& catalog, const Guid& guid);
/// (context, id) pairs, sorted; empty for an unknown guid.
std::vector<std::pair<std::string, SchemaId>> list_ids_of_guid(const Catalog& catalog,
                                                               const Guid& guid);
/// H4 and H5: schema_not_found for an unknown id. One entry per subject: its last version with this
/// id.
Result<std::vector<SubjectVersion>> list_versions_of_id(const Catalog& catalog, SchemaId id,
                                                        const std::optional<SubjectName>& subject,
                                                        View view);
/// Ids of direct referrers, by context then id (V6). subject_not_found, version_not_found.
Result<std::vector<SchemaId>> list_referrers(const Catalog& catalog, const SubjectName& subject,
                                             VersionChoice choice, View view);
/// The highest id handed out in `context`; 0 when none was.
SchemaId max_id(const Catalog& catalog, std::string_view context);
/// "." first, then the others sorted (X1).
std::vector<std::string> list_contexts(const Catalog& catalog);
/// Number of subjects with a live version, of live versions, of ids, for metrics.
struct CatalogCounts {
    std::uint64_t subjects = 0;
    std::uint64_t versions = 0;
    std::uint64_t schemas = 0;
};
CatalogCounts count(const Catalog& catalog);
/// The store's revision at which the catalogue changed last; answers made from it hold while it is
/// unchanged.
Revision revision_of(const Catalog& catalog);

/// Own config of a scope; a name of "" is its context's own scope (the default context's is
/// global).
std::optional<Config> find_config(const Catalog& catalog, const SubjectName& scope);
/// CFG-1 and CFG-2: what holds for `scope`; a missing level is the server's default.
Config config_in_scope(const Catalog& catalog, const SubjectName& scope,
                       compat::Level default_level);
std::optional<Mode> find_mode(const Catalog& catalog, const SubjectName& scope);
/// MODE-1.
Mode mode_in_scope(const Catalog& catalog, const SubjectName& scope);
/// ALIAS-1 to ALIAS-4: the subject that `subject` stands for; itself without an alias.
SubjectName resolve_alias(const Catalog& catalog, const SubjectName& subject);

}  // namespace symbolon
