// Whether a candidate is what its subject's latest version is already, with all that it refers to.
//
// Example:  is_same_schema(*schema, text, texts, latest, *parsed_latest, Normalize::no)
// Threads:  any thread
// Source:   REST contract LOOK-2 and LOOK-3
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "gate/model/baseline.hpp"

#include <string>
#include <vector>

namespace symbolon::gate {

/// The same letters, of the schema and of all that it refers to: nothing need be parsed.
bool is_same_text(SchemaType type, const std::string& text,
                  const std::vector<compat::NamedText>& texts, const BaseVersion& latest);

/// Equal as a registry compares. Unlike there, references count by what they are and not by the
/// version that they name: what is in the tree has no version yet.
bool is_same_schema(const compat::ParsedSchema& candidate,
                    const std::vector<compat::NamedText>& texts, const BaseVersion& latest,
                    const compat::ParsedSchema& parsed_latest, compat::Normalize normalize);

}  // namespace symbolon::gate
