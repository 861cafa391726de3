#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <optional>

namespace symbolon::rest {

namespace {

struct ValidatedBy {
    SchemaId id;
    ContentPtr content;
    std::string context;
    std::optional<SubjectVersion> version;
};

Result<Response> answer_validation(const Call& call, const ValidatedBy& schema) {
    const auto formats =
        call.target.flag("formats") ? compat::Formats::assert_them : compat::Formats::annotate;
    SYMBOLON_TRY(const auto errors, call.registry.validate(schema.content, schema.context,
                                                           call.request.body, formats));
    std::string body;
    ObjectText object(body);
    object.flag("valid", errors.empty());
    object.raw("errors", to_array_body(errors));
    if (schema.version) {
        object.text("subject", to_text(schema.version->subject));
        object.number("version", schema.version->version.value());
    }
    object.number("id", schema.id.value());
    object.close();
    return call.answer(std::move(body));
}

}  // namespace

Result<Response> post_datum_of_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    SYMBOLON_TRY(const SubjectVersion found, call.registry.read([&](const Catalog& catalog) {
        return symbolon::get_version(catalog, call.subject(catalog), choice, view,
                                     SearchContexts::yes);
    }));
    return answer_validation(call, {found.id, found.content, found.subject.context, found});
}

Result<Response> post_datum_of_id(const Call& call) {
    SYMBOLON_TRY(const SchemaId id, call.schema_id());
    SYMBOLON_TRY(const ValidatedBy found,
                 call.registry.read([&](const Catalog& catalog) -> Result<ValidatedBy> {
                     const auto subject = call.subject_filter(catalog);
                     SYMBOLON_TRY(auto schema, get_schema_by_id(catalog, id, subject));
                     std::string context(subject ? subject->context : default_context);
                     if (schema.as_version) {
                         context = schema.as_version->subject.context;
                     }
                     return ValidatedBy{schema.id, schema.content, context, schema.as_version};
                 }));
    return answer_validation(call, found);
}

}  // namespace symbolon::rest
