// Whether one number is a multiple of another, without rounding.
//
// Example:  is_multiple({false, "3", 1}, {false, "1", 1})    0.3 is a multiple of 0.1
// Threads:  any thread
// Limits:   json_number_digits_max
// Source:   json-schema-compat.md 6, "Number"
// Tested by tests/unit/compat/json_multiple_test.cpp
#pragma once

#include "compat/json_text/json_numbers.hpp"

namespace symbolon::compat::json {

/// REQUIRES: `factor` is not 0.
bool is_multiple(const Decimal& value, const Decimal& factor);
/// The same number, whatever its scale.
bool is_equal(const Decimal& left, const Decimal& right);

}  // namespace symbolon::compat::json
