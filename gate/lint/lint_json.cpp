#include "gate/lint/lint_names.hpp"
#include "gate/lint/lint_rules.hpp"
#include "gate/lint/lint_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace symbolon::gate {

namespace {

using compat::JsonKind;
using compat::JsonNode;

constexpr std::array<std::string_view, 6> keywords_of_named{
    "properties", "definitions", "$defs", "patternProperties", "dependentSchemas", "dependencies"};
constexpr std::array<std::string_view, 4> keywords_of_lists{"allOf", "anyOf", "oneOf",
                                                            "prefixItems"};
constexpr std::array<std::string_view, 11> keywords_of_one{"items",
                                                           "additionalProperties",
                                                           "additionalItems",
                                                           "unevaluatedProperties",
                                                           "unevaluatedItems",
                                                           "contains",
                                                           "propertyNames",
                                                           "not",
                                                           "if",
                                                           "then",
                                                           "else"};
/// What says which values a schema takes; further keywords narrow them.
constexpr std::array<std::string_view, 10> typing_keywords{
    "type",          "enum",  "const", "$ref",  "$dynamicRef",
    "$recursiveRef", "allOf", "anyOf", "oneOf", "if"};

bool is_one_of(std::string_view word, const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_text(const JsonNode& schema, std::string_view keyword) {
    const JsonNode* text = schema.find(keyword);
    return text != nullptr && text->kind == JsonKind::string &&
           text->text.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

bool has_doc(const JsonNode& schema) {
    return has_text(schema, "title") || has_text(schema, "description") ||
           schema.find("$ref") != nullptr;
}

/// What a schema stands for in the schema around it.
enum class SchemaRole {
    whole,       ///< the file
    property,    ///< of an object: its doc is looked for
    definition,  ///< a type by name: likewise
    part,        ///< a condition or a branch: adds to a schema that is judged itself
    inner,       ///< an item, a further member
};

class JsonLint {
public:
    explicit JsonLint(LintSink& sink) : sink_(sink) {}

    // Texts nest no deeper than json_depth_max; so does this.
    void count_styles(const JsonNode& schema) {
        if (const JsonNode* properties = object_in(schema, "properties")) {
            for (const JsonNode* one = properties->first; one != nullptr; one = one->next) {
                styles_.add(style_of(one->key));
            }
        }
        each_inner(schema, "", [this](const JsonNode& inner, const std::string&, SchemaRole) {
            count_styles(inner);
        });
    }

    void walk(const JsonNode& schema, const std::string& path, SchemaRole role) {
        if (schema.kind != JsonKind::object) {
            return;
        }
        const JsonNode* properties = object_in(schema, "properties");
        if (role == SchemaRole::whole) {
            lint_root(schema);
        } else if (role == SchemaRole::definition && !has_doc(schema)) {
            sink_.add(
                lint_type_doc, path,
                fmt::format("Definition {} has no title or description.", lint_quote(schema.key)));
        } else if (role == SchemaRole::property) {
            lint_property(schema, path);
        }
        if (properties != nullptr) {
            lint_object(schema, *properties, path, role);
        }
        each_inner(schema, path,
                   [this](const JsonNode& inner, const std::string& place, SchemaRole inner_role) {
                       walk(inner, place, inner_role);
                   });
    }

private:
    static const JsonNode* object_in(const JsonNode& schema, std::string_view keyword) {
        const JsonNode* found = schema.find(keyword);
        return found != nullptr && found->kind == JsonKind::object ? found : nullptr;
    }

    template <class Each>
    void each_inner(const JsonNode& schema, const std::string& path, const Each& each) {
        if (schema.kind != JsonKind::object) {
            return;
        }
        for (const JsonNode* member = schema.first; member != nullptr; member = member->next) {
            const std::string place = place_below(path, member->key);
            if (member->kind == JsonKind::object && is_one_of(member->key, keywords_of_named)) {
                const SchemaRole role = member->key == "properties" ? SchemaRole::property
                                        : member->key == "definitions" || member->key == "$defs"
                                            ? SchemaRole::definition
                                            : SchemaRole::part;
                for (const JsonNode* one = member->first; one != nullptr; one = one->next) {
                    each(*one, place_below(place, one->key), role);
                }
            } else if (member->kind == JsonKind::object &&
                       is_one_of(member->key, keywords_of_one)) {
                const bool is_inner = member->key == "items" ||
                                      member->key == "additionalProperties" ||
                                      member->key == "additionalItems";
                each(*member, place, is_inner ? SchemaRole::inner : SchemaRole::part);
            } else if (member->kind == JsonKind::array &&
                       (is_one_of(member->key, keywords_of_lists) || member->key == "items")) {
                const bool branches = member->key == "oneOf" || member->key == "anyOf";
                std::size_t at = 0;
                for (const JsonNode* one = member->first; one != nullptr; one = one->next) {
                    each(*one, fmt::format("{}/{}", place, at++),
                         branches || member->key == "items" || member->key == "prefixItems"
                             ? SchemaRole::inner
                             : SchemaRole::part);
                }
            }
        }
    }

    void lint_root(const JsonNode& schema) {
        if (!has_text(schema, "$schema")) {
            sink_.add(lint_dialect, "/", "The schema has no $schema: it is read as draft-07 here.");
        }
        if (!has_text(schema, "$id") && !has_text(schema, "id")) {
            sink_.add(lint_id, "/", "The schema has no $id.");
        }
        if (!has_doc(schema)) {
            sink_.add(lint_type_doc, "/", "The schema has no title or description.");
        }
    }

    void lint_property(const JsonNode& schema, const std::string& path) {
        const std::string name = lint_quote(schema.key);
        const NameStyle style = style_of(schema.key);
        const auto usual = styles_.usual();
        if (style != NameStyle::plain && usual && style != *usual) {
            sink_.add(lint_field_name, path,
                      fmt::format("Property {} is in {}, most others in {}.", name,
                                  to_string(style), to_string(*usual)));
        }
        if (!has_doc(schema)) {
            sink_.add(lint_field_doc, path,
                      fmt::format("Property {} has no title or description.", name));
        }
        const bool typed = std::any_of(
            typing_keywords.begin(), typing_keywords.end(),
            [&schema](std::string_view keyword) { return schema.find(keyword) != nullptr; });
        if (!typed) {
            sink_.add(lint_untyped, path,
                      fmt::format("Property {} takes values of any type.", name));
        }
    }

    void lint_object(const JsonNode& schema, const JsonNode& properties, const std::string& path,
                     SchemaRole role) {
        const bool says = schema.find("additionalProperties") != nullptr ||
                          schema.find("unevaluatedProperties") != nullptr;
        // What adds to another schema must leave the members of that one alone.
        if (!says && role != SchemaRole::part && schema.find("allOf") == nullptr) {
            sink_.add(lint_open_content, path.empty() ? "/" : path,
                      "The object takes members of any name and type beside its properties: a "
                      "property that is added later may meet data of another type, so that adding "
                      "one is not compatible.");
        }
        const JsonNode* additional = schema.find("additionalProperties");
        const JsonNode* required = schema.find("required");
        const bool closed = additional != nullptr && additional->kind == JsonKind::boolean &&
                            !additional->boolean && schema.find("patternProperties") == nullptr;
        if (!closed || required == nullptr || required->kind != JsonKind::array) {
            return;
        }
        std::set<std::string_view> declared;
        for (const JsonNode* one = properties.first; one != nullptr; one = one->next) {
            declared.insert(one->key);
        }
        std::size_t at = 0;
        for (const JsonNode* one = required->first; one != nullptr; one = one->next, ++at) {
            if (one->kind == JsonKind::string && !declared.contains(one->text)) {
                sink_.add(lint_undeclared, fmt::format("{}/required/{}", path, at),
                          fmt::format("{} is required, and neither it nor any further member is "
                                      "allowed: no object is valid.",
                                      lint_quote(one->text)));
            }
        }
    }

    LintSink& sink_;
    StyleCount styles_;
};

}  // namespace

void lint_json(const JsonNode& root, LintSink& sink) {
    JsonLint lint(sink);
    lint.count_styles(root);
    lint.walk(root, "", SchemaRole::whole);
}

}  // namespace symbolon::gate
