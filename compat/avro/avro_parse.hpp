// Avro schema text to an immutable tree.
//
// Example:  SYMBOLON_TRY(auto schema, parse_avro(text, references, Strictness::strict));
// Errors:   invalid_schema, with line and column of what is wrong
// Threads:  any thread
// Limits:   schema_bytes_max, json_depth_max, schema_names_max, reference_bytes_max, name_bytes_max
// Source:   Avro 1.12 specification, "Schema Declaration"; avro-compat.md, "Parsing"
// Tested by tests/unit/compat/avro_parse_test.cpp
#pragma once

#include "compat/avro/avro_names.hpp"
#include "compat/avro/avro_resolve.hpp"
#include "compat/avro/avro_schema.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace symbolon::compat::avro {

/// `references` are texts whose types this one may name, each before those that need it.
Result<SchemaPtr> parse_avro(std::string_view text, std::span<const NamedText> references,
                             Strictness strictness);

/// Parses texts one after the other into one tree; each sees the types of those before it.
class AvroParser {
public:
    AvroParser(AvroTree& tree, Strictness strictness);

    /// Makes types of another tree known, as if they had been parsed first.
    /// REQUIRES: that tree outlives this one; nothing has been parsed yet.
    void add_known(std::span<const AvroNode* const> definitions, std::uint32_t name_count);
    /// The type that `text` is, all names in it resolved.
    Result<const AvroNode*> parse_text(std::string_view text);

private:
    struct NameHash {
        std::size_t seed;
        std::size_t operator()(const AvroName& name) const;
    };

    std::nullptr_t fail(std::size_t offset, std::string_view what);
    bool parse_into(const AvroNode*& slot, const JsonNode& json, std::string_view space);
    const AvroNode* parse_type(const JsonNode& json, std::string_view space);
    const AvroNode* parse_object(const JsonNode& json, std::string_view space);
    const AvroNode* parse_union(const JsonNode& json, std::string_view space);
    const AvroNode* parse_container(const JsonNode& json, AvroKind kind, std::string_view space);
    const AvroNode* parse_record(const JsonNode& json, bool is_error, std::string_view space);
    const AvroNode* parse_enum(const JsonNode& json, std::string_view space);
    const AvroNode* parse_fixed(const JsonNode& json, std::string_view space);
    bool parse_field(const JsonNode& json, std::string_view space, AvroField& field);
    bool parse_order(const JsonNode& json, AvroField& field);
    bool parse_default(const JsonNode& json, AvroField& field);
    bool parse_name(const JsonNode& json, std::string_view space, AvroDefinition& definition);
    bool parse_type_aliases(const JsonNode& json, AvroDefinition& definition);
    bool parse_field_aliases(const JsonNode& json, AvroField& field);
    bool parse_symbols(const JsonNode& json, AvroDefinition& definition);
    bool index_fields(AvroDefinition& definition);
    bool keep_properties(const JsonNode& json, AvroNode& node);
    /// Makes the type known; `definition` is the node's own.
    bool define(const AvroNode& node, AvroDefinition& definition);
    const AvroNode* find_type(std::string_view text, std::string_view space, std::size_t offset);
    AvroNode* new_node(AvroKind kind, std::size_t offset);
    AvroDefinition* new_definition();
    template <class T>
    std::span<T> new_array(std::size_t count) {
        // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
        T* first = static_cast<T*>(tree_.memory.allocate(count * sizeof(T), alignof(T)));
        std::uninitialized_value_construct_n(first, count);
        return {first, count};
    }
    std::span<const JsonNode* const> copy_properties(const JsonNode& json, AvroKind owner);
    bool resolve(const AvroNode*& root);

    AvroTree& tree_;
    Strictness strictness_;
    NameLetters letters_;
    std::unordered_map<AvroName, const AvroNode*, NameHash> names_;
    std::size_t definitions_before_ = 0;  ///< known before the text that is being parsed
    PendingText pending_;
    std::string problem_;
    std::size_t problem_offset_ = 0;
};

/// The primitive type called `text`; nullopt for other texts.
std::optional<AvroKind> find_primitive(std::string_view text);
/// The member `key` if it is a text.
std::optional<std::string_view> find_text(const JsonNode& json, std::string_view key);
/// A name as it is written inside `space`: what stands before its last dot goes before `space`.
AvroName split_name(std::string_view text, std::string_view space);

/// An error if two branches are of one kind or name, or one is a union; its text, or an empty one.
std::string problem_of_union(const AvroNode& node);

}  // namespace symbolon::compat::avro
