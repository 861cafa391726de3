#include "client/wire/text_bytes.hpp"

#include "client/wire/payload_fault.hpp"
#include "core/base64.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cstddef>
#include <optional>

namespace symbolon::client {
namespace {

constexpr int digit_of(char letter) {
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }
    if (letter >= 'a' && letter <= 'f') {
        return letter - 'a' + 10;
    }
    return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

tl::unexpected<Error> no_base64(std::string_view what, std::size_t offset) {
    return failure(make_payload_error(PayloadFault::corrupt,
                                      fmt::format("not base64: {} at character {}", what, offset),
                                      offset));
}

}  // namespace

Result<std::string> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return no_base64(
            fmt::format("{} characters are not a multiple of four, the text ends", text.size()),
            text.size());
    }
    const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
    for (std::size_t at = 0; at < text.size() - padding; ++at) {
        if (!is_base64_letter(text[at])) {
            return no_base64("a character of another alphabet", at);
        }
    }
    auto bytes = decode_base64(text);
    if (!bytes) {
        return no_base64("bits that belong to no byte", text.size() - padding - 1);
    }
    return std::move(*bytes);
}

Result<std::string> parse_hex(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const int digit = digit_of(text[at]);
        if (digit < 0) {
            return failure(make_payload_error(
                PayloadFault::corrupt, fmt::format("not hexadecimal: no digit at character {}", at),
                at));
        }
        if (at % 2 == 0) {
            bytes.push_back(static_cast<char>(digit << 4));
        } else {
            bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | digit);
        }
    }
    if (text.size() % 2 != 0) {
        return failure(make_payload_error(
            PayloadFault::corrupt,
            fmt::format("not hexadecimal: {} digits are an odd number", text.size()), text.size()));
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char each : bytes) {
        const auto byte = static_cast<unsigned char>(each);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

Result<std::string> parse_guid(std::string_view text) {
    constexpr std::size_t guid_letters = 36;
    std::string digits;
    bool good = text.size() == guid_letters;
    for (std::size_t at = 0; good && at < text.size(); ++at) {
        const bool is_dash_place = at == 8 || at == 13 || at == 18 || at == 23;
        good = is_dash_place == (text[at] == '-');
        if (!is_dash_place) {
            digits += text[at];
        }
    }
    auto bytes = parse_hex(digits);
    if (!good || !bytes) {
        return failure(make_payload_error(
            PayloadFault::corrupt,
            fmt::format("\"{}\" is no GUID; one looks like 3f1c8e4a-0000-4000-8000-0123456789ab",
                        text.substr(0, guid_letters + 4))));
    }
    return bytes;
}

std::string to_guid(std::string_view bytes) {
    assert(bytes.size() == guid_bytes);
    std::string text = to_hex(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

}  // namespace symbolon::client
