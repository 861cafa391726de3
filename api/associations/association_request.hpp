// What clients ask of associations, and what they are answered.
//
// Threads:  values
// Limits:   association_operations_max
// Source:   REST contract 3.9 (A4 to A8)
// Tested by tests/unit/api/associations/association_rules_test.cpp
#pragma once

#include "api/associations/association.hpp"
#include "api/registry.hpp"
#include "api/schema_content.hpp"

#include <optional>
#include <string>
#include <vector>

namespace symbolon {

struct AssociationOperation {
    enum class Kind { create, upsert, remove };

    Kind kind = Kind::create;
    std::optional<std::string> subject;  ///< as sent; nothing: the default subject
    std::string association_type{value_association};
    std::optional<Lifecycle> lifecycle;
    std::optional<bool> frozen;
    std::optional<SchemaRequest> schema;  ///< registered in the same write
    bool normalize = false;
};

/// Operations on one resource: all of them happen, or none.
struct AssociationRequest {
    std::string resource_name;
    std::string resource_namespace;
    std::string resource_id;  ///< may be empty in a dry run
    std::string resource_type{topic_resource};
    std::vector<AssociationOperation> operations;
};

/// A dry run says what would be refused and changes nothing.
enum class DryRun { no, yes };

struct AssociationOptions {
    std::string context{default_context};  ///< of unqualified subjects
    DryRun dry_run = DryRun::no;
};

struct AssociationDetail {
    AssociationPtr association;
    std::optional<SubjectVersion> schema;
};

struct AssociationAnswer {
    std::string resource_name;
    std::string resource_namespace;
    std::string resource_id;
    std::string resource_type;
    std::vector<AssociationDetail> associations;  ///< none in a dry run
};

/// Whether the subjects of STRONG associations go with them.
enum class Cascade { no, yes };

struct AssociationDeletion {
    std::string resource_id;
    AssociationFilter filter;
    Cascade cascade = Cascade::no;
};

}  // namespace symbolon
