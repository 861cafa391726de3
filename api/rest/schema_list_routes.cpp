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
std::vector<SubjectVersion> list_with_aliases(const Call& call, const Catalog& catalog,
                                              AliasNames& aliases) {
    const std::string prefix(call.target.find("subjectPrefix").value_or(std::string_view{}));
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    const bool latest_only = call.target.flag("latestOnly");
    auto versions = list_schemas(catalog, prefix, view, latest_only);
    if (!call.target.flag("aliases")) {
        return versions;
    }
    for (auto& [alias, subject] : list_aliases(catalog, prefix)) {
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
        auto more = list_schemas_of(catalog, subject, view, latest_only);
        std::move(more.begin(), more.end(), std::back_inserter(versions));
    }
    std::stable_sort(versions.begin(), versions.end(),
                     [](const SubjectVersion& left, const SubjectVersion& right) {
                         return to_text(left.subject) < to_text(right.subject);
                     });
    return versions;
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
    auto versions = call.registry.read(
        [&](const Catalog& catalog) { return list_with_aliases(call, catalog, aliases); });
    if (const auto rule_type = call.target.find("ruleType"); rule_type && !rule_type->empty()) {
        std::erase_if(versions, [&](const SubjectVersion& version) {
            return !has_rule_of_type(*version.content, *rule_type);
        });
    }
    const bool with_associations = asks_for_associations(call);
    std::string body = "[";
    for (const auto& version : take_page(std::move(versions), page, limits::page_items_max)) {
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
