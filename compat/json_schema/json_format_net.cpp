#include "compat/json_schema/json_format_net.hpp"

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::compat::json {

namespace {

constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t host_bytes_max = 253;
constexpr std::size_t local_part_bytes_max = 64;

bool is_host_letter(char letter) {
    const char lower = static_cast<char>(letter | 0x20);
    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9');
}

bool is_ascii_label(std::string_view label) {
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char letter) {
               return is_host_letter(letter) || letter == '-';
           });
}

std::u32string code_points_of(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        out += take_code_point(text, at);
    }
    return out;
}

// Spec: RFC 5892, 2.6: letters that the table of exceptions disallows or allows in a context; and
// what IDNA 2008 calls unstable or no letter although the tables of UTS 46 keep it.
bool is_disallowed(char32_t code) {
    constexpr std::u32string_view exceptions =
        U"\u0640\u07FA\u302E\u302F\u3031\u3032\u3033\u3034\u3035\u303B";
    if (exceptions.find(code) != std::u32string_view::npos) {
        return true;
    }
    constexpr std::u32string_view in_context = U"\u00B7\u0375\u05F3\u05F4\u30FB\u200C\u200D";
    if (code < 0x80 || in_context.find(code) != std::u32string_view::npos) {
        return false;
    }
    const std::uint32_t letters = U_GC_L_MASK | U_GC_MN_MASK | U_GC_MC_MASK | U_GC_ND_MASK;
    const std::uint32_t own = U_MASK(u_charType(static_cast<UChar32>(code)));
    return (own & letters) == 0 && code != 0x06FD && code != 0x06FE && code != 0x0F0B &&
           code != 0x3007;
}

bool is_script(char32_t code, UScriptCode script) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(code), &status) == script;
}

bool all_in_range(std::u32string_view label, char32_t first, char32_t last) {
    return std::any_of(label.begin(), label.end(),
                       [=](char32_t code) { return code >= first && code <= last; });
}

// Spec: RFC 5892, appendix A.
bool has_context(std::u32string_view label, std::size_t at) {
    const auto code_at = [label](std::size_t place) {
        return place < label.size() ? label[place] : U'\0';
    };
    const char32_t before = at == 0 ? U'\0' : label[at - 1];
    const auto is_virama = [](char32_t code) {
        constexpr std::uint8_t virama = 9;
        return code != 0 && u_getCombiningClass(static_cast<UChar32>(code)) == virama;
    };
    switch (label[at]) {
        case U'\u00B7':
            return before == U'l' && code_at(at + 1) == U'l';
        case U'\u0375':
            return is_script(code_at(at + 1), USCRIPT_GREEK);
        case U'\u05F3':
        case U'\u05F4':
            return is_script(before, USCRIPT_HEBREW);
        case U'\u30FB':
            return std::any_of(label.begin(), label.end(), [](char32_t code) {
                return is_script(code, USCRIPT_HIRAGANA) || is_script(code, USCRIPT_KATAKANA) ||
                       is_script(code, USCRIPT_HAN);
            });
        case U'\u200D':
            return is_virama(before);
        default:
            break;
    }
    if (label[at] >= U'\u0660' && label[at] <= U'\u0669') {
        return !all_in_range(label, U'\u06F0', U'\u06F9');
    }
    if (label[at] >= U'\u06F0' && label[at] <= U'\u06F9') {
        return !all_in_range(label, U'\u0660', U'\u0669');
    }
    return true;  // the rule of the zero width non-joiner is the library's
}

bool is_unicode_label(std::u32string_view label) {
    const std::uint32_t marks = U_GC_M_MASK;
    if (label.empty() || label.front() == U'-' || label.back() == U'-' ||
        (label.size() > 3 && label[2] == U'-' && label[3] == U'-') ||
        (U_MASK(u_charType(static_cast<UChar32>(label.front()))) & marks) != 0) {
        return false;
    }
    for (std::size_t at = 0; at < label.size(); ++at) {
        if (is_disallowed(label[at]) || !has_context(label, at)) {
            return false;
        }
    }
    return true;
}

struct CloseIdna {
    void operator()(UIDNA* idna) const { uidna_close(idna); }
};
using IdnaPtr = std::unique_ptr<UIDNA, CloseIdna>;

IdnaPtr open_idna() {
    UErrorCode status = U_ZERO_ERROR;
    return IdnaPtr(uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                       UIDNA_NONTRANSITIONAL_TO_ASCII |
                                       UIDNA_NONTRANSITIONAL_TO_UNICODE,
                                   &status));
}

using ConvertName = decltype(&uidna_nameToASCII_UTF8);

// The name in its other form; empty where it has none.
std::string convert_name(std::string_view name, ConvertName convert) {
    const IdnaPtr idna = open_idna();
    std::string out(name.size() * 8 + 64, '\0');
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t length =
        convert(idna.get(), name.data(), static_cast<std::int32_t>(name.size()), out.data(),
                static_cast<std::int32_t>(out.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0) {
        return {};
    }
    out.resize(static_cast<std::size_t>(length));
    return out;
}

bool has_punycode(std::string_view label) {
    return label.size() >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' &&
           label.substr(2, 2) == "--";
}

// An A-label is one when what it stands for is a U-label that leads back to it.
bool is_punycode_label(std::string_view label) {
    const std::string unicode = convert_name(label, uidna_nameToUnicodeUTF8);
    if (unicode.empty() || !is_unicode_label(code_points_of(unicode))) {
        return false;
    }
    std::string lower(label);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? char(letter | 32) : letter;
    });
    return convert_name(unicode, uidna_nameToASCII_UTF8) == lower;
}

bool is_label(std::string_view label, Letters letters) {
    const bool is_ascii =
        std::all_of(label.begin(), label.end(), [](char byte) { return (byte & 0x80) == 0; });
    if (is_ascii) {
        // "--" in the third place is kept for codes, of which one is in use. RFC 1123 knew none.
        const bool is_reserved =
            letters == Letters::any && label.size() > 3 && label.substr(2, 2) == "--";
        return is_ascii_label(label) && (!is_reserved || has_punycode(label)) &&
               (!has_punycode(label) || is_punycode_label(label));
    }
    if (letters == Letters::ascii || !is_unicode_label(code_points_of(label))) {
        return false;
    }
    const std::string ascii = convert_name(label, uidna_nameToASCII_UTF8);
    return !ascii.empty() && ascii.size() <= label_bytes_max;
}

std::vector<std::string_view> split_labels(std::string_view name, Letters letters) {
    std::vector<std::string_view> labels;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < name.size();) {
        std::size_t length = name[at] == '.' ? 1 : 0;
        if (letters == Letters::any) {
            // Spec: RFC 3490, 3.1: these are dots as well.
            for (const std::string_view dot : {"\u3002", "\uFF0E", "\uFF61"}) {
                length = name.substr(at).starts_with(dot) ? dot.size() : length;
            }
        }
        if (length != 0) {
            labels.push_back(name.substr(begin, at - begin));
            begin = at + length;
        }
        at += std::max<std::size_t>(length, 1);
    }
    labels.push_back(name.substr(begin));
    return labels;
}

bool is_atom_letter(char letter, Letters letters) {
    return is_host_letter(letter) || (letters == Letters::any && (letter & 0x80) != 0) ||
           (letter != '\0' &&
            std::string_view("!#$%&'*+-/=?^_`{|}~").find(letter) != std::string_view::npos);
}

bool is_quoted_local(std::string_view local, Letters letters) {
    if (local.size() < 2 || local.front() != '"' || local.back() != '"') {
        return false;
    }
    local = local.substr(1, local.size() - 2);
    for (std::size_t at = 0; at < local.size(); ++at) {
        const bool escaped = local[at] == '\\';
        at += escaped ? 1 : 0;
        const bool plain = at < local.size() && local[at] >= ' ' && local[at] <= '~';
        const bool wide = at < local.size() && letters == Letters::any && (local[at] & 0x80) != 0;
        if ((!plain && !wide) || (!escaped && local[at] == '"')) {
            return false;
        }
    }
    return true;
}

bool is_dotted_local(std::string_view local, Letters letters) {
    bool after_dot = true;
    for (const char letter : local) {
        const bool is_dot = letter == '.';
        if (is_dot ? after_dot : !is_atom_letter(letter, letters)) {
            return false;
        }
        after_dot = is_dot;
    }
    return !after_dot;
}

}  // namespace

char32_t take_code_point(std::string_view text, std::size_t& at) {
    const auto byte_at = [text](std::size_t place) {
        return place < text.size()
                   ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[place]))
                   : 0U;
    };
    const std::uint32_t first = byte_at(at);
    const std::size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    std::uint32_t code = more == 0 ? first : first & (0x3FU >> more);
    for (std::size_t next = 1; next <= more; ++next) {
        code = (code << 6U) | (byte_at(at + next) & 0x3FU);
    }
    at += more + 1;
    return code;
}

bool is_ipv4(std::string_view text) {
    for (int part = 0; part < 4; ++part) {
        const std::size_t end = part == 3 ? text.size() : text.find('.');
        if (end == std::string_view::npos || end == 0 || end > 3) {
            return false;
        }
        int value = 0;
        const auto read = std::from_chars(text.data(), text.data() + end, value);
        if (read.ptr != text.data() + end || value < 0 || value > 255 ||
            (end > 1 && text[0] == '0') || text[0] == '-') {
            return false;
        }
        text.remove_prefix(part == 3 ? end : end + 1);
    }
    return true;
}

bool is_ipv6(std::string_view text) {
    constexpr int groups_max = 8;
    int groups = 0;
    bool has_gap = false;
    if (text.starts_with("::")) {
        has_gap = true;
        text.remove_prefix(2);
    }
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(':'), text.size());
        if (end == text.size() && text.find('.') != std::string_view::npos) {
            groups += 2;
            if (!is_ipv4(text)) {
                return false;
            }
            break;
        }
        const bool is_group =
            end >= 1 && end <= 4 && std::all_of(text.begin(), text.begin() + end, [](char letter) {
                const char lower = static_cast<char>(letter | 0x20);
                return (letter >= '0' && letter <= '9') || (lower >= 'a' && lower <= 'f');
            });
        if (!is_group) {
            return false;
        }
        ++groups;
        text.remove_prefix(end);
        if (text.starts_with("::")) {
            if (has_gap) {
                return false;
            }
            has_gap = true;
            text.remove_prefix(2);
        } else if (text.starts_with(':')) {
            text.remove_prefix(1);
            if (text.empty()) {
                return false;
            }
        }
    }
    return has_gap ? groups < groups_max : groups == groups_max;
}

bool is_hostname(std::string_view text, Letters letters) {
    if (text.empty() || text.size() > 4 * host_bytes_max) {
        return false;
    }
    for (const std::string_view label : split_labels(text, letters)) {
        if (!is_label(label, letters)) {
            return false;
        }
    }
    if (letters == Letters::ascii) {
        return text.size() <= host_bytes_max;
    }
    // Labels of both directions in one name bind each other.
    const std::string ascii = convert_name(text, uidna_nameToASCII_UTF8);
    return !ascii.empty() && ascii.size() <= host_bytes_max;
}

bool is_email(std::string_view text, Letters letters) {
    const std::size_t mark = text.rfind('@');
    if (mark == std::string_view::npos || mark == 0 ||
        mark > (letters == Letters::any ? 4 : 1) * local_part_bytes_max) {
        return false;
    }
    const std::string_view local = text.substr(0, mark);
    const std::string_view domain = text.substr(mark + 1);
    if (!is_quoted_local(local, letters) && !is_dotted_local(local, letters)) {
        return false;
    }
    if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') {
        const std::string_view address = domain.substr(1, domain.size() - 2);
        return address.starts_with("IPv6:") ? is_ipv6(address.substr(5)) : is_ipv4(address);
    }
    return is_hostname(domain, letters);
}

}  // namespace symbolon::compat::json
