#include "compat/json_schema/json_compiler.hpp"
#include "compat/json_schema/json_ecma.hpp"
#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_values.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace symbolon::compat::json {

Result<NodeId> Compiler::child(const JsonNode& json, Node& node) {
    const SiteId site = program_.sites.site_of(json);
    if (site == none_here) {
        return program_.sites.fail(
            node.site, json,
            fmt::format("\"{}\" should be a schema, which is an object or a boolean", json.key));
    }
    node.has_parts = true;
    return node_of(site);
}

Status Compiler::read_schema(const JsonNode& json, std::string_view word, Node& node, NodeId& out) {
    if (const JsonNode* found = json.find(word)) {
        SYMBOLON_TRY(out, child(*found, node));
    }
    return {};
}

Status Compiler::read_schemas(const JsonNode& json, std::string_view word, Node& node,
                              std::vector<NodeId>& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return {};
    }
    SYMBOLON_CHECK(expect(found->kind == JsonKind::array, node, *found, "a list of schemas"));
    out.reserve(found->count);
    for (const JsonNode* item = found->first; item != nullptr; item = item->next) {
        SYMBOLON_TRY(const NodeId made, child(*item, node));
        out.push_back(made);
    }
    bytes_ += out.size() * sizeof(NodeId);
    return {};
}

Status Compiler::read_count(const JsonNode& json, std::string_view word, const Node& node,
                            std::uint64_t& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return {};
    }
    SYMBOLON_CHECK(expect(is_number(*found) && is_whole(*found), node, *found, "a whole number"));
    const Decimal decimal = decimal_of(*found);
    SYMBOLON_CHECK(expect(!decimal.negative, node, *found, "0 or more"));
    constexpr std::int64_t digits_max = 18;
    if (static_cast<std::int64_t>(decimal.digits.size()) - decimal.scale > digits_max) {
        out = no_maximum;  // more than anything has
        return {};
    }
    std::string digits = decimal.digits;
    if (decimal.scale > 0) {
        const auto fraction = static_cast<std::size_t>(decimal.scale);
        digits = digits.size() > fraction ? digits.substr(0, digits.size() - fraction) : "0";
    } else if (digits != "0") {
        digits.append(static_cast<std::size_t>(-decimal.scale), '0');
    }
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return {};
}

Status Compiler::read_names(const JsonNode& list, const Node& node,
                            std::vector<std::string_view>& out) {
    SYMBOLON_CHECK(expect(list.kind == JsonKind::array, node, list, "a list of names"));
    for (const JsonNode* item = list.first; item != nullptr; item = item->next) {
        SYMBOLON_CHECK(expect(item->kind == JsonKind::string, node, list, "a list of names"));
        out.push_back(item->text);
    }
    bytes_ += out.size() * sizeof(std::string_view);
    return {};
}

Result<PatternPtr> Compiler::pattern_of(const JsonNode& json, std::string_view text,
                                        const Node& node) {
    if (const auto known = patterns_.find(text); known != patterns_.end()) {
        return known->second;
    }
    if (patterns_.size() >= limits::patterns_max) {
        return program_.sites.fail(node.site, json,
                                   fmt::format("More than {} patterns", limits::patterns_max));
    }
    auto compiled = compile_ecma_pattern(text);
    if (!compiled) {
        return program_.sites.fail(node.site, json, compiled.error().message);
    }
    constexpr std::size_t engine_bytes = 1'500;  // an expression of a few letters, about
    bytes_ += engine_bytes + 16 * text.size();
    return patterns_.emplace(text, *compiled).first->second;
}

Status Compiler::compile_items(const JsonNode& json, Node& node, ArrayRules& rules) {
    const Draft draft = dialect_of(node).draft;
    const JsonNode* items = json.find("items");
    if (draft == Draft::draft2020) {
        SYMBOLON_CHECK(read_schemas(json, "prefixItems", node, rules.prefix));
        rules.prefix_word = "prefixItems";
        rules.rest_word = "items";
        return read_schema(json, "items", node, rules.rest);
    }
    if (items == nullptr || items->kind != JsonKind::array) {
        rules.rest_word = "items";
        return read_schema(json, "items", node, rules.rest);
    }
    rules.prefix_word = "items";
    rules.rest_word = "additionalItems";
    SYMBOLON_CHECK(read_schemas(json, "items", node, rules.prefix));
    return read_schema(json, "additionalItems", node, rules.rest);
}

Status Compiler::compile_contains(const JsonNode& json, Node& node, ArrayRules& rules) {
    if (!knows(node, Draft::draft6)) {
        return {};
    }
    SYMBOLON_CHECK(read_schema(json, "contains", node, rules.contains));
    if (rules.contains == none_here || !knows(node, Draft::draft2019)) {
        return {};
    }
    rules.contains_evaluates = knows(node, Draft::draft2020);
    if (dialect_of(node).validation) {
        SYMBOLON_CHECK(read_count(json, "minContains", node, rules.matches.least));
        SYMBOLON_CHECK(read_count(json, "maxContains", node, rules.matches.most));
    }
    return {};
}

Status Compiler::compile_arrays(const JsonNode& json, Node& node) {
    ArrayRules rules;
    if (dialect_of(node).validation) {
        SYMBOLON_CHECK(read_count(json, "minItems", node, rules.count.least));
        SYMBOLON_CHECK(read_count(json, "maxItems", node, rules.count.most));
        const JsonNode* unique = json.find("uniqueItems");
        rules.unique = unique != nullptr && unique->boolean;
    }
    if (dialect_of(node).applicator) {
        SYMBOLON_CHECK(compile_items(json, node, rules));
        SYMBOLON_CHECK(compile_contains(json, node, rules));
    }
    const bool any = rules.count.least != 0 || rules.count.most != no_maximum || rules.unique ||
                     !rules.prefix.empty() || rules.rest != none_here ||
                     rules.contains != none_here;
    if (any) {
        node.arrays = std::make_unique<ArrayRules>(std::move(rules));
    }
    return {};
}

Status Compiler::compile_properties(const JsonNode& json, Node& node, ObjectRules& rules) {
    if (const JsonNode* properties = json.find("properties")) {
        SYMBOLON_CHECK(
            expect(properties->kind == JsonKind::object, node, *properties, "an object"));
        rules.properties.reserve(properties->count);
        for (const JsonNode* each = properties->first; each != nullptr; each = each->next) {
            SYMBOLON_TRY(const NodeId made, child(*each, node));
            rules.properties.emplace(each->key, made);
        }
        bytes_ += rules.properties.size() * 48;
    }
    if (const JsonNode* patterns = json.find("patternProperties")) {
        SYMBOLON_CHECK(expect(patterns->kind == JsonKind::object, node, *patterns, "an object"));
        for (const JsonNode* each = patterns->first; each != nullptr; each = each->next) {
            SYMBOLON_TRY(const NodeId made, child(*each, node));
            SYMBOLON_TRY(PatternPtr pattern, pattern_of(*each, each->key, node));
            rules.patterns.push_back({each->key, std::move(pattern), made});
        }
    }
    SYMBOLON_CHECK(read_schema(json, "additionalProperties", node, rules.additional));
    return knows(node, Draft::draft6) ? read_schema(json, "propertyNames", node, rules.names)
                                      : Status();
}

Status Compiler::add_dependents(const JsonNode& json, std::string_view word, Node& node,
                                ObjectRules& rules) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return {};
    }
    SYMBOLON_CHECK(expect(found->kind == JsonKind::object, node, *found, "an object"));
    for (const JsonNode* each = found->first; each != nullptr; each = each->next) {
        DependentRule rule{found->key, each->key};
        const bool is_list = each->kind == JsonKind::array && word != "dependentSchemas";
        if (is_list || word == "dependentRequired") {
            SYMBOLON_CHECK(read_names(*each, node, rule.names));
        } else {
            SYMBOLON_TRY(rule.node, child(*each, node));
        }
        rules.dependents.push_back(std::move(rule));
    }
    return {};
}

Status Compiler::compile_dependents(const JsonNode& json, Node& node, ObjectRules& rules) {
    const Dialect& dialect = dialect_of(node);
    // The newer drafts split this in two; many still write it, and may.
    if (dialect.applicator) {
        SYMBOLON_CHECK(add_dependents(json, "dependencies", node, rules));
    }
    if (!is_modern(dialect.draft)) {
        return {};
    }
    if (dialect.validation) {
        SYMBOLON_CHECK(add_dependents(json, "dependentRequired", node, rules));
    }
    return dialect.applicator ? add_dependents(json, "dependentSchemas", node, rules) : Status();
}

Status Compiler::compile_objects(const JsonNode& json, Node& node) {
    ObjectRules rules;
    if (dialect_of(node).validation) {
        SYMBOLON_CHECK(read_count(json, "minProperties", node, rules.count.least));
        SYMBOLON_CHECK(read_count(json, "maxProperties", node, rules.count.most));
        const JsonNode* required = json.find("required");
        // Draft 3 and OpenAPI have a flag of this name, which draft 4 no longer knows.
        if (required != nullptr && required->kind != JsonKind::boolean) {
            SYMBOLON_CHECK(read_names(*required, node, rules.required));
        }
    }
    if (dialect_of(node).applicator) {
        SYMBOLON_CHECK(compile_properties(json, node, rules));
    }
    SYMBOLON_CHECK(compile_dependents(json, node, rules));
    const bool any = rules.count.least != 0 || rules.count.most != no_maximum ||
                     !rules.required.empty() || !rules.properties.empty() ||
                     !rules.patterns.empty() || rules.additional != none_here ||
                     rules.names != none_here || !rules.dependents.empty();
    if (any) {
        node.objects = std::make_unique<ObjectRules>(std::move(rules));
    }
    return {};
}

}  // namespace symbolon::compat::json
