#include "compat/json_schema/json_pattern_text.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace symbolon::compat::json {

namespace {

// Reads a pattern once and writes what it asks for as it goes.
class PatternWriter {
public:
    /// `extra`: how often more than asked for a part is repeated, where it may be.
    PatternWriter(std::string_view pattern, std::size_t extra) : rest_(pattern), extra_(extra) {}

    std::optional<std::string> write() {
        std::string out;
        return alternatives(out, 0) && rest_.empty() ? std::optional(out) : std::nullopt;
    }

private:
    // The first of several is taken, the others are read and dropped.
    bool alternatives(std::string& out, int depth) {
        constexpr int depth_max = 20;
        if (depth > depth_max || !sequence(out, depth)) {
            return false;
        }
        while (take("|")) {
            std::string dropped;
            if (!sequence(dropped, depth)) {
                return false;
            }
        }
        return true;
    }

    bool sequence(std::string& out, int depth) {
        while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
            if (take("^") || take("$") || take("\\b")) {
                continue;
            }
            std::string part;
            std::size_t times = 1;
            if (!atom(part, depth) || !repetition(times) ||
                out.size() + part.size() * times > limits::made_text_bytes_max) {
                return false;
            }
            for (; times > 0; --times) {
                out += part;
            }
        }
        return true;
    }

    bool atom(std::string& out, int depth) {
        if (take("(")) {
            if (take("?")) {
                if (!take(":")) {
                    return false;  // looks around, or has a name
                }
            }
            return alternatives(out, depth + 1) && take(")");
        }
        if (take("[")) {
            return letter_class(out);
        }
        if (take(".")) {
            out += 'a';
            return true;
        }
        if (take("\\")) {
            return escape(out);
        }
        if (std::string_view("*+?{").find(rest_.front()) != std::string_view::npos) {
            return false;
        }
        out += take_letter();
        return true;
    }

    bool escape(std::string& out) {
        if (rest_.empty()) {
            return false;
        }
        const char letter = take_letter();
        switch (letter) {
            case 'd':
                out += '0';
                return true;
            case 'w':
            case 'D':
            case 'S':
                out += 'a';
                return true;
            case 's':
            case 'W':
                out += ' ';
                return true;
            case 't':
                out += '\t';
                return true;
            case 'n':
                out += '\n';
                return true;
            default:
                out += letter;
                // Other letters and digits have meanings that are not known here.
                return std::string_view(".*+?()[]{}|^$/\\-_@:,;!\"'# &%=~<>").find(letter) !=
                       std::string_view::npos;
        }
    }

    // The first letter of the class, or one that an excluding class does not name.
    bool letter_class(std::string& out) {
        const bool excludes = take("^");
        std::array<bool, 128> named{};
        std::optional<char> first;
        while (!rest_.empty() && rest_.front() != ']') {
            std::string letters;
            if (!take("\\")) {
                letters = take_letter();
            } else if (!escape(letters)) {
                return false;
            }
            const auto from = static_cast<unsigned char>(letters[0]);
            auto to = from;
            if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
                rest_.remove_prefix(1);
                to = static_cast<unsigned char>(take_letter());
            }
            if (from > 127 || to > 127 || to == '\\') {
                return false;
            }
            first = first ? first : std::optional(letters[0]);
            std::fill(named.begin() + from, named.begin() + std::max(from, to) + 1, true);
        }
        if (!take("]") || (!first && !excludes)) {
            return false;
        }
        for (const char letter : std::string_view("a0 Z-_.~")) {
            if (excludes && !named[static_cast<unsigned char>(letter)]) {
                first = letter;
                break;
            }
        }
        out += first.value_or('a');
        return true;
    }

    bool repetition(std::size_t& times) {
        bool more = true;
        if (take("?")) {
            times = extra_ > 0 ? 1 : 0;
            more = false;
        } else if (take("*")) {
            times = 0;
        } else if (take("+")) {
            times = 1;
        } else if (take("{")) {
            const auto least = take_number();
            more = take(",");
            const auto most = more ? take_number() : least;
            if (!least || !take("}")) {
                return false;
            }
            times = *least;
            // No more than may be, also where four more are wanted.
            more = more && (!most || *most >= *least + extra_);
        } else {
            more = false;
        }
        take("?");
        times += more ? extra_ : 0;
        return true;
    }

    std::optional<std::size_t> take_number() {
        std::optional<std::size_t> number;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            constexpr std::size_t most = 100'000;
            number = std::min(
                most, number.value_or(0) * 10 + static_cast<std::size_t>(take_letter() - '0'));
        }
        return number;
    }

    bool take(std::string_view word) {
        const bool is_there = rest_.substr(0, word.size()) == word;
        rest_.remove_prefix(is_there ? word.size() : 0);
        return is_there;
    }
    char take_letter() {
        const char letter = rest_.front();
        rest_.remove_prefix(1);
        return letter;
    }

    std::string_view rest_;
    std::size_t extra_;
};

}  // namespace

std::vector<std::string> texts_for_pattern(std::string_view pattern) {
    std::vector<std::string> texts;
    for (const std::size_t extra : {0U, 1U, 4U}) {
        if (auto text = PatternWriter(pattern, extra).write()) {
            if (std::find(texts.begin(), texts.end(), *text) == texts.end()) {
                texts.push_back(std::move(*text));
            }
        }
    }
    return texts;
}

}  // namespace symbolon::compat::json
