#include "compat/json_schema/json_format_net.hpp"

#include "core/hex.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

constexpr std::string_view sub_delimiters = "!$&'()*+,;=";

bool is_unreserved(char letter) {
    const char lower = static_cast<char>(letter | 0x20);
    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '.' || letter == '_' || letter == '~';
}

// Spec: RFC 3987, 2.2, ucschar and iprivate.
bool is_iri_letter(char32_t code, bool in_query) {
    if ((code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000) {
        return in_query && (code & 0xFFFF) <= 0xFFFD;
    }
    if (code < 0x10000) {
        return (code >= 0xA0 && code <= 0xD7FF) || (code >= 0xF900 && code <= 0xFDCF) ||
               (code >= 0xFDF0 && code <= 0xFFEF);
    }
    return (code & 0xFFFF) <= 0xFFFD && (code < 0xE0000 || code >= 0xE1000);
}

struct UriLetters {
    std::string_view others;  ///< beside the unreserved ones and the sub-delimiters
    Letters letters;
    bool in_query = false;
};

bool is_made_of(std::string_view text, const UriLetters& allowed) {
    for (std::size_t at = 0; at < text.size();) {
        const char letter = text[at];
        if (letter == '%') {
            if (at + 2 >= text.size() || !is_hex_digit(text[at + 1]) ||
                !is_hex_digit(text[at + 2])) {
                return false;
            }
            at += 3;
            continue;
        }
        const char32_t code = take_code_point(text, at);
        const bool good =
            code >= 0x80 ? allowed.letters == Letters::any && is_iri_letter(code, allowed.in_query)
                         : code > 0 && (is_unreserved(letter) ||
                                        sub_delimiters.find(letter) != std::string_view::npos ||
                                        allowed.others.find(letter) != std::string_view::npos);
        if (!good) {
            return false;
        }
    }
    return true;
}

bool is_ip_future(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (text.size() < 4 || (text[0] | 0x20) != 'v' || dot == std::string_view::npos || dot < 2) {
        return false;
    }
    const std::string_view version = text.substr(1, dot - 1);
    const std::string_view rest = text.substr(dot + 1);
    return std::all_of(version.begin(), version.end(), is_hex_digit) && !rest.empty() &&
           rest.find('%') == std::string_view::npos && is_made_of(rest, {":", Letters::ascii});
}

// What stands between "//" and the path.
bool is_authority(std::string_view text, Letters letters) {
    const std::size_t mark = text.rfind('@');
    if (mark != std::string_view::npos) {
        if (!is_made_of(text.substr(0, mark), {":", letters})) {
            return false;
        }
        text.remove_prefix(mark + 1);
    }
    std::size_t host_end = 0;
    if (text.starts_with('[')) {
        host_end = text.find(']');
        if (host_end == std::string_view::npos) {
            return false;
        }
        const std::string_view address = text.substr(1, host_end - 1);
        if (!is_ipv6(address) && !is_ip_future(address)) {
            return false;
        }
        ++host_end;
    } else {
        host_end = std::min(text.find(':'), text.size());
        if (!is_made_of(text.substr(0, host_end), {"", letters})) {
            return false;
        }
    }
    const std::string_view port = text.substr(host_end);
    return port.empty() || (port[0] == ':' && std::all_of(port.begin() + 1, port.end(), [](char c) {
                                return c >= '0' && c <= '9';
                            }));
}

// The scheme with its ":"; empty when there is none.
std::string_view scheme_of(std::string_view text) {
    const std::size_t end = text.find_first_of(":/?#");
    if (end == std::string_view::npos || text[end] != ':' || end == 0) {
        return {};
    }
    const std::string_view scheme = text.substr(0, end);
    const char lower = static_cast<char>(scheme[0] | 0x20);
    const bool good =
        lower >= 'a' && lower <= 'z' && std::all_of(scheme.begin(), scheme.end(), [](char letter) {
            return letter == '+' || (is_unreserved(letter) && letter != '_' && letter != '~');
        });
    return good ? text.substr(0, end + 1) : std::string_view();
}

bool is_variable_name(std::string_view name) {
    bool after_dot = true;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '.') {
            if (after_dot) {
                return false;
            }
            after_dot = true;
            continue;
        }
        if (name[at] == '%') {
            if (at + 2 >= name.size() || !is_hex_digit(name[at + 1]) ||
                !is_hex_digit(name[at + 2])) {
                return false;
            }
            at += 2;
        } else if (!is_unreserved(name[at]) || name[at] == '-' || name[at] == '~') {
            return false;
        }
        after_dot = false;
    }
    return !after_dot;
}

// "name", "name*" or "name:3".
bool is_variable(std::string_view text) {
    if (text.ends_with('*')) {
        text.remove_suffix(1);
    } else if (const std::size_t mark = text.find(':'); mark != std::string_view::npos) {
        const std::string_view length = text.substr(mark + 1);
        constexpr std::size_t digits_max = 4;
        if (length.empty() || length.size() > digits_max || length[0] == '0' ||
            !std::all_of(length.begin(), length.end(),
                         [](char letter) { return letter >= '0' && letter <= '9'; })) {
            return false;
        }
        text = text.substr(0, mark);
    }
    return is_variable_name(text);
}

bool is_expression(std::string_view text) {
    if (!text.empty() && std::string_view("+#./;?&=,!@|").find(text[0]) != std::string_view::npos) {
        text.remove_prefix(1);
    }
    while (true) {
        const std::size_t end = std::min(text.find(','), text.size());
        if (!is_variable(text.substr(0, end))) {
            return false;
        }
        if (end == text.size()) {
            return true;
        }
        text.remove_prefix(end + 1);
    }
}

}  // namespace

bool is_uri_text(std::string_view text, UriPart part, Letters letters) {
    const std::string_view scheme = scheme_of(text);
    if (scheme.empty() && part == UriPart::whole) {
        return false;
    }
    text.remove_prefix(scheme.size());
    if (const std::size_t mark = text.find('#'); mark != std::string_view::npos) {
        if (!is_made_of(text.substr(mark + 1), {":@/?", letters})) {
            return false;
        }
        text = text.substr(0, mark);
    }
    if (const std::size_t mark = text.find('?'); mark != std::string_view::npos) {
        if (!is_made_of(text.substr(mark + 1), {":@/?", letters, true})) {
            return false;
        }
        text = text.substr(0, mark);
    }
    if (text.starts_with("//")) {
        const std::size_t end = std::min(text.find('/', 2), text.size());
        if (!is_authority(text.substr(2, end - 2), letters)) {
            return false;
        }
        text.remove_prefix(end);
    } else if (scheme.empty()) {
        // Otherwise its first segment would read as a scheme.
        const std::size_t colon = text.find(':');
        if (colon != std::string_view::npos && colon < text.find('/')) {
            return false;
        }
    }
    return is_made_of(text, {":@/", letters});
}

// Spec: RFC 6570, 2.
bool is_uri_template(std::string_view text) {
    while (!text.empty()) {
        const std::size_t open = std::min(text.find('{'), text.size());
        const std::string_view literals = text.substr(0, open);
        if (literals.find_first_of("\"<>\\^`|} ") != std::string_view::npos ||
            !is_made_of(literals, {"'\"#/:?@[]", Letters::any, true})) {
            return false;
        }
        if (open == text.size()) {
            return true;
        }
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos ||
            !is_expression(text.substr(open + 1, close - open - 1))) {
            return false;
        }
        text.remove_prefix(close + 1);
    }
    return true;
}

}  // namespace symbolon::compat::json
