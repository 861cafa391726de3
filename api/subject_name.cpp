#include "api/subject_name.hpp"

#include "core/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace symbolon {

namespace {

// One UTF-8 sequence at `at`; 0 bytes when the text there is not UTF-8.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[index]));
    };
    const std::uint32_t first = byte(at);
    if (first < 0x80) {
        return {first, 1};
    }
    std::size_t bytes = 0;
    std::uint32_t value = 0;
    std::uint32_t smallest = 0;
    if ((first & 0xE0U) == 0xC0U) {
        bytes = 2, value = first & 0x1FU, smallest = 0x80;
    } else if ((first & 0xF0U) == 0xE0U) {
        bytes = 3, value = first & 0x0FU, smallest = 0x800;
    } else if ((first & 0xF8U) == 0xF0U) {
        bytes = 4, value = first & 0x07U, smallest = 0x10000;
    } else {
        return {};
    }
    if (text.size() - at < bytes) {
        return {};
    }
    for (std::size_t index = 1; index < bytes; ++index) {
        if ((byte(at + index) & 0xC0U) != 0x80U) {
            return {};
        }
        value = (value << 6U) | (byte(at + index) & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return value < smallest || value > 0x10FFFF || surrogate ? CodePoint{}
                                                             : CodePoint{value, bytes};
}

// Why: names become keys and JSON texts of the store, which must be UTF-8 to be read back.
bool is_clean(std::string_view name) {
    if (name.size() > limits::name_bytes_max) {
        return false;
    }
    for (std::size_t at = 0; at < name.size();) {
        const CodePoint next = code_point_at(name, at);
        if (next.bytes == 0 || next.value < 0x20 || (next.value >= 0x7F && next.value <= 0x9F)) {
            return false;
        }
        at += next.bytes;
    }
    return true;
}

}  // namespace

SubjectName parse_subject_in(std::string_view text, std::string_view context) {
    if (!text.starts_with(":.")) {
        return {std::string(context), std::string(text)};
    }
    const auto colon = text.find(':', 1);
    if (colon == std::string_view::npos) {
        return {std::string(text.substr(1)), {}};
    }
    return {std::string(text.substr(1, colon - 1)), std::string(text.substr(colon + 1))};
}

SubjectName parse_subject(std::string_view text) {
    return parse_subject_in(text, default_context);
}

std::string to_text(const SubjectName& subject) {
    // A name in the default context that looks qualified keeps its prefix, or it would name
    // another.
    if (subject.context == default_context && !subject.name.starts_with(":.")) {
        return subject.name;
    }
    return ":" + subject.context + ":" + subject.name;
}

SubjectPrefix parse_subject_prefix(const std::optional<std::string>& text) {
    constexpr std::string_view wildcard = ":*:";
    if (!text) {
        return {};
    }
    if (text->starts_with(wildcard)) {
        return {std::nullopt, text->substr(wildcard.size())};
    }
    SubjectName split = parse_subject(*text);
    return {std::move(split.context), std::move(split.name)};
}

std::string context_prefix(std::string_view context) {
    return context == default_context ? std::string() : ":" + std::string(context) + ":";
}

Status check_scope_name(const SubjectName& scope) {
    const bool reserved = scope.name == "__GLOBAL" || scope.name == "__EMPTY";
    if (reserved || !is_clean(scope.name) || !is_clean(scope.context)) {
        return failure(make_error(ErrorCode::invalid_subject, to_text(scope)));
    }
    return {};
}

Status check_subject(const SubjectName& subject) {
    if (subject.context == global_context) {
        return failure(make_error(ErrorCode::invalid_subject, to_text(subject)));
    }
    return check_scope_name(subject);
}

}  // namespace symbolon
