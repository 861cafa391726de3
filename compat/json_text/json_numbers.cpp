#include "compat/json_text/json_numbers.hpp"

#include "core/hex.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace symbolon::compat {

namespace {

struct Scientific {
    std::string_view digits;  ///< without point, at least two
    int exponent;
};

// Why two digits at least: the reference prints "4.9E-324", not "5E-324"; where one digit would do
// it takes the closest text of two.
template <class Real>
Scientific to_scientific(Real value, std::array<char, 64>& buffer) {
    auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                             std::chars_format::scientific)
                   .ptr;
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    if (text[1] == 'e') {
        end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                            std::chars_format::scientific, 1)
                  .ptr;
        text = std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    }
    const std::size_t mark = text.find('e');
    int exponent = 0;
    const std::size_t from = text[mark + 1] == '+' ? mark + 2 : mark + 1;
    std::from_chars(text.data() + from, text.data() + text.size(), exponent);
    buffer[1] = buffer[0];  // moves the leading digit over the point
    return {text.substr(1, mark - 1), exponent};
}

template <class Real>
void append_real(std::string& out, Real value) {
    if (std::isnan(value)) {
        out += "NaN";
        return;
    }
    if (std::signbit(value)) {
        out += '-';
        value = -value;
    }
    if (std::isinf(value)) {
        out += "Infinity";
        return;
    }
    if (value == 0) {
        out += "0.0";
        return;
    }
    std::array<char, 64> buffer;
    const auto [digits, exponent] = to_scientific(value, buffer);
    const auto count = static_cast<int>(digits.size());
    if (exponent >= 7 || exponent < -3) {
        out += digits[0];
        out += '.';
        out += digits.substr(1);
        out += 'E';
        out += std::to_string(exponent);
    } else if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out += digits.back() == '0' ? digits.substr(0, 1) : digits;
    } else if (exponent >= count - 1) {
        out += digits;
        out.append(static_cast<std::size_t>(exponent - (count - 1)), '0');
        out += ".0";
    } else {
        const auto whole = static_cast<std::size_t>(exponent) + 1;
        out += digits.substr(0, whole);
        out += '.';
        out += digits.substr(whole);
    }
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') {
        text.remove_suffix(1);
    }
    return text;
}

bool is_digit_of(char letter, bool hexadecimal) {
    return (letter >= '0' && letter <= '9') || (hexadecimal && is_hex_digit(letter));
}

std::size_t count_digits(std::string_view text, bool hexadecimal) {
    std::size_t count = 0;
    while (count < text.size() && is_digit_of(text[count], hexadecimal)) {
        ++count;
    }
    return count;
}

// Digits with an optional point, an exponent (needed after hexadecimal digits) and a type letter.
bool is_number_text(std::string_view text) {
    const bool hexadecimal =
        text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    text.remove_prefix(hexadecimal ? 2 : 0);
    std::size_t digits = count_digits(text, hexadecimal);
    text.remove_prefix(digits);
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        const std::size_t after = count_digits(text, hexadecimal);
        text.remove_prefix(after);
        digits += after;
    }
    if (digits == 0) {
        return false;
    }
    const char mark = hexadecimal ? 'p' : 'e';
    const bool has_exponent = !text.empty() && (text[0] | 0x20) == mark;
    if (has_exponent) {
        text.remove_prefix(1);
        text.remove_prefix(!text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0);
        const std::size_t after = count_digits(text, false);
        if (after == 0) {
            return false;
        }
        text.remove_prefix(after);
    } else if (hexadecimal) {
        return false;
    }
    if (!text.empty() && std::string_view("fFdD").find(text[0]) != std::string_view::npos) {
        text.remove_prefix(1);
    }
    return text.empty();
}

}  // namespace

void append_double(std::string& out, double value) {
    append_real(out, value);
}

void append_float(std::string& out, float value) {
    append_real(out, value);
}

double parse_real(std::string_view digits) {
    double value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (read.ec == std::errc::result_out_of_range) {
        // from_chars does not say whether it was too large or too small.
        value = std::strtod(std::string(digits).c_str(), nullptr);
    }
    return value;
}

std::optional<double> parse_double_text(std::string_view text) {
    text = without_blanks(text);
    bool negative = false;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    double value = 0;
    if (text == "NaN") {
        value = std::numeric_limits<double>::quiet_NaN();
    } else if (text == "Infinity") {
        value = std::numeric_limits<double>::infinity();
    } else if (is_number_text(text)) {
        value = std::strtod(std::string(text).c_str(), nullptr);
    } else {
        return std::nullopt;
    }
    return negative ? -value : value;
}

std::optional<Decimal> parse_decimal(std::string_view number) {
    Decimal decimal;
    if (!number.empty() && number[0] == '-') {
        decimal.negative = true;
        number.remove_prefix(1);
    }
    const std::size_t mark = number.find_first_of("eE");
    std::string_view mantissa = number.substr(0, mark);
    std::int64_t exponent = 0;
    if (mark != std::string_view::npos) {
        std::string_view text = number.substr(mark + 1);
        text.remove_prefix(!text.empty() && text[0] == '+' ? 1 : 0);
        if (std::from_chars(text.data(), text.data() + text.size(), exponent).ec != std::errc{}) {
            return std::nullopt;
        }
    }
    const std::size_t point = mantissa.find('.');
    const std::size_t fraction = point == std::string_view::npos ? 0 : mantissa.size() - point - 1;
    // An exponent of 64 bits less a fraction of some digits: checked before it can overflow.
    constexpr std::int64_t widest = std::numeric_limits<std::int32_t>::max();
    if (exponent > widest || exponent < -widest) {
        return std::nullopt;
    }
    decimal.scale = static_cast<std::int64_t>(fraction) - exponent;
    if (decimal.scale > widest || decimal.scale < -widest) {
        return std::nullopt;
    }
    for (const char letter : mantissa) {
        if (letter != '.' && (letter != '0' || !decimal.digits.empty())) {
            decimal.digits += letter;
        }
    }
    if (decimal.digits.empty()) {
        decimal.digits = "0";
        decimal.negative = false;
    }
    return decimal;
}

std::string to_string(const Decimal& decimal) {
    std::string text = decimal.negative ? "-" : "";
    const std::string& digits = decimal.digits;
    const auto count = static_cast<std::int64_t>(digits.size());
    const std::int64_t exponent = count - 1 - decimal.scale;
    constexpr std::int64_t smallest_plain = -6;
    if (decimal.scale == 0) {
        return text + digits;
    }
    if (decimal.scale > 0 && exponent >= smallest_plain) {
        if (count <= decimal.scale) {
            return text + "0." + std::string(static_cast<std::size_t>(decimal.scale - count), '0') +
                   digits;
        }
        const auto whole = static_cast<std::size_t>(count - decimal.scale);
        return text + digits.substr(0, whole) + "." + digits.substr(whole);
    }
    text += digits[0];
    if (count > 1) {
        text += '.';
        text += digits.substr(1);
    }
    if (exponent != 0) {
        text += exponent > 0 ? "E+" : "E";
        text += std::to_string(exponent);
    }
    return text;
}

}  // namespace symbolon::compat
