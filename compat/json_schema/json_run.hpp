// One validation of one datum; json_validator.hpp is its door.
//
// Invariants: while `report_` is null a check ends at the first reason and answers nothing but yes
// or no; those answers are remembered for nodes that may be asked again about one value. With a
// report a check goes on and says every reason, and asks first whether there is one.
//
// Errors:   stopped() and error(): check_too_costly, or invalid_schema for a circle of `$ref`s
// Threads:  one at a time
// Limits:   validate_steps_max, validate_depth_max, validate_memo_max, validate_bindings_max,
//           validation_errors_max, validation_reasons_max, quoted_bytes_max, error_path_bytes_max
// Source:   JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include "compat/json_schema/json_program.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace symbolon::compat::json {

/// What names come to in the resources that were entered: 0 is nothing.
using ScopeId = std::uint32_t;

class Run {
public:
    explicit Run(const Program& program) : program_(program) {}

    /// Means nothing when stopped().
    bool accepts(const JsonNode& value);
    /// Why it does not accept. REQUIRES: accepts() said so.
    std::vector<ValidationError> explain(const JsonNode& value);
    bool stopped() const { return error_.has_value(); }
    const Error& error() const { return *error_; }

private:
    enum class Answer : std::uint8_t { refused, accepted, asked };
    struct Question {
        NodeId node;
        ScopeId scope;
        const JsonNode* value;

        friend bool operator==(const Question&, const Question&) = default;
    };
    struct QuestionHash {
        std::size_t operator()(const Question& question) const {
            const auto value = reinterpret_cast<std::uintptr_t>(question.value);
            const std::uint64_t mixed =
                (value * 0x9E3779B97F4A7C15ULL) ^
                (((std::uint64_t{question.scope} << 32U) | question.node) * 0xD6E8FEB86659FD93ULL);
            return mixed ^ (mixed >> 29U);
        }
    };
    /// A value under check, and what it is checked against.
    struct Frame {
        const Node& node;
        const JsonNode& value;
        ScopeId scope;
    };
    struct Report {
        std::vector<ValidationError> errors;
        std::size_t errors_max = 0;
        bool is_probe = false;  ///< looks how near an alternative is; does not look for nearer ones
    };
    /// A step to a child, for error paths.
    struct PathStep {
        std::string_view name{};
        std::uint32_t position = none_here;
    };
    /// Children of a value that a schema has looked at.
    struct Cover {
        bool all = false;
        std::vector<bool> children;
        std::vector<std::pair<NodeId, ScopeId>> visited;
    };

    bool spend(std::uint64_t steps);
    void stop(Error error);
    ScopeId enter(ScopeId scope, std::uint32_t resource);
    NodeId dynamic_target(const InPlaceRules& rules, ScopeId scope) const;

    bool evaluate(NodeId id, const JsonNode& value, ScopeId scope);
    bool check(const Frame& frame);
    /// evaluate(), and what is wrong goes to the report.
    bool apply(NodeId id, const JsonNode& value, ScopeId scope);
    bool apply_to_child(NodeId id, const JsonNode& child, ScopeId scope, PathStep step);
    /// evaluate() without any report.
    bool ask(NodeId id, const JsonNode& value, ScopeId scope);
    bool check_types(const Frame& frame);
    bool check_values(const Frame& frame, const ValueRules& rules);
    bool check_numbers(const Frame& frame, const NumberRules& rules);
    bool check_strings(const Frame& frame, const StringRules& rules);
    bool is_found(const Pattern& pattern, std::string_view text);

    bool check_in_place(const Frame& frame, const InPlaceRules& rules);
    bool check_any_of(const Frame& frame, const std::vector<NodeId>& members);
    bool check_one_of(const Frame& frame, const std::vector<NodeId>& members);
    bool check_condition(const Frame& frame, const InPlaceRules& rules);
    void add_no_alternative(const Frame& frame, std::string_view word,
                            const std::vector<NodeId>& members);
    std::vector<ValidationError> reasons_of(NodeId id, const JsonNode& value, ScopeId scope,
                                            bool is_probe);

    bool check_arrays(const Frame& frame, const ArrayRules& rules);
    bool check_items(const Frame& frame, const ArrayRules& rules);
    bool check_contains(const Frame& frame, const ArrayRules& rules);
    bool check_unique(const Frame& frame);
    bool check_objects(const Frame& frame, const ObjectRules& rules);
    bool check_required(const Frame& frame, const ObjectRules& rules);
    bool check_members(const Frame& frame, const ObjectRules& rules);
    bool check_member(const Frame& frame, const ObjectRules& rules, const JsonNode& member);
    bool check_name(const Frame& frame, const ObjectRules& rules, const JsonNode& member);
    bool check_dependents(const Frame& frame, const ObjectRules& rules);
    bool check_unevaluated(const Frame& frame, NodeId unevaluated, std::string_view word);
    bool has_member(const JsonNode& object, std::string_view name);

    void cover(NodeId id, const JsonNode& value, ScopeId scope, Cover& out);
    void cover_frame(const Frame& frame, Cover& out);
    void cover_items(const Frame& frame, const ArrayRules& rules, Cover& out);
    void cover_members(const Frame& frame, const ObjectRules& rules, Cover& out);
    void cover_in_place(const Frame& frame, const InPlaceRules& rules, Cover& out);

    void add_error(const Frame& frame, std::string_view word, std::string message,
                   std::string_view name = {});
    std::string instance_path() const;
    bool reporting() const { return report_ != nullptr; }

    const Program& program_;
    std::optional<Error> error_;
    std::uint64_t steps_ = 0;
    std::size_t depth_ = 0;
    bool remember_all_ = false;
    std::unordered_map<Question, Answer, QuestionHash> answers_;
    Report* report_ = nullptr;
    std::vector<PathStep> path_;

    std::vector<std::vector<NodeId>> scopes_{{}};
    std::map<std::vector<NodeId>, ScopeId> scope_ids_;
    std::unordered_map<std::uint64_t, ScopeId> entered_;
    std::unordered_map<const JsonNode*, std::vector<std::string_view>> names_of_;
    std::deque<JsonNode> name_nodes_;  ///< member names as values of their own
    std::unordered_map<const JsonNode*, const JsonNode*> name_node_of_;
};

}  // namespace symbolon::compat::json
