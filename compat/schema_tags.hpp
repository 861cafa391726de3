// Tags inside schema texts: found, and edited without touching anything else.
//
// A tag is a word in the property `confluent:tags` of a record or a field, in Protobuf in the list
// `tags` of the option (confluent.message_meta) or (confluent.field_meta). Paths of entities:
//   Avro record     its full name                                      ns.Order
//   Avro field      the full name of its record, its name              ns.Order.total
//   JSON record     "object", behind the path of what holds it         object
//   JSON field      the path of its record, its name                   object.total
//   below JSON's    items "array" (tuples: "array.0"), "allof.0", "anyof.0", "oneof.0", "not",
//   "if",
//                   "then", "else", "$defs.name", "definitions.name":
//                   object.lines.array.object.sku
//   Protobuf message  its name without the package                     Outer.Inner
//   Protobuf field    the name of its message, its name                Outer.Inner.total
//
// Example:  SYMBOLON_TRY(auto text, edit_tags(SchemaType::avro, text, {.add = {tag}}));
// Errors:   invalid_schema (no such entity; no such text), check_too_costly
// Threads:  any thread
// Limits:   tag_path_bytes_max, json_depth_max
// Source:   REST contract 3.3 (V7) and 4.12 (DC-6 to DC-8); docs/decisions/0014-inline-tags.md
// Tested by tests/unit/compat/schema_tags_test.cpp
#pragma once

#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat {

enum class EntityKind { record, field };
/// "sr_record", "sr_field"
std::string_view to_string(EntityKind kind);

/// Tags of one entity, or tags to add to it or to remove from it.
struct EntityTags {
    std::string path;
    EntityKind kind = EntityKind::record;
    std::set<std::string> tags;

    friend auto operator<=>(const EntityTags&, const EntityTags&) = default;
};

/// Every entity that has tags, in the order of the text.
Result<std::vector<EntityTags>> find_tags(SchemaType type, std::string_view text);

struct TagEdits {
    std::vector<EntityTags> keep;  ///< added where there is such an entity, otherwise dropped
    std::vector<EntityTags> add;
    std::vector<EntityTags> remove;

    bool empty() const { return keep.empty() && add.empty() && remove.empty(); }
};
/// The text with the edits made, removals last; an entity left without tags loses the property.
/// invalid_schema when something is to be added to or removed from an entity that is not there.
Result<std::string> edit_tags(SchemaType type, std::string_view text, const TagEdits& edits);

}  // namespace symbolon::compat
