// A comparison of two schemas as text for people and as JSON for machines.
//
// Example:  to_text(diff, {"orders-value version 2", "orders.avsc"}, style)
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/diff/structural_diff_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/schema_type.hpp"
#include "gate/diff/structural_diff.hpp"
#include "gate/diff/text_diff.hpp"
#include "gate/report/formats.hpp"

#include <string>
#include <string_view>

namespace symbolon::gate {

/// Control characters in the schemas are shown, not obeyed.
std::string to_text(const SchemaDiff& diff, const TextNames& names, Colours colours);
Json to_json(const SchemaDiff& diff, const TextNames& names, SchemaType type);
/// The unified diff for a terminal.
std::string to_text(const UnifiedDiff& diff, Colours colours);

}  // namespace symbolon::gate
