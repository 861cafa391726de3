#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/rest/tag_dto.hpp"
#include "core/limits.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

Result<SubjectVersion> find_asked_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    return call.registry.read([&](const Catalog& catalog) {
        return symbolon::get_version(catalog, call.subject(catalog), choice, view,
                                     SearchContexts::yes);
    });
}

}  // namespace

Result<Response> get_versions(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    std::vector<std::int32_t> numbers;
    if (call.target.flag("deletedAsNegative")) {
        const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
        SYMBOLON_TRY(numbers, call.registry.read([&](const Catalog& catalog) {
            return list_versions_deleted_as_negative(catalog, call.subject(catalog), view);
        }));
    } else {
        SYMBOLON_TRY(const auto versions, call.registry.read([&](const Catalog& catalog) {
            return list_versions(catalog, call.subject(catalog), call.view());
        }));
        for (const Version version : versions) {
            numbers.push_back(version.value());
        }
    }
    return call.answer(to_array_body(take_page(std::move(numbers), page, 0)));
}

Result<Response> get_version(const Call& call) {
    SYMBOLON_TRY(const SubjectVersion found, find_asked_version(call));
    call.serves(found);
    SYMBOLON_TRY(const auto formatted, call.formatted_text(*found.content, found.subject.context));
    const auto style = call.target.find("referenceFormat") == "qualified"
                           ? ReferenceStyle::qualified
                           : ReferenceStyle::as_stored;
    SYMBOLON_TRY(const std::string tags,
                 find_tags_text(*found.content, call.target.find_all("findTags")));
    std::string body;
    append_schema(
        body, found,
        {formatted ? *formatted : found.content->text, style, found.subject.context, tags});
    return call.answer(std::move(body));
}

Result<Response> post_version(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "registerSchema.request"));
    SYMBOLON_TRY(const SchemaRequest request, parse_schema_request(json));
    SYMBOLON_TRY(const bool dry_run, call.target.strict_flag("dryRun"));
    const RegisterOptions options{call.target.flag("normalize"), call.target.flag("force"), dry_run,
                                  call.target.flag("verbose")};
    SYMBOLON_TRY(const SubjectVersion stored,
                 call.registry.register_schema(call.subject(), request, options));
    SYMBOLON_TRY(const auto formatted,
                 call.formatted_text(*stored.content, stored.subject.context));
    return call.answer(to_registered_body(stored, {formatted ? *formatted : stored.content->text}));
}

Result<Response> delete_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const Version deleted,
                 call.registry.delete_version(call.subject(), choice, call.target.flag("permanent"),
                                              retention_of(call)));
    return call.answer(std::to_string(deleted.value()));
}

Result<Response> get_version_text(const Call& call) {
    SYMBOLON_TRY(const SubjectVersion found, find_asked_version(call));
    call.serves(found);
    SYMBOLON_TRY(auto formatted, call.formatted_text(*found.content, found.subject.context));
    return call.answer(std::move(formatted).value_or(found.content->text));
}

Result<Response> get_referrers(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const Page page, call.page());
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    SYMBOLON_TRY(const auto ids, call.registry.read([&](const Catalog& catalog) {
        return list_referrers(catalog, call.subject(catalog), choice, view);
    }));
    std::vector<std::int32_t> numbers;
    for (const SchemaId id : ids) {
        numbers.push_back(id.value());
    }
    return call.answer(to_array_body(take_page(std::move(numbers), page, limits::page_items_max)));
}

}  // namespace symbolon::rest
