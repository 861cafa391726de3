#include "client/wire/text_bytes.hpp"

#include "client/wire/payload_fault.hpp"
#include "core/base64.hpp"
#include "core/guid.hpp"
#include "core/hex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace symbolon::client {
namespace {

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
    auto bytes = decode_hex(text);
    if (bytes) {
        return std::move(*bytes);
    }
    const auto stray = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_hex_digit) - text.begin());
    const auto problem = stray < text.size()
                             ? fmt::format("no digit at character {}", stray)
                             : fmt::format("{} digits are an odd number", text.size());
    return failure(make_payload_error(PayloadFault::corrupt, "not hexadecimal: " + problem, stray));
}

Result<std::string> parse_guid(std::string_view text) {
    constexpr std::size_t quoted_bytes = 40;
    auto bytes = decode_guid(text);
    if (!bytes) {
        return failure(make_payload_error(
            PayloadFault::corrupt,
            fmt::format("\"{}\" is no GUID; one looks like 3f1c8e4a-0000-4000-8000-0123456789ab",
                        text.substr(0, quoted_bytes))));
    }
    return std::move(*bytes);
}

}  // namespace symbolon::client
