#include "client/gateway/masking.hpp"

#include "core/ascii.hpp"
#include "core/hex.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <optional>

namespace symbolon::client {
namespace {

constexpr std::string_view mask = "***";
/// A letter of UTF-8 takes at most so many; masked text is produced a little beyond the cut.
constexpr std::size_t letter_bytes_max = 4;

/// JSON has four blanks. Where it is none, the other control bytes are passed over like them:
/// UTF-16 has a zero beside each letter of a name.
bool is_blank(char byte) {
    return static_cast<unsigned char>(byte) <= 0x20;
}

bool is_letter_or_digit(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || value >= 0x80;
}

std::string normalised(std::string_view name) {
    std::string out;
    for (const char byte : name) {
        if (is_letter_or_digit(byte)) {
            out += to_lower_ascii(byte);
        }
    }
    return out;
}

std::optional<unsigned> find_hex(std::string_view digits) {
    unsigned value = 0;
    for (const char digit : digits) {
        const auto counts = find_hex_digit(digit);
        if (!counts) {
            return std::nullopt;
        }
        value = value << 4U | *counts;
    }
    return value;
}

void append_utf8(std::string& out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

/// A name as it is meant: with its \u escapes undone. Halves of surrogate pairs are letters that no
/// configured word has, and other escapes are neither letters nor digits.
std::string unescaped(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] != '\\') {
            out += name[at];
            continue;
        }
        if (at + 5 < name.size() && name[at + 1] == 'u') {
            if (const auto code = find_hex(name.substr(at + 2, 4))) {
                append_utf8(out, *code);
                at += 5;
                continue;
            }
        }
        ++at;
    }
    return out;
}

/// The offset behind blanks.
std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) {
        ++at;
    }
    return at;
}

/// Masks what is no JSON, or a text within JSON that may hold anything.
class GuessingMasker {
public:
    GuessingMasker(std::string_view text, const MaskRules& rules, std::size_t bytes_max)
        : text_(text), rules_(rules), bytes_max_(bytes_max) {}

    std::string run() {
        while (at_ < text_.size() && out_.size() < bytes_max_) {
            if (!continues_name(at_)) {
                out_ += text_[at_++];
                continue;
            }
            const std::size_t begin = at_;
            while (at_ < text_.size() && continues_name(at_)) {
                ++at_;
            }
            const auto name = text_.substr(begin, at_ - begin);
            out_ += name;
            if (rules_.matches(unescaped(name))) {
                mask_what_follows(begin > 0 && is_quote(begin - 1));
            }
        }
        return std::move(out_);
    }

private:
    /// Names run on over what people put into them; a backslash only before a u.
    bool continues_name(std::size_t at) const {
        const char byte = text_[at];
        return is_letter_or_digit(byte) || byte == '_' || byte == '-' || byte == '.' ||
               (is_blank(byte) && byte != '\n' && byte != '\r') ||
               (byte == '\\' && at + 1 < text_.size() && text_[at + 1] == 'u');
    }

    bool is_quote(std::size_t at) const {
        return at < text_.size() && (text_[at] == '"' || text_[at] == '\'');
    }

    std::size_t skip_clutter(std::size_t at) const {
        while (at < text_.size() && (is_blank(text_[at]) || text_[at] == '\\' || is_quote(at))) {
            ++at;
        }
        return at;
    }

    std::size_t skip_quote(std::size_t at) const {
        while (at < text_.size() && text_[at] == '\\') {
            ++at;
        }
        return is_quote(at) ? at + 1 : at;
    }

    /// Behind blanks and comments, which some take for a part of JSON.
    std::size_t skip_comments(std::size_t at) const {
        while (true) {
            at = skip_blanks(text_, at);
            const auto mark = text_.substr(std::min(at, text_.size()), 2);
            if (mark != "//" && mark != "/*") {
                return at;
            }
            const bool is_line = mark == "//";
            const auto end = text_.find(is_line ? "\n" : "*/", at + 2);
            if (end == std::string_view::npos) {
                return text_.size();
            }
            at = end + (is_line ? 1 : 2);
        }
    }

    /// Whether the field of a form goes on here in percent escapes: quote and colon are among them.
    bool is_percent_escape(std::size_t at) const {
        return at + 2 < text_.size() && text_[at] == '%' &&
               find_hex(text_.substr(at + 1, 2)).has_value();
    }

    /// Behind a matching name: a separator makes it a field; behind a name in quotes, where the
    /// separator was forgotten, anything but the end of its object does.
    void mask_what_follows(bool behind_quote) {
        if (is_percent_escape(at_)) {
            out_ += mask;
            at_ = std::min(text_.find_first_of("&\r\n", at_), text_.size());
            return;
        }
        const std::size_t separator = skip_clutter(at_);
        if (separator >= text_.size()) {
            return;
        }
        std::size_t value = separator;
        if (std::string_view(":=>,").find(text_[separator]) != std::string_view::npos &&
            (text_[separator] != ',' || behind_quote)) {
            value = skip_blanks(text_, separator + 1);
        } else if (behind_quote && (is_quote(at_) || text_[at_] == '\\') &&
                   text_[separator] != '}' && text_[separator] != ']') {
            value = skip_blanks(text_, skip_quote(at_));
        } else {
            return;
        }
        out_ += text_.substr(at_, value - at_);
        value = skip_comments(value);
        at_ = value;
        std::size_t quote = value;
        while (quote < text_.size() && text_[quote] == '\\') {
            ++quote;
        }
        if (is_quote(quote)) {
            out_ += text_.substr(value, quote + 1 - value);
            out_ += mask;
            at_ = end_of_quoted(quote, quote - value);
            return;
        }
        out_ += mask;
        at_ = value < text_.size() && (text_[value] == '{' || text_[value] == '[')
                  ? end_of_group(value)
                  : end_of_bare(value);
    }

    /// Where a value that was opened with `backslashes` and a quote ends: at the same quote with
    /// no more of them, when what follows can follow a value.
    std::size_t end_of_quoted(std::size_t quote, std::size_t backslashes) const {
        const char kind = text_[quote];
        std::size_t run = 0;
        for (std::size_t at = quote + 1; at < text_.size(); ++at) {
            if (text_[at] == '\\') {
                ++run;
                continue;
            }
            if (text_[at] == kind && run <= backslashes && can_end(at + 1)) {
                return at - run;
            }
            run = 0;
        }
        return text_.size();
    }

    /// Whether a quoted value can have ended before `at`.
    bool can_end(std::size_t at) const {
        at = skip_blanks(text_, at);
        if (at >= text_.size() || text_[at] == '}' || text_[at] == ']' || text_[at] == '>' ||
            text_[at] == '/') {
            return true;
        }
        if (text_[at] != ',' && text_[at] != ';') {
            return false;
        }
        at = skip_blanks(text_, at + 1);
        return at >= text_.size() || text_[at] == '{' || text_[at] == '[' || is_field(at);
    }

    /// Behind the bracket that closes the one at `at`; brackets in texts count, too, so that an
    /// end that may be none is not taken for one.
    std::size_t end_of_group(std::size_t at) const {
        std::size_t depth = 0;
        bool in_text = false;
        for (; at < text_.size(); ++at) {
            const char byte = text_[at];
            if (byte == '\\' && in_text) {
                ++at;
            } else if (byte == '"') {
                in_text = !in_text;
            } else if (!in_text && (byte == '{' || byte == '[')) {
                ++depth;
            } else if (!in_text && (byte == '}' || byte == ']') && --depth == 0) {
                return at + 1;
            }
        }
        return text_.size();
    }

    /// A bare value goes on to the end of its line, or to what can only stand behind a value.
    std::size_t end_of_bare(std::size_t at) const {
        for (; at < text_.size(); ++at) {
            const char byte = text_[at];
            if (byte == '\n' || byte == '\r' || byte == '&' || byte == '<' || byte == '}' ||
                byte == ']') {
                break;
            }
            if ((byte == ',' || byte == ';') && is_field(at + 1)) {
                break;
            }
        }
        return at;
    }

    /// Whether a name and a separator stand here.
    bool is_field(std::size_t at) const {
        at = skip_clutter(at);
        const std::size_t begin = at;
        while (at < text_.size() && at - begin < 64 &&
               (is_letter_or_digit(text_[at]) || text_[at] == '_' || text_[at] == '-')) {
            ++at;
        }
        if (at == begin) {
            return false;
        }
        at = skip_clutter(at);
        return at < text_.size() && (text_[at] == ':' || text_[at] == '=');
    }

    std::string_view text_;
    const MaskRules& rules_;
    std::size_t bytes_max_;
    std::size_t at_ = 0;
    std::string out_;
};

/// Masks JSON. REQUIRES: the text is JSON, so that every quote and bracket is where it must be.
class JsonMasker {
public:
    JsonMasker(std::string_view text, const MaskRules& rules, std::size_t bytes_max)
        : text_(text), rules_(rules), bytes_max_(bytes_max) {}

    std::string run() {
        while (at_ < text_.size() && out_.size() < bytes_max_) {
            if (text_[at_] != '"') {
                out_ += text_[at_++];
                continue;
            }
            const std::size_t end = end_of_string(at_);
            const auto content = text_.substr(at_ + 1, end - at_ - 2);
            const std::size_t after = skip_blanks(text_, end);
            if (after < text_.size() && text_[after] == ':') {
                const std::size_t value = skip_blanks(text_, after + 1);
                out_ += text_.substr(at_, value - at_);
                at_ = value;
                if (rules_.matches(unescaped(content))) {
                    mask_value();
                }
                continue;
            }
            out_ += '"';
            out_ += GuessingMasker(content, rules_, bytes_max_ - std::min(bytes_max_, out_.size()))
                        .run();
            out_ += '"';
            at_ = end;
        }
        return std::move(out_);
    }

private:
    /// Behind the closing quote.
    std::size_t end_of_string(std::size_t at) const {
        for (++at; at < text_.size() && text_[at] != '"'; ++at) {
            if (text_[at] == '\\') {
                ++at;
            }
        }
        return std::min(at + 1, text_.size());
    }

    void mask_value() {
        out_ += '"';
        out_ += mask;
        out_ += '"';
        if (at_ < text_.size() && text_[at_] == '"') {
            at_ = end_of_string(at_);
            return;
        }
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char byte = text_[at_];
            if (byte == '"') {
                at_ = end_of_string(at_);
                continue;
            }
            if (byte == '{' || byte == '[') {
                ++depth;
            } else if (byte == '}' || byte == ']') {
                if (depth == 0) {
                    return;  // of what the value stands in
                }
                if (--depth == 0) {
                    ++at_;
                    return;
                }
            } else if (byte == ',' && depth == 0) {
                return;
            }
            ++at_;
        }
    }

    std::string_view text_;
    const MaskRules& rules_;
    std::size_t bytes_max_;
    std::size_t at_ = 0;
    std::string out_;
};

/// Bytes of the letter of UTF-8 at the front of `text`; 0: none stands there.
std::size_t letter_bytes(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < wanted) {
        return 0;
    }
    for (std::size_t at = 1; at < wanted; ++at) {
        if ((byte(at) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const unsigned second = byte(1);
    const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                       (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return wrong ? 0 : wanted;
}

std::string utf8_head(std::string_view text, std::size_t bytes_max) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string out;
    while (!text.empty()) {
        const std::size_t bytes = letter_bytes(text);
        const auto letter = bytes == 0 ? replacement : text.substr(0, bytes);
        if (out.size() + letter.size() > bytes_max) {
            break;
        }
        out += letter;
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

}  // namespace

MaskRules::MaskRules() : MaskRules({"email", "name", "phone"}) {}

MaskRules::MaskRules(const std::vector<std::string>& words) {
    for (const auto& word : words) {
        const bool whole = word.starts_with('=');
        if (auto text = normalised(word); !text.empty()) {
            (whole ? names_ : words_).push_back(std::move(text));
        }
    }
}

bool MaskRules::matches(std::string_view name) const {
    const auto text = normalised(name);
    return std::ranges::find(names_, text) != names_.end() ||
           std::ranges::any_of(words_, [&text](const std::string& word) {
               return text.find(word) != std::string::npos;
           });
}

bool MaskRules::contains_word(std::string_view text) const {
    const auto plain = normalised(text);
    const auto is_in = [&plain](const std::string& word) {
        return plain.find(word) != std::string::npos;
    };
    return std::ranges::any_of(words_, is_in) || std::ranges::any_of(names_, is_in);
}

std::string masked_excerpt(std::string_view body, const MaskRules& rules, std::size_t bytes_max) {
    const std::size_t wanted = bytes_max + letter_bytes_max;
    const auto masked = parse_json(body).has_value() ? JsonMasker(body, rules, wanted).run()
                                                     : GuessingMasker(body, rules, wanted).run();
    return utf8_head(masked, bytes_max);
}

}  // namespace symbolon::client
