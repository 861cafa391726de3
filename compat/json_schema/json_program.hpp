// A schema made ready for validation: one node for each schema in it, `$ref`s led to their nodes.
//
// Errors:   invalid_schema, with what cannot be compiled and where
// Threads:  immutable once compiled; any thread
// Limits:   validate_nodes_max, patterns_max
// Source:   JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include "compat/json_schema/json_formats.hpp"
#include "compat/json_schema/json_pattern.hpp"
#include "compat/json_schema/json_sites.hpp"
#include "compat/json_schema/json_validator.hpp"
#include "compat/json_text/json_numbers.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

using NodeId = std::uint32_t;
inline constexpr std::uint64_t no_maximum = std::numeric_limits<std::uint64_t>::max();

/// Bits of Node::types, in the order of type_words.
enum TypeBit : std::uint8_t {
    type_array = 1,
    type_boolean = 2,
    type_integer = 4,
    type_null = 8,
    type_number = 16,
    type_object = 32,
    type_string = 64,
};

/// The values of `enum` or `const`, by hash.
struct ValueRules {
    struct Choice {
        std::uint64_t hash;
        const JsonNode* value;
    };
    std::vector<Choice> choices;  ///< sorted
    std::string_view word;
};

struct NumberLimit {
    std::string_view word;
    bool is_maximum = false;
    bool exclusive = false;
    const JsonNode* json = nullptr;
    Decimal decimal{};
    double real = 0;
    std::optional<std::int64_t> integer{};
};
struct NumberRules {
    std::vector<NumberLimit> limits;
    std::optional<Decimal> factor;
    std::int64_t whole_factor = 0;  ///< where the factor is a small integer
    const JsonNode* factor_json = nullptr;
};

/// A number of things that is at least and at most so many.
struct CountRules {
    std::uint64_t least = 0;
    std::uint64_t most = no_maximum;
};
struct StringRules {
    CountRules length;
    PatternPtr pattern;
    std::string_view pattern_text;
    std::optional<Format> format;
    std::string_view format_name;
};

struct ArrayRules {
    CountRules count;
    bool unique = false;
    std::vector<NodeId> prefix;
    std::string_view prefix_word;
    NodeId rest = none_here;  ///< of the items after the prefix
    std::string_view rest_word;
    NodeId contains = none_here;
    CountRules matches{1, no_maximum};
    bool contains_evaluates = false;
    NodeId unevaluated = none_here;
};

struct PatternRule {
    std::string_view text;
    PatternPtr pattern;
    NodeId node;
};
struct DependentRule {
    std::string_view word;
    std::string_view trigger;
    std::vector<std::string_view> names{};
    NodeId node = none_here;
};
struct ObjectRules {
    CountRules count;
    std::unordered_map<std::string_view, NodeId> properties;
    std::vector<std::string_view> required;
    std::vector<PatternRule> patterns;
    NodeId additional = none_here;
    NodeId names = none_here;
    std::vector<DependentRule> dependents;
    NodeId unevaluated = none_here;
};

/// Schemas for the same value.
struct InPlaceRules {
    NodeId reference = none_here;
    NodeId dynamic = none_here;  ///< what `$dynamicRef` or `$recursiveRef` finds first
    std::uint32_t dynamic_slot = none_here;
    std::string_view dynamic_word;
    std::vector<NodeId> all_of;
    std::vector<NodeId> any_of;
    std::vector<NodeId> one_of;
    NodeId negation = none_here;
    NodeId condition = none_here;
    NodeId then = none_here;
    NodeId otherwise = none_here;
};

struct Node {
    SiteId site = none_here;
    std::uint32_t resource = 0;
    bool refuses_all = false;
    bool has_types = false;
    bool integers_by_spelling = false;  ///< draft 4: 1.0 is no integer
    bool has_parts = false;             ///< there are schemas in it
    bool is_shared = false;             ///< may be asked about one value more than once
    std::uint8_t types = 0;
    std::unique_ptr<ValueRules> values{};
    std::unique_ptr<ValueRules> constant{};
    std::unique_ptr<NumberRules> numbers{};
    std::unique_ptr<StringRules> strings{};
    std::unique_ptr<ArrayRules> arrays{};
    std::unique_ptr<ObjectRules> objects{};
    std::unique_ptr<InPlaceRules> in_place{};
};

/// What a resource binds in the dynamic scope: the slot of a name, and the node.
struct DynamicBinding {
    std::uint32_t slot;
    NodeId node;
};

struct Program {
    std::pmr::monotonic_buffer_resource memory;
    std::shared_ptr<const void> owner;  ///< of the tree and text, where they are shared
    std::string text;                   ///< otherwise
    Sites sites{memory};
    std::vector<Node> nodes;  ///< the first one is the root
    /// By resource; empty when there is no dynamic reference.
    std::vector<std::vector<DynamicBinding>> bindings;
    std::uint32_t slot_count = 0;
    std::size_t memory_bytes = 0;
};

Result<std::shared_ptr<const Program>> compile_program(std::string_view text,
                                                       std::span<const NamedText> references,
                                                       Formats formats);
Result<std::shared_ptr<const Program>> compile_program(const JsonNode& root, std::string_view text,
                                                       std::span<const NamedText> references,
                                                       std::shared_ptr<const void> owner,
                                                       Formats formats);

}  // namespace symbolon::compat::json
