// Small values of Avro types, and reading them with another schema, to show what a finding means.
//
// Reading follows the specification value by value and shares nothing with the check of pairs. It
// is generous: whatever any branch of a reader's union could make of a value counts as read.
//
// Example:  const auto datum = DatumMaker(writer.tree()).smallest(*writer.tree().root);
//           const DatumReading reading = read_datum(*reader.tree().root, *datum);
// Threads:  one at a time
// Limits:   datum_values_max, datum_steps_max, json_depth_max
// Source:   Avro 1.12 specification, "Schema Resolution" and "JSON Encoding"
// Tested by tests/unit/compat/avro_counter_example_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "compat/finding.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::compat::avro {

struct AvroDatum {
    const AvroNode* type = nullptr;  ///< what it was written as
    /// A number or boolean as it is spelled; a string, bytes or fixed; a symbol.
    std::string text{};
    std::size_t branch = 0;  ///< union: which
    /// The fields of a record, the items of an array, the values of a map, the one of a union.
    std::vector<AvroDatum> parts{};
};

/// The name of a branch in the JSON encoding: `string`, `com.acme.Order`.
std::string branch_name(const AvroNode& branch);
/// The JSON encoding. The keys of a map are k0, k1 and so on.
std::string to_json_text(const AvroDatum& datum);

/// Makes values of the types of one tree.
class DatumMaker {
public:
    explicit DatumMaker(const AvroTree& tree);

    /// A value as small as they come; nullopt when the type has none, or none that is small.
    std::optional<AvroDatum> smallest(const AvroNode& type);

private:
    bool learn_height(const AvroNode& type);
    bool fill(const AvroNode& type, AvroDatum& out);

    /// Levels of the smallest value of each node; no_height: none is known.
    static constexpr std::uint32_t no_height = 0xFFFF'FFFF;
    std::vector<std::uint32_t> heights_;
    std::size_t values_ = 0;
};

/// Why a value cannot be read.
struct DatumProblem {
    FindingKind kind;
    const void* about;  ///< the reader's node, or its field that is missing
    std::string place;  ///< a JSON Pointer into the JSON encoding; "/" for all of it
    std::string what;   ///< a sentence that begins with a small letter
};
struct DatumReading {
    std::vector<DatumProblem> problems;
    bool gave_up = false;  ///< too many steps: nothing is known
    std::size_t steps = 0;

    bool refused() const { return !gave_up && !problems.empty(); }
};
DatumReading read_datum(const AvroNode& reader, const AvroDatum& datum,
                        std::size_t steps_max = limits::datum_steps_max);

}  // namespace symbolon::compat::avro
