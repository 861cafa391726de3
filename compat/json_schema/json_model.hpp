// What a JSON Schema says, as the comparison sees it: classes of schemas, not keywords.
//
// One schema object becomes a part for each class of keywords in it; several parts become an allOf.
//
// Threads:  immutable once loaded; any thread
// Source:   json-schema-compat.md 3 and 4
// Tested by tests/unit/compat/json_parse_test.cpp
#pragma once

#include "compat/json_text/json_text.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace symbolon::compat::json {

/// The dialects; each line of two is loaded in one way.
enum class Draft : std::uint8_t { draft4, draft6, draft7, draft2019, draft2020 };

constexpr bool is_modern(Draft draft) {
    return draft >= Draft::draft2019;
}

enum class ModelKind : std::uint8_t {
    empty,
    always,  ///< `true`
    never,   ///< `false`
    object,
    array,
    string,
    number,
    boolean,
    null,
    enumeration,
    constant,
    negation,
    combined,
    conditional,
    reference,
};

enum class Criterion : std::uint8_t { all_of, any_of, one_of };

struct Model;

struct NamedModel {
    std::string_view name;
    const Model* model = nullptr;
};
struct NameList {
    std::string_view name;
    std::span<const std::string_view> names;  ///< sorted, each once
};

/// Whether more members or items than the declared ones may follow, and of which schema.
struct Additional {
    bool permitted = true;
    const Model* schema = nullptr;
};

using Bound32 = std::optional<std::int32_t>;

struct ObjectPart {
    std::span<const NamedModel> properties;           ///< sorted by name
    std::span<const std::string_view> required;       ///< sorted, each once
    std::span<const NamedModel> patterns;             ///< in their order
    std::span<const NameList> property_dependencies;  ///< sorted by name
    std::span<const NamedModel> schema_dependencies;  ///< sorted by name
    Additional additional;
    const Model* unevaluated = nullptr;
    Bound32 max_properties;
    Bound32 min_properties;
};

struct ArrayPart {
    const Model* items = nullptr;        ///< one schema for all
    std::span<const Model* const> list;  ///< one for each position
    Additional additional;
    const Model* unevaluated = nullptr;
    Bound32 max_items;
    Bound32 min_items;
    bool unique = false;
    std::optional<double> max_contains;
    std::optional<double> min_contains;
};

struct StringPart {
    Bound32 max_length;
    Bound32 min_length;
    std::optional<std::string_view> pattern;
};

struct NumberPart {
    std::optional<double> maximum;
    std::optional<double> minimum;
    std::optional<double> exclusive_maximum;
    std::optional<double> exclusive_minimum;
    const JsonNode* multiple_of = nullptr;
    bool integer = false;
};

/// What the outermost part of a schema object has beside its class.
struct Annotations {
    const JsonNode* id = nullptr;
    const JsonNode* title = nullptr;
    const JsonNode* description = nullptr;
    const JsonNode* default_value = nullptr;
    bool connect_bytes = false;  ///< `connect.type` is "bytes"
};

struct Model {
    ModelKind kind = ModelKind::empty;
    Criterion criterion = Criterion::all_of;
    std::uint32_t index = 0;           ///< unique in the schema
    const JsonNode* source = nullptr;  ///< the schema that it stands for, or is a part of
    const Annotations* annotations = nullptr;
    const ObjectPart* object = nullptr;
    const ArrayPart* array = nullptr;
    const StringPart* string = nullptr;
    const NumberPart* number = nullptr;
    const JsonNode* value = nullptr;        ///< of enumeration (an array) and constant
    const Model* inner = nullptr;           ///< of negation; of reference, its target
    std::span<const Model* const> members;  ///< of combined, without duplicates

    bool accepts_all() const { return kind == ModelKind::empty || kind == ModelKind::always; }
    const JsonNode* default_value() const {
        return annotations == nullptr ? nullptr : annotations->default_value;
    }
};

}  // namespace symbolon::compat::json
