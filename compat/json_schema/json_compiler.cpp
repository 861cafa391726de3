#include "compat/json_schema/json_compiler.hpp"

#include "compat/json_schema/json_ecma.hpp"
#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_values.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace symbolon::compat::json {

namespace {

constexpr std::array type_words{
    std::pair{std::string_view("array"), type_array},
    std::pair{std::string_view("boolean"), type_boolean},
    std::pair{std::string_view("integer"), type_integer},
    std::pair{std::string_view("null"), type_null},
    std::pair{std::string_view("number"), type_number},
    std::pair{std::string_view("object"), type_object},
    std::pair{std::string_view("string"), type_string},
};

template <class Rules>
Rules& rules_in(std::unique_ptr<Rules>& slot) {
    if (!slot) {
        slot = std::make_unique<Rules>();
    }
    return *slot;
}

template <class Rules>
std::size_t bytes_in(const std::unique_ptr<Rules>& slot) {
    return slot ? sizeof(Rules) + 16 : 0;
}

// Without what its lists hold.
std::size_t bytes_of(const Node& node) {
    return sizeof(Node) + bytes_in(node.values) + bytes_in(node.constant) + bytes_in(node.numbers) +
           bytes_in(node.strings) + bytes_in(node.arrays) + bytes_in(node.objects) +
           bytes_in(node.in_place);
}

}  // namespace

const Dialect& Compiler::dialect_of(const Node& node) const {
    return program_.sites.resource(node.resource).dialect;
}

Status Compiler::expect(bool good, const Node& node, const JsonNode& json,
                        std::string_view wanted) const {
    if (good) {
        return {};
    }
    return program_.sites.fail(node.site, json,
                               fmt::format("\"{}\" should be {}", json.key, wanted));
}

NodeId Compiler::node_of(SiteId site) {
    const auto [found, is_new] =
        node_by_site_.try_emplace(site, static_cast<NodeId>(program_.nodes.size()));
    if (is_new) {
        Node& node = program_.nodes.emplace_back();
        node.site = site;
        node.resource = program_.sites[site].resource;
        waiting_.push_back(found->second);
    } else {
        program_.nodes[found->second].is_shared = true;
    }
    return found->second;
}

Status Compiler::compile_waiting() {
    // Why a queue: a chain of references is as long as the text, and must not cost stack.
    while (!waiting_.empty()) {
        const NodeId next = waiting_.front();
        waiting_.pop_front();
        SYMBOLON_CHECK(compile(next));
    }
    return {};
}

Status Compiler::run() {
    node_of(program_.sites.root());
    SYMBOLON_CHECK(compile_waiting());
    SYMBOLON_CHECK(bind_resources());
    if (has_unevaluated_) {
        // What was evaluated asks again which schemas accept.
        for (Node& node : program_.nodes) {
            node.is_shared = node.is_shared || node.in_place != nullptr;
        }
    }
    for (Node& node : program_.nodes) {
        node.is_shared = node.is_shared && node.has_parts;
        bytes_ += bytes_of(node);
    }
    constexpr std::size_t smallest_bytes = 3'000;
    program_.memory_bytes = smallest_bytes + bytes_ + program_.nodes.size() * 48 +
                            program_.sites.size() * (sizeof(Site) + 40) + program_.text.size();
    return {};
}

// Every resource that was met binds its dynamic anchors; their schemas may bring in more resources.
Status Compiler::bind_resources() {
    if (!has_dynamic_) {
        return {};
    }
    auto& bindings = program_.bindings;
    while (bindings.size() < program_.sites.resource_count()) {
        const auto id = static_cast<std::uint32_t>(bindings.size());
        auto& own = bindings.emplace_back();
        for (const auto& [name, site] : program_.sites.resource(id).dynamic_anchors) {
            const NodeId node = node_of(site);
            program_.nodes[node].is_shared = true;
            own.push_back({slot_of(name), node});
        }
        SYMBOLON_CHECK(compile_waiting());
    }
    program_.slot_count = static_cast<std::uint32_t>(slots_.size());
    return {};
}

std::uint32_t Compiler::slot_of(std::string_view name) {
    return slots_.try_emplace(std::string(name), static_cast<std::uint32_t>(slots_.size()))
        .first->second;
}

Status Compiler::compile(NodeId id) {
    // A copy that is moved back: making other nodes moves them all.
    Node node = std::move(program_.nodes[id]);
    const JsonNode& json = *program_.sites[node.site].json;
    Status status;
    if (json.kind == JsonKind::boolean) {
        node.refuses_all = !json.boolean;
    } else if (!is_modern(dialect_of(node).draft) && json.find("$ref") != nullptr) {
        status = compile_references(json, node);  // nothing beside it counts
    } else {
        for (const auto step :
             {&Compiler::compile_references, &Compiler::compile_types, &Compiler::compile_values,
              &Compiler::compile_numbers, &Compiler::compile_strings, &Compiler::compile_arrays,
              &Compiler::compile_objects, &Compiler::compile_in_place,
              &Compiler::compile_unevaluated}) {
            if (status) {
                status = (this->*step)(json, node);
            }
        }
    }
    node.is_shared = node.is_shared || program_.nodes[id].is_shared;
    program_.nodes[id] = std::move(node);
    return status;
}

Status Compiler::compile_types(const JsonNode& json, Node& node) {
    const JsonNode* types = json.find("type");
    if (types == nullptr || !dialect_of(node).validation) {
        return {};
    }
    const JsonNode* type = types->kind == JsonKind::array ? types->first : types;
    for (; type != nullptr; type = types->kind == JsonKind::array ? type->next : nullptr) {
        const auto* const row =
            std::find_if(type_words.begin(), type_words.end(), [type](const auto& pair) {
                return type->kind == JsonKind::string && pair.first == type->text;
            });
        SYMBOLON_CHECK(expect(row != type_words.end(), node, *types,
                              "the name of one of the seven types, or a list of such names"));
        node.types |= static_cast<std::uint8_t>(row->second);
    }
    node.has_types = true;
    node.integers_by_spelling = dialect_of(node).draft == Draft::draft4;
    return {};
}

Status Compiler::compile_values(const JsonNode& json, Node& node) {
    if (!dialect_of(node).validation) {
        return {};
    }
    std::uint64_t steps = 0;
    if (const JsonNode* list = json.find("enum")) {
        SYMBOLON_CHECK(expect(list->kind == JsonKind::array, node, *list, "a list of values"));
        ValueRules& rules = rules_in(node.values);
        rules.word = "enum";
        for (const JsonNode* item = list->first; item != nullptr; item = item->next) {
            rules.choices.push_back({hash_of_value(*item, steps), item});
        }
        std::sort(rules.choices.begin(), rules.choices.end(),
                  [](const auto& left, const auto& right) { return left.hash < right.hash; });
        bytes_ += rules.choices.size() * sizeof(ValueRules::Choice);
    }
    const JsonNode* constant = json.find("const");
    if (constant != nullptr && knows(node, Draft::draft6)) {
        ValueRules& rules = rules_in(node.constant);
        rules.word = "const";
        rules.choices.push_back({hash_of_value(*constant, steps), constant});
    }
    return {};
}

Status Compiler::compile_limit(const JsonNode& json, std::string_view word, Node& node) {
    const JsonNode* found = json.find(word);
    const bool is_exclusive = word.starts_with("exclusive");
    if (found == nullptr || (is_exclusive && !knows(node, Draft::draft6))) {
        return {};  // in draft 4 it is a flag beside the limit
    }
    SYMBOLON_CHECK(expect(is_number(*found), node, *found, "a number"));
    NumberLimit limit;
    limit.word = found->key;
    limit.is_maximum = word.ends_with("aximum");
    limit.exclusive = is_exclusive;
    if (!knows(node, Draft::draft6)) {
        const JsonNode* flag =
            json.find(limit.is_maximum ? "exclusiveMaximum" : "exclusiveMinimum");
        limit.exclusive = flag != nullptr && flag->boolean;
    }
    limit.json = found;
    limit.decimal = decimal_of(*found);
    limit.real = to_double(*found);
    if (found->kind == JsonKind::int32 || found->kind == JsonKind::int64) {
        limit.integer = found->integer;
    }
    rules_in(node.numbers).limits.push_back(std::move(limit));
    return {};
}

Status Compiler::compile_numbers(const JsonNode& json, Node& node) {
    if (!dialect_of(node).validation) {
        return {};
    }
    for (const std::string_view word :
         {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}) {
        SYMBOLON_CHECK(compile_limit(json, word, node));
    }
    const JsonNode* factor = json.find("multipleOf");
    if (factor == nullptr) {
        return {};
    }
    SYMBOLON_CHECK(expect(is_number(*factor), node, *factor, "a number"));
    Decimal decimal = decimal_of(*factor);
    SYMBOLON_CHECK(
        expect(decimal.digits != "0" && !decimal.negative, node, *factor, "more than 0"));
    NumberRules& rules = rules_in(node.numbers);
    rules.factor = std::move(decimal);
    rules.factor_json = factor;
    rules.whole_factor = factor->kind == JsonKind::int32 ? factor->integer : 0;
    return {};
}

Status Compiler::compile_strings(const JsonNode& json, Node& node) {
    if (dialect_of(node).validation) {
        CountRules length;
        SYMBOLON_CHECK(read_count(json, "minLength", node, length.least));
        SYMBOLON_CHECK(read_count(json, "maxLength", node, length.most));
        if (length.least != 0 || length.most != no_maximum) {
            rules_in(node.strings).length = length;
        }
        if (const JsonNode* pattern = json.find("pattern")) {
            SYMBOLON_CHECK(expect(pattern->kind == JsonKind::string, node, *pattern, "a text"));
            StringRules& rules = rules_in(node.strings);
            SYMBOLON_TRY(rules.pattern, pattern_of(*pattern, pattern->text, node));
            rules.pattern_text = pattern->text;
        }
    }
    const JsonNode* name = json.find("format");
    const bool asserts = formats_ == Formats::assert_them || dialect_of(node).asserts_formats;
    if (name != nullptr && name->kind == JsonKind::string && asserts) {
        if (const auto format = find_format(name->text)) {
            rules_in(node.strings).format = format;
            node.strings->format_name = name->text;
        }
    }
    return {};
}

Status Compiler::compile_references(const JsonNode& json, Node& node) {
    if (const JsonNode* reference = json.find("$ref")) {
        SYMBOLON_TRY(const SiteId target, program_.sites.find(*reference, node.site));
        node.has_parts = true;
        rules_in(node.in_place).reference = node_of(target);
    }
    const Draft draft = dialect_of(node).draft;
    if (!is_modern(draft)) {
        return {};
    }
    const JsonNode* dynamic =
        json.find(draft == Draft::draft2019 ? "$recursiveRef" : "$dynamicRef");
    return dynamic == nullptr ? Status() : compile_dynamic(*dynamic, node, rules_in(node.in_place));
}

Status Compiler::compile_dynamic(const JsonNode& reference, Node& node, InPlaceRules& rules) {
    SYMBOLON_TRY(const SiteId target, program_.sites.find(reference, node.site));
    node.has_parts = true;
    rules.dynamic = node_of(target);
    rules.dynamic_word = reference.key;
    // Spec: it is dynamic only when what it finds first is a dynamic anchor of this name.
    std::string_view name;
    if (dialect_of(node).draft != Draft::draft2019) {
        const std::size_t mark = reference.text.find('#');
        name =
            mark == std::string_view::npos ? std::string_view() : reference.text.substr(mark + 1);
        if (name.empty() || name[0] == '/') {
            return {};
        }
    }
    const auto& anchors = program_.sites.resource_of(target).dynamic_anchors;
    const auto anchor = anchors.find(name);
    if (anchor != anchors.end() && anchor->second == target) {
        rules.dynamic_slot = slot_of(name);
        has_dynamic_ = true;
    }
    return {};
}

Status Compiler::compile_in_place(const JsonNode& json, Node& node) {
    if (!dialect_of(node).applicator) {
        return {};
    }
    InPlaceRules rules;
    SYMBOLON_CHECK(read_schemas(json, "allOf", node, rules.all_of));
    SYMBOLON_CHECK(read_schemas(json, "anyOf", node, rules.any_of));
    SYMBOLON_CHECK(read_schemas(json, "oneOf", node, rules.one_of));
    SYMBOLON_CHECK(read_schema(json, "not", node, rules.negation));
    if (knows(node, Draft::draft7) && json.find("if") != nullptr) {
        SYMBOLON_CHECK(read_schema(json, "if", node, rules.condition));
        SYMBOLON_CHECK(read_schema(json, "then", node, rules.then));
        SYMBOLON_CHECK(read_schema(json, "else", node, rules.otherwise));
    }
    const bool any = !rules.all_of.empty() || !rules.any_of.empty() || !rules.one_of.empty() ||
                     rules.negation != none_here || rules.condition != none_here;
    if (any) {
        if (node.in_place) {
            rules.reference = node.in_place->reference;
            rules.dynamic = node.in_place->dynamic;
            rules.dynamic_slot = node.in_place->dynamic_slot;
            rules.dynamic_word = node.in_place->dynamic_word;
        }
        node.in_place = std::make_unique<InPlaceRules>(std::move(rules));
    }
    return {};
}

Status Compiler::compile_unevaluated(const JsonNode& json, Node& node) {
    if (!is_modern(dialect_of(node).draft) || !dialect_of(node).unevaluated) {
        return {};
    }
    NodeId items = none_here;
    NodeId properties = none_here;
    SYMBOLON_CHECK(read_schema(json, "unevaluatedItems", node, items));
    SYMBOLON_CHECK(read_schema(json, "unevaluatedProperties", node, properties));
    if (items != none_here) {
        rules_in(node.arrays).unevaluated = items;
    }
    if (properties != none_here) {
        rules_in(node.objects).unevaluated = properties;
    }
    has_unevaluated_ = has_unevaluated_ || items != none_here || properties != none_here;
    return {};
}

}  // namespace symbolon::compat::json
