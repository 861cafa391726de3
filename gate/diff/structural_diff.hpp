// What changed between two schemas of one type, in words, and what each change means for readers.
//
// Changes are found by walking both trees; what they mean is what the compatibility engine finds,
// laid beside the change that is at the finding's place.
//
// Example:  SYMBOLON_TRY(const auto diff, diff_schemas({old_schema}, {new_schema}, policy));
//           diff.changes[0].words == "field /total (double, default 0)"
// Errors:   malformed_request: the types differ
// Units:    places are JSON Pointers, in Protobuf names, as in compat::Finding
// Threads:  any thread
// Limits:   diff_changes_max, diff_steps_max, diff_value_bytes_max
// Source:   docs/gate.md
// Tested by tests/unit/gate/diff/structural_diff_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

enum class ChangeKind { added, removed, changed };
/// Whether data can be read or written otherwise because of a change.
enum class ChangeEffect {
    data,           ///< it can
    documentation,  ///< only people and tools see it
};

struct Change {
    ChangeKind kind = ChangeKind::changed;
    ChangeEffect effect = ChangeEffect::data;
    std::string about{};  ///< "field", "enum symbol", "type", "doc"
    std::string group{};  ///< what it is part of: "record com.acme.Order"
    std::string place{};  ///< as people name it: "/address/street"
    std::string words{};  ///< "field /total (double, default 0)"
    /// Where in each schema; what a schema lacks is placed at what would hold it.
    std::string old_path{};
    std::string new_path{};
    std::string old_value{};  ///< as text, may be cut; empty: there is none
    std::string new_value{};
    std::vector<std::size_t> findings{};  ///< what it means: positions in SchemaDiff::findings
};

struct SchemaDiff {
    std::vector<Change> changes{};  ///< those of one group follow each other
    std::vector<compat::DirectedFinding> findings{};
    std::vector<std::size_t> loose_findings{};  ///< that are at the place of no change
    /// The new schema reads what the old one wrote; nullopt: not decidable.
    std::optional<bool> backward{};
    /// The old schema reads what the new one wrote.
    std::optional<bool> forward{};
    std::vector<std::string> notes{};

    bool empty() const { return changes.empty(); }
};

/// A schema and what it refers to.
struct DiffSide {
    compat::SchemaPtr schema{};
    std::vector<Reference> references{};
};

Result<SchemaDiff> diff_schemas(const DiffSide& old_side, const DiffSide& new_side,
                                compat::Policy policy);

/// "added", "removed", "changed"
std::string_view to_string(ChangeKind kind);

}  // namespace symbolon::gate
