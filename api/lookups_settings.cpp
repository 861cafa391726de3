#include "api/catalog.hpp"
#include "api/lookups.hpp"

#include <utility>
#include <vector>

namespace symbolon {

namespace {

// CFG-1 and MODE-1: from the innermost scope outwards. The default context's own scope is the
// global one.
std::vector<SubjectName> scopes_of(const SubjectName& scope) {
    std::vector<SubjectName> scopes{scope};
    if (!scope.name.empty()) {
        scopes.push_back({scope.context, {}});
    }
    if (scope.context != global_context) {
        scopes.push_back({std::string(global_context), {}});
    }
    return scopes;
}

template <class Value>
void fill(std::optional<Value>& value, const std::optional<Value>& outer) {
    if (!value) {
        value = outer;
    }
}

}  // namespace

std::optional<Config> find_config(const Catalog& catalog, const SubjectName& scope) {
    const Config* config = catalog.find_config(scope);
    return config == nullptr ? std::nullopt : std::optional(*config);
}

Config config_in_scope(const Catalog& catalog, const SubjectName& scope,
                       compat::Level default_level) {
    std::optional<Config> result;
    for (const auto& at : scopes_of(scope)) {
        const Config* config = catalog.find_config(at);
        if (config == nullptr) {
            continue;
        }
        if (!result) {
            result = *config;
            continue;
        }
        // CFG-2: the first scope wins as a whole; only these are taken from further out.
        fill(result->normalize, config->normalize);
        fill(result->validate_fields, config->validate_fields);
        fill(result->validate_new_schemas, config->validate_new_schemas);
        fill(result->validate_rules, config->validate_rules);
        fill(result->check_referrers, config->check_referrers);
        fill(result->compatibility_policy, config->compatibility_policy);
        fill(result->compatibility_group, config->compatibility_group);
        fill(result->keep_versions, config->keep_versions);
        fill(result->keep_days, config->keep_days);
    }
    Config config = std::move(result).value_or(Config{});
    fill(config.level, std::optional(default_level));
    return config;
}

std::optional<Mode> find_mode(const Catalog& catalog, const SubjectName& scope) {
    const Mode* mode = catalog.find_mode(scope);
    return mode == nullptr ? std::nullopt : std::optional(*mode);
}

Mode mode_in_scope(const Catalog& catalog, const SubjectName& scope) {
    for (const auto& at : scopes_of(scope)) {
        if (const Mode* mode = catalog.find_mode(at)) {
            return *mode;
        }
    }
    return Mode::readwrite;
}

SubjectName resolve_alias(const Catalog& catalog, const SubjectName& subject) {
    // ALIAS-2: only an alias of this very subject counts; ALIAS-4: one step.
    const Config* config = subject.name.empty() ? nullptr : catalog.find_config(subject);
    if (config == nullptr || config->alias.value_or("").empty()) {
        return subject;
    }
    return parse_subject_in(*config->alias, subject.context);  // ALIAS-3
}

}  // namespace symbolon
