#include "api/schema_ids.hpp"

#include "api/lookups.hpp"

#include <algorithm>
#include <limits>

namespace symbolon {

GivenIds ids_given_in(const std::vector<Change>* changes, std::string_view context) {
    GivenIds ids;
    if (changes == nullptr) {
        return ids;
    }
    for (const Change& change : *changes) {
        const auto* content = std::get_if<ContentPtr>(&change.value);
        if (content != nullptr && change.key.context == context) {
            ids[SchemaId(change.key.number)] = *content;
        }
    }
    return ids;
}

SchemaId highest_id(const Catalog& catalog, std::string_view context, const GivenIds& given) {
    const SchemaId highest = max_id(catalog, context);
    return given.empty() ? highest : std::max(highest, given.rbegin()->first);
}

Result<SchemaId> choose_id(const Catalog& catalog, const std::string& context,
                           const SchemaContent& content, std::optional<SchemaId> wanted,
                           const GivenIds& given) {
    if (wanted) {  // MODE-6
        const SchemaSlot* slot = catalog.find_schema(context, *wanted);
        const auto found = given.find(*wanted);
        const bool taken = (slot != nullptr && slot->content->guid != content.guid) ||
                           (found != given.end() && found->second->guid != content.guid);
        if (taken) {
            return failure(make_error(
                ErrorCode::operation_not_permitted,
                fmt::format("Overwrite new schema with id {} in context {} is not permitted.",
                            wanted->value(), context_prefix(context))));
        }
        return *wanted;
    }
    const auto ids = catalog.ids_of(context, content.guid);  // ID-5
    if (!ids.empty()) {
        return ids.front();
    }
    for (const auto& [id, stored] : given) {
        if (stored->guid == content.guid) {
            return id;
        }
    }
    std::int32_t next = highest_id(catalog, context, given).value();
    do {  // ID-4: imported ids are skipped, though the counter is past them already
        if (next == std::numeric_limits<std::int32_t>::max()) {
            return failure(make_error(ErrorCode::operation_not_permitted,
                                      fmt::format("Context {} has no free schema ids", context)));
        }
        ++next;
    } while (catalog.find_schema(context, SchemaId(next)) != nullptr);
    return SchemaId(next);
}

}  // namespace symbolon
