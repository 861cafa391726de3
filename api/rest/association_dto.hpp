// Bodies of the association routes: JSON to requests, and associations to JSON text.
//
// Errors:   malformed_json, invalid_association
// Threads:  any thread
// Limits:   association_requests_max
// Source:   REST contract 3.9
// Tested by tests/unit/api/rest/association_routes_test.cpp
#pragma once

#include "api/associations/association_lookups.hpp"
#include "api/associations/association_request.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace symbolon::rest {

using AssociationKind = AssociationOperation::Kind;

/// The body of A4 and A5, whose operations are all of `kind`.
Result<AssociationRequest> parse_association_request(const Json& json, AssociationKind kind);
/// One request of A8, whose operations say their kind.
Result<AssociationRequest> parse_association_mutation(const Json& json, const std::string& place);
/// One request of A7.
Result<AssociationQuestion> parse_association_question(const Json& json, const std::string& place);
/// The requests of A7 and A8 with their places.
Result<std::vector<std::pair<const Json*, std::string>>> parse_association_batch(const Json& json);

/// The Association entity.
void append_association(std::string& out, const Association& association);
std::string to_associations_body(const std::vector<AssociationPtr>& associations);
/// The AssociationResponse entity.
std::string to_answer_body(const AssociationAnswer& answer);

}  // namespace symbolon::rest
