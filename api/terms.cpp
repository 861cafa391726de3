#include "api/terms.hpp"

#include "api/lookups.hpp"

namespace symbolon {

Terms terms_of(const Catalog& catalog, const SubjectName& subject,
               const RegistrySettings& settings) {
    const VersionRows* rows = catalog.find_versions(subject);
    return {config_in_scope(catalog, subject, settings.default_level),
            mode_in_scope(catalog, subject), rows, find_latest(rows)};
}

compat::Normalize normalization(const Config& config, bool requested) {
    return requested || config.normalize.value_or(false) ? compat::Normalize::yes
                                                         : compat::Normalize::no;
}

compat::Strictness strictness(const Config& config, const RegistrySettings& settings) {
    return config.validate_new_schemas.value_or(settings.validate_new_schemas)
               ? compat::Strictness::strict
               : compat::Strictness::lenient;
}

ReferenceVersions reference_versions(const RegistrySettings& settings) {
    return settings.reference_versions_strict ? ReferenceVersions::one_per_subject
                                              : ReferenceVersions::any;
}

compat::ValidateFields validate_fields(const Config& config) {
    return config.validate_fields.value_or(false) ? compat::ValidateFields::yes
                                                  : compat::ValidateFields::no;
}

}  // namespace symbolon
