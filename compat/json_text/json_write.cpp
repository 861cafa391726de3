#include "compat/json_text/json_numbers.hpp"
#include "compat/json_text/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <new>
#include <vector>

namespace symbolon::compat {

namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none. Spec: Unicode table 3-7.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    const auto is_tail = [&](std::size_t index) { return (byte(index) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(at);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return is_tail(at + 1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        const unsigned second = byte(at + 1);
        const bool overlong = lead == 0xE0 && second < 0xA0;
        const bool surrogate = lead == 0xED && second > 0x9F;
        return !overlong && !surrogate && is_tail(at + 1) && is_tail(at + 2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const unsigned second = byte(at + 1);
        const bool out_of_range =
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
        return !out_of_range && is_tail(at + 1) && is_tail(at + 2) && is_tail(at + 3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::size_t find_bad_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t eight = 0;
        if (at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080808080808080ULL) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const std::size_t length = utf8_length(text, at);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return std::string_view::npos;
}

std::string place_of(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const std::string_view before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_break = before.rfind('\n');
    const std::string_view in_line =
        line_break == std::string_view::npos ? before : before.substr(line_break + 1);
    const auto column = std::count_if(in_line.begin(), in_line.end(), [](char letter) {
        return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
    });
    return fmt::format("line {}, column {}", line, column + 1);
}

namespace {

JsonNode* copy_node(const JsonNode& value, std::pmr::memory_resource& memory) {
    auto* copy = new (memory.allocate(sizeof(JsonNode), alignof(JsonNode))) JsonNode(value);
    copy->next = nullptr;
    const JsonNode** link = &copy->first;
    for (const JsonNode* child = value.first; child != nullptr; child = child->next) {
        JsonNode* const child_copy = copy_node(*child, memory);
        *link = child_copy;
        link = &child_copy->next;
    }
    return copy;
}

}  // namespace

const JsonNode* copy_json(const JsonNode& value, std::pmr::memory_resource& memory) {
    return copy_node(value, memory);
}

namespace {

std::vector<const JsonNode*> sorted_members(const JsonNode& object) {
    std::vector<const JsonNode*> members;
    members.reserve(object.count);
    for (const JsonNode* member = object.first; member != nullptr; member = member->next) {
        members.push_back(member);
    }
    std::sort(members.begin(), members.end(), [](const JsonNode* left, const JsonNode* right) {
        return utf16_less(left->key, right->key);
    });
    return members;
}

bool equal_members(const JsonNode& left, const JsonNode& right) {
    const auto ours = sorted_members(left);
    const auto theirs = sorted_members(right);
    return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                      [](const JsonNode* mine, const JsonNode* other) {
                          return mine->key == other->key && equal_json(*mine, *other);
                      });
}

}  // namespace

bool equal_json(const JsonNode& left, const JsonNode& right) {
    if (left.kind != right.kind || left.count != right.count) {
        return false;
    }
    switch (left.kind) {
        case JsonKind::null:
            return true;
        case JsonKind::boolean:
            return left.boolean == right.boolean;
        case JsonKind::int32:
        case JsonKind::int64:
        case JsonKind::big_integer:
        case JsonKind::string:
            return left.text == right.text;
        case JsonKind::real:
            // The reference compares bit patterns: NaN equals itself, 0.0 and -0.0 differ.
            return std::bit_cast<std::uint64_t>(left.real) ==
                       std::bit_cast<std::uint64_t>(right.real) ||
                   (std::isnan(left.real) && std::isnan(right.real));
        case JsonKind::array: {
            const JsonNode* mine = left.first;
            const JsonNode* other = right.first;
            while (mine != nullptr && other != nullptr && equal_json(*mine, *other)) {
                mine = mine->next;
                other = other->next;
            }
            return mine == nullptr && other == nullptr;
        }
        case JsonKind::object:
            return equal_members(left, right);
    }
    return false;
}

bool contains_kind(const JsonNode& value, JsonKind kind) {
    if (value.kind == kind) {
        return true;
    }
    for (const JsonNode* child = value.first; child != nullptr; child = child->next) {
        if (contains_kind(*child, kind)) {
            return true;
        }
    }
    return false;
}

void append_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    out += '"';
    std::size_t clean = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= ' ' && byte != '"' && byte != '\\') {
            continue;
        }
        out += text.substr(clean, at - clean);
        clean = at + 1;
        out += '\\';
        switch (byte) {
            case '"':
            case '\\':
                out += text[at];
                break;
            case '\b':
                out += 'b';
                break;
            case '\f':
                out += 'f';
                break;
            case '\n':
                out += 'n';
                break;
            case '\r':
                out += 'r';
                break;
            case '\t':
                out += 't';
                break;
            default:
                out += "u00";
                out += hex[byte >> 4U];
                out += hex[byte & 0xFU];
        }
    }
    out += text.substr(clean);
    out += '"';
}

namespace {

void append_children(std::string& out, const JsonNode& value, MemberOrder order) {
    const bool named = value.kind == JsonKind::object;
    const auto append_child = [&](const JsonNode& child, bool is_first) {
        if (!is_first) {
            out += ',';
        }
        if (named) {
            append_quoted(out, child.key);
            out += ':';
        }
        append_json(out, child, order);
    };
    out += named ? '{' : '[';
    if (named && order == MemberOrder::sorted) {
        const auto members = sorted_members(value);
        for (const JsonNode* member : members) {
            append_child(*member, member == members.front());
        }
    } else {
        for (const JsonNode* child = value.first; child != nullptr; child = child->next) {
            append_child(*child, child == value.first);
        }
    }
    out += named ? '}' : ']';
}

}  // namespace

void append_json(std::string& out, const JsonNode& value, MemberOrder order) {
    switch (value.kind) {
        case JsonKind::null:
            out += "null";
            return;
        case JsonKind::boolean:
            out += value.boolean ? "true" : "false";
            return;
        case JsonKind::int32:
        case JsonKind::int64:
        case JsonKind::big_integer:
            out += value.text;
            return;
        case JsonKind::real: {
            if (!value.text.empty()) {
                out += value.text;
                return;
            }
            const bool finite = std::isfinite(value.real);
            out += finite ? "" : "\"";
            append_double(out, value.real);
            out += finite ? "" : "\"";
            return;
        }
        case JsonKind::string:
            append_quoted(out, value.text);
            return;
        case JsonKind::array:
        case JsonKind::object:
            append_children(out, value, order);
    }
}

bool utf16_less(std::string_view left, std::string_view right) {
    const auto [ours, theirs] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    if (ours == left.end() || theirs == right.end()) {
        return ours == left.end() && theirs != right.end();
    }
    // Spec: a surrogate (lead byte F0 and above) sorts below U+E000 to U+FFFF (EE, EF).
    const auto rank = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
    };
    return rank(*ours) < rank(*theirs);
}

}  // namespace symbolon::compat
