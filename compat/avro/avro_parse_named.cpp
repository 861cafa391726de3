// The part of AvroParser that reads records, enums and fixed.
#include "compat/avro/avro_parse.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <new>
#include <numeric>

namespace symbolon::compat::avro {

namespace {

constexpr std::int32_t fixed_size_max = INT32_MAX - 8;  // Parity: longest array of the reference

// Moves each value's first occurrence to `kept`; their number.
template <class T>
std::size_t without_repeats(const std::vector<T>& values, std::span<T> kept) {
    constexpr std::size_t few = 16;
    std::vector<std::size_t> order(values.size() > few ? values.size() : 0);
    std::vector<bool> repeated(order.size());
    if (!order.empty()) {
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&values](std::size_t one, std::size_t other) {
            return values[one] == values[other] ? one < other : values[one] < values[other];
        });
        for (std::size_t at = 1; at < order.size(); ++at) {
            repeated[order[at]] = values[order[at]] == values[order[at - 1]];
        }
    }
    std::size_t count = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
        const auto end = kept.begin() + static_cast<std::ptrdiff_t>(count);
        const bool known =
            order.empty() ? std::find(kept.begin(), end, values[at]) != end : repeated[at];
        if (!known) {
            kept[count++] = values[at];
        }
    }
    return count;
}

}  // namespace

const AvroNode* AvroParser::parse_record(const JsonNode& json, bool is_error,
                                         std::string_view space) {
    AvroNode* node = new_node(AvroKind::record, json.offset);
    AvroDefinition* definition = new_definition();
    node->definition = definition;
    definition->is_error = is_error;
    if (!parse_name(json, space, *definition)) {
        return nullptr;
    }
    const JsonNode* list = json.find("fields");
    if (list == nullptr || list->kind != JsonKind::array) {
        return fail(json.offset, fmt::format("Record \"{}\" has no fields: a list is needed",
                                             to_string(definition->name)));
    }
    const auto fields = new_array<AvroField>(list->count);
    std::size_t at = 0;
    for (const JsonNode* child = list->first; child != nullptr; child = child->next) {
        if (!parse_field(*child, definition->name.space, fields[at++])) {
            return nullptr;
        }
    }
    definition->fields = fields;
    const bool fine = index_fields(*definition) && keep_properties(json, *node) &&
                      parse_type_aliases(json, *definition) && define(*node, *definition);
    return fine ? node : nullptr;
}

bool AvroParser::index_fields(AvroDefinition& definition) {
    const auto fields = definition.fields;
    const auto order = new_array<std::uint32_t>(fields.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [fields](std::uint32_t one, std::uint32_t other) {
        return fields[one].name < fields[other].name;
    });
    const auto twice = std::adjacent_find(order.begin(), order.end(),
                                          [fields](std::uint32_t one, std::uint32_t other) {
                                              return fields[one].name == fields[other].name;
                                          });
    if (twice != order.end()) {
        fail(fields[*twice].offset, fmt::format(R"(Duplicate field "{}" in record "{}")",
                                                fields[*twice].name, to_string(definition.name)));
        return false;
    }
    definition.fields_by_name = order;
    return true;
}

bool AvroParser::parse_field(const JsonNode& json, std::string_view space, AvroField& field) {
    const auto name = find_text(json, "name");
    const JsonNode* type = json.find("type");
    if (!name || type == nullptr) {
        fail(json.offset, !name ? "A field needs a \"name\" that is a text"
                                : fmt::format("Field \"{}\" has no type", *name));
        return false;
    }
    if (!is_name(*name, letters_)) {
        fail(json.offset, fmt::format("Illegal field name \"{}\"", *name));
        return false;
    }
    field.name = *name;
    field.doc = find_text(json, "doc");
    field.offset = json.offset;
    if (!parse_into(field.type, *type, space) || !parse_order(json, field) ||
        !parse_default(json, field) || !parse_field_aliases(json, field)) {
        return false;
    }
    field.properties = copy_properties(json, AvroKind::unresolved);
    return true;
}

bool AvroParser::parse_order(const JsonNode& json, AvroField& field) {
    const JsonNode* order = json.find("order");
    if (order == nullptr) {
        return true;
    }
    const std::string word = to_lower_ascii(order->text);
    if (word == "ascending") {
        field.order = FieldOrder::ascending;
    } else if (word == "descending") {
        field.order = FieldOrder::descending;
    } else if (word == "ignore") {
        field.order = FieldOrder::ignore;
    } else {
        fail(order->offset,
             fmt::format("Field \"{}\": order is ascending, descending or ignore", field.name));
        return false;
    }
    return true;
}

bool AvroParser::parse_default(const JsonNode& json, AvroField& field) {
    const JsonNode* given = json.find("default");
    if (given == nullptr) {
        return true;
    }
    const AvroKind kind = field.type->kind;
    if ((kind == AvroKind::float32 || kind == AvroKind::float64) &&
        given->kind == JsonKind::string) {
        const auto value = parse_double_text(given->text);
        if (!value) {
            fail(given->offset, fmt::format(R"(Invalid default for field "{}": "{}" is no number)",
                                            field.name, given->text));
            return false;
        }
        auto* node = new (tree_.memory.allocate(sizeof(JsonNode), alignof(JsonNode))) JsonNode;
        node->kind = JsonKind::real;
        node->real = *value;
        field.default_value = node;
        return true;
    }
    field.default_value = copy_json(*given, tree_.memory);
    if (strictness_ == Strictness::lenient) {
        return true;
    }
    const auto verdict = DefaultCheck().check(*field.type, field.default_value);
    if (const Problem problem = problem_of_default(field, verdict); !problem.what.empty()) {
        fail(given->offset, problem.what);
        return false;
    }
    pending_.defaults.push_back(&field);
    pending_.has_object_default =
        pending_.has_object_default || contains_kind(*given, JsonKind::object);
    return true;
}

bool AvroParser::parse_field_aliases(const JsonNode& json, AvroField& field) {
    const JsonNode* list = json.find("aliases");
    if (list == nullptr) {
        return true;
    }
    std::vector<std::string_view> aliases;
    for (const JsonNode* alias = list->first; alias != nullptr; alias = alias->next) {
        if (alias->kind == JsonKind::string) {
            aliases.push_back(alias->text);
        }
    }
    if (list->kind != JsonKind::array || aliases.size() != list->count) {
        fail(list->offset, fmt::format("Field \"{}\": aliases are a list of texts", field.name));
        return false;
    }
    const auto kept = new_array<std::string_view>(aliases.size());
    const std::size_t count = without_repeats<std::string_view>(aliases, kept);
    field.aliases = kept.first(count);
    return true;
}

bool AvroParser::parse_type_aliases(const JsonNode& json, AvroDefinition& definition) {
    const JsonNode* list = json.find("aliases");
    if (list == nullptr) {
        return true;
    }
    std::vector<AvroName> aliases;
    for (const JsonNode* alias = list->first; alias != nullptr; alias = alias->next) {
        if (alias->kind == JsonKind::string) {
            aliases.push_back(split_name(alias->text, definition.name.space));
        }
    }
    if (list->kind != JsonKind::array || aliases.size() != list->count) {
        fail(list->offset,
             fmt::format("\"{}\": aliases are a list of texts", to_string(definition.name)));
        return false;
    }
    for (const AvroName& alias : aliases) {
        if (strictness_ == Strictness::strict && !is_name(alias.last, letters_)) {
            fail(list->offset, fmt::format("Illegal alias \"{}\"", to_string(alias)));
            return false;
        }
    }
    const auto kept = new_array<AvroName>(aliases.size());
    const std::size_t count = without_repeats<AvroName>(aliases, kept);
    definition.aliases = kept.first(count);
    return true;
}

bool AvroParser::parse_symbols(const JsonNode& json, AvroDefinition& definition) {
    const JsonNode* list = json.find("symbols");
    if (list == nullptr || list->kind != JsonKind::array) {
        fail(json.offset, fmt::format("Enum \"{}\" has no symbols: a list is needed",
                                      to_string(definition.name)));
        return false;
    }
    const auto symbols = new_array<std::string_view>(list->count);
    std::size_t at = 0;
    for (const JsonNode* symbol = list->first; symbol != nullptr; symbol = symbol->next) {
        if (symbol->kind != JsonKind::string || !is_name(symbol->text, letters_)) {
            fail(symbol->offset, fmt::format("Illegal enum symbol \"{}\"", symbol->text));
            return false;
        }
        symbols[at++] = symbol->text;
    }
    const auto sorted = new_array<std::string_view>(symbols.size());
    std::copy(symbols.begin(), symbols.end(), sorted.begin());
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        twice != sorted.end()) {
        fail(list->offset, fmt::format("Duplicate enum symbol: \"{}\"", *twice));
        return false;
    }
    definition.symbols = symbols;
    definition.symbols_sorted = sorted;
    definition.default_symbol = find_text(json, "default");
    if (definition.default_symbol &&
        !std::binary_search(sorted.begin(), sorted.end(), *definition.default_symbol)) {
        fail(json.offset, fmt::format(R"(The enum default "{}" is none of the symbols of "{}")",
                                      *definition.default_symbol, to_string(definition.name)));
        return false;
    }
    return true;
}

const AvroNode* AvroParser::parse_enum(const JsonNode& json, std::string_view space) {
    AvroNode* node = new_node(AvroKind::enumeration, json.offset);
    AvroDefinition* definition = new_definition();
    node->definition = definition;
    const bool fine = parse_name(json, space, *definition) && parse_symbols(json, *definition) &&
                      keep_properties(json, *node) && parse_type_aliases(json, *definition) &&
                      define(*node, *definition);
    return fine ? node : nullptr;
}

const AvroNode* AvroParser::parse_fixed(const JsonNode& json, std::string_view space) {
    AvroNode* node = new_node(AvroKind::fixed, json.offset);
    AvroDefinition* definition = new_definition();
    node->definition = definition;
    if (!parse_name(json, space, *definition)) {
        return nullptr;
    }
    const JsonNode* size = json.find("size");
    if (size == nullptr || size->kind != JsonKind::int32 || size->integer < 0 ||
        size->integer > fixed_size_max) {
        return fail(json.offset, fmt::format("Fixed \"{}\" has an invalid size or none",
                                             to_string(definition->name)));
    }
    definition->size = static_cast<std::int32_t>(size->integer);
    const bool fine = keep_properties(json, *node) && parse_type_aliases(json, *definition) &&
                      define(*node, *definition);
    return fine ? node : nullptr;
}

bool AvroParser::parse_name(const JsonNode& json, std::string_view space,
                            AvroDefinition& definition) {
    const auto name = find_text(json, "name");
    if (!name) {
        fail(json.offset, "No name: a record, enum or fixed needs a \"name\" that is a text");
        return false;
    }
    definition.name = split_name(*name, find_text(json, "namespace").value_or(space));
    definition.doc = find_text(json, "doc");
    if (std::max(name->size(), definition.name.space.size()) > limits::name_bytes_max) {
        fail(json.offset, fmt::format("A name is longer than {} bytes", limits::name_bytes_max));
        return false;
    }
    const bool space_fits = strictness_ == Strictness::lenient || definition.name.space.empty() ||
                            is_namespace(definition.name.space);
    if (!is_name(definition.name.last, letters_) || !space_fits) {
        fail(json.offset, fmt::format("Illegal {} \"{}\"", space_fits ? "name" : "namespace",
                                      space_fits ? definition.name.last : definition.name.space));
        return false;
    }
    if (definition.name.space.empty() && find_primitive(definition.name.last)) {
        fail(json.offset, fmt::format("A type may not be called \"{}\"", definition.name.last));
        return false;
    }
    return true;
}

}  // namespace symbolon::compat::avro
