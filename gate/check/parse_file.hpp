// One file of a tree, parsed as a registry would parse a new schema; what is wrong is a finding at
// its place.
//
// Example:  SYMBOLON_TRY(auto reading, read_tree_file(tree, 3, latest));
// Errors:   those of the baseline
// Threads:  any thread
// Limits:   schema_bytes_max, and those of tree_references.hpp
// Source:   docs/gate.md
// Tested by tests/unit/gate/check/parse_tree_test.cpp
#pragma once

#include "gate/check/tree_references.hpp"

#include <string>
#include <string_view>

namespace symbolon::gate {

struct TreeReading {
    ResolvedReferences resolved{};
    compat::SchemaPtr schema{};  ///< nullptr: see resolved.problems
    bool too_costly = false;     ///< why it is nullptr
};
Result<TreeReading> read_tree_file(const SchemaTree& tree, std::size_t file,
                                   LatestVersions& latest);

/// Where a parser's message says that the error is, in the text that it parsed.
FindingPlace place_in_message(std::string_view message, SchemaType type, std::string_view text);

}  // namespace symbolon::gate
