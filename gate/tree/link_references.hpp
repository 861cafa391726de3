// Which file of a tree answers each name that another one uses.
//
// Avro: the file that defines the name, at its top rather than within, in the same folder rather
// than elsewhere. JSON Schema: the file with that `$id`, or at that path from the file's folder.
// Protobuf: the file at the import's path from the tree's root, from the file's folder, or the only
// one whose path ends in it. What symbolon.yaml says goes before all of that.
//
// Errors:   cannot_start: symbolon.yaml refers to a file that is not there
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/assemble_tree_test.cpp
#pragma once

#include "core/result.hpp"
#include "gate/model/schema_tree.hpp"
#include "gate/tree/assemble_tree.hpp"
#include "gate/tree/schema_names.hpp"
#include "gate/tree/tree_config.hpp"

#include <vector>

namespace symbolon::gate {

/// What is known of a tree's files, in their order.
struct LinkInput {
    const TreeConfig& config;
    const std::vector<SourceFile>& files;
    const std::vector<SchemaNames>& names;
    Extent extent = Extent::part;
};

/// Fills in TreeFile::references. REQUIRES: all files have their subjects.
Status link_references(SchemaTree& tree, const LinkInput& input);

/// `path` as seen from the folder of `file`, without dots; empty: it leads out of the tree.
std::string path_from(std::string_view file, std::string_view path);

}  // namespace symbolon::gate
