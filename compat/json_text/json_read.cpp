#include "compat/json_text/json_text.hpp"

#include "compat/json_text/json_numbers.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>
#include <system_error>
#include <vector>

namespace symbolon::compat {

namespace {

constexpr std::uint32_t highest_code_point = 0x10FFFF;

bool is_json_blank(char letter) {
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

char* append_utf8(std::uint32_t code_point, char* to) {
    const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | (code_point >> 18U));
        put(0x80U | ((code_point >> 12U) & 0x3FU));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
    return to;
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
    if (kind != JsonKind::object) {
        return nullptr;
    }
    for (const JsonNode* member = first; member != nullptr; member = member->next) {
        if (member->key == name) {
            return member;
        }
    }
    return nullptr;
}

std::nullptr_t JsonReader::fail(std::size_t offset, std::string_view what) {
    if (problem_.empty()) {
        problem_ = what;
        problem_offset_ = offset;
    }
    return nullptr;
}

const JsonNode* JsonReader::read() {
    if (const std::size_t bad = find_bad_utf8(text_); bad != std::string_view::npos) {
        return fail(bad, "the text is not UTF-8");
    }
    if (!skip_blanks()) {
        return nullptr;
    }
    const JsonNode* root = read_value(0);
    if (root == nullptr) {
        return nullptr;
    }
    if (dialect_ == JsonDialect::plain) {
        return root;  // Parity: what follows the first value is not looked at
    }
    if (dialect_ == JsonDialect::strict) {
        skip_blanks();
        return at_ == text_.size() ? root : fail(at_, "something follows the value");
    }
    // Parity: after the value even a comment is surplus, and more than JSON's blanks are skipped.
    for (; at_ < text_.size(); ++at_) {
        if (static_cast<unsigned char>(text_[at_]) > ' ') {
            return fail(at_, "something follows the schema");
        }
    }
    return root;
}

bool JsonReader::skip_blanks() {
    while (at_ < text_.size()) {
        if (is_json_blank(text_[at_])) {
            ++at_;
        } else if (text_[at_] != '/' || dialect_ != JsonDialect::avro) {
            return true;
        } else if (!skip_comment()) {
            return false;
        }
    }
    return true;
}

bool JsonReader::skip_comment() {
    const std::size_t begin = at_;
    const char second = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (second == '/') {
        at_ = text_.find_first_of("\r\n", at_);
        at_ = at_ == std::string_view::npos ? text_.size() : at_;
        return true;
    }
    if (second == '*') {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end != std::string_view::npos) {
            at_ = end + 2;
            return true;
        }
        fail(begin, "a comment is not closed");
        return false;
    }
    fail(begin, "unexpected \"/\"");
    return false;
}

JsonNode* JsonReader::new_node(JsonKind kind, std::size_t offset) {
    auto* node = new (nodes_.allocate(sizeof(JsonNode), alignof(JsonNode))) JsonNode;
    node->kind = kind;
    node->offset = static_cast<std::uint32_t>(offset);
    return node;
}

JsonNode* JsonReader::read_value(std::size_t depth) {
    if (at_ >= text_.size()) {
        return fail(at_, "the text ends where a value was expected");
    }
    const std::size_t begin = at_;
    switch (text_[at_]) {
        case '{':
            return read_object(depth + 1);
        case '[':
            return read_array(depth + 1);
        case '"': {
            std::string_view content;
            if (!read_string(content)) {
                return nullptr;
            }
            JsonNode* node = new_node(JsonKind::string, begin);
            node->text = content;
            return node;
        }
        case 't':
            return read_word("true", JsonKind::boolean, begin);
        case 'f':
            return read_word("false", JsonKind::boolean, begin);
        case 'n':
            return read_word("null", JsonKind::null, begin);
        default:
            return read_number();
    }
}

JsonNode* JsonReader::read_word(std::string_view word, JsonKind kind, std::size_t offset) {
    const std::string_view rest = text_.substr(at_);
    const char after = word.size() < rest.size() ? rest[word.size()] : ' ';
    const bool goes_on = (after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z') ||
                         (after >= '0' && after <= '9') || after == '_';
    if (rest.substr(0, word.size()) != word || goes_on) {
        return fail(offset, "this is no JSON value");
    }
    at_ += word.size();
    JsonNode* node = new_node(kind, offset);
    node->boolean = word == "true";
    return node;
}

JsonNode* JsonReader::read_array(std::size_t depth) {
    const std::size_t begin = at_;
    if (depth > limits::json_depth_max) {
        return fail(begin, "the text is nested too deeply");
    }
    JsonNode* array = new_node(JsonKind::array, begin);
    const JsonNode** link = &array->first;
    ++at_;
    if (!skip_blanks()) {
        return nullptr;
    }
    if (at_ < text_.size() && text_[at_] == ']') {
        ++at_;
        return array;
    }
    while (true) {
        JsonNode* item = skip_blanks() ? read_value(depth) : nullptr;
        if (item == nullptr || !skip_blanks()) {
            return nullptr;
        }
        *link = item;
        link = &item->next;
        ++array->count;
        const char next = at_ < text_.size() ? text_[at_] : '\0';
        if (next == ']') {
            ++at_;
            return array;
        }
        if (next != ',') {
            return fail(at_, R"(expected "," or "]")");
        }
        ++at_;
    }
}

JsonNode* JsonReader::read_member(std::size_t depth) {
    if (at_ >= text_.size() || text_[at_] != '"') {
        return fail(at_, "expected a name in quotation marks");
    }
    std::string_view key;
    if (!read_string(key) || !skip_blanks()) {
        return nullptr;
    }
    if (at_ >= text_.size() || text_[at_] != ':') {
        return fail(at_, "expected \":\"");
    }
    ++at_;
    if (!skip_blanks()) {
        return nullptr;
    }
    JsonNode* value = read_value(depth);
    if (value != nullptr) {
        value->key = key;
    }
    return value;
}

JsonNode* JsonReader::read_object(std::size_t depth) {
    const std::size_t begin = at_;
    if (depth > limits::json_depth_max) {
        return fail(begin, "the text is nested too deeply");
    }
    JsonNode* object = new_node(JsonKind::object, begin);
    const JsonNode** link = &object->first;
    ++at_;
    if (!skip_blanks()) {
        return nullptr;
    }
    if (at_ < text_.size() && text_[at_] == '}') {
        ++at_;
        return object;
    }
    while (true) {
        JsonNode* member = skip_blanks() ? read_member(depth) : nullptr;
        if (member == nullptr || !skip_blanks()) {
            return nullptr;
        }
        *link = member;
        link = &member->next;
        ++object->count;
        const char next = at_ < text_.size() ? text_[at_] : '\0';
        if (next == '}') {
            ++at_;
            keep_last_of_repeated(*object);
            return object;
        }
        if (next != ',') {
            return fail(at_, R"(expected "," or "}")");
        }
        ++at_;
    }
}

// Members with one name: the last value takes the first one's place in the list. Sorting, not
// hashing, finds them in large objects, so that no choice of names makes it slow.
void JsonReader::keep_last_of_repeated(JsonNode& object) {
    constexpr std::uint32_t small = 12;
    bool repeated = false;
    std::vector<const JsonNode*> members;
    if (object.count <= small) {
        for (const JsonNode* left = object.first; left != nullptr; left = left->next) {
            for (const JsonNode* right = left->next; right != nullptr; right = right->next) {
                repeated = repeated || left->key == right->key;
            }
        }
    }
    if (object.count > small || repeated) {
        members.reserve(object.count);
        for (const JsonNode* member = object.first; member != nullptr; member = member->next) {
            members.push_back(member);
        }
        std::sort(members.begin(), members.end(), [](const JsonNode* left, const JsonNode* right) {
            return left->key == right->key ? left->offset < right->offset : left->key < right->key;
        });
        const auto same = [](const JsonNode* left, const JsonNode* right) {
            return left->key == right->key;
        };
        repeated = std::adjacent_find(members.begin(), members.end(), same) != members.end();
    }
    if (!repeated) {
        return;
    }
    // One node per name: the first one's place in the text order, the last one's value.
    std::vector<std::pair<const JsonNode*, const JsonNode*>> kept;  // place, value
    for (std::size_t at = 0; at < members.size();) {
        std::size_t end = at + 1;
        while (end < members.size() && members[end]->key == members[at]->key) {
            ++end;
        }
        kept.emplace_back(members[at], members[end - 1]);
        at = end;
    }
    std::sort(kept.begin(), kept.end(), [](const auto& left, const auto& right) {
        return left.first->offset < right.first->offset;
    });
    const JsonNode** link = &object.first;
    for (const auto& [place, value] : kept) {
        JsonNode* copy = new_node(value->kind, value->offset);
        *copy = *value;
        copy->next = nullptr;
        *link = copy;
        link = &copy->next;
    }
    object.count = static_cast<std::uint32_t>(kept.size());
}

JsonNode* JsonReader::read_number() {
    const std::size_t begin = at_;
    const auto peek = [this] { return at_ < text_.size() ? text_[at_] : '\0'; };
    const auto is_digit = [&peek] { return peek() >= '0' && peek() <= '9'; };
    const auto skip_digits = [&] {
        const std::size_t from = at_;
        while (is_digit()) {
            ++at_;
        }
        return at_ - from;
    };
    at_ += peek() == '-' ? 1 : 0;
    const std::size_t first_digit = at_;
    const std::size_t whole = skip_digits();
    if (whole == 0 || (whole > 1 && text_[first_digit] == '0')) {
        return fail(begin, "this is no JSON value");
    }
    bool real = false;
    if (peek() == '.') {
        real = true;
        ++at_;
        if (skip_digits() == 0) {
            return fail(begin, "a number ends in its point");
        }
    }
    if (peek() == 'e' || peek() == 'E') {
        real = true;
        ++at_;
        at_ += peek() == '+' || peek() == '-' ? 1 : 0;
        if (skip_digits() == 0) {
            return fail(begin, "a number has no exponent after its \"e\"");
        }
    }
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if ((real ? digits.size() : whole) > limits::json_number_digits_max) {
        return fail(begin, "a number is too long");
    }
    JsonNode* node = new_node(JsonKind::real, begin);
    if (real) {
        return read_real(*node, digits);
    }
    node->text = digits == "-0" ? digits.substr(1) : digits;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), node->integer);
    const bool narrow = node->integer >= INT32_MIN && node->integer <= INT32_MAX;
    node->kind = read.ec != std::errc{} ? JsonKind::big_integer
                 : narrow               ? JsonKind::int32
                                        : JsonKind::int64;
    return node;
}

JsonNode* JsonReader::read_real(JsonNode& node, std::string_view digits) {
    node.real = parse_real(digits);
    if (dialect_ != JsonDialect::avro) {
        const auto decimal = parse_decimal(digits);
        if (!decimal) {
            return fail(node.offset, "a number has too large an exponent");
        }
        node.text = keep(to_string(*decimal));
    }
    return &node;
}

std::string_view JsonReader::keep(std::string_view text) {
    char* const kept = static_cast<char*>(texts_.allocate(text.size(), 1));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

bool JsonReader::read_string(std::string_view& out) {
    const std::size_t begin = ++at_;
    bool escaped = false;
    for (; at_ < text_.size(); ++at_) {
        const char letter = text_[at_];
        if (letter == '"') {
            const std::size_t end = at_++;
            if (escaped) {
                return unescape(begin, end, out);
            }
            out = text_.substr(begin, end - begin);
            return true;
        }
        if (letter == '\\') {
            escaped = true;
            ++at_;
        } else if (static_cast<unsigned char>(letter) < ' ') {
            fail(at_, "a control character stands in a string");
            return false;
        }
    }
    fail(begin - 1, "a string is not closed");
    return false;
}

bool JsonReader::unescape(std::size_t begin, std::size_t end, std::string_view& out) {
    char* const buffer = static_cast<char*>(texts_.allocate(end - begin, 1));
    char* to = buffer;
    for (std::size_t at = begin; at < end;) {
        if (text_[at] != '\\') {
            *to++ = text_[at++];
        } else if (!read_escape(at, end, to)) {
            fail(at, "an escape in a string is wrong");
            return false;
        }
    }
    out = std::string_view(buffer, static_cast<std::size_t>(to - buffer));
    return true;
}

bool JsonReader::read_escape(std::size_t& at, std::size_t end, char*& to) {
    const char letter = at + 1 < end ? text_[at + 1] : '\0';
    constexpr std::string_view names = "\"\\/bfnrt";
    constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    const std::size_t simple = letter == '\0' ? std::string_view::npos : names.find(letter);
    if (simple != std::string_view::npos) {
        *to++ = values[simple];
        at += 2;
        return true;
    }
    std::uint32_t unit = 0;
    if (letter != 'u' || !read_hex4(at + 2, end, unit)) {
        return false;
    }
    std::size_t length = 6;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        std::uint32_t low = 0;
        if (at + 7 >= end || text_[at + 6] != '\\' || text_[at + 7] != 'u' ||
            !read_hex4(at + 8, end, low) || low < 0xDC00 || low > 0xDFFF) {
            return false;
        }
        unit = 0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U);
        length = 12;
    } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
        return false;
    }
    to = append_utf8(std::min(unit, highest_code_point), to);
    at += length;
    return true;
}

bool JsonReader::read_hex4(std::size_t at, std::size_t end, std::uint32_t& unit) const {
    if (at + 4 > end) {
        return false;
    }
    const char* const from = text_.data() + at;
    const auto read = std::from_chars(from, from + 4, unit, 16);
    return read.ec == std::errc{} && read.ptr == from + 4;
}

}  // namespace symbolon::compat
