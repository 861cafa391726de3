#include "compat/protobuf/proto_reader.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace symbolon::compat::protobuf {

namespace {

constexpr std::string_view unexpected_end = "unexpected end of file";

bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f' ||
           byte == '\v';
}

bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

std::uint32_t digit_value(char byte) {
    if (byte >= '0' && byte <= '9') {
        return static_cast<std::uint32_t>(byte - '0');
    }
    const char lower = static_cast<char>(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<std::uint32_t>(lower - 'a' + 10) : 16;
}

std::size_t utf8_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
        return;
    }
    if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
    } else {
        if (code < 0x10000) {
            out += static_cast<char>(0xE0U | (code >> 12U));
        } else {
            out += static_cast<char>(0xF0U | (code >> 18U));
            out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
        }
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    }
    out += static_cast<char>(0x80U | (code & 0x3FU));
}

void ProtoReader::fail(Place place, std::string_view what) {
    fail_without_place(fmt::format("Syntax error in :{}:{}: {}", place.line, place.column, what));
}

void ProtoReader::fail_without_place(std::string what) {
    if (problem_.empty()) {
        problem_ = std::move(what);
    }
    at_ = text_.size();
}

void ProtoReader::advance() {
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte == '\n') {
        ++place_.line;
        place_.column = 1;
    } else if ((byte & 0xC0U) != 0x80U) {
        place_.column += byte >= 0xF0U ? 2 : 1;  // a character beyond 16 bits is two units
    }
}

void ProtoReader::skip_space() {
    while (!at_end()) {
        const char byte = text_[at_];
        if (is_space(byte)) {
            advance();
        } else if (byte == '/') {
            skip_comment();
        } else {
            return;
        }
    }
}

void ProtoReader::skip_comment() {
    advance();
    const char kind = at_end() ? '\0' : text_[at_];
    if (kind == '/') {
        while (!at_end() && text_[at_] != '\n') {
            advance();
        }
        return;
    }
    if (kind != '*') {
        return fail(place_, "unexpected '/'");
    }
    advance();
    for (char before = '\0'; !at_end();) {
        const char byte = text_[at_];
        advance();
        if (before == '*' && byte == '/') {
            return;
        }
        before = byte;
    }
    fail(place_, "unterminated comment");
}

char ProtoReader::peek() {
    skip_space();
    if (at_end()) {
        fail(place_, unexpected_end);
        return '\0';
    }
    return text_[at_];
}

bool ProtoReader::take(char wanted) {
    if (peek() != wanted || failed()) {
        return false;
    }
    advance();
    return true;
}

void ProtoReader::expect(char wanted) {
    const char found = peek();
    if (failed()) {
        return;
    }
    const std::size_t from = at_;
    for (std::size_t bytes = utf8_length(found); bytes > 0 && !at_end(); --bytes) {
        advance();
    }
    if (found != wanted) {
        fail(place_, fmt::format("expected '{}' but was '{}'", wanted,
                                 text_.substr(from, utf8_length(found))));
    }
}

std::string_view ProtoReader::wide_word(std::string_view more) {
    skip_space();
    const std::size_t from = at_;
    while (!at_end() &&
           (is_word_byte(text_[at_]) || more.find(text_[at_]) != std::string_view::npos)) {
        advance();
    }
    if (from == at_) {
        fail(place_, at_end() ? unexpected_end : "expected a word");
        return {};
    }
    if (at_ - from > limits::name_bytes_max) {
        fail(place_, fmt::format("a word is longer than {} bytes", limits::name_bytes_max));
        return {};
    }
    return text_.substr(from, at_ - from);
}

std::string_view ProtoReader::word() {
    return wide_word({});
}

std::string ProtoReader::name(char& opening) {
    opening = peek();
    if (opening != '(' && opening != '[') {
        opening = '\0';
        return std::string(word());
    }
    expect(opening);
    std::string inner(wide_word(opening == '[' ? "/" : ""));
    expect(opening == '(' ? ')' : ']');
    return inner;
}

std::string ProtoReader::quoted() {
    std::string out;
    for (char next = peek(); next == '"' || next == '\''; next = at_end() ? '\0' : text_[at_]) {
        read_literal(out);
        skip_space();
    }
    return out;
}

void ProtoReader::read_literal(std::string& out) {
    const char quote = text_[at_];
    advance();
    while (!at_end() && text_[at_] != quote) {
        const char byte = text_[at_];
        advance();
        if (byte == '\\') {
            read_escape(out);
        } else {
            out += byte;
        }
    }
    if (at_end()) {
        return fail(place_, "unterminated string");
    }
    advance();
}

std::uint32_t ProtoReader::digits(std::uint32_t base, std::size_t most) {
    std::uint32_t value = 0;
    std::size_t count = 0;
    while (count < most && !at_end() && digit_value(text_[at_]) < base) {
        value = value * base + digit_value(text_[at_]);
        advance();
        ++count;
    }
    if (count == 0) {
        fail(place_, "expected a digit after \\x or \\X");
    }
    return value;
}

void ProtoReader::read_escape(std::string& out) {
    constexpr std::uint32_t unicode_max = 0x10FFFF;
    if (at_end()) {
        return;
    }
    const char kind = text_[at_];
    if (kind >= '0' && kind <= '7') {
        out += static_cast<char>(digits(8, 3) & 0xFFU);
        return;
    }
    advance();
    constexpr std::string_view letters = "abfnrtv";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v";
    if (const std::size_t found = letters.find(kind); found != std::string_view::npos) {
        out += meanings[found];
    } else if (kind == 'x' || kind == 'X') {
        out += static_cast<char>(digits(16, 2));
    } else if (kind == 'u' || kind == 'U') {
        const std::uint32_t code = digits(16, kind == 'u' ? 4 : 8);
        if (code > unicode_max || (code >= 0xD800 && code < 0xE000)) {
            return fail(place_, "not a Unicode character");
        }
        append_utf8(out, code);
    } else {
        out += kind;
    }
}

std::int32_t ProtoReader::to_integer(std::string_view word, bool decimal_only) {
    std::string_view digits = word;
    const bool negative = digits.starts_with('-');
    digits.remove_prefix(negative ? 1 : 0);
    int base = 10;
    if (!decimal_only && (digits.starts_with("0x") || digits.starts_with("0X"))) {
        base = 16;
        digits.remove_prefix(2);
    } else if (!decimal_only && digits.size() > 1 && digits.starts_with('0')) {
        base = 8;
    }
    std::int64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value, base);
    value = negative ? -value : value;
    if (digits.starts_with('-') || read.ec != std::errc() || read.ptr != end ||
        value > std::numeric_limits<std::int32_t>::max() ||
        value < std::numeric_limits<std::int32_t>::min()) {
        fail_without_place(fmt::format("For input string: \"{}\"", word));
        return 0;
    }
    return static_cast<std::int32_t>(value);
}

std::int32_t ProtoReader::integer() {
    const std::string_view text = word();
    return failed() ? 0 : to_integer(text, false);
}

std::int32_t ProtoReader::decimal_integer() {
    const std::string_view text = word();
    return failed() ? 0 : to_integer(text, true);
}

}  // namespace symbolon::compat::protobuf
