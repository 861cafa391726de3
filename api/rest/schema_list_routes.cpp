#include "api/associations/association_lookups.hpp"
#include "api/rest/association_dto.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace symbolon::rest {

namespace {

using AliasNames = std::map<SubjectName, std::vector<std::string>>;  ///< by what they stand for

bool has_rule_of_type(const SchemaContent& content, std::string_view type) {
    if (!content.rule_set) {
        return false;
    }
    const auto has_type = [type](const Rule& rule) { return rule.type == type; };
    const RuleSet& rules = *content.rule_set;
    return std::any_of(rules.migration_rules.begin(), rules.migration_rules.end(), has_type) ||
           std::any_of(rules.domain_rules.begin(), rules.domain_rules.end(), has_type) ||
           std::any_of(rules.encoding_rules.begin(), rules.encoding_rules.end(), has_type);
}

// H1: a subject is listed for its own name, or for an alias whose name begins so.
std::vector<SubjectVersion> list_with_aliases(const Catalog& catalog, const SubjectQuery& query,
                                              const SchemaFilter& filter, std::string_view prefix,
                                              AliasNames& aliases) {
    auto versions = list_schemas(catalog, std::string(prefix), query.view, filter.latest_only);
    for (auto& [alias, subject] : list_aliases(catalog, std::string(prefix))) {
        aliases[subject].push_back(to_text(alias));
    }
    std::set<SubjectName> listed;
    for (const SubjectVersion& version : versions) {
        listed.insert(version.subject);
    }
    for (const auto& [subject, names] : aliases) {
        if (listed.count(subject) > 0) {
            continue;
        }
        auto more = list_schemas_of(catalog, subject, query.view, filter.latest_only);
        std::move(more.begin(), more.end(), std::back_inserter(versions));
    }
    if (filter.matches) {
        std::erase_if(versions, [&](const SubjectVersion& version) {
            return !filter.matches(*version.content);
        });
    }
    std::stable_sort(versions.begin(), versions.end(),
                     [](const SubjectVersion& left, const SubjectVersion& right) {
                         return to_text(left.subject) < to_text(right.subject);
                     });
    return versions;
}

std::vector<SubjectVersion> list_page(const Call& call, Page page, AliasNames& aliases) {
    const std::string_view prefix = call.target.find("subjectPrefix").value_or(std::string_view{});
    SubjectQuery query;
    query.prefix = parse_subject_prefix(std::string(prefix));
    query.view = call.target.flag("deleted") ? View::with_deleted : View::live;
    query.offset = static_cast<std::size_t>(std::max<std::int64_t>(page.offset, 0));
    query.limit = limits::page_items_max;
    if (page.limit > 0) {
        query.limit = std::min(static_cast<std::size_t>(page.limit), limits::page_items_max);
    }
    SchemaFilter filter;
    filter.latest_only = call.target.flag("latestOnly");
    if (const auto rule_type = call.target.find("ruleType"); rule_type && !rule_type->empty()) {
        filter.matches = [type = *rule_type](const SchemaContent& content) {
            return has_rule_of_type(content, type);
        };
    }
    if (!call.target.flag("aliases")) {
        return call.registry.list_schemas(query, filter);
    }
    auto versions = call.registry.read([&](const Catalog& catalog) {
        return list_with_aliases(catalog, query, filter, prefix, aliases);
    });
    return take_page(std::move(versions), page, limits::page_items_max);
}

/// H1: associations are told when one of their filters is there.
bool asks_for_associations(const Call& call) {
    const auto asks = [&](std::string_view name) {
        return !call.target.find(name).value_or(std::string_view()).empty();
    };
    return asks("resourceType") || asks("associationType") || asks("lifecycle");
}

}  // namespace

Result<Response> get_schemas(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    SYMBOLON_TRY(const AssociationFilter filter, call.association_filter());
    AliasNames aliases;
    const bool with_associations = asks_for_associations(call);
    std::string body = "[";
    for (const auto& version : list_page(call, page, aliases)) {
        body += body.size() > 1 ? "," : "";
        SchemaExtras extras;
        if (const auto names = aliases.find(version.subject); names != aliases.end()) {
            extras.aliases = to_array_body(names->second);
        }
        if (with_associations) {
            const auto found = call.registry.read([&](const Catalog& catalog) {
                return list_associations_of_subject(catalog, version.subject, filter);
            });
            extras.associations = found.empty() ? "" : to_associations_body(found);
        }
        append_schema(body, version, {version.content->text}, extras);
    }
    return call.answer(body + "]");
}

}  // namespace symbolon::rest
