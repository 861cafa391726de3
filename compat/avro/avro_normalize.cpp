#include "compat/avro/avro_normalize.hpp"

#include "compat/avro/avro_logical.hpp"
#include "compat/avro/avro_text.hpp"
#include "compat/json_text/json_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace symbolon::compat::avro {

namespace {

/// How a default fares when the reference turns it into an object and back.
enum class Kept { yes, dropped, fails };

// Writes a default as its type would hold it. Parity: only the first branch of a union counts, and
// what does not fit is dropped at the top but makes normalisation fail further inside.
class DefaultWriter {
public:
    explicit DefaultWriter(std::string& out) : out_(out) {}

    /// `type` is nullptr where the reference knows none.
    Kept write(const JsonNode& value, const AvroNode* type) {
        if (type != nullptr && type->kind == AvroKind::union_of) {
            return type->branches.empty() ? Kept::fails : write(value, type->branches.front());
        }
        switch (value.kind) {
            case JsonKind::null:
            case JsonKind::boolean:
                append_json(out_, value, MemberOrder::as_written);
                return Kept::yes;
            case JsonKind::int32:
                return write_int(value, type);
            case JsonKind::int64:
                return write_long(value, type);
            case JsonKind::big_integer:
                return Kept::dropped;
            case JsonKind::real:
                return write_real(value.real, type);
            case JsonKind::string:
                return write_string(value, type);
            case JsonKind::array:
                return write_array(value, type);
            case JsonKind::object:
                return write_object(value, type);
        }
        return Kept::dropped;
    }

private:
    static bool is_one(const AvroNode* type, AvroKind kind) {
        return type != nullptr && type->kind == kind;
    }

    Kept write_int(const JsonNode& value, const AvroNode* type) {
        if (is_one(type, AvroKind::float32) || is_one(type, AvroKind::float64)) {
            return write_real(static_cast<double>(value.integer), type);
        }
        if (type != nullptr && type->kind != AvroKind::int32 && type->kind != AvroKind::int64) {
            return Kept::dropped;
        }
        out_ += value.text;
        return Kept::yes;
    }

    Kept write_long(const JsonNode& value, const AvroNode* type) {
        if (is_one(type, AvroKind::float32) || is_one(type, AvroKind::float64)) {
            return write_real(static_cast<double>(value.integer), type);
        }
        out_ += value.text;
        return Kept::yes;
    }

    Kept write_real(double value, const AvroNode* type) {
        const bool narrow = is_one(type, AvroKind::float32);
        if (type != nullptr && !narrow && type->kind != AvroKind::float64) {
            return Kept::dropped;
        }
        const bool finite = std::isfinite(narrow ? static_cast<float>(value) : value);
        out_ += finite ? "" : "\"";
        if (narrow) {
            append_float(out_, static_cast<float>(value));
        } else {
            append_double(out_, value);
        }
        out_ += finite ? "" : "\"";
        return Kept::yes;
    }

    Kept write_string(const JsonNode& value, const AvroNode* type) {
        if (type == nullptr || type->kind == AvroKind::string ||
            type->kind == AvroKind::enumeration) {
            append_quoted(out_, value.text);
            return Kept::yes;
        }
        if (type->kind != AvroKind::bytes && type->kind != AvroKind::fixed) {
            return Kept::dropped;
        }
        append_quoted(out_, to_latin1_and_back(value.text));
        return Kept::yes;
    }

    // Bytes hold U+0000 to U+00FF; every UTF-16 unit of any other character becomes "?".
    static std::string to_latin1_and_back(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const auto lead = static_cast<unsigned char>(text[at]);
            const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (lead <= 0xC3) {
                out += text.substr(at, length);
            } else {
                out += "?";
            }
            at += length;
        }
        return out;
    }

    Kept write_array(const JsonNode& value, const AvroNode* type) {
        const AvroNode* item = nullptr;
        if (type != nullptr && type->kind == AvroKind::array) {
            item = type->item;
        } else if (type != nullptr && value.count > 0) {
            return Kept::fails;
        }
        out_ += '[';
        for (const JsonNode* child = value.first; child != nullptr; child = child->next) {
            out_ += child == value.first ? "" : ",";
            if (write(*child, item) != Kept::yes) {
                return Kept::fails;
            }
        }
        out_ += ']';
        return Kept::yes;
    }

    Kept write_object(const JsonNode& value, const AvroNode* type) {
        std::vector<const JsonNode*> members;
        for (const JsonNode* member = value.first; member != nullptr; member = member->next) {
            members.push_back(member);
        }
        std::sort(members.begin(), members.end(), [](const JsonNode* one, const JsonNode* other) {
            return utf16_less(one->key, other->key);
        });
        out_ += '{';
        for (const JsonNode* member : members) {
            const AvroNode* member_type = nullptr;
            if (is_one(type, AvroKind::map)) {
                member_type = type->item;
            } else if (is_one(type, AvroKind::record)) {
                const auto at = find_field(*type->definition, member->key, 0);
                if (!at) {
                    return Kept::fails;
                }
                member_type = type->definition->fields[*at].type;
            }
            out_ += member == members.front() ? "" : ",";
            append_quoted(out_, member->key);
            out_ += ':';
            if (write(*member, member_type) != Kept::yes) {
                return Kept::fails;
            }
        }
        out_ += '}';
        return Kept::yes;
    }

    std::string& out_;
};

// Helpers are not inlined into the recursion, to keep its frames small.
class LooseWriter {
public:
    void mark_known(const AvroNode& node) {
        if (is_named(node.kind)) {
            names_.insert(*node.definition);
        }
    }

    void write(const AvroNode& node) {
        if (is_primitive(node.kind) && node.properties.empty()) {
            append_word(to_string(node.kind));
            return;
        }
        if (!text_.may_grow() || !text_.descend()) {
            return;
        }
        if (node.kind == AvroKind::union_of) {
            append("[");
            for (const AvroNode* branch : node.branches) {
                append(branch == node.branches.front() ? "" : ",");
                write(*branch);
            }
            append("]");
        } else if (is_named(node.kind)) {
            write_named(node);
        } else {
            append("{\"type\":");
            append_word(to_string(node.kind));
            if (node.item != nullptr) {
                append(node.kind == AvroKind::array ? ",\"items\":" : ",\"values\":");
                write(*node.item);
            } else {
                write_logical_type(node);
            }
            write_properties(node.properties);
            append("}");
        }
        text_.ascend();
    }

    Result<std::string> finish() && { return std::move(text_).finish(); }

private:
    [[gnu::noinline]] void append(std::string_view words) { text_.out += words; }

    [[gnu::noinline]] void append_word(std::string_view word) {
        text_.out += '"';
        text_.out += word;
        text_.out += '"';
    }

    [[gnu::noinline]] void write_named(const AvroNode& node) {
        const AvroDefinition& definition = *node.definition;
        if (!names_.insert(definition)) {
            append_word(to_string(definition.name));
            return;
        }
        append("{\"name\":");
        append_word(to_string(definition.name));
        append(",\"type\":");
        append_word(to_string(node.kind));
        if (node.kind == AvroKind::record) {
            write_fields(definition);
        } else if (node.kind == AvroKind::fixed) {
            append(",\"size\":");
            append(std::to_string(definition.size));
            write_logical_type(node);
        } else {
            append(",\"symbols\":[");
            for (std::size_t at = 0; at < definition.symbols.size(); ++at) {
                append(at == 0 ? "" : ",");
                append_word(definition.symbols[at]);
            }
            append("]");
        }
        write_rest(node);
        append("}");
    }

    void write_fields(const AvroDefinition& definition) {
        if (!text_.descend() || !text_.descend()) {
            return;
        }
        append(",\"fields\":[");
        for (const AvroField& field : definition.fields) {
            append(&field == definition.fields.data() ? "" : ",");
            write_field(field);
        }
        append("]");
        text_.ascend();
        text_.ascend();
    }

    [[gnu::noinline]] void write_rest(const AvroNode& node) {
        const AvroDefinition& definition = *node.definition;
        if (definition.doc && !definition.doc->empty()) {
            append(",\"doc\":");
            append_quoted(text_.out, *definition.doc);
        }
        std::vector<std::string> aliases;
        for (const AvroName& alias : definition.aliases) {
            const bool bare = alias.space.empty() && !definition.name.space.empty();
            aliases.push_back((bare ? "." : "") + to_string(alias));
        }
        write_aliases(std::move(aliases));
        if (definition.default_symbol) {
            append(",\"default\":");
            append_quoted(text_.out, *definition.default_symbol);
        }
        write_properties(node.properties);
    }

    void write_field(const AvroField& field) {
        append("{\"name\":");
        append_word(field.name);
        append(",\"type\":");
        write(*field.type);
        append(field.order == FieldOrder::ascending    ? R"(,"order":"ascending")"
               : field.order == FieldOrder::descending ? R"(,"order":"descending")"
                                                       : R"(,"order":"ignore")");
        if (field.doc) {
            append(",\"doc\":");
            append_quoted(text_.out, *field.doc);
        }
        write_aliases({field.aliases.begin(), field.aliases.end()});
        if (field.default_value != nullptr) {
            write_default(field);
        }
        write_properties(field.properties);
        append("}");
    }

    [[gnu::noinline]] void write_default(const AvroField& field) {
        std::string value;
        const Kept kept = DefaultWriter(value).write(*field.default_value, field.type);
        if (kept == Kept::fails) {
            text_.fail(
                fmt::format("The schema cannot be normalised: the default of field "
                            "\"{}\" is not of its type's first branch",
                            field.name));
        } else if (kept == Kept::yes) {
            append(",\"default\":");
            append(value);
        }
    }

    void write_aliases(std::vector<std::string> aliases) {
        if (aliases.empty()) {
            return;
        }
        std::sort(aliases.begin(), aliases.end(), utf16_less);
        append(",\"aliases\":[");
        for (const std::string& alias : aliases) {
            append(&alias == aliases.data() ? "" : ",");
            append_quoted(text_.out, alias);
        }
        append("]");
    }

    [[gnu::noinline]] void write_logical_type(const AvroNode& node) {
        if (node.logical == LogicalType::none) {
            return;
        }
        append(",\"logicalType\":");
        append_word(find_property(node.properties, "logicalType")->text);
        if (node.logical == LogicalType::decimal) {
            const DecimalDigits digits = decimal_digits(node);
            append(fmt::format(",\"precision\":{}", digits.precision));
            append(digits.scale == 0 ? "" : fmt::format(",\"scale\":{}", digits.scale));
        }
    }

    [[gnu::noinline]] void write_properties(std::span<const JsonNode* const> properties) {
        std::vector<const JsonNode*> sorted(properties.begin(), properties.end());
        std::sort(sorted.begin(), sorted.end(), [](const JsonNode* one, const JsonNode* other) {
            return utf16_less(one->key, other->key);
        });
        for (const JsonNode* property : sorted) {
            if (contains_kind(*property, JsonKind::big_integer)) {
                text_.fail(
                    fmt::format("The schema cannot be normalised: property \"{}\" holds an "
                                "integer of more than 64 bits",
                                property->key));
                return;
            }
            append(",");
            append_word(property->key);
            append(":");
            append_json(text_.out, *property, MemberOrder::sorted);
        }
    }

    BoundedText text_;
    NamesWritten names_;
};

}  // namespace

Result<std::string> to_loose_text(const AvroTree& tree) {
    LooseWriter writer;
    for (const AvroNode* root : tree.reference_roots) {
        writer.mark_known(*root);
    }
    writer.write(*tree.root);
    return std::move(writer).finish();
}

}  // namespace symbolon::compat::avro
