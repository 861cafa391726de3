#include "compat/json_schema/json_ecma.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace symbolon::compat::json {

namespace {

constexpr std::string_view digit_set = "0-9";
constexpr std::string_view word_set = "A-Za-z0-9_";
constexpr std::string_view blank_set =
    "\\t\\n\\x0B\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF";

bool is_ascii_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}
bool is_ascii_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// Writes a pattern anew, letter by letter.
class EcmaTranslator {
public:
    explicit EcmaTranslator(std::string_view text) : text_(text) {}

    /// False when something in it is not ECMA-262's.
    bool run() {
        while (at_ < text_.size() && lawful_) {
            in_class_ ? translate_in_class() : translate_outside();
        }
        return lawful_ && !in_class_;
    }
    std::string take() { return std::move(out_); }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void put(std::string_view text, std::size_t taken) {
        out_ += text;
        at_ += taken;
        after_quantifier_ = false;
    }
    void copy(std::size_t count) { put(text_.substr(at_, count), count); }

    void translate_outside() {
        switch (peek()) {
            case '\\':
                return translate_escape();
            case '.':
                return put("[^\\n\\r\\u2028\\u2029]", 1);
            case '$':
                return put("\\z", 1);
            case '[':
                return open_class();
            case '(':
                return open_group();
            case '*':
            case '+':
            case '?':
                return translate_quantifier(1);
            case '{': {
                const std::size_t length = braces_length();
                return length == 0 ? put("\\{", 1) : translate_quantifier(length);
            }
            case '}':
            case ']':
                out_ += '\\';
                return copy(1);
            default:
                return copy(1);
        }
    }

    // The length of "{2}", "{2,}" or "{2,3}"; 0 when it is none.
    std::size_t braces_length() const {
        std::size_t ahead = 1;
        while (is_ascii_digit(peek(ahead))) {
            ++ahead;
        }
        if (ahead == 1) {
            return 0;
        }
        if (peek(ahead) == ',') {
            ++ahead;
            while (is_ascii_digit(peek(ahead))) {
                ++ahead;
            }
        }
        return peek(ahead) == '}' ? ahead + 1 : 0;
    }

    void translate_quantifier(std::size_t length) {
        // Our engine would read a "+" there as possessive.
        lawful_ = lawful_ && !after_quantifier_;
        copy(length);
        if (peek() == '?') {
            copy(1);
        }
        after_quantifier_ = true;
    }

    void open_group() {
        if (peek(1) != '?') {
            return copy(1);
        }
        const char kind = peek(2);
        const bool named = kind == '<' && (is_ascii_letter(peek(3)) || peek(3) == '_');
        const bool behind = kind == '<' && (peek(3) == '=' || peek(3) == '!');
        lawful_ = lawful_ && (kind == ':' || kind == '=' || kind == '!' || named || behind);
        copy(behind ? 4 : 3);
    }

    void open_class() {
        if (peek(1) == ']') {
            return put("(?!)", 2);
        }
        if (peek(1) == '^' && peek(2) == ']') {
            return put("[\\s\\S]", 3);
        }
        in_class_ = true;
        range_end_ = true;  // a "-" that comes first is a letter
        copy(peek(1) == '^' ? 2 : 1);
    }

    void translate_in_class() {
        const char letter = peek();
        if (letter == ']') {
            in_class_ = false;
            return copy(1);
        }
        if (letter == '\\') {
            range_end_ = std::string_view("dDwWsSpP").find(peek(1)) != std::string_view::npos;
            return translate_escape();
        }
        if (letter == '-') {
            const bool is_range = !range_end_ && peek(1) != ']' && peek(1) != '\0';
            range_end_ = is_range;
            return put(is_range ? "-" : "\\-", 1);
        }
        const bool plain = is_ascii_letter(letter) || is_ascii_digit(letter) || letter == ' ' ||
                           static_cast<unsigned char>(letter) >= 0x80 ||
                           static_cast<unsigned char>(letter) < ' ';
        out_ += plain ? "" : "\\";
        range_end_ = false;
        return copy(1);
    }

    void put_set(std::string_view set, bool negated) {
        std::string text(negated ? "[^" : in_class_ ? "" : "[");
        text += set;
        text += negated || !in_class_ ? "]" : "";
        put(text, 2);
    }

    // What our engine calls a word's bound knows more than ASCII.
    void put_word_bound(bool negated) {
        const std::string in = "[" + std::string(word_set) + "]";
        put(negated ? "(?:(?<=" + in + ")(?=" + in + ")|(?<!" + in + ")(?!" + in + "))"
                    : "(?:(?<=" + in + ")(?!" + in + ")|(?<!" + in + ")(?=" + in + "))",
            2);
    }

    void translate_escape() {
        const char letter = peek(1);
        switch (letter) {
            case 'd':
            case 'D':
                return put_set(digit_set, letter == 'D');
            case 'w':
            case 'W':
                return put_set(word_set, letter == 'W');
            case 's':
            case 'S':
                return put_set(blank_set, letter == 'S');
            case 'b':
            case 'B':
                if (in_class_) {
                    lawful_ = lawful_ && letter == 'b';
                    return put("\\x08", 2);
                }
                return put_word_bound(letter == 'B');
            case 'v':
                return put("\\x0B", 2);
            case 'f':
            case 'n':
            case 'r':
            case 't':
                return copy(2);
            case '0':
                lawful_ = lawful_ && !is_ascii_digit(peek(2));
                return put("\\x00", 2);
            case 'c':
                lawful_ = lawful_ && is_ascii_letter(peek(2));
                return copy(3);
            case 'x':
                return translate_code(2, 2);
            case 'u':
                return translate_unicode();
            case 'p':
            case 'P':
                return translate_property();
            case 'k':
                lawful_ = lawful_ && !in_class_ && peek(2) == '<';
                return copy(2);
            default:
                // A back reference, or a letter that would be special; other letters are reserved.
                lawful_ = lawful_ && letter != '\0' && !is_ascii_letter(letter) &&
                          (!in_class_ || !is_ascii_digit(letter));
                return copy(2);
        }
    }

    std::uint32_t read_hex(std::size_t from, std::size_t digits, bool& good) const {
        std::uint32_t code = 0;
        const char* const begin = text_.data() + at_ + from;
        good = at_ + from + digits <= text_.size() && digits != 0;
        if (good) {
            const auto read = std::from_chars(begin, begin + digits, code, 16);
            good = read.ec == std::errc{} && read.ptr == begin + digits;
        }
        return code;
    }

    void put_code(std::uint32_t code, std::size_t taken) {
        std::array<char, 16> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), code, 16);
        put("\\x{" + std::string(digits.data(), end.ptr) + "}", taken);
    }

    void translate_code(std::size_t from, std::size_t digits) {
        bool good = false;
        const std::uint32_t code = read_hex(from, digits, good);
        lawful_ = lawful_ && good;
        put_code(code, from + digits);
    }

    void translate_unicode() {
        if (peek(2) == '{') {
            const std::size_t close = text_.find('}', at_);
            bool good = close != std::string_view::npos && close - at_ - 3 <= 6;
            const std::uint32_t code = good ? read_hex(3, close - at_ - 3, good) : 0;
            lawful_ = lawful_ && good && code <= 0x10FFFF;
            return put_code(code, good ? close - at_ + 1 : 2);
        }
        bool good = false;
        const std::uint32_t high = read_hex(2, 4, good);
        if (good && high >= 0xD800 && high <= 0xDBFF && peek(6) == '\\' && peek(7) == 'u') {
            bool paired = false;
            const std::uint32_t low = read_hex(8, 4, paired);
            if (paired && low >= 0xDC00 && low <= 0xDFFF) {
                return put_code(0x10000U + ((high - 0xD800U) << 10U) + (low - 0xDC00U), 12);
            }
        }
        translate_code(2, 4);
    }

    void translate_property() {
        const std::size_t close = text_.find('}', at_);
        lawful_ = lawful_ && peek(2) == '{' && close != std::string_view::npos;
        copy(lawful_ ? close - at_ + 1 : 2);
    }

    std::string_view text_;
    std::string out_;
    std::size_t at_ = 0;
    bool lawful_ = true;
    bool in_class_ = false;
    bool range_end_ = false;
    bool after_quantifier_ = false;
};

}  // namespace

Result<PatternPtr> compile_ecma_pattern(std::string_view text) {
    EcmaTranslator translator(text);
    if (translator.run()) {
        const std::string translated = translator.take();
        if (auto pattern = compile_pattern(translated)) {
            return pattern;
        }
    }
    return compile_pattern(text);
}

bool is_ecma_pattern(std::string_view text) {
    EcmaTranslator translator(text);
    if (!translator.run()) {
        return false;
    }
    // Our engine looks behind over a bounded length only; what is written there reads as ahead.
    std::string translated = translator.take();
    for (const std::string_view behind : {"(?<=", "(?<!"}) {
        for (std::size_t at = translated.find(behind); at != std::string::npos;
             at = translated.find(behind, at)) {
            translated.erase(at + 2, 1);
        }
    }
    return compile_pattern(translated).has_value();
}

}  // namespace symbolon::compat::json
