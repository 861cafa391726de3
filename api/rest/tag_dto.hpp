// Bodies about tags inside schemas: the edits that requests ask for, and the tags that answers
// show.
//
// Errors:   malformed_json (with the place), invalid_rule_set
// Threads:  any thread
// Source:   REST contract 3.1, 3.3 (V7) and 4.12
// Tested by tests/unit/api/rest/tag_dto_test.cpp
#pragma once

#include "api/registry.hpp"
#include "compat/schema_tags.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::rest {

/// The member `name`: `[{schemaEntity: {entityPath, entityType}, tags: []}]`; none when absent.
Result<std::vector<compat::EntityTags>> parse_tag_list(const Json& object, const char* name);
Result<bool> parse_propagation(const Json& object);

/// The body of V7 as the registration that it stands for, of a version with `content`.
Result<SchemaRequest> parse_tag_request(const Json& json, const SchemaContent& content);

/// The tags of a stored schema that the `findTags` values ask for ("*": all), as JSON text; empty
/// when there are none.
Result<std::string> find_tags_text(const SchemaContent& content,
                                   const std::vector<std::string_view>& wanted);

}  // namespace symbolon::rest
