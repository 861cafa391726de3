#include "compat/avro/avro_parse.hpp"

#include "compat/avro/avro_equal.hpp"
#include "compat/avro/avro_logical.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>
#include <numeric>

namespace symbolon::compat::avro {

namespace {

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
        std::string_view{"name"}, std::string_view{"type"},    std::string_view{"default"},
        std::string_view{"doc"},  std::string_view{"aliases"}, std::string_view{"order"},
    };
    if (owner == AvroKind::unresolved) {
        return std::find(field_words.begin(), field_words.end(), key) != field_words.end();
    }
    return std::find(type_words.begin(), type_words.end(), key) != type_words.end() ||
           (owner == AvroKind::enumeration && key == "default");
}

AvroName branch_name(const AvroNode& branch) {
    return is_named(branch.kind) ? branch.definition->name : AvroName{{}, to_string(branch.kind)};
}

}  // namespace

std::optional<AvroKind> find_primitive(std::string_view text) {
    for (auto at = static_cast<int>(AvroKind::null); at <= static_cast<int>(AvroKind::string);
         ++at) {
        if (to_string(static_cast<AvroKind>(at)) == text) {
            return static_cast<AvroKind>(at);
        }
    }
    return std::nullopt;
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
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice == names.end() ? "" : fmt::format("Duplicate in union: \"{}\"", to_string(*twice));
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

void AvroParser::add_known(std::span<const AvroNode* const> definitions, std::uint32_t name_count) {
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
        return failure(make_error(ErrorCode::schema_too_large));
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

bool AvroParser::define(const AvroNode& node, AvroDefinition& definition) {
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
                problem =
                    problem_of_default(*field, check.check(*field->type, field->default_value));
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
    node.properties = copy_properties(
        json, node.kind == AvroKind::enumeration ? AvroKind::enumeration : AvroKind::record);
    node.logical = find_logical_type(node);
    if (node.kind != AvroKind::record && node.item == nullptr) {
        return true;
    }
    if (node.logical != LogicalType::none) {
        // Parity: the reference copies these types when it resolves names, logical type first.
        std::vector<const JsonNode*> order(node.properties.begin(), node.properties.end());
        const auto logical = std::find_if(order.begin(), order.end(), [](const JsonNode* property) {
            return property->key == "logicalType";
        });
        std::rotate(order.begin(), logical, std::next(logical));
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

std::span<const JsonNode* const> AvroParser::copy_properties(const JsonNode& json, AvroKind owner) {
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

Result<SchemaPtr> parse_avro(std::string_view text, std::span<const NamedText> references,
                             Strictness strictness) {
    auto tree = std::make_unique<AvroTree>();
    AvroParser parser(*tree, strictness);
    std::size_t reference_bytes = 0;
    for (const NamedText& reference : references) {
        reference_bytes += reference.text.size();
        if (reference_bytes > limits::reference_bytes_max) {
            return failure(
                make_error(ErrorCode::invalid_schema,
                           fmt::format("The references together are longer than {} bytes",
                                       limits::reference_bytes_max)));
        }
        auto root = parser.parse_text(reference.text);
        if (!root) {
            return failure(make_error(
                ErrorCode::invalid_schema,
                fmt::format("Reference \"{}\": {}", reference.name, root.error().message)));
        }
        tree->reference_roots.push_back(*root);
    }
    tree->reference_definitions = tree->definitions.size();
    SYMBOLON_TRY(tree->root, parser.parse_text(text));
    return SchemaPtr(std::make_shared<AvroSchema>(std::move(tree), strictness));
}

}  // namespace symbolon::compat::avro
