// The second half of parsing: names met before their definition, and checks that need all types.
//
// Threads:  one at a time, on the tree being built
// Limits:   check_steps_max, schema_depth_max
// Source:   avro-compat.md, "Parsing" 1 to 3
// Tested by tests/unit/compat/avro_parse_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace symbolon::compat::avro {

/// What one text leaves to be done when all its types are known.
struct PendingText {
    std::vector<const AvroNode**> slots;     ///< where an unresolved node stands
    std::vector<AvroNode*> unresolved;       ///< those nodes
    std::vector<const AvroNode*> unions;     ///< unions with an unresolved branch
    std::vector<const AvroField*> defaults;  ///< fields that have one
    bool has_object_default = false;
};

/// A complaint and where it belongs; an empty text means none.
struct Problem {
    std::string what;
    std::size_t offset = 0;
};

enum class DefaultVerdict {
    valid,
    invalid,
    /// The reference looks into a record whose fields it does not have yet, and gives up.
    incomplete,
    too_costly,
};

/// Says whether defaults fit their types, within one budget of steps.
class DefaultCheck {
public:
    /// Without `complete`, all records are; an unresolved name counts as a record without fields.
    explicit DefaultCheck(const std::vector<bool>* complete = nullptr) : complete_(complete) {}

    DefaultVerdict check(const AvroNode& type, const JsonNode* value);

private:
    DefaultVerdict check_all(const AvroNode& item, const JsonNode& values);
    DefaultVerdict check_union(const AvroNode& type, const JsonNode& value);
    DefaultVerdict check_record(const AvroNode& type, const JsonNode& value);

    const std::vector<bool>* complete_;
    std::uint64_t steps_ = 0;
    std::size_t depth_ = 0;
};

/// The complaint about a field's default, if it deserves one.
Problem problem_of_default(const AvroField& field, DefaultVerdict verdict);

/// Follows the reference through a strict schema's types to find defaults that do not fit, or that
/// it meets too early. `root` may be unresolved or unnamed. REQUIRES: every unresolved node has its
/// item.
Problem check_defaults_in_order(const AvroTree& tree, const AvroNode& root,
                                std::size_t definitions_before);

}  // namespace symbolon::compat::avro
