#include "compat/locate.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace symbolon::compat {
namespace {

constexpr std::string_view order = R"({
  "type": "record", "name": "Order", "namespace": "com.acme",
  "fields": [
    {"name": "id", "type": "long"},
    {"name": "home", "type": {"type": "record", "name": "Place",
                              "fields": [{"name": "é", "type": "int"}]}},
    {"name": "work", "type": "com.acme.Place"},
    {"name": "lines", "type": ["null", {"type": "array", "items": "Place"}]}
  ]
})";

std::string place(SchemaType type, std::string_view text, std::string_view pointer) {
    const auto found = Locator(type, text).find(pointer);
    return found ? fmt::format("{}:{} {}", found->line, found->column, found->path) : "nowhere";
}
std::string place(std::string_view pointer) {
    return place(SchemaType::avro, order, pointer);
}

TEST(Locate, FindsValuesByLineAndColumn) {
    EXPECT_EQ(place("/fields/0"), "4:5 /fields/0");
    EXPECT_EQ(place("/fields/0/type"), "4:28 /fields/0/type");
    EXPECT_EQ(place("/name"), "2:29 /name");
}

TEST(Locate, TheWholeIsAtTheBeginning) {
    EXPECT_EQ(place("/"), "1:1 /");
    EXPECT_EQ(place(""), "1:1 /");
    EXPECT_EQ(place(SchemaType::json, " true", "#"), "1:2 /");
}

TEST(Locate, ColumnsCountCharacters) {
    EXPECT_EQ(place("/fields/1/type/fields/0/type"), "6:64 /fields/1/type/fields/0/type");
}

TEST(Locate, NamesOfTypesAreFollowed) {
    EXPECT_EQ(place("/fields/2/type/fields/0"), "6:42 /fields/2/type/fields/0");
    EXPECT_EQ(place("/fields/3/type/1/items/fields/0"), "6:42 /fields/3/type/1/items/fields/0");
}

TEST(Locate, WhatIsNotThereIsPlacedAtItsNearestParent) {
    EXPECT_EQ(place("/fields/0/type/fields/3"), "4:28 /fields/0/type");
    EXPECT_EQ(place("/fields/9"), "3:13 /fields");
    EXPECT_EQ(place("/fields/x"), "3:13 /fields");
}

TEST(Locate, AnAmbiguousNameIsNotFollowed) {
    constexpr std::string_view two =
        R"([{"type":"fixed","name":"a.F","size":1},{"type":"fixed","name":"b.F","size":2},)"
        R"({"type":"array","items":"F"},{"type":"array","items":"b.F"}])";
    EXPECT_EQ(place(SchemaType::avro, two, "/2/items/size"), "1:104 /2/items");
    EXPECT_EQ(place(SchemaType::avro, two, "/3/items/size"), "1:77 /3/items/size");
}

TEST(Locate, ANameThatMeansItselfEnds) {
    EXPECT_EQ(place(SchemaType::avro, R"({"type":{"type":{"type":"x"}}})", "/fields"), "1:1 /");
    EXPECT_EQ(place(SchemaType::json, R"({"$ref":"#/a","a":{"$ref":"#/a"}})", "/b"), "1:1 /");
}

TEST(Locate, JsonPointersAreUnescapedAndReferencesFollowed) {
    constexpr std::string_view text =
        R"({"properties":{"a/b":{"$ref":"#/$defs/T"}},"$defs":{"T":{"maximum":5}}})";
    EXPECT_EQ(place(SchemaType::json, text, "#/properties/a~1b"), "1:22 /properties/a~1b");
    EXPECT_EQ(place(SchemaType::json, text, "#/properties/a~1b/maximum"),
              "1:68 /properties/a~1b/maximum");
}

TEST(Locate, WhatIsNoSchemaHasNoPlaces) {
    EXPECT_EQ(place(SchemaType::avro, "{", "/"), "nowhere");
    EXPECT_EQ(place(SchemaType::protobuf, "message {}", "/"), "nowhere");
}

TEST(Locate, TextsAreSearchedUpToTheLimit) {
    std::string text = "\"" + std::string(limits::located_text_bytes_max - 2, 'x') + "\"";
    EXPECT_EQ(place(SchemaType::avro, text, "/"), "1:1 /");
    text += ' ';
    EXPECT_EQ(place(SchemaType::avro, text, "/"), "nowhere");
}

}  // namespace
}  // namespace symbolon::compat
