// The walks over pairs of schemas, one for each type; each adds what changed to a list.
//
// Example:  ChangeList list;  diff_avro(old_tree, new_tree, list);
// Threads:  any thread
// Limits:   diff_changes_max, diff_steps_max
// Tested by tests/unit/gate/diff/structural_diff_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_tree.hpp"
#include "gate/diff/change_list.hpp"

#include <string>
#include <string_view>

namespace symbolon::gate {

void diff_avro(const compat::avro::AvroTree& old_tree, const compat::avro::AvroTree& new_tree,
               ChangeList& list);
/// A pointer such that it starts at the definition it ends in, wherever that is reached from.
std::string avro_place_key(const compat::avro::AvroTree& tree, std::string_view pointer);
/// "array of string", "long (timestamp-millis)", "record com.acme.Order"; short whatever the type.
std::string describe_avro(const compat::avro::AvroNode& type);

/// Schemas as JSON; `$ref`s are compared as they are written.
void diff_json(const compat::JsonNode& old_root, const compat::JsonNode& new_root,
               ChangeList& list);

void diff_proto(const compat::protobuf::ProtoFile& old_file,
                const compat::protobuf::ProtoFile& new_file, ChangeList& list);

}  // namespace symbolon::gate
