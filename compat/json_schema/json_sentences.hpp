// What a validation says to people: one sentence for each way to be refused.
//
// Example:  limit_sentence(value, limit) == "12 is less than the minimum 18."
// Threads:  any thread
// Limits:   quoted_bytes_max, error_path_bytes_max, error_reasons_bytes_max
// Source:   none; the wording is ours
// Tested by tests/unit/compat/json_validator_test.cpp
#pragma once

#include "compat/json_schema/json_program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

/// The path, with its middle left out where it is too long.
std::string shortened_path(std::string path);
/// A name or pattern in quotation marks, cut where it is too long.
std::string quoted(std::string_view text);
/// A scalar as JSON, cut; "This array" or "This object" for the others.
std::string shown_value(const JsonNode& value);
std::uint64_t count_code_points(std::string_view text);

std::string type_sentence(const JsonNode& value, std::uint8_t types);
std::string value_sentence(const JsonNode& value, const ValueRules& rules);
std::string limit_sentence(const JsonNode& value, const NumberLimit& limit);
std::string factor_sentence(const JsonNode& value, const JsonNode& factor);
/// `thing` is one of what is counted, such as "item".
std::string count_sentence(const JsonNode& value, std::uint64_t count, const CountRules& rules,
                           std::string_view thing);
std::string pattern_sentence(const JsonNode& value, std::string_view pattern);
std::string format_sentence(const JsonNode& value, std::string_view format);
std::string required_sentence(std::string_view name);
std::string dependent_sentence(std::string_view trigger, std::string_view name);
std::string undeclared_sentence(std::string_view name);
std::string unevaluated_sentence(std::string_view name);
std::string contains_sentence(std::uint64_t found, const CountRules& rules);
std::string unique_sentence(std::uint32_t first, std::uint32_t second);
/// Positions count from 0 as in the schema path, alternatives in sentences from 1.
std::string several_sentence(const std::vector<std::size_t>& accepted, std::size_t count);
/// `nearest` is 0 where nothing is told of the nearest alternative.
std::string none_sentence(std::string_view word, std::size_t count, std::size_t nearest,
                          const std::vector<ValidationError>& reasons);

}  // namespace symbolon::compat::json
