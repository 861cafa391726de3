// Questions about associations: pure reads, like those of api/lookups.hpp.
//
// Errors:   invalid_association for a batch item that names no resource
// Threads:  under Registry::read
// Source:   REST contract 3.9 (A1, A2, A3, A7)
// Tested by tests/unit/api/associations/association_lookups_test.cpp
#pragma once

#include "api/associations/association_request.hpp"
#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// A1; "-" stands for every namespace, or every name.
std::vector<AssociationPtr> list_associations_of_name(const Catalog& catalog,
                                                      std::string_view resource_namespace,
                                                      std::string_view resource_name,
                                                      const AssociationFilter& filter);
/// A2.
std::vector<AssociationPtr> list_associations_of_subject(const Catalog& catalog,
                                                         const SubjectName& subject,
                                                         const AssociationFilter& filter);
/// A3.
std::vector<AssociationPtr> list_associations_of_resource(const Catalog& catalog,
                                                          std::string_view resource_id,
                                                          const AssociationFilter& filter);

/// One request of A7: by id, or by namespace and name.
struct AssociationQuestion {
    std::string resource_name;
    std::string resource_namespace;
    std::string resource_id;
    AssociationFilter filter;
};
/// Whether the subjects' latest live versions come along.
enum class WithSchemas { no, yes };
/// What is not known of the resource is as the question has it.
Result<AssociationAnswer> get_associations(const Catalog& catalog,
                                           const AssociationQuestion& question,
                                           WithSchemas with_schemas);

}  // namespace symbolon
