#include "compat/avro/avro_schema.hpp"

#include "compat/avro/avro_canonical.hpp"
#include "compat/avro/avro_check.hpp"
#include "compat/avro/avro_equal.hpp"

#include <algorithm>
#include <array>

namespace symbolon::compat::avro {

namespace {

struct KindWords {
    AvroKind kind;
    std::string_view lower;
    std::string_view upper;
};

// In the order of the enum, so that the kind is the index.
constexpr std::array kind_words{
    KindWords{AvroKind::null, "null", "NULL"},
    KindWords{AvroKind::boolean, "boolean", "BOOLEAN"},
    KindWords{AvroKind::int32, "int", "INT"},
    KindWords{AvroKind::int64, "long", "LONG"},
    KindWords{AvroKind::float32, "float", "FLOAT"},
    KindWords{AvroKind::float64, "double", "DOUBLE"},
    KindWords{AvroKind::bytes, "bytes", "BYTES"},
    KindWords{AvroKind::string, "string", "STRING"},
    KindWords{AvroKind::record, "record", "RECORD"},
    KindWords{AvroKind::enumeration, "enum", "ENUM"},
    KindWords{AvroKind::array, "array", "ARRAY"},
    KindWords{AvroKind::map, "map", "MAP"},
    KindWords{AvroKind::union_of, "union", "UNION"},
    KindWords{AvroKind::fixed, "fixed", "FIXED"},
    KindWords{AvroKind::unresolved, "unresolved", "UNRESOLVED"},
};

constexpr bool kind_words_match_enum() {
    for (std::size_t at = 0; at < kind_words.size(); ++at) {
        if (kind_words[at].kind != static_cast<AvroKind>(at)) {
            return false;
        }
    }
    return kind_words.size() == static_cast<std::size_t>(AvroKind::unresolved) + 1;
}
static_assert(kind_words_match_enum(), "one row per AvroKind, in enum order");

}  // namespace

std::string_view to_string(AvroKind kind) {
    return kind_words[static_cast<std::size_t>(kind)].lower;
}

std::string_view to_upper_string(AvroKind kind) {
    return kind_words[static_cast<std::size_t>(kind)].upper;
}

std::string to_string(const AvroName& name) {
    std::string full(name.space);
    full += name.space.empty() ? "" : ".";
    full += name.last;
    return full;
}

const JsonNode* find_property(std::span<const JsonNode* const> properties, std::string_view key) {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [key](const JsonNode* value) { return value->key == key; });
    return found == properties.end() ? nullptr : *found;
}

std::optional<std::size_t> find_field(const AvroDefinition& record, std::string_view name,
                                      std::size_t guess) {
    if (guess < record.fields.size() && record.fields[guess].name == name) {
        return guess;
    }
    const auto found = std::lower_bound(record.fields_by_name.begin(), record.fields_by_name.end(),
                                        name, [&record](std::uint32_t at, std::string_view wanted) {
                                            return record.fields[at].name < wanted;
                                        });
    if (found == record.fields_by_name.end() || record.fields[*found].name != name) {
        return std::nullopt;
    }
    return *found;
}

AvroTree::AvroTree() : memory(4'096) {}

Result<std::string> AvroSchema::canonical_text(Normalize normalize) const {
    return normalize == Normalize::yes ? to_normalized_text(*tree_, strictness_)
                                       : to_canonical_text(*tree_);
}

Result<std::string> AvroSchema::formatted_text(TextFormat format) const {
    return format == TextFormat::resolved ? to_resolved_text(*tree_->root)
                                          : to_canonical_text(*tree_);
}

bool AvroSchema::equivalent_to(const ParsedSchema& other) const {
    const auto* avro = dynamic_cast<const AvroSchema*>(&other);
    return avro != nullptr && equal_in_all(*tree_->root, *avro->tree().root);
}

bool AvroSchema::has_top_level_field(std::string_view name) const {
    const AvroNode& root = *tree_->root;
    return root.kind == AvroKind::record && find_field(*root.definition, name, 0).has_value();
}

Result<Findings> AvroSchema::findings_reading(const ParsedSchema& writer) const {
    // REQUIRES of the interface: the writer is of the same schema type.
    return check_reading(*this, dynamic_cast<const AvroSchema&>(writer));
}

}  // namespace symbolon::compat::avro
