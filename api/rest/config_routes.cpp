#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

bool is_global_scope(const SubjectName& scope) {
    return scope == SubjectName{};
}

// A stored config without a level still shows one, the server's (CFG-E5).
Response answer_config(const Call& call, Config config) {
    if (!config.level) {
        config.level = call.registry.settings().default_level;
    }
    return call.answer(to_text(to_json(config, LevelKey::compatibility_level)));
}

Result<Response> read_config(const Call& call, const SubjectName& scope) {
    const bool in_scope = call.target.flag("defaultToGlobal");
    SYMBOLON_TRY(Config config, call.registry.read([&](const Catalog& catalog) -> Result<Config> {
        if (in_scope) {
            return config_in_scope(catalog, scope, call.registry.settings().default_level);
        }
        if (auto own = find_config(catalog, scope)) {
            return *std::move(own);
        }
        if (is_global_scope(scope)) {
            return Config{};
        }
        return failure(make_error(ErrorCode::subject_level_not_set, to_text(scope)));
    }));
    return answer_config(call, std::move(config));
}

Result<Response> write_config(const Call& call, const SubjectName& scope) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "updateConfig.request"));
    SYMBOLON_TRY(const Config stored, call.registry.update_config(scope, json));
    return call.answer(to_text(to_json(stored, LevelKey::compatibility)));
}

Result<Response> erase_config(const Call& call, const SubjectName& scope) {
    SYMBOLON_TRY(Config deleted, call.registry.delete_config(scope));
    return answer_config(call, std::move(deleted));
}

}  // namespace

Result<Response> get_global_config(const Call& call) {
    return read_config(call, {});
}

Result<Response> put_global_config(const Call& call) {
    return write_config(call, {});
}

Result<Response> delete_global_config(const Call& call) {
    return erase_config(call, {});
}

Result<Response> get_subject_config(const Call& call) {
    return read_config(call, call.scope());
}

Result<Response> put_subject_config(const Call& call) {
    return write_config(call, call.scope());
}

Result<Response> delete_subject_config(const Call& call) {
    return erase_config(call, call.scope());
}

}  // namespace symbolon::rest
