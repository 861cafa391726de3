#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace symbolon::gate {

namespace {

struct Decoded {
    char32_t letter = 0;
    std::size_t bytes = 1;
    bool is_valid = false;
};

unsigned char byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// Spec: Unicode 15, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF.
Decoded decode_letter(std::string_view text, std::size_t at) {
    const unsigned char first = byte_at(text, at);
    if (first < 0x80) {
        return {first, 1, true};
    }
    std::size_t bytes = 0;
    char32_t letter = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        bytes = 2;
        letter = first & 0x1FU;
    } else if (first >= 0xE0 && first <= 0xEF) {
        bytes = 3;
        letter = first & 0x0FU;
    } else if (first >= 0xF0 && first <= 0xF4) {
        bytes = 4;
        letter = first & 0x07U;
    } else {
        return {};
    }
    if (text.size() - at < bytes) {
        return {};
    }
    for (std::size_t next = 1; next < bytes; ++next) {
        const unsigned char more = byte_at(text, at + next);
        if ((more & 0xC0U) != 0x80) {
            return {};
        }
        letter = (letter << 6U) | (more & 0x3FU);
    }
    const bool is_overlong = (bytes == 3 && letter < 0x800) || (bytes == 4 && letter < 0x10000);
    const bool is_surrogate = letter >= 0xD800 && letter <= 0xDFFF;
    if (is_overlong || is_surrogate || letter > 0x10FFFF) {
        return {};
    }
    return {letter, bytes, true};
}

struct LetterRange {
    char32_t first;
    char32_t last;
};

template <std::size_t Count>
bool is_in(const std::array<LetterRange, Count>& ranges, char32_t letter) {
    const auto after = std::upper_bound(
        ranges.begin(), ranges.end(), letter,
        [](char32_t wanted, const LetterRange& range) { return wanted < range.first; });
    return after != ranges.begin() && letter <= std::prev(after)->last;
}

// Controls, and what reorders, hides or breaks a line: a schema could show what it does not say.
constexpr std::array escaped_letters{
    LetterRange{0x00, 0x1F},       LetterRange{0x7F, 0x9F},     LetterRange{0xAD, 0xAD},
    LetterRange{0x61C, 0x61C},     LetterRange{0x180E, 0x180E}, LetterRange{0x200B, 0x200C},
    LetterRange{0x200E, 0x200F},   LetterRange{0x2028, 0x202E}, LetterRange{0x2060, 0x206F},
    LetterRange{0xFEFF, 0xFEFF},   LetterRange{0xFFF9, 0xFFFB}, LetterRange{0xFFFE, 0xFFFF},
    LetterRange{0xE0000, 0xE007F},
};
// Marks that stand on the letter before them; the scripts that schemas are likely to quote.
constexpr std::array narrow_letters{
    LetterRange{0x300, 0x36F},   LetterRange{0x483, 0x489},   LetterRange{0x591, 0x5BD},
    LetterRange{0x610, 0x61A},   LetterRange{0x64B, 0x65F},   LetterRange{0x900, 0x902},
    LetterRange{0x93C, 0x93C},   LetterRange{0x941, 0x948},   LetterRange{0x94D, 0x94D},
    LetterRange{0xE31, 0xE31},   LetterRange{0xE34, 0xE3A},   LetterRange{0xE47, 0xE4E},
    LetterRange{0x1AB0, 0x1AFF}, LetterRange{0x1DC0, 0x1DFF}, LetterRange{0x200D, 0x200D},
    LetterRange{0x20D0, 0x20FF}, LetterRange{0xFE00, 0xFE0F}, LetterRange{0xFE20, 0xFE2F},
};
constexpr std::array wide_letters{
    LetterRange{0x1100, 0x115F},   LetterRange{0x231A, 0x231B},   LetterRange{0x2329, 0x232A},
    LetterRange{0x23E9, 0x23EC},   LetterRange{0x2614, 0x2615},   LetterRange{0x26BD, 0x26BE},
    LetterRange{0x2705, 0x2705},   LetterRange{0x274C, 0x274C},   LetterRange{0x2753, 0x2755},
    LetterRange{0x2795, 0x2797},   LetterRange{0x2E80, 0x303E},   LetterRange{0x3041, 0x33FF},
    LetterRange{0x3400, 0x4DBF},   LetterRange{0x4E00, 0x9FFF},   LetterRange{0xA000, 0xA4CF},
    LetterRange{0xA960, 0xA97F},   LetterRange{0xAC00, 0xD7A3},   LetterRange{0xF900, 0xFAFF},
    LetterRange{0xFE30, 0xFE6F},   LetterRange{0xFF00, 0xFF60},   LetterRange{0xFFE0, 0xFFE6},
    LetterRange{0x1F300, 0x1F64F}, LetterRange{0x1F680, 0x1F6FF}, LetterRange{0x1F900, 0x1F9FF},
    LetterRange{0x1FA70, 0x1FAFF}, LetterRange{0x20000, 0x3FFFD},
};

std::string escape_letter(char32_t letter) {
    const auto number = static_cast<std::uint32_t>(letter);
    if (number < 0x80) {
        return fmt::format("\\x{:02x}", number);
    }
    return number > 0xFFFF ? fmt::format("\\U{:08x}", number) : fmt::format("\\u{:04x}", number);
}

std::size_t width_of(char32_t letter) {
    if (letter < 0x300) {
        return 1;
    }
    if (is_in(narrow_letters, letter)) {
        return 0;
    }
    return is_in(wide_letters, letter) ? 2 : 1;
}

}  // namespace

ShownPiece show_piece(std::string_view text, std::size_t at) {
    if (text[at] == '\t') {
        return {"    ", 1, 4};
    }
    const Decoded found = decode_letter(text, at);
    if (!found.is_valid) {
        return {fmt::format("\\x{:02x}", byte_at(text, at)), 1, 4};
    }
    if (is_in(escaped_letters, found.letter)) {
        std::string shown = escape_letter(found.letter);
        const std::size_t columns = shown.size();
        return {std::move(shown), found.bytes, columns};
    }
    return {std::string(text.substr(at, found.bytes)), found.bytes, width_of(found.letter)};
}

std::string to_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char next = text[at];
        if (next >= 0x20 && next < 0x7F) {  // most letters by far
            out += next;
            ++at;
            continue;
        }
        if (next == '\t') {
            out += "\\x09";
            ++at;
            continue;
        }
        const ShownPiece piece = show_piece(text, at);
        out += piece.text;
        at += piece.bytes;
    }
    return out;
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Decoded found = decode_letter(text, at);
        if (found.is_valid) {
            out += text.substr(at, found.bytes);
        } else {
            out += "\xEF\xBF\xBD";
        }
        at += found.bytes;
    }
    return out;
}

std::size_t count_columns(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const ShownPiece piece = show_piece(text, at);
        columns += piece.columns;
        at += piece.bytes;
    }
    return columns;
}

std::string cut_to_columns(std::string_view text, std::size_t columns) {
    constexpr std::string_view mark = "...";
    std::string out;
    std::size_t used = 0;
    std::size_t kept_bytes = 0;  // of `out`, with room for the mark
    for (std::size_t at = 0; at < text.size();) {
        ShownPiece piece = show_piece(text, at);
        if (text[at] == '\t') {
            piece.text = "\\x09";
        }
        if (used + piece.columns > columns) {
            out.resize(kept_bytes);
            out += mark;
            return out;
        }
        used += piece.columns;
        out += piece.text;
        if (used + mark.size() <= columns) {
            kept_bytes = out.size();
        }
        at += piece.bytes;
    }
    return out;
}

}  // namespace symbolon::gate
