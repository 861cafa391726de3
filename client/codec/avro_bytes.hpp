// The pieces that Avro's binary encoding is made of, read and written in place.
//
// Example:  std::uint64_t raw = 0;  if (!read_varint(at, end, raw)) …
// Units:    bytes
// Threads:  any thread
// Source:   Avro 1.12 specification, "Primitive Types"
// Tested by tests/unit/client/codec/avro_decode_test.cpp
#pragma once

#include "compat/json_text/json_text.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace symbolon::client {

inline constexpr std::size_t varint_bytes_max = 10;
inline constexpr std::size_t int_bytes_max = 5;

constexpr std::int64_t from_zigzag(std::uint64_t raw) {
    return static_cast<std::int64_t>((raw >> 1U) ^ (~(raw & 1U) + 1U));
}
constexpr std::uint64_t to_zigzag(std::int64_t integer) {
    return (static_cast<std::uint64_t>(integer) << 1U) ^ static_cast<std::uint64_t>(integer >> 63);
}
static_assert(from_zigzag(to_zigzag(INT64_MIN)) == INT64_MIN);

/// A varint byte by byte; false when it does not end within `end` or does not fit 64 bits.
bool read_long_varint(const char*& at, const char* end, std::uint64_t& raw);

/// A varint; false, and `at` where it was, when it does not end before `end` or exceeds 64 bits.
[[gnu::always_inline]] inline bool read_varint(const char*& at, const char* end,
                                               std::uint64_t& raw) {
    if (at != end && static_cast<signed char>(*at) >= 0) {
        raw = static_cast<unsigned char>(*at++);
        return true;
    }
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t more = 0x8080'8080'8080'8080U;
        if (end - at >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, sizeof(word));
            const std::uint64_t stops = ~word & more;
            if (stops != 0) {
                // Keeps the bytes up to the first one without its high bit, seven bits of each.
                word &= (stops ^ (stops - 1)) & ~more;
                word = (word & 0x007F'007F'007F'007FU) | ((word & 0x7F00'7F00'7F00'7F00U) >> 1U);
                word = (word & 0x0000'3FFF'0000'3FFFU) | ((word & 0x3FFF'0000'3FFF'0000U) >> 2U);
                raw = (word & 0x0000'0000'0FFF'FFFFU) | ((word & 0x0FFF'FFFF'0000'0000U) >> 4U);
                at += std::countr_zero(stops) / 8 + 1;
                return true;
            }
        }
    }
    return read_long_varint(at, end, raw);
}

/// Whether all bytes are below 0x80.
[[gnu::always_inline]] inline bool is_ascii(const char* text, std::size_t size) {
    constexpr std::uint64_t high = 0x8080'8080'8080'8080U;
    std::uint64_t seen = 0;
    std::uint64_t word = 0;
    if (size >= 8) {
        std::size_t at = 0;
        for (; at + 8 <= size; at += 8) {
            std::memcpy(&word, text + at, 8);
            seen |= word;
        }
        std::memcpy(&word, text + size - 8, 8);
        return ((seen | word) & high) == 0;
    }
    if (size >= 4) {
        std::uint32_t low = 0;
        std::uint32_t top = 0;
        std::memcpy(&low, text, 4);
        std::memcpy(&top, text + size - 4, 4);
        return ((low | top) & 0x8080'8080U) == 0;
    }
    unsigned char bits = 0;
    for (std::size_t at = 0; at < size; ++at) {
        bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(text[at]));
    }
    return bits < 0x80;
}

[[gnu::always_inline]] inline bool is_utf8(const char* text, std::size_t size) {
    return is_ascii(text, size) || compat::find_bad_utf8({text, size}) == std::string_view::npos;
}

/// The text with U+FFFD for each piece that is no UTF-8.
std::string mend_utf8(std::string_view bytes);

/// Writes at most varint_bytes_max bytes and answers where they end.
[[gnu::always_inline]] inline char* write_varint(char* to, std::uint64_t raw) {
    while (raw >= 0x80) {
        *to++ = static_cast<char>(raw | 0x80U);
        raw >>= 7U;
    }
    *to++ = static_cast<char>(raw);
    return to;
}

/// Copies without a call what is short, as most texts are; answers where the copy ends.
[[gnu::always_inline]] inline char* copy_short(char* to, const char* from, std::size_t size) {
    if (size >= 8 && size <= 32) {
        char words[16];
        if (size > 16) {
            std::memcpy(words, from, 16);
            std::memcpy(to, words, 16);
            std::memcpy(words, from + size - 16, 16);
            std::memcpy(to + size - 16, words, 16);
        } else {
            std::memcpy(words, from, 8);
            std::memcpy(words + 8, from + size - 8, 8);
            std::memcpy(to, words, 8);
            std::memcpy(to + size - 8, words + 8, 8);
        }
    } else if (size != 0) {
        std::memcpy(to, from, size);
    }
    return to + size;
}

/// The float or double whose bytes stand at `at`, lowest first.
template <class Real, class Bits>
Real read_real(const char* at) {
    static_assert(sizeof(Real) == sizeof(Bits));
    Bits bits = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&bits, at, sizeof(bits));
    } else {
        for (std::size_t byte = sizeof(bits); byte > 0; --byte) {
            bits = static_cast<Bits>(bits << 8U) | static_cast<unsigned char>(at[byte - 1]);
        }
    }
    return std::bit_cast<Real>(bits);
}

template <class Bits>
char* write_bits(char* to, Bits bits) {
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(to, &bits, sizeof(bits));
    } else {
        for (std::size_t byte = 0; byte < sizeof(bits); ++byte) {
            to[byte] = static_cast<char>(bits >> (8 * byte));
        }
    }
    return to + sizeof(bits);
}

}  // namespace symbolon::client
