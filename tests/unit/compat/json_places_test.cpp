#include "compat/json_schema/json_places.hpp"

#include "compat/locate.hpp"
#include "tests/support/json_builders.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::compat {

using testing::ElementsAre;
using tests::json_schema;

namespace {

using References = std::vector<NamedText>;

// "KIND reader writer" of every finding.
std::vector<std::string> places(std::string_view reader, std::string_view writer,
                                const References& reader_references = {},
                                const References& writer_references = {}) {
    const auto findings = json_schema(reader, reader_references)
                              ->findings_reading(*json_schema(writer, writer_references));
    EXPECT_TRUE(findings.has_value());
    std::vector<std::string> texts;
    for (const Finding& finding : *findings) {
        texts.push_back(fmt::format("{} {} {}", to_string(finding.kind), reader_place(finding),
                                    writer_place(finding)));
    }
    return texts;
}

// "line:column" of the first finding's places, in the reader and in the writer.
std::string located(std::string_view reader, std::string_view writer) {
    const auto findings = json_schema(reader)->findings_reading(*json_schema(writer));
    EXPECT_FALSE(findings->empty());
    const auto in_reader = Locator(SchemaType::json, reader).find(reader_place(findings->front()));
    const auto in_writer = Locator(SchemaType::json, writer).find(writer_place(findings->front()));
    return fmt::format("{}:{} {}:{}", in_reader->line, in_reader->column, in_writer->line,
                       in_writer->column);
}

constexpr std::string_view order_schema = R"({
  "type": "object",
  "properties": {
    "id": {"type": "number"},
    "lines": {
      "type": "array", "items": {"maxLength": 8}
    },
    "home": {"$ref": "#/definitions/place"}
  },
  "definitions": {
    "place": {"properties": {"street": {"type": "string"}}}
  }
})";

std::string changed(std::string_view from, std::string_view to) {
    std::string text(order_schema);
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST(JsonPlaces, LinesAndColumnsAreThoseOfTheKeyword) {
    EXPECT_EQ(located(changed(R"("number")", R"(
        "string")"),
                      order_schema),
              "5:9 4:20");
    EXPECT_EQ(located(changed(R"({"maxLength": 8})", R"({"minLength": 0, "maxLength": 7})"),
                      changed("\"id\"", "\n \"id\"")),
              "6:63 7:47");
}

TEST(JsonPlaces, ADefinitionIsThePlaceWhateverRefersToIt) {
    EXPECT_EQ(located(changed(R"({"type": "string"})", R"({
        "type": "integer"})"),
                      changed("\"definitions\"", "\n\n \"definitions\"")),
              "12:17 13:49");
    EXPECT_THAT(places(changed(R"({"type": "string"})", R"({"type":"null"})"), order_schema),
                ElementsAre("TYPE_CHANGED /definitions/place/properties/street/type "
                            "/definitions/place/properties/street/type"));
}

TEST(JsonPlaces, WhatASchemaLacksIsPlacedAtTheSchemaThatWouldHoldIt) {
    EXPECT_THAT(places(R"({"properties":{"a":{"maxLength":3}}})",
                       R"({"properties":{"a":{"minLength":1}}})"),
                ElementsAre("MAX_LENGTH_ADDED /properties/a/maxLength /properties/a"));
    EXPECT_THAT(
        places(R"({"properties":{"n":{"properties":{"b":{"type":"null"}}}}})",
               R"({"properties":{"n":{"properties":{}}}})"),
        ElementsAre("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL /properties/n/properties/b "
                    "/properties/n"));
    EXPECT_THAT(places(R"({"properties":{},"additionalProperties":false})",
                       R"({"properties":{"b":{}},"additionalProperties":false})"),
                ElementsAre("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL / /properties/b"));
    EXPECT_THAT(places(R"({"additionalProperties":false})", R"({"minProperties":0})"),
                ElementsAre("ADDITIONAL_PROPERTIES_REMOVED /additionalProperties /"));
}

TEST(JsonPlaces, ARequiredNameIsPlacedInTheList) {
    EXPECT_THAT(places(R"({"properties":{"a":{},"b":{}},"required":["b","a"]})",
                       R"({"properties":{"a":{},"b":{}},"required":["b"]})"),
                ElementsAre("REQUIRED_ATTRIBUTE_ADDED /required/1 /required"));
    EXPECT_THAT(
        places(R"({"dependencies":{"x/y":["a","b"]}})", R"({"dependencies":{"x/y":["a"]}})"),
        ElementsAre("DEPENDENCY_ARRAY_EXTENDED /dependencies/x~1y /dependencies/x~1y"));
}

TEST(JsonPlaces, NewerDraftsHaveWordsOfTheirOwn) {
    const std::string modern = R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)";
    EXPECT_THAT(places(modern + R"("prefixItems":[{"type":"null"}],"items":false})",
                       modern + R"("prefixItems":[{"type":"string"}],"items":true})"),
                ElementsAre("TYPE_CHANGED /prefixItems/0/type /prefixItems/0/type",
                            "ADDITIONAL_ITEMS_REMOVED /items /items"));
    EXPECT_THAT(
        places(modern + R"("dependentRequired":{"a":["b"]}})", modern + R"("minProperties":0})"),
        ElementsAre("DEPENDENCY_ARRAY_ADDED /dependentRequired/a /"));
    EXPECT_THAT(places(modern + R"("contains":{},"minContains":2})", modern + R"("contains":{}})"),
                ElementsAre("MIN_CONTAINS_INCREASED /minContains /contains"));
}

TEST(JsonPlaces, WhatCoversAPropertyIsItsPlaceOnThatSide) {
    EXPECT_THAT(
        places(R"({"patternProperties":{"^b":{"type":"null"}},"additionalProperties":false})",
               R"({"patternProperties":{"^b":{"type":"null"}},"additionalProperties":false,)"
               R"("properties":{"b":{"type":"string"}}})"),
        ElementsAre("TYPE_CHANGED /patternProperties/^b/type /properties/b/type",
                    "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL "
                    "/patternProperties/^b /properties/b"));
}

TEST(JsonPlaces, AReferencedTextIsPlacedAtTheReferenceToIt) {
    const References old_reference{{"place.json", R"({"properties":{"s":{"type":"string"}}})"}};
    const References new_reference{{"place.json", R"({"properties":{"s":{"type":"integer"}}})"}};
    EXPECT_THAT(
        places(R"({"properties":{"home":{"$ref":"place.json"}}})",
               R"({"properties":{"home":{"$ref":"place.json"}}})", new_reference, old_reference),
        ElementsAre("TYPE_CHANGED /properties/home/$ref /properties/home/$ref"));
    EXPECT_THAT(places(R"({"properties":{"home":{"properties":{"s":{"type":"null"}}}}})",
                       R"({"properties":{"home":{"$ref":"place.json"}}})", {}, old_reference),
                ElementsAre("TYPE_CHANGED /properties/home/properties/s/type "
                            "/properties/home/$ref"));
}

TEST(JsonPlaces, CombinedSchemasAreAtTheirKeyword) {
    EXPECT_THAT(places(R"({"oneOf":[{"type":"null"}]})", R"({"oneOf":[{"type":"string"}]})"),
                ElementsAre("COMBINED_TYPE_SUBSCHEMAS_CHANGED /oneOf /oneOf"));
    EXPECT_THAT(places(R"({"type":["null"]})", R"({"type":["null","string"]})"),
                ElementsAre("SUM_TYPE_NARROWED /type /type"));
}

TEST(JsonPlaces, EveryValueOfATextIsFoundAgain) {
    std::string wide = "{";
    for (int at = 0; at < 40; ++at) {
        wide += fmt::format(R"("{}~/":[{{"a":1}}, 2],)", at);
    }
    wide += R"("x":{"a":1,"b":{"c":3},"a":{"d":[4]}}, "":null})";
    std::pmr::monotonic_buffer_resource memory;
    const JsonNode* root = JsonReader(wide, memory, memory, JsonDialect::plain).read();
    json::NodePlaces places(*root);
    EXPECT_EQ(places.find(*root), "");
    EXPECT_EQ(places.find(*root->find("39~/")->first->first), "/39~0~1/0/a");
    EXPECT_EQ(places.find(*root->find("x")->find("a")->find("d")->first), "/x/a/d/0");
    EXPECT_EQ(places.find(*root->find("x")->find("b")->find("c")), "/x/b/c");
    EXPECT_EQ(places.find(*root->find("")), "/");
    EXPECT_EQ(places.find(*copy_json(*root->find("x"), memory)), std::nullopt);
}

}  // namespace symbolon::compat
