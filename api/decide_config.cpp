#include "api/decide.hpp"

#include <utility>

namespace symbolon {

namespace {

bool is_global_scope(const SubjectName& scope) {
    return scope.name.empty() && scope.context == default_context;
}

Change config_change(const SubjectName& scope, ConfigPtr config) {
    Change change{{RecordFamily::config, scope.context, scope.name, 0}, std::monostate()};
    if (config != nullptr) {
        change.value = std::move(config);
    }
    return change;
}

}  // namespace

Status check_writable(const Catalog& catalog, const SubjectName& scope) {
    if (is_read_only(mode_in_scope(catalog, scope))) {
        return failure(make_error(ErrorCode::operation_not_permitted,
                                  fmt::format("Subject {} in context {} is in read-only mode",
                                              to_text(scope), context_prefix(scope.context))));
    }
    return {};
}

Result<Decision<Config>> decide_update_config(const Catalog& catalog, const SubjectName& scope,
                                              const Json& request) {
    SYMBOLON_CHECK(check_scope_name(scope));
    const Config* stored = catalog.find_config(scope);
    SYMBOLON_TRY(auto merged, merge_config(stored == nullptr ? Config{} : *stored, request));
    SYMBOLON_CHECK(check_writable(catalog, scope));  // CFG-E6
    if (stored != nullptr && *stored == merged) {
        return Decision<Config>{std::move(merged), {}};
    }
    auto kept = std::make_shared<const Config>(merged);
    return Decision<Config>{std::move(merged), {config_change(scope, std::move(kept))}};
}

Result<Decision<Config>> decide_delete_config(const Catalog& catalog, const SubjectName& scope,
                                              const RegistrySettings& settings) {
    const Config* stored = catalog.find_config(scope);
    if (stored == nullptr && !is_global_scope(scope)) {
        return failure(make_error(ErrorCode::subject_not_found, to_text(scope)));
    }
    SYMBOLON_CHECK(check_writable(catalog, scope));
    if (stored == nullptr) {  // K3: deleting an unset global config answers the server's default
        Config config;
        config.level = settings.default_level;
        return Decision<Config>{std::move(config), {}};
    }
    return Decision<Config>{*stored, {config_change(scope, nullptr)}};
}

}  // namespace symbolon
