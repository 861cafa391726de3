#include "compat/avro/avro_parse.hpp"

#include "compat/avro/avro_equal.hpp"
#include "compat/avro/avro_logical.hpp"
#include "compat/avro/avro_numbers.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>
#include <numeric>
#include <tuple>

namespace symbolon::compat::avro {

namespace {

constexpr std::int32_t fixed_size_max = INT32_MAX - 8;  // Parity: longest array of the reference

std::optional<AvroKind> find_primitive(std::string_view text) {
    for (auto at = static_cast<int>(AvroKind::null); at <= static_cast<int>(AvroKind::string); ++at) {
        if (to_string(static_cast<AvroKind>(at)) == text) {
            return static_cast<AvroKind>(at);
        }
    }
    return std::nullopt;
}

// Words that are attributes rather than properties; `record` stands for every type but enum, and
// `unresolved` for a field.
bool is_attribute(std::string_view key, AvroKind owner) {
    constexpr std::array type_words{
        std::string_view{"type"},    std::string_view{"name"},   std::string_view{"namespace"},
        std::string_view{"doc"},     std::string_view{"fields"}, std::string_view{"symbols"},
        std::string_view{"items"},   std::string_view{"values"}, std::string_view{"size"},
        std::string_view{"aliases"},
    };
    constexpr std::array field_words{
        std::string_view{"name"},  std::string_view{"type"},    std::string_view{"default"},
        std::string_view{"doc"},   std::string_view{"aliases"}, std::string_view{"order"},
    };
    if (owner == AvroKind::unresolved) {
        return std::find(field_words.begin(), field_words.end(), key) != field_words.end();
    }
    return std::find(type_words.begin(), type_words.end(), key) != type_words.end() ||
           (owner == AvroKind::enumeration && key == "default");
}

std::optional<std::string_view> find_text(const JsonNode& json, std::string_view key) {
    const JsonNode* found = json.find(key);
    if (found == nullptr || found->kind != JsonKind::string) {
        return std::nullopt;
    }
    return found->text;
}

AvroName split_name(std::string_view text, std::string_view space) {
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) {
        return {space, text};
    }
    return {text.substr(0, dot), text.substr(dot + 1)};
}

bool is_less(std::string_view one, std::string_view other) { return one < other; }

bool is_less(const AvroName& one, const AvroName& other) {
    return std::tie(one.last, one.space) < std::tie(other.last, other.space);
}

// Moves each value's first occurrence to `kept`; their number.
template <class T>
std::size_t without_repeats(const std::vector<T>& values, std::span<T> kept) {
    constexpr std::size_t few = 16;
    std::vector<std::size_t> order(values.size() > few ? values.size() : 0);
    std::vector<bool> repeated(order.size());
    if (!order.empty()) {
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&values](std::size_t one, std::size_t other) {
            return is_less(values[one], values[other]);
        });
        for (std::size_t at = 1; at < order.size(); ++at) {
            repeated[order[at]] = values[order[at]] == values[order[at - 1]];
        }
    }
    std::size_t count = 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
        const auto end = kept.begin() + static_cast<std::ptrdiff_t>(count);
        const bool known = order.empty() ? std::find(kept.begin(), end, values[at]) != end
                                         : repeated[at];
        if (!known) {
            kept[count++] = values[at];
        }
    }
    return count;
}

AvroName branch_name(const AvroNode& branch) {
    return is_named(branch.kind) ? branch.definition->name : AvroName{{}, to_string(branch.kind)};
}

}  // namespace

std::string problem_of_union(const AvroNode& node) {
    std::vector<AvroName> names;
    names.reserve(node.branches.size());
    for (const AvroNode* branch : node.branches) {
        if (branch->kind == AvroKind::union_of) {
            return "A union stands directly in a union";
        }
        if (branch->kind != AvroKind::unresolved) {
            names.push_back(branch_name(*branch));
        }
    }
    std::sort(names.begin(), names.end(),
              [](const AvroName& one, const AvroName& other) { return is_less(one, other); });
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice == names.end() ? ""
                                : fmt::format("Duplicate in union: \"{}\"", to_string(*twice));
}

std::size_t AvroParser::NameHash::operator()(const AvroName& name) const {
    const std::hash<std::string_view> hash;
    // The seed keeps senders from choosing names that all fall into one bucket.
    return (hash(name.last) ^ (hash(name.space) * 0x9E3779B97F4A7C15ULL) ^ seed) *
           0xD6E8FEB86659FD93ULL;
}

AvroParser::AvroParser(AvroTree& tree, Strictness strictness)
    : tree_(tree),
      strictness_(strictness),
      letters_(strictness == Strictness::strict ? NameLetters::ascii : NameLetters::unicode),
      names_(0, NameHash{reinterpret_cast<std::size_t>(&tree)}) {}

void AvroParser::add_known(std::span<const AvroNode* const> definitions,
                           std::uint32_t name_count) {
    for (const AvroNode* definition : definitions) {
        names_.emplace(definition->definition->name, definition);
    }
    tree_.name_count = name_count;
}

std::nullptr_t AvroParser::fail(std::size_t offset, std::string_view what) {
    if (problem_.empty()) {
        problem_ = what;
        problem_offset_ = offset;
    }
    return nullptr;
}

Result<const AvroNode*> AvroParser::parse_text(std::string_view text) {
    if (text.size() > limits::schema_bytes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("The schema is longer than {} bytes", limits::schema_bytes_max)));
    }
    // The tree points into its own copy; JSON values that it does not keep go with this function.
    const std::span<char> copy = new_array<char>(text.size());
    std::copy(text.begin(), text.end(), copy.begin());
    const std::string_view own(copy.data(), copy.size());
    std::array<std::byte, 16'384> buffer;
    std::pmr::monotonic_buffer_resource nodes(buffer.data(), buffer.size());
    JsonReader reader(own, nodes, tree_.memory);
    const JsonNode* json = reader.read();
    const AvroNode* root = nullptr;
    definitions_before_ = tree_.definitions.size();
    if (json == nullptr) {
        fail(reader.problem_offset(), fmt::format("Not valid JSON: {}", reader.problem()));
    } else if (parse_into(root, *json, {}) && resolve(root)) {
        pending_ = {};
        return root;
    }
    return failure(make_error(ErrorCode::invalid_schema,
                              fmt::format("{} ({})", problem_, place_of(own, problem_offset_))));
}

bool AvroParser::parse_into(const AvroNode*& slot, const JsonNode& json, std::string_view space) {
    slot = parse_type(json, space);
    if (slot != nullptr && slot->kind == AvroKind::unresolved) {
        pending_.slots.push_back(&slot);
    }
    return slot != nullptr;
}

const AvroNode* AvroParser::parse_type(const JsonNode& json, std::string_view space) {
    switch (json.kind) {
        case JsonKind::string:
            return find_type(json.text, space, json.offset);
        case JsonKind::object:
            return parse_object(json, space);
        case JsonKind::array:
            return parse_union(json, space);
        default:
            return fail(json.offset, "A schema is a name, an object or an array");
    }
}

const AvroNode* AvroParser::parse_object(const JsonNode& json, std::string_view space) {
    const auto type = find_text(json, "type");
    if (!type) {
        return fail(json.offset, "No type: a \"type\" with a text is needed here");
    }
    if (const auto primitive = find_primitive(*type)) {
        AvroNode* node = new_node(*primitive, json.offset);
        return keep_properties(json, *node) ? node : nullptr;
    }
    if (*type == "record" || *type == "error") {
        return parse_record(json, *type == "error", space);
    }
    if (*type == "enum") {
        return parse_enum(json, space);
    }
    if (*type == "fixed") {
        return parse_fixed(json, space);
    }
    if (*type == "array" || *type == "map") {
        return parse_container(json, *type == "array" ? AvroKind::array : AvroKind::map, space);
    }
    return find_type(*type, space, json.offset);
}

const AvroNode* AvroParser::parse_union(const JsonNode& json, std::string_view space) {
    AvroNode* node = new_node(AvroKind::union_of, json.offset);
    const auto branches = new_array<const AvroNode*>(json.count);
    bool pending = false;
    std::size_t at = 0;
    for (const JsonNode* child = json.first; child != nullptr; child = child->next) {
        if (!parse_into(branches[at], *child, space)) {
            return nullptr;
        }
        pending = pending || branches[at]->kind == AvroKind::unresolved;
        ++at;
    }
    node->branches = branches;
    if (const std::string problem = problem_of_union(*node); !problem.empty()) {
        return fail(json.offset, problem);
    }
    if (pending) {
        pending_.unions.push_back(node);
    }
    return node;
}

const AvroNode* AvroParser::parse_container(const JsonNode& json, AvroKind kind,
                                            std::string_view space) {
    const std::string_view word = kind == AvroKind::array ? "items" : "values";
    const JsonNode* item = json.find(word);
    if (item == nullptr) {
        return fail(json.offset, fmt::format("An {} needs \"{}\"", to_string(kind), word));
    }
    AvroNode* node = new_node(kind, json.offset);
    return parse_into(node->item, *item, space) && keep_properties(json, *node) ? node : nullptr;
}

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
                      parse_type_aliases(json, *definition) && define(*node);
    return fine ? node : nullptr;
}

bool AvroParser::index_fields(AvroDefinition& definition) {
    const auto fields = definition.fields;
    const auto order = new_array<std::uint32_t>(fields.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [fields](std::uint32_t one, std::uint32_t other) {
        return fields[one].name < fields[other].name;
    });
    const auto twice = std::adjacent_find(
        order.begin(), order.end(), [fields](std::uint32_t one, std::uint32_t other) {
            return fields[one].name == fields[other].name;
        });
    if (twice != order.end()) {
        fail(fields[*twice].offset,
             fmt::format("Duplicate field \"{}\" in record \"{}\"", fields[*twice].name,
                         to_string(definition.name)));
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
    std::string word(order->text);
    std::transform(word.begin(), word.end(), word.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    if (word == "ascending") {
        field.order = FieldOrder::ascending;
    } else if (word == "descending") {
        field.order = FieldOrder::descending;
    } else if (word == "ignore") {
        field.order = FieldOrder::ignore;
    } else {
        fail(order->offset, fmt::format("Field \"{}\": order is ascending, descending or ignore",
                                        field.name));
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
            fail(given->offset, fmt::format("Invalid default for field \"{}\": \"{}\" is no number",
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
        fail(list->offset, fmt::format("\"{}\": aliases are a list of texts",
                                       to_string(definition.name)));
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
        fail(json.offset, fmt::format("The enum default \"{}\" is none of the symbols of \"{}\"",
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
                      define(*node);
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
                      define(*node);
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

bool AvroParser::define(AvroNode& node) {
    // Why the cast: this parser made the definition, and nobody else sees it before it is done.
    auto& definition = const_cast<AvroDefinition&>(*node.definition);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    const auto [known, is_new] = names_.try_emplace(definition.name, &node);
    if (!is_new) {
        definition.name_id = known->second->definition->name_id;
        if (equal_definitions(node, *known->second)) {
            return true;
        }
        fail(node.offset, fmt::format("Can't redefine: \"{}\" is already defined differently",
                                      to_string(definition.name)));
        return false;
    }
    definition.name_id = tree_.name_count++;
    tree_.definitions.push_back(&node);
    if (tree_.definitions.size() > limits::schema_names_max) {
        fail(node.offset, fmt::format("More than {} named types", limits::schema_names_max));
        return false;
    }
    return true;
}

const AvroNode* AvroParser::find_type(std::string_view text, std::string_view space,
                                      std::size_t offset) {
    if (const auto primitive = find_primitive(text)) {
        return new_node(*primitive, offset);
    }
    AvroName name = split_name(text, space);
    if (name.space.empty() && name.last.size() != text.size()) {
        name.last = text;  // Parity: ".R" is not "R", and nothing can be called so
    }
    auto known = names_.find(name);
    if (known == names_.end() && !space.empty() && name.last.size() == text.size()) {
        known = names_.find(AvroName{{}, text});
    }
    if (known != names_.end()) {
        return known->second;
    }
    AvroNode* node = new_node(AvroKind::unresolved, offset);
    AvroDefinition* definition = new_definition();
    definition->name = name;
    node->definition = definition;
    pending_.unresolved.push_back(node);
    return node;
}

bool AvroParser::resolve(const AvroNode*& root) {
    for (AvroNode* node : pending_.unresolved) {
        const auto known = names_.find(node->definition->name);
        if (known == names_.end()) {
            fail(node->offset,
                 fmt::format("Undefined name: \"{}\"", to_string(node->definition->name)));
            return false;
        }
        node->item = known->second;
    }
    Problem problem;
    if (pending_.has_object_default) {
        problem = check_defaults_in_order(tree_, *root, definitions_before_);
    }
    for (const AvroNode** slot : pending_.slots) {
        *slot = (*slot)->item;
    }
    if (!pending_.has_object_default && !pending_.slots.empty()) {
        DefaultCheck check;
        for (const AvroField* field : pending_.defaults) {
            if (problem.what.empty()) {
                problem = problem_of_default(*field, check.check(*field->type,
                                                                 field->default_value));
            }
        }
    }
    if (!problem.what.empty()) {
        fail(problem.offset, problem.what);
        return false;
    }
    for (const AvroNode* node : pending_.unions) {
        if (const std::string what = problem_of_union(*node); !what.empty()) {
            fail(node->offset, what);
            return false;
        }
    }
    if (is_named(root->kind)) {
        root = names_.find(root->definition->name)->second;
    }
    return true;
}

bool AvroParser::keep_properties(const JsonNode& json, AvroNode& node) {
    node.properties = copy_properties(json, node.kind == AvroKind::enumeration
                                                ? AvroKind::enumeration
                                                : AvroKind::record);
    node.logical = find_logical_type(node);
    if (node.kind != AvroKind::record && node.item == nullptr) {
        return true;
    }
    if (node.logical != LogicalType::none) {
        // Parity: the reference copies these types when it resolves names, logical type first.
        const auto is_other = [](const JsonNode* property) {
            return property->key != "logicalType";
        };
        std::vector<const JsonNode*> order(node.properties.begin(), node.properties.end());
        std::stable_partition(order.begin(), order.end(), std::not_fn(is_other));
        const auto kept = new_array<const JsonNode*>(order.size());
        std::copy(order.begin(), order.end(), kept.begin());
        node.properties = kept;
    }
    for (const JsonNode* property : node.properties) {
        if (contains_kind(*property, JsonKind::big_integer)) {
            fail(property->offset,
                 fmt::format("Property \"{}\": integers of {} types have at most 64 bits",
                             property->key, to_string(node.kind)));
            return false;
        }
    }
    return true;
}

std::span<const JsonNode* const> AvroParser::copy_properties(const JsonNode& json,
                                                             AvroKind owner) {
    std::size_t count = 0;
    for (const JsonNode* member = json.first; member != nullptr; member = member->next) {
        count += is_attribute(member->key, owner) ? 0 : 1;
    }
    if (count == 0) {
        return {};
    }
    const auto properties = new_array<const JsonNode*>(count);
    std::size_t at = 0;
    for (const JsonNode* member = json.first; member != nullptr; member = member->next) {
        if (!is_attribute(member->key, owner)) {
            properties[at++] = copy_json(*member, tree_.memory);
        }
    }
    return properties;
}

AvroNode* AvroParser::new_node(AvroKind kind, std::size_t offset) {
    auto* node = new (tree_.memory.allocate(sizeof(AvroNode), alignof(AvroNode))) AvroNode;
    node->kind = kind;
    node->index = tree_.node_count++;
    node->offset = static_cast<std::uint32_t>(offset);
    return node;
}

AvroDefinition* AvroParser::new_definition() {
    return new (tree_.memory.allocate(sizeof(AvroDefinition), alignof(AvroDefinition)))
        AvroDefinition;
}

template <class T>
std::span<T> AvroParser::new_array(std::size_t count) {
    T* first = static_cast<T*>(tree_.memory.allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
}

Result<SchemaPtr> parse_avro(std::string_view text, std::span<const NamedText> references,
                             Strictness strictness) {
    auto tree = std::make_unique<AvroTree>();
    AvroParser parser(*tree, strictness);
    std::size_t reference_bytes = 0;
    for (const NamedText& reference : references) {
        reference_bytes += reference.text.size();
        if (reference_bytes > limits::reference_bytes_max) {
            return failure(make_error(ErrorCode::invalid_schema,
                                      fmt::format("The references together are longer than {} bytes",
                                                  limits::reference_bytes_max)));
        }
        auto root = parser.parse_text(reference.text);
        if (!root) {
            return failure(make_error(ErrorCode::invalid_schema,
                                      fmt::format("Reference \"{}\": {}", reference.name,
                                                  root.error().message)));
        }
        tree->reference_roots.push_back(*root);
    }
    tree->reference_definitions = tree->definitions.size();
    SYMBOLON_TRY(tree->root, parser.parse_text(text));
    return SchemaPtr(std::make_shared<AvroSchema>(std::move(tree), strictness));
}

}  // namespace symbolon::compat::avro
