#include "client/codec/bytes_text.hpp"

#include "compat/json_text/json_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace symbolon::client {

namespace {

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_value = 0xFF;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_value);
    for (std::size_t at = 0; at < base64_letters.size(); ++at) {
        values[static_cast<unsigned char>(base64_letters[at])] = static_cast<std::uint8_t>(at);
    }
    return values;
}
constexpr auto base64_values = make_base64_values();

std::uint32_t octet(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
    out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::uint32_t three =
            octet(bytes, at) << 16U | octet(bytes, at + 1) << 8U | octet(bytes, at + 2);
        out += base64_letters[three >> 18U];
        out += base64_letters[three >> 12U & 63U];
        out += at + 1 < bytes.size() ? base64_letters[three >> 6U & 63U] : '=';
        out += at + 2 < bytes.size() ? base64_letters[three & 63U] : '=';
    }
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned kept = 0;
    for (const char letter : text) {
        const std::uint32_t value = base64_values[static_cast<unsigned char>(letter)];
        if (value == no_value) {
            return std::nullopt;
        }
        bits = (bits << 6U | value) & 0xFFFFU;
        kept += 6;
        if (kept >= 8) {
            kept -= 8;
            bytes += static_cast<char>(bits >> kept & 0xFFU);
        }
    }
    // Bits that are left over are zero, so that every text has one meaning and one spelling.
    const bool is_clean = (bits & ((1U << kept) - 1U)) == 0;
    return is_clean ? std::optional(std::move(bytes)) : std::nullopt;
}

void append_quoted_bytes(std::string& out, std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 2);
    for (const char letter : bytes) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x80) {
            text += letter;
        } else {
            text += static_cast<char>(0xC0U | byte >> 6U);
            text += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    compat::append_quoted(out, text);
}

std::optional<std::string> parse_byte_characters(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x80) {
            bytes += text[at];
            continue;
        }
        // U+0080 to U+00FF are C2 or C3 and one byte more.
        if ((lead != 0xC2 && lead != 0xC3) || at + 1 == text.size()) {
            return std::nullopt;
        }
        const auto tail = static_cast<unsigned char>(text[++at]);
        bytes += static_cast<char>((lead & 3U) << 6U | (tail & 0x3FU));
    }
    return bytes;
}

}  // namespace symbolon::client
