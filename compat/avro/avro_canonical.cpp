#include "compat/avro/avro_canonical.hpp"

#include "compat/avro/avro_normalize.hpp"
#include "compat/avro/avro_parse.hpp"
#include "compat/avro/avro_text.hpp"

#include <array>

namespace symbolon::compat::avro {

namespace {

// A type of this name inside its own namespace is still written in full, lest it read as the word.
bool is_type_word(std::string_view name) {
    for (auto kind = 0; kind < static_cast<int>(AvroKind::unresolved); ++kind) {
        if (to_string(static_cast<AvroKind>(kind)) == name) {
            return true;
        }
    }
    return false;
}

// Writes a tree in the reference's layout. A type without namespace inside one says so with
// `"namespace":""`; `space` is that of the enclosing type, empty for none.
class CanonicalWriter {
public:
    void mark_known(const AvroNode& node) {
        if (is_named(node.kind)) {
            names_.insert(*node.definition);
        }
    }

    void write(const AvroNode& node, std::string_view space) {
        if (!text_.may_grow()) {
            return;
        }
        if (is_named(node.kind)) {
            write_named(node, space);
        } else if (node.kind == AvroKind::union_of) {
            write_union(node, space);
        } else if (node.item != nullptr || !node.properties.empty()) {
            write_object(node, space);
        } else {
            append_word(to_string(node.kind));
        }
    }

    Result<std::string> finish() && { return std::move(text_).finish(); }

private:
    void append(std::string_view words) { text_.out += words; }

    void append_word(std::string_view word) {
        text_.out += '"';
        text_.out += word;
        text_.out += '"';
    }

    void write_union(const AvroNode& node, std::string_view space) {
        if (!text_.descend()) {
            return;
        }
        append("[");
        for (const AvroNode* branch : node.branches) {
            append(branch == node.branches.front() ? "" : ",");
            write(*branch, space);
        }
        append("]");
        text_.ascend();
    }

    void write_object(const AvroNode& node, std::string_view space) {
        if (!text_.descend()) {
            return;
        }
        append("{\"type\":");
        append_word(to_string(node.kind));
        if (node.item != nullptr) {
            append(node.kind == AvroKind::array ? ",\"items\":" : ",\"values\":");
            write(*node.item, space);
        }
        write_properties(node.properties);
        append("}");
        text_.ascend();
    }

    void write_named(const AvroNode& node, std::string_view space) {
        const AvroDefinition& definition = *node.definition;
        if (!names_.insert(definition)) {
            append_qualified(definition.name, space);
            return;
        }
        if (!text_.descend()) {
            return;
        }
        append("{\"type\":");
        append_word(definition.is_error ? "error" : to_string(node.kind));
        append(",\"name\":");
        append_quoted(text_.out, definition.name.last);
        if (definition.name.space != space) {
            append(",\"namespace\":");
            append_quoted(text_.out, definition.name.space);
        }
        write_doc(definition.doc);
        if (node.kind == AvroKind::record) {
            write_fields(definition);
        } else if (node.kind == AvroKind::fixed) {
            append(",\"size\":");
            append(std::to_string(definition.size));
        } else {
            write_symbols(definition);
        }
        write_properties(node.properties);
        if (!definition.aliases.empty()) {
            append(",\"aliases\":[");
            for (const AvroName& alias : definition.aliases) {
                append(&alias == definition.aliases.data() ? "" : ",");
                append_qualified(alias, definition.name.space);
            }
            append("]");
        }
        append("}");
        text_.ascend();
    }

    void append_qualified(const AvroName& name, std::string_view space) {
        const bool is_short =
            !name.space.empty() && name.space == space && !is_type_word(name.last);
        append_quoted(text_.out, is_short ? std::string(name.last) : to_string(name));
    }

    void write_symbols(const AvroDefinition& definition) {
        append(",\"symbols\":[");
        for (std::size_t at = 0; at < definition.symbols.size(); ++at) {
            append(at == 0 ? "" : ",");
            append_quoted(text_.out, definition.symbols[at]);
        }
        append("]");
        if (definition.default_symbol) {
            append(",\"default\":");
            append_quoted(text_.out, *definition.default_symbol);
        }
    }

    void write_fields(const AvroDefinition& definition) {
        append(",\"fields\":[");
        if (!text_.descend() || !text_.descend()) {
            return;
        }
        for (const AvroField& field : definition.fields) {
            append(&field == definition.fields.data() ? "" : ",");
            write_field(field, definition.name.space);
        }
        text_.ascend();
        text_.ascend();
        append("]");
    }

    void write_field(const AvroField& field, std::string_view space) {
        append("{\"name\":");
        append_quoted(text_.out, field.name);
        append(",\"type\":");
        write(*field.type, space);
        write_doc(field.doc);
        if (field.default_value != nullptr) {
            append(",\"default\":");
            append_json(text_.out, *field.default_value, MemberOrder::as_written);
        }
        if (field.order != FieldOrder::ascending) {
            append(field.order == FieldOrder::ignore ? R"(,"order":"ignore")"
                                                     : R"(,"order":"descending")");
        }
        if (!field.aliases.empty()) {
            append(",\"aliases\":[");
            for (const std::string_view& alias : field.aliases) {
                append(&alias == field.aliases.data() ? "" : ",");
                append_quoted(text_.out, alias);
            }
            append("]");
        }
        write_properties(field.properties);
        append("}");
    }

    void write_doc(const std::optional<std::string_view>& doc) {
        if (doc) {
            append(",\"doc\":");
            append_quoted(text_.out, *doc);
        }
    }

    void write_properties(std::span<const JsonNode* const> properties) {
        for (const JsonNode* property : properties) {
            append(",");
            append_quoted(text_.out, property->key);
            append(":");
            append_json(text_.out, *property, MemberOrder::as_written);
        }
    }

    BoundedText text_;
    NamesWritten names_;
};

}  // namespace

Result<std::string> to_canonical_text(const AvroTree& tree) {
    CanonicalWriter writer;
    for (const AvroNode* root : tree.reference_roots) {
        writer.mark_known(*root);
    }
    writer.write(*tree.root, {});
    return std::move(writer).finish();
}

Result<std::string> to_resolved_text(const AvroNode& root) {
    CanonicalWriter writer;
    writer.write(root, {});
    return std::move(writer).finish();
}

Result<std::string> to_normalized_text(const AvroTree& tree, Strictness strictness) {
    SYMBOLON_TRY(const std::string loose, to_loose_text(tree));
    // Parity: the reference parses what it made, so names and repeated keys settle themselves.
    AvroTree normalized;
    AvroParser parser(normalized, strictness);
    parser.add_known(std::span(tree.definitions).first(tree.reference_definitions),
                     tree.name_count);
    auto root = parser.parse_text(loose);
    if (!root) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  "The schema cannot be normalised: " + root.error().message));
    }
    normalized.root = *root;
    normalized.reference_roots = tree.reference_roots;
    return to_canonical_text(normalized);
}

}  // namespace symbolon::compat::avro
