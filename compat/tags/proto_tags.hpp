// Tags in .proto texts: found in the options of messages and fields, and edited there.
//
// Example:  message M { string a = 1 [(confluent.field_meta) = { tags: ["PII"] }]; }
// Errors:   invalid_schema (no such entity; no such text), check_too_costly
// Threads:  any thread
// Limits:   tag_path_bytes_max, those of the parser
// Source:   compat/schema_tags.hpp; REST contract 3.3 (V7)
// Tested by tests/unit/compat/proto_tags_test.cpp
#pragma once

#include "compat/schema_tags.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

Result<std::vector<EntityTags>> find_proto_tags(std::string_view text);
/// The canonical text with the edits made; the text as it is when they change nothing.
Result<std::string> edit_proto_tags(std::string_view text, const TagEdits& edits);

}  // namespace symbolon::compat::protobuf
