// The tree of a parsed Avro schema, and the ParsedSchema that offers it to the registry.
//
// A type that is written out twice is two nodes; a type that is named again is the same node. The
// checker's lists depend on that (avro-compat.md, "The check" 6).
//
// Threads:  immutable once parsed; any thread
// Limits:   check_steps_max, schema_text_bytes_max, json_depth_max
// Source:   Avro 1.12 specification, "Schema Declaration"
// Tested by tests/unit/compat/avro_parse_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/json_text/json_text.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::avro {

enum class AvroKind : std::uint8_t {
    null,
    boolean,
    int32,
    int64,
    float32,
    float64,
    bytes,
    string,
    record,
    enumeration,
    array,
    map,
    union_of,
    fixed,
    unresolved,  ///< a name met before its definition; gone when parsing is done
};

/// The word in schema texts, such as "int".
std::string_view to_string(AvroKind kind);
/// The word in the reference's messages, such as "INT".
std::string_view to_upper_string(AvroKind kind);

constexpr bool is_primitive(AvroKind kind) {
    return kind <= AvroKind::string;
}
constexpr bool is_named(AvroKind kind) {
    return kind == AvroKind::record || kind == AvroKind::enumeration || kind == AvroKind::fixed;
}

/// A full name in its two parts; an empty space means none.
struct AvroName {
    std::string_view space;
    std::string_view last;

    friend auto operator<=>(const AvroName&, const AvroName&) = default;
};
std::string to_string(const AvroName& name);

/// A logical type that the reference knows and finds valid on its node.
enum class LogicalType : std::uint8_t { none, decimal, other };

enum class FieldOrder : std::uint8_t { ascending, descending, ignore };

struct AvroNode;

struct AvroField {
    std::string_view name;
    const AvroNode* type = nullptr;
    std::optional<std::string_view> doc;
    const JsonNode* default_value = nullptr;  ///< nullptr: none
    FieldOrder order = FieldOrder::ascending;
    std::uint32_t offset = 0;
    std::span<const std::string_view> aliases;
    std::span<const JsonNode* const> properties;
};

/// What records, enums and fixed have beyond other types.
struct AvroDefinition {
    AvroName name;
    std::uint32_t name_id = 0;  ///< equal for equal full names of one tree
    bool is_error = false;
    std::optional<std::string_view> doc;
    std::span<const AvroName> aliases;
    std::span<const AvroField> fields;              ///< record
    std::span<const std::uint32_t> fields_by_name;  ///< record: positions, sorted by name
    std::span<const std::string_view> symbols;      ///< enum
    std::span<const std::string_view> symbols_sorted;
    std::optional<std::string_view> default_symbol;
    std::int32_t size = 0;  ///< fixed
};

struct AvroNode {
    AvroKind kind = AvroKind::null;
    LogicalType logical = LogicalType::none;
    std::uint32_t index = 0;   ///< unique in the tree
    std::uint32_t offset = 0;  ///< in the text it was read from
    std::span<const JsonNode* const> properties;
    const AvroNode* item =
        nullptr;  ///< of an array or map; of an unresolved name, what it turned out to be
    std::span<const AvroNode* const> branches;   ///< union
    const AvroDefinition* definition = nullptr;  ///< record, enum, fixed
};

/// The property `key` of a node or field, or nullptr.
const JsonNode* find_property(std::span<const JsonNode* const> properties, std::string_view key);
/// The position of the field `name`, looking first at `guess`; nullopt when there is none.
std::optional<std::size_t> find_field(const AvroDefinition& record, std::string_view name,
                                      std::size_t guess);

/// Owns the nodes of one schema, of its references, and the texts they point into.
struct AvroTree {
    AvroTree();

    std::pmr::monotonic_buffer_resource memory;
    const AvroNode* root = nullptr;
    /// Definitions in the order in which they became known; those of references come first.
    std::vector<const AvroNode*> definitions;
    std::size_t reference_definitions = 0;
    /// The types that the reference texts are themselves, as opposed to define inside.
    std::vector<const AvroNode*> reference_roots;
    std::uint32_t node_count = 0;
    std::uint32_t name_count = 0;
};

class AvroSchema final : public ParsedSchema {
public:
    AvroSchema(std::unique_ptr<const AvroTree> tree, Strictness strictness)
        : tree_(std::move(tree)), strictness_(strictness) {}

    SchemaType type() const override { return SchemaType::avro; }
    Result<std::string> canonical_text(Normalize normalize) const override;
    Result<std::string> formatted_text(TextFormat format) const override;
    bool equivalent_to(const ParsedSchema& other) const override;
    bool has_top_level_field(std::string_view name) const override;
    Result<Findings> findings_reading(const ParsedSchema& writer) const override;
    std::optional<CounterExample> find_counter_example(const Finding& finding,
                                                       const ParsedSchema& writer) const override;

    const AvroTree& tree() const { return *tree_; }

private:
    std::unique_ptr<const AvroTree> tree_;
    Strictness strictness_;
};

}  // namespace symbolon::compat::avro
