#include "api/schema_words.hpp"

#include "core/ascii.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>

namespace symbolon {

namespace {

constexpr bool is_ascii_letter(char letter) {
    return to_lower_ascii(letter) >= 'a' && to_lower_ascii(letter) <= 'z';
}

constexpr bool is_digit_letter(char letter) {
    return letter >= '0' && letter <= '9';
}

// Bytes of letters beyond ASCII are never taken apart.
constexpr bool is_word_letter(char letter) {
    return is_ascii_letter(letter) || is_digit_letter(letter) || letter == '_' || letter == '$' ||
           letter == '.' || letter == '-' || static_cast<unsigned char>(letter) >= 0x80;
}

constexpr bool is_search_space(char letter) {
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | code >> 6U);
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xE0U | code >> 12U);
        byte(0x80U | (code >> 6U & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

// What a JSON string says, near enough to find words in it: a half of a surrogate pair separates.
void decode_json(std::string_view raw, std::string& out) {
    constexpr std::size_t digits = 4;
    out.clear();
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] != '\\') {
            out += raw[at];
            continue;
        }
        ++at;
        if (at + digits >= raw.size() || raw[at] != 'u') {
            out += ' ';
            continue;
        }
        std::uint32_t code = 0;
        for (std::size_t digit = 1; digit <= digits; ++digit) {
            code = code * 16 + find_hex_digit(raw[at + digit]).value_or(0);
        }
        at += digits;
        if (code < 0x20 || (code >= 0xD800 && code < 0xE000)) {
            out += ' ';
        } else {
            append_utf8(out, code);
        }
    }
}

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Walks over the tokens of a JSON text, right or wrong, and picks the strings that carry words.
class JsonWords {
public:
    JsonWords(SchemaType type, std::string_view text, WordList& words)
        : is_avro_(type == SchemaType::avro), text_(text), words_(words) {}

    void collect() {
        while (at_ < text_.size()) {
            const char next = text_[at_];
            if (next == '"') {
                take_string();
                continue;
            }
            if (next == '{') {
                open_object();
            } else if (next == '}') {
                close_object();
            }
            ++at_;
        }
    }

private:
    static constexpr std::array<std::string_view, 5> avro_texts{"name", "doc", "namespace",
                                                                "aliases", "symbols"};
    static constexpr std::array<std::string_view, 6> json_texts{"title",    "description", "enum",
                                                                "$comment", "const",       "$id"};
    static constexpr std::array<std::string_view, 6> json_names{
        "properties",  "patternProperties", "$defs",
        "definitions", "dependentSchemas",  "dependentRequired"};

    void take_string() {
        const std::size_t from = ++at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        const std::string_view raw = text_.substr(from, std::min(at_, text_.size()) - from);
        ++at_;
        while (at_ < text_.size() && is_search_space(text_[at_])) {
            ++at_;
        }
        if (at_ < text_.size() && text_[at_] == ':') {
            key_ = raw;
            if (in_names()) {
                words_.add_words_of_json(raw);
            }
        } else if (is_avro_ ? is_one_of(avro_texts, key_) : is_one_of(json_texts, key_)) {
            words_.add_words_of_json(raw);
        }
    }

    void open_object() {
        // A property may itself be called "properties".
        names_below_.push_back(!is_avro_ && !in_names() && is_one_of(json_names, key_));
        key_ = {};
    }
    void close_object() {
        if (!names_below_.empty()) {
            names_below_.pop_back();
        }
        key_ = {};
    }
    bool in_names() const { return !names_below_.empty() && names_below_.back(); }

    const bool is_avro_;
    std::string_view text_;
    WordList& words_;
    std::size_t at_ = 0;
    std::string_view key_;
    std::vector<bool> names_below_;  ///< for each open object: its members' keys are names
};

constexpr std::array<std::string_view, 45> proto_keywords{
    "bool",    "bytes",    "double",   "edition",  "enum",     "extend",   "extensions", "false",
    "fixed32", "fixed64",  "float",    "group",    "import",   "inf",      "int32",      "int64",
    "map",     "max",      "message",  "nan",      "oneof",    "option",   "optional",   "package",
    "proto2",  "proto3",   "public",   "repeated", "required", "reserved", "returns",    "rpc",
    "service", "sfixed32", "sfixed64", "sint32",   "sint64",   "stream",   "string",     "syntax",
    "to",      "true",     "uint32",   "uint64",   "weak"};
static_assert(std::is_sorted(proto_keywords.begin(), proto_keywords.end()));

class ProtoWords {
public:
    ProtoWords(std::string_view text, WordList& words) : text_(text), words_(words) {}

    void collect() {
        while (at_ < text_.size()) {
            const char next = text_[at_];
            if (text_.substr(at_, 2) == "//") {
                take_comment("\n");
            } else if (text_.substr(at_, 2) == "/*") {
                take_comment("*/");
            } else if (next == '"' || next == '\'') {
                skip_string(next);
            } else if (is_ascii_letter(next) || next == '_') {
                take_identifier();
            } else if (is_digit_letter(next)) {
                skip_number();
            } else {
                ++at_;
            }
        }
    }

private:
    void take_comment(std::string_view end) {
        const std::size_t from = at_ + 2;
        const std::size_t to = std::min(text_.find(end, from), text_.size());
        words_.add_words_of(text_.substr(from, to - from));
        at_ = to + end.size();
    }
    void skip_string(char quote) {
        ++at_;
        while (at_ < text_.size() && text_[at_] != quote) {
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        ++at_;
    }
    void skip_number() {
        while (at_ < text_.size() && is_word_letter(text_[at_])) {
            ++at_;
        }
    }
    void take_identifier() {
        const std::size_t from = at_;
        while (at_ < text_.size() && (is_ascii_letter(text_[at_]) || is_digit_letter(text_[at_]) ||
                                      text_[at_] == '_' || text_[at_] == '.')) {
            ++at_;
        }
        const std::string_view word = text_.substr(from, at_ - from);
        if (!std::binary_search(proto_keywords.begin(), proto_keywords.end(), word)) {
            words_.add_words_of(word);
        }
    }

    std::string_view text_;
    WordList& words_;
    std::size_t at_ = 0;
};

}  // namespace

void WordList::add_whole(std::string_view text) {
    letters_ += to_lower_ascii(text);
    ends_.push_back(static_cast<std::uint32_t>(letters_.size()));
}

void WordList::add_word(std::string_view word) {
    if (ends_.size() < limits::schema_words_max) {
        add_whole(word.substr(0, limits::word_bytes_max));
    }
}

void WordList::add_words_of(std::string_view text) {
    const auto is_edge = [](char letter) { return letter == '.' || letter == '-'; };
    std::size_t at = 0;
    while (at < text.size()) {
        if (!is_word_letter(text[at]) || is_edge(text[at])) {
            ++at;
            continue;
        }
        const std::size_t from = at;
        while (at < text.size() && is_word_letter(text[at])) {
            ++at;
        }
        std::string_view word = text.substr(from, at - from);
        while (is_edge(word.back())) {
            word.remove_suffix(1);
        }
        add_word(word);
    }
}

void WordList::add_words_of_json(std::string_view raw) {
    if (raw.find('\\') == std::string_view::npos) {
        add_words_of(raw);
        return;
    }
    decode_json(raw, decoded_);
    add_words_of(decoded_);
}

void WordList::clear() {
    letters_.clear();
    ends_.clear();
}

std::string_view WordList::operator[](std::size_t at) const {
    const std::size_t from = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(letters_).substr(from, ends_[at] - from);
}

void add_schema_words(SchemaType type, std::string_view text, WordList& words) {
    switch (type) {
        case SchemaType::avro:
        case SchemaType::json:
            JsonWords(type, text, words).collect();
            break;
        case SchemaType::protobuf:
            ProtoWords(text, words).collect();
            break;
    }
}

Result<std::vector<std::string>> parse_search(std::string_view text) {
    if (text.size() > limits::search_bytes_max) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("A search is at most {} bytes long", limits::search_bytes_max)));
    }
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end =
            static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                  text.end(), is_search_space) -
                                     text.begin());
        if (end > at) {
            words.push_back(to_lower_ascii(text.substr(at, end - at)));
        }
        at = end + 1;
    }
    if (words.size() > limits::search_words_max) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("A search is at most {} words", limits::search_words_max)));
    }
    return words;
}

}  // namespace symbolon
