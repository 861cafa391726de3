// Numbers as the references read and print them.
//
// Example:  append_double(out, 100000)  appends "100000.0"; 1e21 gives "1.0E21"
// Threads:  any thread
// Source:   Java's Double and BigDecimal; avro-compat.md, "Texts" 1; json-schema-compat.md 12
// Tested by tests/unit/compat/json_text_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::compat {

/// Appends the shortest text that reads back as `value`; NaN and the infinities by name, unquoted.
void append_double(std::string& out, double value);
/// The same for the narrower type: fewer digits suffice.
void append_float(std::string& out, float value);

/// The value of a JSON number's digits; beyond the range it is infinite or zero.
double parse_real(std::string_view digits);
/// The value of a text as the reference takes for float defaults: blanks around, "1f", "0x1p3",
/// "NaN" and "-Infinity" are fine. nullopt for other texts.
std::optional<double> parse_double_text(std::string_view text);

/// A number without rounding: digits * 10^-scale.
struct Decimal {
    bool negative = false;
    std::string digits;  ///< without leading zeros; "0" is zero
    std::int64_t scale = 0;
};
/// The value of a JSON number; nullopt when its scale is beyond 32 bits.
std::optional<Decimal> parse_decimal(std::string_view number);
/// "0.50", "1E+2": plain where the scale says how, else scientific.
std::string to_string(const Decimal& decimal);

}  // namespace symbolon::compat
