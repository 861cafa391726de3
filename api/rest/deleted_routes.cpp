// What was deleted softly: what of it has expired.

#include "api/lookups.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/retention.hpp"
#include "core/limits.hpp"

#include <set>
#include <utility>

namespace symbolon::rest {

namespace {

std::string to_deleted_body(const std::vector<SubjectVersion>& versions) {
    std::string body = "[";
    for (const SubjectVersion& version : versions) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        object.text("subject", to_text(version.subject));
        object.number("version", version.version.value());
        object.number("id", version.id.value());
        object.text("schemaType", to_string(version.content->type));
        object.number("ts", version.ts);
        object.close();
    }
    return body + "]";
}

/// The prefix language of GET /subjects, where nothing means every context.
std::string prefix_of(const Call& call) {
    return std::string(call.target.find("subjectPrefix").value_or(":*:"));
}

}  // namespace

Result<Response> get_expired(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    const std::string prefix = prefix_of(call);
    const RegistrySettings& settings = call.registry.settings();
    auto versions = call.registry.read([&](const Catalog& catalog) {
        std::set<std::pair<SubjectName, Version>> expired;
        for (const SubjectVersion& item : list_expired(catalog, settings, settings.now())) {
            expired.emplace(item.subject, item.version);
        }
        auto listed = list_schemas(catalog, prefix, View::only_deleted, false);
        std::erase_if(listed, [&](const SubjectVersion& item) {
            return !expired.contains({item.subject, item.version});
        });
        return listed;
    });
    return call.answer(
        to_deleted_body(take_page(std::move(versions), page, limits::page_items_max)));
}

}  // namespace symbolon::rest
