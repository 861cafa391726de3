// Makes a Program's nodes, site by site; json_program.hpp is its door.
//
// Errors:   invalid_schema, with what cannot be compiled and where
// Threads:  one at a time
// Limits:   validate_nodes_max, patterns_max
// Source:   JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include "compat/json_schema/json_program.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

class Compiler {
public:
    Compiler(Program& program, Formats formats) : program_(program), formats_(formats) {}

    Status run();

private:
    NodeId node_of(SiteId site);
    Status compile(NodeId id);
    Status compile_types(const JsonNode& json, Node& node);
    Status compile_values(const JsonNode& json, Node& node);
    Status compile_numbers(const JsonNode& json, Node& node);
    Status compile_limit(const JsonNode& json, std::string_view word, Node& node);
    Status compile_strings(const JsonNode& json, Node& node);
    Status compile_references(const JsonNode& json, Node& node);
    Status compile_dynamic(const JsonNode& reference, Node& node, InPlaceRules& rules);
    Status compile_in_place(const JsonNode& json, Node& node);
    Status compile_unevaluated(const JsonNode& json, Node& node);

    // json_compiler_parts.cpp
    Status compile_arrays(const JsonNode& json, Node& node);
    Status compile_items(const JsonNode& json, Node& node, ArrayRules& rules);
    Status compile_contains(const JsonNode& json, Node& node, ArrayRules& rules);
    Status compile_objects(const JsonNode& json, Node& node);
    Status compile_properties(const JsonNode& json, Node& node, ObjectRules& rules);
    Status compile_dependents(const JsonNode& json, Node& node, ObjectRules& rules);
    Status add_dependents(const JsonNode& json, std::string_view word, Node& node,
                          ObjectRules& rules);

    /// Each leaves `out` as it is when the keyword is not there.
    Status read_schema(const JsonNode& json, std::string_view word, Node& node, NodeId& out);
    Status read_schemas(const JsonNode& json, std::string_view word, Node& node,
                        std::vector<NodeId>& out);
    Status read_count(const JsonNode& json, std::string_view word, const Node& node,
                      std::uint64_t& out);
    Status read_names(const JsonNode& list, const Node& node, std::vector<std::string_view>& out);
    Result<NodeId> child(const JsonNode& json, Node& node);
    Result<PatternPtr> pattern_of(const JsonNode& json, std::string_view text, const Node& node);
    Status expect(bool good, const Node& node, const JsonNode& json, std::string_view wanted) const;
    const Dialect& dialect_of(const Node& node) const;
    bool knows(const Node& node, Draft first) const { return dialect_of(node).draft >= first; }
    std::uint32_t slot_of(std::string_view name);
    Status bind_resources();
    Status compile_waiting();

    Program& program_;
    Formats formats_;
    std::unordered_map<SiteId, NodeId> node_by_site_;
    std::deque<NodeId> waiting_;
    std::map<std::string, PatternPtr, std::less<>> patterns_;
    std::map<std::string, std::uint32_t, std::less<>> slots_;
    bool has_dynamic_ = false;
    bool has_unevaluated_ = false;
    std::size_t bytes_ = 0;
};

}  // namespace symbolon::compat::json
