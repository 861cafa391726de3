// The stored form of an association.
//
//   association/<resource id>/<resource type>/<association type>
//   {"resourceName":"orders","resourceNamespace":"lkc-1","context":".","subject":"s","guid":"…",
//    "lifecycle":"STRONG","frozen":true,"createTs":…,"updateTs":…}, and the parts of the key
//
// Errors:   store_failed, naming the key
// Threads:  any thread
// Source:   docs/stored_format.md
// Tested by tests/unit/api/associations/association_records_test.cpp
#pragma once

#include "api/associations/association.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// The parts of a record's key behind its family.
std::vector<std::string> to_key_parts(const AssociationKey& key);
/// REQUIRES: three parts.
AssociationKey to_association_key(const std::vector<std::string>& parts);

std::string association_value(const Association& association);
/// `key_text` is for messages; `key` is what the value belongs to.
Result<AssociationPtr> parse_association_value(std::string_view key_text, AssociationKey key,
                                               std::string_view value);

}  // namespace symbolon
