// The texts of a schema besides the stored one, and what they are called in `?format=`.
//
// Example:  find_text_format(SchemaType::protobuf, "serialized") == TextFormat::serialized
// Threads:  immutable
// Source:   REST contract 3.4, FMT-1
// Tested by tests/unit/compat/compat_test.cpp
#pragma once

#include "core/schema_type.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace symbolon::compat {

enum class TextFormat : std::uint8_t {
    stored,
    resolved,           ///< references written out
    ignore_extensions,  ///< without extensions and custom options
    serialized,         ///< a FileDescriptorProto in base64
};

struct TextFormatRow {
    SchemaType type;
    std::string_view name;
    TextFormat format;
};
inline constexpr std::array text_format_table{
    TextFormatRow{SchemaType::avro, "resolved", TextFormat::resolved},
    TextFormatRow{SchemaType::protobuf, "ignore_extensions", TextFormat::ignore_extensions},
    TextFormatRow{SchemaType::protobuf, "serialized", TextFormat::serialized},
};

/// The format that schemas of `type` have under this name; the stored text under any other.
constexpr TextFormat find_text_format(SchemaType type, std::string_view name) {
    for (const auto& row : text_format_table) {
        if (row.type == type && row.name == name) {
            return row.format;
        }
    }
    return TextFormat::stored;
}

}  // namespace symbolon::compat
