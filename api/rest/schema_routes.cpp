#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/rest/tag_dto.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::rest {

namespace {

struct FoundById {
    FoundSchema schema;
    std::string context;
    std::optional<SchemaId> max_id;
};

Result<FoundById> find_by_id(const Call& call) {
    SYMBOLON_TRY(const SchemaId id, call.schema_id());
    const bool with_max_id = call.target.flag("fetchMaxId");
    return call.registry.read([&](const Catalog& catalog) -> Result<FoundById> {
        const auto subject = call.subject_filter(catalog);
        FoundById found;
        SYMBOLON_TRY(found.schema, get_schema_by_id(catalog, id, subject));
        if (found.schema.as_version) {
            found.context = found.schema.as_version->subject.context;
        } else {
            found.context = subject ? subject->context : std::string(default_context);
        }
        if (with_max_id) {
            found.max_id = max_id(catalog, found.context);
        }
        return found;
    });
}

void note_served(const Call& call, const FoundById& found) {
    if (found.schema.as_version) {
        call.serves(*found.schema.as_version);
    } else {
        call.serves(found.context, found.schema.id);
    }
}

Result<std::vector<SubjectVersion>> find_versions_of_id(const Call& call) {
    SYMBOLON_TRY(const SchemaId id, call.schema_id());
    SYMBOLON_TRY(const Page page, call.page());
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    SYMBOLON_TRY(auto versions, call.registry.read([&](const Catalog& catalog) {
        return list_versions_of_id(catalog, id, call.subject_filter(catalog), view);
    }));
    return take_page(std::move(versions), page, 0);
}

}  // namespace

Result<Response> get_schema_of_id(const Call& call) {
    SYMBOLON_TRY(const FoundById found, find_by_id(call));
    note_served(call, found);
    const SchemaContent& content = *found.schema.content;
    SYMBOLON_TRY(const auto formatted, call.formatted_text(content, found.context));
    const auto style = call.target.find("referenceFormat") == "qualified"
                           ? ReferenceStyle::qualified
                           : ReferenceStyle::as_stored;
    SYMBOLON_TRY(const std::string tags, find_tags_text(content, call.target.find_all("findTags")));
    return call.answer(to_schema_string_body(
        found.schema, {formatted ? *formatted : content.text, style, found.context, tags},
        found.max_id));
}

Result<Response> get_text_of_id(const Call& call) {
    SYMBOLON_TRY(const FoundById found, find_by_id(call));
    note_served(call, found);
    SYMBOLON_TRY(auto formatted, call.formatted_text(*found.schema.content, found.context));
    return call.answer(std::move(formatted).value_or(found.schema.content->text));
}

Result<Response> get_subjects_of_id(const Call& call) {
    SYMBOLON_TRY(const auto versions, find_versions_of_id(call));
    std::vector<std::string> subjects;
    for (const SubjectVersion& version : versions) {
        subjects.push_back(to_text(version.subject));
    }
    return call.answer(to_array_body(subjects));
}

Result<Response> get_versions_of_id(const Call& call) {
    SYMBOLON_TRY(const auto versions, find_versions_of_id(call));
    std::string body = "[";
    for (const SubjectVersion& version : versions) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        object.text("subject", to_text(version.subject));
        object.number("version", version.version.value());
        object.close();
    }
    return call.answer(body + "]");
}

Result<Response> get_schema_of_guid(const Call& call) {
    const auto guid = find_guid(call.parameter("guid"));
    if (!guid) {
        return failure(make_error(ErrorCode::schema_id_not_found, call.parameter("guid")));
    }
    std::string context(default_context);
    SYMBOLON_TRY(FoundSchema found,
                 call.registry.read([&](const Catalog& catalog) -> Result<FoundSchema> {
                     auto schema = get_schema_by_guid(catalog, *guid);
                     for (const auto& [where, id] : list_ids_of_guid(catalog, *guid)) {
                         if (schema && id == schema->id) {
                             context = where;
                             break;
                         }
                     }
                     return schema;
                 }));
    found.as_version.reset();
    call.serves(context, found.id);
    SYMBOLON_TRY(const auto formatted, call.formatted_text(*found.content, context));
    return call.answer(
        to_schema_string_body(found, {formatted ? *formatted : found.content->text}, std::nullopt));
}

Result<Response> get_ids_of_guid(const Call& call) {
    const auto guid = find_guid(call.parameter("guid"));
    if (!guid) {
        return call.answer("[]");
    }
    const auto ids = call.registry.read(
        [&](const Catalog& catalog) { return list_ids_of_guid(catalog, *guid); });
    std::string body = "[";
    for (const auto& [context, id] : ids) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        object.text("context", context);
        object.number("id", id.value());
        object.close();
    }
    return call.answer(body + "]");
}

Result<Response> get_schema_types(const Call& call) {
    return call.answer(R"(["JSON","PROTOBUF","AVRO"])");
}

}  // namespace symbolon::rest
