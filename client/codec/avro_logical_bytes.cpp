#include "client/codec/avro_logical_bytes.hpp"

#include "compat/json_text/json_numbers.hpp"
#include "core/guid.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <system_error>

namespace symbolon::client {

namespace {

struct BigFree {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(char* text) const { OPENSSL_free(text); }
};
using BigNumber = std::unique_ptr<BIGNUM, BigFree>;

unsigned char byte_of(char letter) {
    return static_cast<unsigned char>(letter);
}

bool is_negative(std::string_view bytes) {
    return !bytes.empty() && byte_of(bytes.front()) >= 0x80;
}

void invert(std::string& bytes) {
    for (char& byte : bytes) {
        byte = static_cast<char>(~byte_of(byte));
    }
}

BigNumber to_big(std::string_view bytes) {
    return BigNumber(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                               static_cast<int>(bytes.size()), nullptr));
}

// The digits of the number without its sign; empty when memory ran out.
std::string magnitude_digits(std::string_view bytes) {
    std::string positive(bytes);
    const bool negative = is_negative(bytes);
    if (negative) {
        invert(positive);
    }
    const BigNumber number = to_big(positive);
    if (number == nullptr || (negative && BN_add_word(number.get(), 1) != 1)) {
        return "";
    }
    const std::unique_ptr<char, BigFree> digits(BN_bn2dec(number.get()));
    return digits == nullptr ? "" : std::string(digits.get());
}

bool is_decimal_text(std::string_view text) {
    const auto skip_digits = [&text] {
        const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(end);
        return end;
    };
    const auto skip_any = [&text](std::string_view letters) {
        const bool is_there = !text.empty() && letters.find(text.front()) != std::string_view::npos;
        text.remove_prefix(is_there ? 1 : 0);
        return is_there;
    };
    skip_any("-");
    bool fine = skip_digits() > 0;
    fine = fine && (!skip_any(".") || skip_digits() > 0);
    if (fine && skip_any("eE")) {
        skip_any("+-");
        fine = skip_digits() > 0;
    }
    return fine && text.empty();
}

/// The number without point at `scale`: its digits and sign, or what is wrong.
std::string to_unscaled(std::string_view text, compat::avro::DecimalDigits wanted,
                        compat::Decimal& number) {
    const auto read = is_decimal_text(text) ? compat::parse_decimal(text) : std::nullopt;
    if (!read) {
        return "is no decimal number like -12.50";
    }
    number = *read;
    if (number.digits == "0") {
        return "";
    }
    const std::int64_t missing = wanted.scale - number.scale;
    const auto digits = static_cast<std::int64_t>(number.digits.size());
    if (missing < 0) {
        const std::size_t kept = number.digits.find_last_not_of('0') + 1;
        if (-missing > digits - static_cast<std::int64_t>(kept)) {
            return fmt::format("has more than {} decimal places", wanted.scale);
        }
    }
    constexpr std::int64_t digits_max = limits::decimal_bytes_max * 12 / 5;
    if (digits + missing > wanted.precision) {
        return fmt::format("has more digits than the precision {} allows", wanted.precision);
    }
    if (digits + missing > digits_max) {
        return fmt::format("has more than {} digits; write its bytes as 0x…", digits_max);
    }
    number.digits.resize(static_cast<std::size_t>(digits + missing), '0');
    return "";
}

/// The shortest complement of two.
std::string to_bytes(const compat::Decimal& number) {
    BIGNUM* raw = nullptr;
    const int read = BN_dec2bn(&raw, number.digits.c_str());
    const BigNumber big(raw);
    if (read == 0 || (number.negative && BN_sub_word(big.get(), 1) != 1)) {
        return "";
    }
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(big.get())), '\0');
    BN_bn2bin(big.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    if (bytes.empty() || byte_of(bytes.front()) >= 0x80) {
        bytes.insert(bytes.begin(), '\0');
    }
    if (number.negative) {
        invert(bytes);
    }
    return bytes;
}

std::string check_size(std::optional<std::size_t> size, std::string& bytes) {
    if (!size || bytes.size() == *size) {
        return "";
    }
    if (bytes.size() > *size) {
        return fmt::format("does not fit into {} bytes", *size);
    }
    bytes.insert(0, *size - bytes.size(), is_negative(bytes) ? '\xFF' : '\0');
    return "";
}

std::uint32_t little_endian(std::string_view bytes) {
    return byte_of(bytes[0]) | static_cast<std::uint32_t>(byte_of(bytes[1])) << 8U |
           static_cast<std::uint32_t>(byte_of(bytes[2])) << 16U |
           static_cast<std::uint32_t>(byte_of(bytes[3])) << 24U;
}

void append_little_endian(std::string& out, std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>(number >> shift & 0xFFU);
    }
}

constexpr std::uint64_t part_max = std::numeric_limits<std::uint32_t>::max();

/// One number and its letter of an ISO duration; thousandths after a point, for seconds only.
struct DurationPart {
    std::uint64_t number = 0;
    std::uint64_t thousandths = 0;
    char letter = '\0';
    bool has_point = false;
};

std::optional<DurationPart> take_part(std::string_view& text) {
    DurationPart part;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), part.number);
    if (read.ec != std::errc{} || part.number > part_max) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (!text.empty() && text.front() == '.') {
        part.has_point = true;
        text.remove_prefix(1);
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0 || text.substr(0, digits).find_first_not_of('0', 3) < digits) {
            return std::nullopt;
        }
        for (std::size_t at = 0; at < 3; ++at) {
            part.thousandths = part.thousandths * 10 +
                               static_cast<std::uint64_t>(at < digits ? text[at] - '0' : 0);
        }
        text.remove_prefix(digits);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    part.letter = text.front();
    text.remove_prefix(1);
    return part;
}

struct Duration {
    std::uint64_t months = 0;
    std::uint64_t days = 0;
    std::uint64_t millis = 0;
};

// What a letter stands for before and after the T; false for other letters.
bool add_part(Duration& duration, const DurationPart& part, bool is_time) {
    if (!is_time) {
        duration.months += part.letter == 'Y'   ? part.number * 12
                           : part.letter == 'M' ? part.number
                                                : 0;
        duration.days += part.letter == 'W'   ? part.number * 7
                         : part.letter == 'D' ? part.number
                                              : 0;
        return !part.has_point && std::string_view("YMWD").find(part.letter) < 4;
    }
    const std::uint64_t unit = part.letter == 'H' ? 3'600'000 : part.letter == 'M' ? 60'000 : 1'000;
    duration.millis += part.number * unit + part.thousandths;
    return std::string_view("HMS").find(part.letter) < 3 && (!part.has_point || part.letter == 'S');
}

}  // namespace

void append_decimal(std::string& out, std::string_view bytes, std::int32_t scale) {
    const bool is_long =
        bytes.size() > limits::decimal_bytes_max || scale > limits::decimal_scale_max;
    std::string digits = is_long ? "" : magnitude_digits(bytes);
    if (digits.empty()) {
        out += "0x" + to_hex(bytes);
        return;
    }
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) {
        digits.insert(0, places + 1 - digits.size(), '0');
    }
    out += is_negative(bytes) ? "-" : "";
    out.append(digits, 0, digits.size() - places);
    if (places > 0) {
        out += '.';
        out.append(digits, digits.size() - places);
    }
}

std::string parse_decimal_bytes(std::string_view text, compat::avro::DecimalDigits digits,
                                std::optional<std::size_t> size, std::string& bytes) {
    bytes.clear();
    if (text.starts_with("0x")) {
        auto decoded = decode_hex(text.substr(2));
        if (!decoded) {
            return "has bad hexadecimal digits after 0x";
        }
        bytes = std::move(*decoded);
        return size && bytes.size() != *size
                   ? fmt::format("has {} bytes, not {}", bytes.size(), *size)
                   : "";
    }
    compat::Decimal number;
    std::string problem = to_unscaled(text, digits, number);
    if (!problem.empty()) {
        return problem;
    }
    bytes = to_bytes(number);
    return bytes.empty() ? "is too large a number" : check_size(size, bytes);
}

std::string parse_uuid(std::string_view text, std::string& bytes) {
    auto decoded = decode_guid(text);
    bytes = decoded ? std::move(*decoded) : "";
    return decoded ? "" : "is no uuid like f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
}

void append_duration(std::string& out, std::string_view bytes) {
    const std::uint32_t months = little_endian(bytes);
    const std::uint32_t days = little_endian(bytes.substr(4));
    const std::uint32_t millis = little_endian(bytes.substr(8));
    const auto to = std::back_inserter(out);
    out += 'P';
    if (months > 0) {
        fmt::format_to(to, "{}M", months);
    }
    if (days > 0) {
        fmt::format_to(to, "{}D", days);
    }
    if (millis > 0 || (months == 0 && days == 0)) {
        fmt::format_to(to, "T{}", millis / 1'000);
        if (millis % 1'000 > 0) {
            fmt::format_to(to, ".{:03}", millis % 1'000);
        }
        out += 'S';
    }
}

std::string parse_duration(std::string_view text, std::string& bytes) {
    constexpr std::string_view form = "is no duration like P2M1DT3.25S";
    bytes.clear();
    std::string_view rest = text;
    bool is_time = false;
    Duration duration;
    std::size_t parts = 0;
    constexpr std::size_t parts_max = 8;
    bool fine = rest.starts_with('P');
    rest.remove_prefix(fine ? 1 : 0);
    while (fine && !rest.empty() && parts <= parts_max) {
        if (!is_time && rest.front() == 'T') {
            is_time = true;
            rest.remove_prefix(1);
        }
        const auto part = take_part(rest);
        fine = part && add_part(duration, *part, is_time);
        ++parts;
    }
    if (!fine || parts == 0 || parts > parts_max) {
        return std::string(form);
    }
    if (std::max({duration.months, duration.days, duration.millis}) > part_max) {
        return "is longer than 32 bits of months, days and milliseconds hold";
    }
    append_little_endian(bytes, static_cast<std::uint32_t>(duration.months));
    append_little_endian(bytes, static_cast<std::uint32_t>(duration.days));
    append_little_endian(bytes, static_cast<std::uint32_t>(duration.millis));
    return "";
}

}  // namespace symbolon::client
