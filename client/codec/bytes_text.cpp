#include "client/codec/bytes_text.hpp"

#include "compat/json_text/json_text.hpp"

#include <cstddef>

namespace symbolon::client {

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
