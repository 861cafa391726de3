// Floating-point numbers as the reference reads and prints them.
//
// Example:  append_double(out, 100000)  appends "100000.0"; 1e21 gives "1.0E21"
// Threads:  any thread
// Source:   Java's Double.toString and Double.parseDouble; avro-compat.md, "Texts" 1
// Tested by tests/unit/compat/avro_json_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::compat::avro {

/// Appends the shortest text that reads back as `value`; NaN and the infinities by name, unquoted.
void append_double(std::string& out, double value);
/// The same for the narrower type: fewer digits suffice.
void append_float(std::string& out, float value);

/// The value of a JSON number's digits; beyond the range it is infinite or zero.
double parse_real(std::string_view digits);
/// The value of a text as the reference takes for float defaults: blanks around, "1f", "0x1p3",
/// "NaN" and "-Infinity" are fine. nullopt for other texts.
std::optional<double> parse_double_text(std::string_view text);

}  // namespace symbolon::compat::avro
