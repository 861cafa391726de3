// Equality, order and hashes of JSON values as JSON Schema means them: 1 is 1.0, members have no
// order.
//
// Threads:  any thread
// Limits:   json_depth_max bounds the recursion
// Source:   JSON Schema 2020-12 core, 4.2.2
// Tested by tests/unit/compat/json_validator_test.cpp
#pragma once

#include "compat/json_text/json_numbers.hpp"
#include "compat/json_text/json_text.hpp"

#include <cstdint>

namespace symbolon::compat::json {

/// The number without rounding.
Decimal decimal_of(const JsonNode& number);
/// Negative, zero or positive, as `left` is less than, equal to or greater than `right`.
int compare_decimals(const Decimal& left, const Decimal& right);
/// True when there is no fraction, whatever the spelling.
bool is_whole(const JsonNode& number);

/// Equal values have equal hashes. `steps` counts the work.
std::uint64_t hash_of_value(const JsonNode& value, std::uint64_t& steps);
bool same_values(const JsonNode& left, const JsonNode& right, std::uint64_t& steps);

}  // namespace symbolon::compat::json
