#include "cli/json_indent.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"

#include <cstddef>

namespace symbolon::cli {

namespace {

constexpr std::size_t indent_columns = 2;

/// How many bytes the string at the front takes, with its quotes.
std::size_t string_bytes(std::string_view text) {
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

}  // namespace

std::string indent_json(std::string_view text) {
    if (!parse_json(text)) {
        return std::string(text);
    }
    std::string out;
    std::size_t depth = 0;
    const auto break_line = [&] { out += "\n" + std::string(depth * indent_columns, ' '); };
    for (auto rest = without_blanks(text); !rest.empty(); rest = without_blanks(rest)) {
        if (out.size() > limits::schema_text_bytes_max) {
            return std::string(text);
        }
        const char letter = rest.front();
        const std::size_t bytes = letter == '"' ? string_bytes(rest) : 1;
        const auto token = rest.substr(0, bytes);
        rest.remove_prefix(bytes);
        if (letter == '{' || letter == '[') {
            out += letter;
            const auto next = without_blanks(rest);
            if (!next.empty() && (next.front() == '}' || next.front() == ']')) {
                out += next.front();
                rest = next.substr(1);
            } else {
                ++depth;
                break_line();
            }
        } else if (letter == '}' || letter == ']') {
            --depth;
            break_line();
            out += letter;
        } else if (letter == ',') {
            out += letter;
            break_line();
        } else {
            out += token;
            out += letter == ':' ? " " : "";
        }
    }
    return out;
}

}  // namespace symbolon::cli
