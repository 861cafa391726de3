#include "compat/json_schema/json_meta_schema.hpp"

#include "compat/json_schema/json_document.hpp"

#include <fmt/format.h>

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

/// What the newer drafts divide their keywords into; the older of them leaves some in others.
struct VocabularyRow {
    std::string_view name;
    Draft first;
    Draft last;
    std::string_view words;  ///< with a blank before and behind each
};
constexpr std::string_view applicator_words =
    " prefixItems items contains additionalProperties properties patternProperties "
    "dependentSchemas propertyNames if then else allOf anyOf oneOf not ";
constexpr std::string_view old_applicator_words =
    " additionalItems items contains additionalProperties properties patternProperties "
    "dependentSchemas propertyNames if then else allOf anyOf oneOf not unevaluatedItems "
    "unevaluatedProperties ";
constexpr std::array vocabulary_rows{
    VocabularyRow{"core", d19, d20,
                  " $id $schema $ref $anchor $recursiveRef $recursiveAnchor $dynamicRef "
                  "$dynamicAnchor $vocabulary $comment $defs "},
    VocabularyRow{"applicator", d19, d19, old_applicator_words},
    VocabularyRow{"applicator", d20, d20, applicator_words},
    VocabularyRow{"unevaluated", d20, d20, " unevaluatedItems unevaluatedProperties "},
    VocabularyRow{"validation", d19, d20,
                  " type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum "
                  "maxLength minLength pattern maxItems minItems uniqueItems maxContains "
                  "minContains maxProperties minProperties required dependentRequired "},
    VocabularyRow{"meta-data", d19, d20,
                  " title description default deprecated readOnly writeOnly examples "},
    VocabularyRow{"format", d19, d19, " format "},
    VocabularyRow{"format-annotation", d20, d20, " format "},
    VocabularyRow{"format-assertion", d20, d20, " format "},
    VocabularyRow{"content", d19, d20, " contentEncoding contentMediaType contentSchema "},
};

constexpr std::string_view type_definition =
    R"("type":{"enum":["array","boolean","integer","null","number","object","string"]})";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// A schema within a schema is described by whatever extends this.
std::string dynamic_text(Shape shape, Draft draft) {
    std::string text(text_of(shape));
    replace_all(text, R"({"$ref":"#"})",
                draft == d19 ? R"({"$recursiveRef":"#"})" : R"({"$dynamicRef":"#meta"})");
    replace_all(text, "#/definitions/type", "#/$defs/type");
    return text;
}

std::string head_text(Draft draft, std::string_view path) {
    const std::string_view base = draft == d19 ? "https://json-schema.org/draft/2019-09/"
                                               : "https://json-schema.org/draft/2020-12/";
    return fmt::format(R"({{"$schema":"{0}schema","$id":"{0}{1}",{2},"type":["object","boolean"])",
                       base, path,
                       draft == d19 ? R"("$recursiveAnchor":true)" : R"("$dynamicAnchor":"meta")");
}

std::string vocabulary_text(const VocabularyRow& vocabulary, Draft draft) {
    std::string text = head_text(draft, "meta/" + std::string(vocabulary.name));
    text += fmt::format(R"(,"$defs":{{{}}},"properties":{{)", type_definition);
    bool is_first = true;
    for (const KeywordRow& row : keyword_rows) {
        const bool is_here =
            vocabulary.words.find(fmt::format(" {} ", row.name)) != std::string_view::npos;
        if (is_here && draft >= row.first && draft <= row.last) {
            text += fmt::format(R"({}"{}":{})", is_first ? "" : ",", row.name,
                                dynamic_text(row.shape, draft));
            is_first = false;
        }
    }
    return text + "}}";
}

std::string modern_text(Draft draft) {
    std::string text = head_text(draft, "schema");
    std::string parts;
    for (const VocabularyRow& row : vocabulary_rows) {
        if (row.first <= draft && draft <= row.last && row.name != "format-assertion") {
            parts += fmt::format(R"({}{{"$ref":"meta/{}"}})", parts.empty() ? "" : ",", row.name);
        }
    }
    return text +
           fmt::format(R"(,"allOf":[{}],"properties":{{"definitions":{},"dependencies":{}}}}})",
                       parts, dynamic_text(Shape::named_schemas, draft),
                       dynamic_text(Shape::dependencies, draft));
}

}  // namespace

std::optional<std::string> find_meta_schema_text(std::string_view uri) {
    if (const auto draft = find_exact_draft(uri)) {
        if (is_modern(*draft)) {
            return modern_text(*draft);
        }
        // With its own draft's name, so that it is read by the rules of that draft.
        return fmt::format(R"({{"$schema":"{}",)", uri) + meta_schema_text(*draft).substr(1);
    }
    for (const Draft draft : {d19, d20}) {
        const std::string_view base = draft == d19 ? "https://json-schema.org/draft/2019-09/meta/"
                                                   : "https://json-schema.org/draft/2020-12/meta/";
        for (const VocabularyRow& row : vocabulary_rows) {
            if (uri.starts_with(base) && uri.substr(base.size()) == row.name &&
                row.first <= draft && draft <= row.last) {
                return vocabulary_text(row, draft);
            }
        }
    }
    return std::nullopt;
}

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
