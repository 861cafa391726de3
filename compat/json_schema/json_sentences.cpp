#include "compat/json_schema/json_sentences.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace symbolon::compat::json {

namespace {

constexpr std::array kinds_said{
    std::pair{type_array, std::string_view("an array")},
    std::pair{type_boolean, std::string_view("a boolean")},
    std::pair{type_integer, std::string_view("an integer")},
    std::pair{type_null, std::string_view("null")},
    std::pair{type_number, std::string_view("a number")},
    std::pair{type_object, std::string_view("an object")},
    std::pair{type_string, std::string_view("a string")},
};

bool continues_letter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// At most so many bytes, never half a letter.
std::string_view head_of(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) {
        return text;
    }
    while (bytes > 0 && continues_letter(text[bytes])) {
        --bytes;
    }
    return text.substr(0, bytes);
}

std::string as_plural(std::string_view thing, std::uint64_t count) {
    if (count == 1) {
        return std::string(thing);
    }
    return thing.ends_with('y') ? std::string(thing.substr(0, thing.size() - 1)) + "ies"
                                : std::string(thing) + "s";
}

std::string counted(std::uint64_t count, std::string_view thing) {
    return fmt::format("{} {}", count, as_plural(thing, count));
}

}  // namespace

std::uint64_t count_code_points(std::string_view text) {
    return static_cast<std::uint64_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

std::string shortened_path(std::string path) {
    constexpr std::size_t half = limits::error_path_bytes_max / 2;
    if (path.size() <= limits::error_path_bytes_max) {
        return path;
    }
    std::size_t tail = path.size() - half;
    while (tail < path.size() && continues_letter(path[tail])) {
        ++tail;
    }
    return std::string(head_of(path, half)) + "…" + path.substr(tail);
}

std::string quoted(std::string_view text) {
    std::string out;
    const std::string_view head = head_of(text, limits::quoted_bytes_max);
    append_quoted(out, head);
    if (head.size() < text.size()) {
        out.insert(out.size() - 1, "…");
    }
    return out;
}

std::string shown_value(const JsonNode& value) {
    switch (value.kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return value.boolean ? "true" : "false";
        case JsonKind::int32:
        case JsonKind::int64:
            return std::to_string(value.integer);
        case JsonKind::big_integer:
        case JsonKind::real: {
            const std::string text =
                value.text.empty() ? fmt::format("{}", value.real) : std::string(value.text);
            const std::string_view head = head_of(text, limits::quoted_bytes_max);
            return std::string(head) + (head.size() < text.size() ? "…" : "");
        }
        case JsonKind::string:
            return quoted(value.text);
        case JsonKind::array:
            return "This array";
        case JsonKind::object:
            return "This object";
    }
    return {};
}

std::string type_sentence(const JsonNode& value, std::uint8_t types) {
    std::vector<std::string_view> wanted;
    for (const auto& [bit, said] : kinds_said) {
        if ((types & bit) != 0) {
            wanted.push_back(said);
        }
    }
    if (wanted.empty()) {
        return "No type is allowed here.";
    }
    if (wanted.size() == 1) {
        return fmt::format("{} is not {}.", shown_value(value), wanted.front());
    }
    std::string list(wanted.front());
    for (std::size_t at = 1; at < wanted.size(); ++at) {
        list += at + 1 == wanted.size() ? " nor " : ", ";
        list += wanted[at];
    }
    return fmt::format("{} is neither {}.", shown_value(value), list);
}

std::string value_sentence(const JsonNode& value, const ValueRules& rules) {
    if (rules.word == "const") {
        const JsonNode& wanted = *rules.choices.front().value;
        const bool is_scalar = wanted.count == 0 && wanted.kind < JsonKind::array;
        return fmt::format("{} is not {}.", shown_value(value),
                           is_scalar ? shown_value(wanted) : "the constant value");
    }
    if (rules.choices.size() == 1) {
        return fmt::format("{} is not the one allowed value.", shown_value(value));
    }
    return fmt::format("{} is none of the {} allowed values.", shown_value(value),
                       rules.choices.size());
}

std::string limit_sentence(const JsonNode& value, const NumberLimit& limit) {
    if (limit.exclusive) {
        return fmt::format("{} is not {} than {}.", shown_value(value),
                           limit.is_maximum ? "less" : "more", shown_value(*limit.json));
    }
    return fmt::format("{} is {} {}.", shown_value(value),
                       limit.is_maximum ? "more than the maximum" : "less than the minimum",
                       shown_value(*limit.json));
}

std::string factor_sentence(const JsonNode& value, const JsonNode& factor) {
    return fmt::format("{} is not a multiple of {}.", shown_value(value), shown_value(factor));
}

std::string count_sentence(const JsonNode& value, std::uint64_t count, const CountRules& rules,
                           std::string_view thing) {
    const bool few = count < rules.least;
    return fmt::format("{} has {}, {} than {}.", shown_value(value), counted(count, thing),
                       few ? "fewer" : "more", few ? rules.least : rules.most);
}

std::string pattern_sentence(const JsonNode& value, std::string_view pattern) {
    return fmt::format("{} does not match the pattern {}.", shown_value(value), quoted(pattern));
}

std::string format_sentence(const JsonNode& value, std::string_view format) {
    return fmt::format("{} is not of the format {}.", shown_value(value), quoted(format));
}

std::string required_sentence(std::string_view name) {
    return fmt::format("The required property {} is missing.", quoted(name));
}

std::string dependent_sentence(std::string_view trigger, std::string_view name) {
    return fmt::format("The property {} is missing, which {} requires.", quoted(name),
                       quoted(trigger));
}

std::string undeclared_sentence(std::string_view name) {
    return fmt::format("The property {} is not allowed: it is none of the declared ones.",
                       quoted(name));
}

std::string unevaluated_sentence(std::string_view name) {
    return fmt::format("The property {} is not allowed: no schema here knows it.", quoted(name));
}

std::string contains_sentence(std::uint64_t found, const CountRules& rules) {
    if (found > rules.most) {
        return fmt::format(
            "{} of \"contains\" where at most {} may.",
            found == 1 ? "1 item fits the schema" : fmt::format("{} items fit the schema", found),
            rules.most);
    }
    if (rules.least == 1) {
        return "No item fits the schema of \"contains\".";
    }
    return fmt::format("Only {} the schema of \"contains\" where at least {} must.",
                       found == 1 ? "1 item fits" : fmt::format("{} items fit", found),
                       rules.least);
}

std::string unique_sentence(std::uint32_t first, std::uint32_t second) {
    return fmt::format("The items {} and {} are equal.", first, second);
}

std::string several_sentence(const std::vector<std::size_t>& accepted, std::size_t count) {
    constexpr std::size_t told_max = 10;
    std::string list;
    for (std::size_t at = 0; at < accepted.size() && at < told_max; ++at) {
        list += fmt::format("{}{}", at == 0 ? "" : ", ", accepted[at] + 1);
    }
    list += accepted.size() > told_max ? ", …" : "";
    return fmt::format(
        "{} of the {} schemas of \"oneOf\" accept this, where exactly one must: numbers {}.",
        accepted.size(), count, list);
}

std::string none_sentence(std::string_view word, std::size_t count, std::size_t nearest,
                          const std::vector<ValidationError>& reasons) {
    std::string text = count == 1
                           ? fmt::format("The one schema of \"{}\" does not accept this", word)
                           : fmt::format("0 of the {} schemas of \"{}\" accept this", count, word);
    if (nearest == 0 || reasons.empty()) {
        return text + ".";
    }
    text += count == 1 ? ":" : fmt::format("; the nearest is number {}:", nearest);
    for (const ValidationError& reason : reasons) {
        text += reason.instance_path.empty()
                    ? " " + reason.message
                    : fmt::format(" At {}: {}", reason.instance_path, reason.message);
    }
    // Alternatives within alternatives tell theirs within this.
    const std::string_view head = head_of(text, limits::error_reasons_bytes_max);
    return head.size() == text.size() ? text : std::string(head) + "….";
}

}  // namespace symbolon::compat::json
