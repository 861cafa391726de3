#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

bool is_global_mode_scope(const SubjectName& scope) {
    return scope == SubjectName{};
}

Response answer_mode(const Call& call, std::string_view mode) {
    std::string body;
    ObjectText object(body);
    object.text("mode", mode);
    object.close();
    return call.answer(std::move(body));
}

Result<Response> read_mode(const Call& call, const SubjectName& scope) {
    const bool in_scope = call.target.flag("defaultToGlobal");
    SYMBOLON_TRY(const Mode mode, call.registry.read([&](const Catalog& catalog) -> Result<Mode> {
        if (in_scope) {
            return mode_in_scope(catalog, scope);
        }
        if (const auto own = find_mode(catalog, scope)) {
            return *own;
        }
        if (is_global_mode_scope(scope)) {
            return Mode::readwrite;
        }
        return failure(make_error(ErrorCode::subject_mode_not_set, to_text(scope)));
    }));
    return answer_mode(call, to_string(mode));
}

Result<Response> write_mode(const Call& call, const SubjectName& scope) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "updateMode.request"));
    SYMBOLON_TRY(const ModeUpdate update, parse_mode_update(json));
    SYMBOLON_CHECK(call.registry.update_mode(scope, update.mode, call.target.flag("force")));
    if (!update.sent) {
        return call.answer(R"({"mode":null})");
    }
    return answer_mode(call, *update.sent);
}

Result<Response> erase_mode(const Call& call, const SubjectName& scope) {
    SYMBOLON_TRY(const auto old, call.registry.delete_mode(scope, call.target.flag("recursive")));
    if (old) {
        return answer_mode(call, to_string(*old));
    }
    if (is_global_mode_scope(scope)) {
        return answer_mode(call, to_string(Mode::readwrite));
    }
    return call.answer("{}");
}

}  // namespace

Result<Response> get_global_mode(const Call& call) {
    return read_mode(call, {});
}

Result<Response> put_global_mode(const Call& call) {
    return write_mode(call, {});
}

Result<Response> delete_global_mode(const Call& call) {
    return erase_mode(call, {});
}

Result<Response> get_subject_mode(const Call& call) {
    return read_mode(call, call.scope());
}

Result<Response> put_subject_mode(const Call& call) {
    return write_mode(call, call.scope());
}

Result<Response> delete_subject_mode(const Call& call) {
    return erase_mode(call, call.scope());
}

}  // namespace symbolon::rest
