#include "gate/convert/avro_to_json_schema.hpp"

#include "compat/avro/avro_datum.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace symbolon::gate {

namespace {

using compat::JsonKind;
using compat::JsonNode;
using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;

constexpr std::string_view base64_pattern =
    "^(?:[A-Za-z0-9+/]{4})*"
    "(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
constexpr std::string_view byte_letters_pattern = "^[\\u0000-\\u00ff]*$";

/// A definition's pointer as a URI's fragment.
std::string ref_to(const std::string& name) {
    std::string fragment = "#/definitions/";
    for (const char letter : name) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '_' || letter == '.' ||
                           letter == '-';
        if (plain) {
            fragment += letter;
        } else if (letter == '~' || letter == '/') {
            fragment += letter == '~' ? "~0" : "~1";
        } else {
            fragment += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return fragment;
}

Json real_schema(double largest) {
    return {{"anyOf",
             {{{"type", "number"}, {"minimum", -largest}, {"maximum", largest}},
              {{"enum", {"NaN", "Infinity", "-Infinity"}}}}}};
}

class AvroConverter {
public:
    explicit AvroConverter(JsonEncoding encoding) : encoding_(encoding) {}

    Result<ConvertedSchema> convert(const AvroNode& root) {
        Json schema = type_schema(root);
        // Definitions wait in a queue, so that long chains of names cost no stack.
        Json definitions = Json::object();
        while (!waiting_.empty() && !is_too_large()) {
            const AvroNode& type = *waiting_.front();
            waiting_.pop_front();
            definitions[to_string(type.definition->name)] = definition_schema(type);
        }
        if (is_too_large()) {
            return failure(make_error(
                ErrorCode::invalid_schema,
                fmt::format("the JSON Schema would have more than {} parts; convert a part of the "
                            "schema",
                            limits::converted_nodes_max)));
        }
        if (!definitions.empty()) {
            schema["definitions"] = std::move(definitions);
        }
        // Draft-07 looks at nothing beside a $ref.
        if (schema.contains("$ref")) {
            schema["allOf"] = Json::array({{{"$ref", schema["$ref"]}}});
            schema.erase("$ref");
        }
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
        return ConvertedSchema{std::move(schema), {losses_.begin(), losses_.end()}};
    }

private:
    bool is_too_large() const { return nodes_ > limits::converted_nodes_max; }

    // What has no name nests no deeper than the text: json_depth_max.
    Json type_schema(const AvroNode& type) {
        ++nodes_;
        if (is_too_large()) {
            return {};
        }
        if (type.definition != nullptr) {
            if (named_.insert(type.definition).second) {
                waiting_.push_back(&type);
            }
            return {{"$ref", ref_to(to_string(type.definition->name))}};
        }
        Json schema = unnamed_schema(type);
        note_properties(type);
        return schema;
    }

    Json unnamed_schema(const AvroNode& type) {
        switch (type.kind) {
            case AvroKind::null:
                return {{"type", "null"}};
            case AvroKind::boolean:
                return {{"type", "boolean"}};
            case AvroKind::int32:
                return {{"type", "integer"},
                        {"minimum", std::numeric_limits<std::int32_t>::min()},
                        {"maximum", std::numeric_limits<std::int32_t>::max()}};
            case AvroKind::int64:
                return {{"type", "integer"},
                        {"minimum", std::numeric_limits<std::int64_t>::min()},
                        {"maximum", std::numeric_limits<std::int64_t>::max()}};
            case AvroKind::float32:
                return real_schema(std::numeric_limits<float>::max());
            case AvroKind::float64:
                return real_schema(std::numeric_limits<double>::max());
            case AvroKind::bytes:
                return {{"type", "string"}, {"pattern", bytes_pattern()}};
            case AvroKind::array:
                return {{"type", "array"}, {"items", type_schema(*type.item)}};
            case AvroKind::map:
                return {{"type", "object"}, {"additionalProperties", type_schema(*type.item)}};
            case AvroKind::union_of:
                return union_schema(type);
            default:
                return {{"type", "string"}};
        }
    }

    std::string bytes_pattern() const {
        return std::string(encoding_ == JsonEncoding::avro ? byte_letters_pattern : base64_pattern);
    }

    Json union_schema(const AvroNode& type) {
        Json branches = Json::array();
        for (const AvroNode* branch : type.branches) {
            Json schema = type_schema(*branch);
            if (encoding_ == JsonEncoding::avro && branch->kind != AvroKind::null) {
                const std::string name = compat::avro::branch_name(*branch);
                schema = {{"type", "object"},
                          {"properties", {{name, std::move(schema)}}},
                          {"required", Json::array({name})},
                          {"additionalProperties", false}};
            }
            branches.push_back(std::move(schema));
        }
        if (branches.empty()) {
            return {{"not", Json::object()}};
        }
        return {{"anyOf", std::move(branches)}};
    }

    Json definition_schema(const AvroNode& type) {
        const auto& definition = *type.definition;
        Json schema;
        if (type.kind == AvroKind::enumeration) {
            Json symbols = Json::array();
            for (const std::string_view symbol : definition.symbols) {
                symbols.push_back(std::string(symbol));
            }
            schema = {{"type", "string"}, {"enum", std::move(symbols)}};
            nodes_ += definition.symbols.size();
        } else if (type.kind == AvroKind::fixed) {
            const std::int64_t size = definition.size;
            const std::int64_t letters =
                encoding_ == JsonEncoding::avro ? size : (size + 2) / 3 * 4;
            schema = {{"type", "string"}, {"minLength", letters}, {"maxLength", letters}};
            schema["pattern"] =
                encoding_ == JsonEncoding::avro ? bytes_pattern() : fixed_pattern(size);
        } else {
            schema = record_schema(type);
        }
        schema["title"] = std::string(definition.name.last);
        if (definition.doc) {
            schema["description"] = std::string(*definition.doc);
        }
        if (!definition.aliases.empty()) {
            losses_.insert("aliases of types");
        }
        if (definition.default_symbol) {
            losses_.insert("defaults of enums");
        }
        note_properties(type);
        return schema;
    }

    /// Base64 of exactly so many bytes: how many are in the last group is in its padding.
    static std::string fixed_pattern(std::int64_t size) {
        switch (size % 3) {
            case 1:
                return "^[A-Za-z0-9+/]*[AQgw]==$";
            case 2:
                return "^[A-Za-z0-9+/]*[AEIMQUYcgkosw048]=$";
            default:
                return "^[A-Za-z0-9+/]*$";
        }
    }

    Json record_schema(const AvroNode& type) {
        Json properties = Json::object();
        Json required = Json::array();
        for (const AvroField& field : type.definition->fields) {
            if (is_too_large()) {
                break;
            }
            Json schema = type_schema(*field.type);
            if (field.doc) {
                if (schema.contains("$ref")) {
                    schema = {{"allOf", Json::array({std::move(schema)})}};
                }
                schema["description"] = std::string(*field.doc);
            }
            if (field.default_value != nullptr) {
                losses_.insert("defaults of fields");
            }
            if (!field.aliases.empty()) {
                losses_.insert("aliases of fields");
            }
            if (field.order != compat::avro::FieldOrder::ascending) {
                losses_.insert("sort orders of fields");
            }
            note_property_list(field.properties);
            properties[std::string(field.name)] = std::move(schema);
            required.push_back(std::string(field.name));
        }
        return {{"type", "object"},
                {"properties", std::move(properties)},
                {"required", std::move(required)},
                {"additionalProperties", false}};
    }

    void note_properties(const AvroNode& type) { note_property_list(type.properties); }
    void note_property_list(std::span<const JsonNode* const> properties) {
        for (const JsonNode* property : properties) {
            const bool logical = property->key == "logicalType" || property->key == "precision" ||
                                 property->key == "scale";
            losses_.insert(logical ? "logical types" : "properties beyond Avro's own");
        }
    }

    JsonEncoding encoding_;
    std::size_t nodes_ = 0;
    std::deque<const AvroNode*> waiting_;
    std::unordered_set<const void*> named_;
    std::set<std::string> losses_;
};

}  // namespace

Result<ConvertedSchema> to_json_schema(const compat::avro::AvroTree& tree, JsonEncoding encoding) {
    return AvroConverter(encoding).convert(*tree.root);
}

}  // namespace symbolon::gate
