#include "compat/json_schema/json_meta_schema.hpp"

#include <array>
#include <string_view>

namespace symbolon::compat::json {

namespace {

/// What may stand behind a keyword.
enum class Shape : std::uint8_t {
    schema,
    schemas,         ///< one or more, in an array
    named_schemas,   ///< an object of them
    schema_or_list,  ///< `items` before 2020-12
    schema_or_bool,  ///< draft-04
    dependencies,
    names,
    named_names,
    types,
    number,
    positive,
    count,
    text,
    flag,
    list,
    object,
    anything,
};

struct KeywordRow {
    std::string_view name;
    Shape shape;
    Draft first;
    Draft last;
};

constexpr Draft d4 = Draft::draft4;
constexpr Draft d6 = Draft::draft6;
constexpr Draft d7 = Draft::draft7;
constexpr Draft d19 = Draft::draft2019;
constexpr Draft d20 = Draft::draft2020;

constexpr std::array keyword_rows{
    KeywordRow{"id", Shape::text, d4, d4},
    KeywordRow{"$id", Shape::text, d6, d20},
    KeywordRow{"$schema", Shape::text, d4, d20},
    KeywordRow{"$ref", Shape::text, d6, d20},
    KeywordRow{"$anchor", Shape::text, d19, d20},
    KeywordRow{"$recursiveRef", Shape::text, d19, d19},
    KeywordRow{"$recursiveAnchor", Shape::flag, d19, d19},
    KeywordRow{"$dynamicRef", Shape::text, d20, d20},
    KeywordRow{"$dynamicAnchor", Shape::text, d20, d20},
    KeywordRow{"$vocabulary", Shape::object, d19, d20},
    KeywordRow{"$comment", Shape::text, d7, d20},
    KeywordRow{"$defs", Shape::named_schemas, d19, d20},
    KeywordRow{"definitions", Shape::named_schemas, d4, d20},
    KeywordRow{"title", Shape::text, d4, d20},
    KeywordRow{"description", Shape::text, d4, d20},
    KeywordRow{"default", Shape::anything, d4, d20},
    KeywordRow{"examples", Shape::list, d6, d20},
    KeywordRow{"readOnly", Shape::flag, d7, d20},
    KeywordRow{"writeOnly", Shape::flag, d7, d20},
    KeywordRow{"deprecated", Shape::flag, d19, d20},
    KeywordRow{"type", Shape::types, d4, d20},
    KeywordRow{"enum", Shape::list, d4, d20},
    KeywordRow{"const", Shape::anything, d6, d20},
    KeywordRow{"multipleOf", Shape::positive, d4, d20},
    KeywordRow{"maximum", Shape::number, d4, d20},
    KeywordRow{"minimum", Shape::number, d4, d20},
    KeywordRow{"exclusiveMaximum", Shape::flag, d4, d4},
    KeywordRow{"exclusiveMinimum", Shape::flag, d4, d4},
    KeywordRow{"exclusiveMaximum", Shape::number, d6, d20},
    KeywordRow{"exclusiveMinimum", Shape::number, d6, d20},
    KeywordRow{"maxLength", Shape::count, d4, d20},
    KeywordRow{"minLength", Shape::count, d4, d20},
    KeywordRow{"pattern", Shape::text, d4, d20},
    KeywordRow{"format", Shape::text, d4, d20},
    KeywordRow{"contentEncoding", Shape::text, d7, d20},
    KeywordRow{"contentMediaType", Shape::text, d7, d20},
    KeywordRow{"contentSchema", Shape::schema, d19, d20},
    KeywordRow{"maxItems", Shape::count, d4, d20},
    KeywordRow{"minItems", Shape::count, d4, d20},
    KeywordRow{"uniqueItems", Shape::flag, d4, d20},
    KeywordRow{"items", Shape::schema_or_list, d4, d19},
    KeywordRow{"items", Shape::schema, d20, d20},
    KeywordRow{"prefixItems", Shape::schemas, d20, d20},
    KeywordRow{"additionalItems", Shape::schema_or_bool, d4, d4},
    KeywordRow{"additionalItems", Shape::schema, d6, d19},
    KeywordRow{"unevaluatedItems", Shape::schema, d19, d20},
    KeywordRow{"contains", Shape::schema, d6, d20},
    KeywordRow{"maxContains", Shape::count, d19, d20},
    KeywordRow{"minContains", Shape::count, d19, d20},
    KeywordRow{"maxProperties", Shape::count, d4, d20},
    KeywordRow{"minProperties", Shape::count, d4, d20},
    KeywordRow{"required", Shape::names, d4, d20},
    KeywordRow{"properties", Shape::named_schemas, d4, d20},
    KeywordRow{"patternProperties", Shape::named_schemas, d4, d20},
    KeywordRow{"additionalProperties", Shape::schema_or_bool, d4, d4},
    KeywordRow{"additionalProperties", Shape::schema, d6, d20},
    KeywordRow{"unevaluatedProperties", Shape::schema, d19, d20},
    KeywordRow{"propertyNames", Shape::schema, d6, d20},
    KeywordRow{"dependencies", Shape::dependencies, d4, d20},
    KeywordRow{"dependentRequired", Shape::named_names, d19, d20},
    KeywordRow{"dependentSchemas", Shape::named_schemas, d19, d20},
    KeywordRow{"if", Shape::schema, d7, d20},
    KeywordRow{"then", Shape::schema, d7, d20},
    KeywordRow{"else", Shape::schema, d7, d20},
    KeywordRow{"allOf", Shape::schemas, d4, d20},
    KeywordRow{"anyOf", Shape::schemas, d4, d20},
    KeywordRow{"oneOf", Shape::schemas, d4, d20},
    KeywordRow{"not", Shape::schema, d4, d20},
};

std::string_view text_of(Shape shape) {
    switch (shape) {
        case Shape::schema:
            return R"({"$ref":"#"})";
        case Shape::schemas:
            return R"({"type":"array","minItems":1,"items":{"$ref":"#"}})";
        case Shape::named_schemas:
            return R"({"type":"object","additionalProperties":{"$ref":"#"}})";
        case Shape::schema_or_list:
            return R"({"anyOf":[{"$ref":"#"},{"type":"array","minItems":1,"items":{"$ref":"#"}}]})";
        case Shape::schema_or_bool:
            return R"({"anyOf":[{"type":"boolean"},{"$ref":"#"}]})";
        case Shape::dependencies:
            return R"({"type":"object","additionalProperties":{"anyOf":[{"$ref":"#"},)"
                   R"({"type":"array","items":{"type":"string"},"uniqueItems":true}]}})";
        case Shape::names:
            return R"({"type":"array","items":{"type":"string"},"uniqueItems":true})";
        case Shape::named_names:
            return R"({"type":"object","additionalProperties":)"
                   R"({"type":"array","items":{"type":"string"},"uniqueItems":true}})";
        case Shape::types:
            return R"({"anyOf":[{"$ref":"#/definitions/type"},{"type":"array","minItems":1,)"
                   R"("items":{"$ref":"#/definitions/type"},"uniqueItems":true}]})";
        case Shape::number:
            return R"({"type":"number"})";
        case Shape::positive:
            return R"({"type":"number","not":{"maximum":0}})";
        case Shape::count:
            return R"({"type":"integer","minimum":0})";
        case Shape::text:
            return R"({"type":"string"})";
        case Shape::flag:
            return R"({"type":"boolean"})";
        case Shape::list:
            return R"({"type":"array"})";
        case Shape::object:
            return R"({"type":"object"})";
        case Shape::anything:
            return "{}";
    }
    return "{}";
}

}  // namespace

std::string meta_schema_text(Draft draft) {
    std::string text =
        draft == Draft::draft4 ? R"({"type":"object")" : R"({"type":["object","boolean"])";
    text += R"(,"definitions":{"type":{"enum":)"
            R"(["array","boolean","integer","null","number","object","string"]}},"properties":{)";
    bool is_first = true;
    for (const KeywordRow& row : keyword_rows) {
        if (draft < row.first || draft > row.last) {
            continue;
        }
        text += is_first ? "\"" : ",\"";
        text += row.name;
        text += "\":";
        text += text_of(row.shape);
        is_first = false;
    }
    return text + "}}";
}

}  // namespace symbolon::compat::json
