// What holds for a subject at the moment of a request: its settings in scope and its versions.
//
// Threads:  under Registry::read or in the writer's turn; points into the catalogue
// Source:   REST contract 4.3, 4.6 and 4.10
// Tested by tests/unit/api/registration_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/config.hpp"
#include "api/references.hpp"
#include "api/registry.hpp"
#include "compat/compat.hpp"

namespace symbolon {

struct Terms {
    Config config;  ///< in scope; its level is set
    Mode mode = Mode::readwrite;
    const VersionRows* rows = nullptr;
    const VersionRow* latest = nullptr;
};

Terms terms_of(const Catalog& catalog, const SubjectName& subject,
               const RegistrySettings& settings);

/// NORM-1.
compat::Normalize normalization(const Config& config, bool requested);
/// VAL-1.
compat::Strictness strictness(const Config& config, const RegistrySettings& settings);
/// VAL-2.
compat::ValidateFields validate_fields(const Config& config);
/// REF-6.
ReferenceVersions reference_versions(const RegistrySettings& settings);

}  // namespace symbolon
