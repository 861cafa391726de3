#include "compat/json_schema/json_values.hpp"

#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_multiple.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

namespace {

constexpr std::uint64_t hash_factor = 0x9E3779B97F4A7C15ULL;

std::uint64_t stir(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * hash_factor;
    return hash ^ (hash >> 32U);
}

std::uint64_t hash_of_text(std::string_view text, std::uint64_t& steps) {
    steps += text.size() / 16;
    return std::hash<std::string_view>{}(text);
}

std::uint64_t hash_of_parts(bool negative, std::uint64_t digits, std::int64_t scale) {
    while (digits != 0 && digits % 10 == 0) {
        digits /= 10;
        --scale;
    }
    return digits == 0 ? hash_factor
                       : stir(stir(negative ? 3 : 5, digits), static_cast<std::uint64_t>(scale));
}

// Numbers of up to 18 digits without trailing zeros are hashed by these, in every spelling.
std::uint64_t hash_of_number(const JsonNode& number, std::uint64_t& steps) {
    constexpr std::int64_t widest = 1'000'000'000'000'000'000;
    if (number.kind != JsonKind::real && number.kind != JsonKind::big_integer &&
        number.integer > -widest && number.integer < widest) {
        const bool negative = number.integer < 0;
        return hash_of_parts(
            negative, static_cast<std::uint64_t>(negative ? -number.integer : number.integer), 0);
    }
    steps += number.text.size() / 8;
    Decimal decimal = decimal_of(number);
    while (decimal.digits.size() > 1 && decimal.digits.back() == '0') {
        decimal.digits.pop_back();
        --decimal.scale;
    }
    if (decimal.digits.size() <= 18) {
        std::uint64_t digits = 0;
        std::from_chars(decimal.digits.data(), decimal.digits.data() + decimal.digits.size(),
                        digits);
        return hash_of_parts(decimal.negative, digits, decimal.scale);
    }
    return stir(stir(decimal.negative ? 3 : 5, hash_of_text(decimal.digits, steps)),
                static_cast<std::uint64_t>(decimal.scale));
}

std::vector<const JsonNode*> members_by_name(const JsonNode& object) {
    std::vector<const JsonNode*> members;
    members.reserve(object.count);
    for (const JsonNode* member = object.first; member != nullptr; member = member->next) {
        members.push_back(member);
    }
    std::sort(members.begin(), members.end(),
              [](const JsonNode* left, const JsonNode* right) { return left->key < right->key; });
    return members;
}

bool same_members(const JsonNode& left, const JsonNode& right, std::uint64_t& steps) {
    const auto ours = members_by_name(left);
    const auto theirs = members_by_name(right);
    for (std::size_t at = 0; at < ours.size(); ++at) {
        if (ours[at]->key != theirs[at]->key || !same_values(*ours[at], *theirs[at], steps)) {
            return false;
        }
    }
    return true;
}

bool same_numbers(const JsonNode& left, const JsonNode& right) {
    const auto is_narrow = [](const JsonNode& number) {
        return number.kind == JsonKind::int32 || number.kind == JsonKind::int64;
    };
    if (is_narrow(left) && is_narrow(right)) {
        return left.integer == right.integer;
    }
    return is_equal(decimal_of(left), decimal_of(right));
}

}  // namespace

Decimal decimal_of(const JsonNode& number) {
    if (!number.text.empty()) {
        return parse_decimal(number.text).value_or(Decimal{false, "0", 0});
    }
    // Read in a dialect that keeps doubles only.
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.real,
                                   std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    return parse_decimal(text).value_or(Decimal{false, "0", 0});
}

int compare_decimals(const Decimal& left, const Decimal& right) {
    const auto sign = [](const Decimal& number) {
        return number.digits == "0" ? 0 : number.negative ? -1 : 1;
    };
    const int ours = sign(left);
    const int theirs = sign(right);
    if (ours != theirs || ours == 0) {
        return ours - theirs;
    }
    const auto whole_digits = [](const Decimal& number) {
        return static_cast<std::int64_t>(number.digits.size()) - number.scale;
    };
    const std::int64_t lead = whole_digits(left) - whole_digits(right);
    if (lead != 0) {
        return lead > 0 ? ours : -ours;
    }
    const std::size_t common = std::min(left.digits.size(), right.digits.size());
    const int order = left.digits.compare(0, common, right.digits, 0, common);
    if (order != 0) {
        return order > 0 ? ours : -ours;
    }
    const auto is_more = [common](const Decimal& number) {
        return number.digits.find_first_not_of('0', common) != std::string::npos;
    };
    return is_more(left) ? ours : is_more(right) ? -ours : 0;
}

bool is_whole(const JsonNode& number) {
    if (number.kind != JsonKind::real) {
        return true;
    }
    const Decimal decimal = decimal_of(number);
    if (decimal.scale <= 0 || decimal.digits == "0") {
        return true;
    }
    const auto fraction = static_cast<std::size_t>(decimal.scale);
    return fraction < decimal.digits.size() &&
           decimal.digits.find_first_not_of('0', decimal.digits.size() - fraction) ==
               std::string::npos;
}

std::uint64_t hash_of_value(const JsonNode& value, std::uint64_t& steps) {
    ++steps;
    switch (value.kind) {
        case JsonKind::null:
            return 11;
        case JsonKind::boolean:
            return value.boolean ? 13 : 17;
        case JsonKind::int32:
        case JsonKind::int64:
        case JsonKind::big_integer:
        case JsonKind::real:
            return hash_of_number(value, steps);
        case JsonKind::string:
            return stir(19, hash_of_text(value.text, steps));
        case JsonKind::array: {
            std::uint64_t hash = 23;
            for (const JsonNode* item = value.first; item != nullptr; item = item->next) {
                hash = stir(hash, hash_of_value(*item, steps));
            }
            return hash;
        }
        case JsonKind::object: {
            std::uint64_t hash = 29;
            for (const JsonNode* member = value.first; member != nullptr; member = member->next) {
                // A sum: members have no order.
                hash +=
                    stir(stir(31, hash_of_text(member->key, steps)), hash_of_value(*member, steps));
            }
            return hash;
        }
    }
    return 0;
}

bool same_values(const JsonNode& left, const JsonNode& right, std::uint64_t& steps) {
    ++steps;
    if (is_number(left) || is_number(right)) {
        return is_number(left) && is_number(right) && same_numbers(left, right);
    }
    if (left.kind != right.kind || left.count != right.count) {
        return false;
    }
    switch (left.kind) {
        case JsonKind::boolean:
            return left.boolean == right.boolean;
        case JsonKind::string:
            steps += std::min(left.text.size(), right.text.size()) / 16;
            return left.text == right.text;
        case JsonKind::array: {
            const JsonNode* theirs = right.first;
            for (const JsonNode* ours = left.first; ours != nullptr; ours = ours->next) {
                if (!same_values(*ours, *theirs, steps)) {
                    return false;
                }
                theirs = theirs->next;
            }
            return true;
        }
        case JsonKind::object:
            return same_members(left, right, steps);
        default:
            return true;
    }
}

}  // namespace symbolon::compat::json
