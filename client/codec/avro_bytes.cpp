#include "client/codec/avro_bytes.hpp"

namespace symbolon::client {

bool read_long_varint(const char*& at, const char* end, std::uint64_t& raw) {
    const char* byte = at;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && byte != end; shift += 7) {
        const auto bits = static_cast<unsigned char>(*byte++);
        if (shift == 63 && bits > 1) {
            return false;
        }
        value |= static_cast<std::uint64_t>(bits & 0x7FU) << shift;
        if (bits < 0x80) {
            raw = value;
            at = byte;
            return true;
        }
    }
    return false;
}

namespace {

/// Bytes of the character at the front, or how many of them could begin one, at least one.
struct Utf8Piece {
    std::size_t size = 1;
    bool whole = false;
};

Utf8Piece first_piece(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes.front());
    if (lead < 0x80) {
        return {1, true};
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return {};
    }
    const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    // What would be too long, a surrogate or above U+10FFFF shows in the second byte.
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (std::size_t at = 1; at < size; ++at) {
        const auto byte = at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
        if (byte < low || byte > high) {
            return {at, false};
        }
        low = 0x80;
        high = 0xBF;
    }
    return {size, true};
}

}  // namespace

std::string mend_utf8(std::string_view bytes) {
    std::string text;
    while (!bytes.empty()) {
        const Utf8Piece piece = first_piece(bytes);
        text += piece.whole ? bytes.substr(0, piece.size) : "\xEF\xBF\xBD";
        bytes.remove_prefix(piece.size);
    }
    return text;
}

}  // namespace symbolon::client
