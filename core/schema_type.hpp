// The schema languages and their names on the wire: the one list of them.
//
// Example:  to_string(SchemaType::avro) == "AVRO"
// Threads:  immutable
// Source:   REST contract 4.2, CAN-6
// Tested by tests/unit/core/schema_type_test.cpp
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon {

enum class SchemaType { avro, json, protobuf };

inline constexpr std::array schema_type_table{
    std::pair{SchemaType::avro, std::string_view{"AVRO"}},
    std::pair{SchemaType::json, std::string_view{"JSON"}},
    std::pair{SchemaType::protobuf, std::string_view{"PROTOBUF"}},
};

constexpr std::string_view to_string(SchemaType type) {
    return schema_type_table[static_cast<std::size_t>(type)].second;
}

/// The type with this wire name (upper case, as the contract spells it); nullopt for any other
/// text.
constexpr std::optional<SchemaType> find_schema_type(std::string_view name) {
    for (const auto& [type, wire_name] : schema_type_table) {
        if (wire_name == name) {
            return type;
        }
    }
    return std::nullopt;
}

}  // namespace symbolon
