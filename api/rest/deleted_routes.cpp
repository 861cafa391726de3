// What was deleted softly: to list it, to restore it, and what of it has expired.

#include "api/lookups.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/retention.hpp"
#include "core/limits.hpp"

#include <set>
#include <utility>

namespace symbolon::rest {

namespace {

void add_version_details(ObjectText& object, const SubjectVersion& version) {
    object.text("subject", to_text(version.subject));
    object.number("version", version.version.value());
    object.number("id", version.id.value());
    object.text("schemaType", to_string(version.content->type));
    object.number("ts", version.ts);
}

std::string to_expired_body(const std::vector<SubjectVersion>& versions) {
    std::string body = "[";
    for (const SubjectVersion& version : versions) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        add_version_details(object, version);
        object.close();
    }
    return body + "]";
}

/// The prefix language of GET /subjects, where nothing means every context.
std::string prefix_of(const Call& call) {
    return std::string(call.target.find("subjectPrefix").value_or(":*:"));
}

struct DeletedVersion {
    SubjectVersion version;
    bool whole_subject = false;  ///< no version of its subject is live
};

}  // namespace

Result<Response> get_deleted(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    const std::string prefix = prefix_of(call);
    const auto versions = call.registry.read([&](const Catalog& catalog) {
        std::vector<DeletedVersion> found;
        for (auto& version : take_page(list_schemas(catalog, prefix, View::only_deleted, false),
                                       page, limits::page_items_max)) {
            const bool live = has_live_version(catalog, version.subject);
            found.push_back({std::move(version), !live});
        }
        return found;
    });
    std::string body = "[";
    for (const DeletedVersion& item : versions) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        add_version_details(object, item.version);
        object.flag("subjectDeleted", item.whole_subject);
        object.close();
    }
    return call.answer(body + "]");
}

Result<Response> undelete_subject(const Call& call) {
    SYMBOLON_TRY(const std::vector<Version> versions,
                 call.registry.undelete_subject(call.subject(), call.target.flag("force")));
    std::vector<std::int32_t> numbers;
    numbers.reserve(versions.size());
    for (const Version version : versions) {
        numbers.push_back(version.value());
    }
    return call.answer(to_array_body(numbers));
}

Result<Response> undelete_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const Version restored,
                 call.registry.undelete_version(call.subject(), choice, call.target.flag("force")));
    return call.answer(std::to_string(restored.value()));
}

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
        to_expired_body(take_page(std::move(versions), page, limits::page_items_max)));
}

}  // namespace symbolon::rest
