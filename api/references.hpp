// Follows a schema's references to the contents that it needs, through the catalogue.
//
// Example:  auto closure = collect_references(catalog, ".", references, Targets::live);
// Errors:   invalid_schema, with the contract's text for details (2.5)
// Threads:  under Registry::read or in the writer's turn
// Limits:   references_max, reference_depth_max, reference_bytes_max
// Source:   REST contract 4.7
// Tested by tests/unit/api/references_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// A content under the name that the referring schema uses for it.
struct NamedContent {
    std::string name;
    ContentPtr content;
};
/// In order of dependency: each before those that need it; each name once (REF-5).
using Closure = std::vector<NamedContent>;

/// Which targets will do: a new registration needs live ones, reading and look-ups any (REF-4).
enum class Targets { live, any };

/// Whether a closure may hold two versions of one subject (REF-6).
enum class ReferenceVersions { any, one_per_subject };

/// A content that is taken for every version of a subject.
struct StandIn {
    SubjectName subject;
    ContentPtr content;
};

/// REQUIRES: resolve_latest was applied to `references`.
Result<Closure> collect_references(const Catalog& catalog, std::string_view context,
                                   SchemaType type, const std::vector<Reference>& references,
                                   Targets targets,
                                   ReferenceVersions versions = ReferenceVersions::any,
                                   const StandIn* stand_in = nullptr);
/// `references` with every version -1 replaced by the target's latest live version (REF-3).
Result<std::vector<Reference>> resolve_latest(const Catalog& catalog, std::string_view context,
                                              std::vector<Reference> references);
/// "{name=…,subject=…,version=…}", as messages print a reference.
std::string to_text(const Reference& reference);

}  // namespace symbolon
