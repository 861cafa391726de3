// Which names a schema's text defines, and which it uses without defining them: what it refers to.
//
// Pure functions over one text. One that does not parse has no names; that it does not is found
// where it is checked.
//
// Example:  read_schema_names(SchemaType::protobuf, text).uses[0].name == "common/money.proto"
// Errors:   none
// Units:    lines and columns start at 1; columns count characters
// Threads:  any thread
// Limits:   json_depth_max, references_max, uri_bytes_max, name_bytes_max
// Source:   Avro 1.12 specification, "Names"; JSON Schema 2020-12, 8.2; Protocol Buffers language
//           specification, "Import Statement"
// Tested by tests/unit/gate/tree/schema_names_test.cpp
#pragma once

#include "core/schema_type.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

struct NameUse {
    /// As a registry wants it: an Avro full name, a `$ref` without its fragment, an import's path.
    std::string name{};
    /// What it may stand for as well: the Avro name without a namespace, the `$ref` resolved
    /// against the `$id` in force. May be empty.
    std::string other{};
    std::size_t line = 1;
    std::size_t column = 1;
};

struct SchemaNames {
    bool readable = false;  ///< as JSON; of a .proto text nobody asks
    /// Avro: full name of the type at the top; JSON Schema: title. Empty: it has none.
    std::string title{};
    /// Avro: full names; JSON Schema: the absolute `$id`.
    std::vector<std::string> defined{};
    std::vector<NameUse> uses{};  ///< each name once, where it comes first
};

SchemaNames read_schema_names(SchemaType type, std::string_view text);

/// What {record} stands for: the title, or the full name of the first Protobuf message; empty when
/// there is none. nullopt: the text does not parse.
std::optional<std::string> find_record_name(SchemaType type, std::string_view text,
                                            const SchemaNames& names);

/// True when the text begins as a JSON Schema: a `$schema` of json-schema.org at the top.
/// `text` may be only the beginning of it.
bool looks_like_json_schema(std::string_view text);

}  // namespace symbolon::gate
