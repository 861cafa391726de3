// Look-ups for programs at the ends of a stream: all that a decoder asks of a version, in one
// answer.

#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

struct ConsumerVersion {
    SubjectVersion version;
    compat::Level level = compat::Level::none;
};

Result<ConsumerVersion> find_consumer_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    return call.registry.read([&](const Catalog& catalog) -> Result<ConsumerVersion> {
        ConsumerVersion found;
        SYMBOLON_TRY(found.version, symbolon::get_version(catalog, call.subject(catalog), choice,
                                                          view, SearchContexts::yes));
        found.level =
            *config_in_scope(catalog, found.version.subject, call.registry.settings().default_level)
                 .level;
        return found;
    });
}

}  // namespace

Result<Response> get_consumer_schema(const Call& call) {
    SYMBOLON_TRY(const ConsumerVersion found, find_consumer_version(call));
    call.serves(found.version);
    const SchemaContent& content = *found.version.content;
    std::string body;
    ObjectText object(body);
    object.text("schema_id", to_text(found.version.subject));
    object.number("version", found.version.version.value());
    object.number("id", found.version.id.value());
    object.text("schema_type", to_string(content.type));
    if (content.type == SchemaType::protobuf) {
        object.text("schema_definition", content.text);
    } else {
        object.raw("schema_definition", content.text);  // a canonical text is JSON already
    }
    object.text("compatibility", compat::to_string(found.level));
    object.close();
    return call.answer(std::move(body));
}

Result<Response> get_consumer_level(const Call& call) {
    SYMBOLON_TRY(const ConsumerVersion found, find_consumer_version(call));
    std::string body;
    ObjectText object(body);
    object.text("compatibility", compat::to_string(found.level));
    object.close();
    return call.answer(std::move(body));
}

}  // namespace symbolon::rest
