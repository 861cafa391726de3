// What changes of associations come to: pure rules, like those of api/decide.hpp.
//
// Example:  SYMBOLON_TRY(auto decision, decide_associations(catalog, {request, options, settings,
//           now}, bench));
// Errors:   invalid_association, association_not_found, association_for_resource_exists,
//           association_for_subject_exists, strong_association_exists, no_live_version,
//           association_frozen, reference_exists, operation_not_permitted, and those of a
//           registration
// Threads:  under Registry::read or in the writer's turn
// Limits:   association_operations_max, name_bytes_max
// Source:   REST contract 3.9; docs/decisions/0013-associations.md
// Tested by tests/unit/api/associations/association_rules_test.cpp
#pragma once

#include "api/associations/association_request.hpp"
#include "api/decide.hpp"

#include <cstdint>

namespace symbolon {

struct AssociationInput {
    const AssociationRequest& request;
    const AssociationOptions& options;
    const RegistrySettings& settings;
    std::int64_t now = 0;
};

/// A4, A5 and one request of A8. The changes are those of no dry run, whatever the options say.
Result<Decision<AssociationAnswer>> decide_associations(const Catalog& catalog,
                                                        const AssociationInput& input,
                                                        Workbench& bench);
/// A6.
Result<Decision<Done>> decide_delete_associations(const Catalog& catalog,
                                                  const AssociationDeletion& deletion,
                                                  const RegistrySettings& settings,
                                                  std::int64_t now);

/// What is wrong with the request whatever the catalogue holds.
Status check_association_request(const AssociationRequest& request, DryRun dry_run);

/// REG-8: operation_not_permitted when a reference of `content`, which is to be a version of
/// `subject`, points to another subject that belongs to a resource.
Status check_references_are_free(const Catalog& catalog, const SubjectName& subject,
                                 const SchemaContent& content);

}  // namespace symbolon
