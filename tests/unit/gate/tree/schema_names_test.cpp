#include "gate/tree/schema_names.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// "name@line:column", with what else it may be.
std::vector<std::string> uses_in(SchemaType type, std::string_view text) {
    std::vector<std::string> uses;
    for (const NameUse& use : read_schema_names(type, text).uses) {
        const bool shows_other = type == SchemaType::avro && !use.other.empty();
        uses.push_back(fmt::format("{}{}{}@{}:{}", use.name, shows_other ? "|" : "",
                                   shows_other ? use.other : "", use.line, use.column));
    }
    return uses;
}

TEST(AvroNames, NamesAreFullAndBuiltInTypesAreNone) {
    const auto names = read_schema_names(SchemaType::avro, R"({
  "type": "record", "name": "Order", "namespace": "com.acme",
  "fields": [
    {"name": "address", "type": "com.acme.geo.Address"},
    {"name": "money", "type": ["null", "Money", {"type": "array", "items": "Tag"}]},
    {"name": "self", "type": ["null", "Order"]},
    {"name": "own", "type": {"type": "enum", "name": "Color", "symbols": ["RED"]}},
    {"name": "again", "type": {"type": "map", "values": "Color"}},
    {"name": "kind", "type": {"type": "Kind"}}
  ]})");
    EXPECT_EQ(names.title, "com.acme.Order");
    EXPECT_THAT(names.defined, UnorderedElementsAre("com.acme.Order", "com.acme.Color"));
    ASSERT_EQ(names.uses.size(), 4U);
    EXPECT_EQ(names.uses[0].name, "com.acme.geo.Address");
    EXPECT_EQ(names.uses[0].other, "");
    EXPECT_EQ(names.uses[0].line, 4U);
    EXPECT_EQ(names.uses[0].column, 33U);
    EXPECT_EQ(names.uses[1].name, "com.acme.Money");
    EXPECT_EQ(names.uses[1].other, "Money");
    EXPECT_EQ(names.uses[2].name, "com.acme.Tag");
    EXPECT_EQ(names.uses[3].name, "com.acme.Kind");
}

TEST(AvroNames, TheNamespaceIsThatOfTheTypeAround) {
    EXPECT_THAT(uses_in(SchemaType::avro,
                        R"({"type":"record","name":"a.b.R","namespace":"ignored","fields":[
{"name":"x","type":{"type":"record","name":"S","namespace":"c","fields":[
{"name":"y","type":"T"}]}},
{"name":"z","type":"U"}]})"),
                ElementsAre("c.T|T@3:20", "a.b.U|U@4:20"));
}

TEST(AvroNames, ANameThatComesLaterIsDefinedAsWell) {
    EXPECT_THAT(uses_in(SchemaType::avro, R"([{"type":"record","name":"A","fields":[
{"name":"b","type":"B"}]},{"type":"fixed","name":"B","size":1}])"),
                IsEmpty());
}

TEST(AvroNames, ANameWithoutNamespaceIsFoundFromWithinOne) {
    EXPECT_THAT(uses_in(SchemaType::avro, R"([{"type":"fixed","name":"B","size":1},
{"type":"record","name":"n.A","fields":[{"name":"b","type":"B"}]}])"),
                IsEmpty());
}

TEST(AvroNames, DefaultsAndPropertiesAreNoTypes) {
    EXPECT_THAT(uses_in(SchemaType::avro, R"({"type":"record","name":"A","aliases":["Old"],
"extra":{"type":"Nothing"},
"fields":[{"name":"b","type":"string","default":"Nothing","x":"Y"}]})"),
                IsEmpty());
}

TEST(AvroNames, ATopLevelNameIsAUseAndEachIsToldOnce) {
    EXPECT_THAT(uses_in(SchemaType::avro, "\n \"a.B\""), ElementsAre("a.B@2:2"));
    EXPECT_THAT(uses_in(SchemaType::avro, R"(["a.B", "a.B", "string"])"), ElementsAre("a.B@1:2"));
}

TEST(JsonNames, ReferencesThatLeaveTheDocumentAreNamedBeforeTheirFragment) {
    EXPECT_THAT(uses_in(SchemaType::json, R"({"$ref": "a.json",
 "properties": {"x": {"$ref": "sub/b.json#/$defs/c"}, "y": {"$ref": "#/$defs/z"},
  "$ref": {"type": "string"}, "default": {"$ref": "d.json"}},
 "items": [{"$ref": "https://acme.com/e.json"}], "$defs": {"z": {"$dynamicRef": "f.json#x"}}})"),
                ElementsAre("a.json@1:10", "sub/b.json@2:31", "d.json@3:51",
                            "https://acme.com/e.json@4:21", "f.json@4:81"));
}

TEST(JsonNames, DataIsNoSchema) {
    EXPECT_THAT(uses_in(SchemaType::json, R"({"const": {"$ref": "a.json"}, "enum": [{"$ref": "b"}],
 "default": {"$ref": "c"}, "examples": [{"$ref": "d"}], "properties": {"$ref": "e"}})"),
                IsEmpty());
}

TEST(JsonNames, OwnIdsAndMetaSchemasAreNoReferences) {
    EXPECT_THAT(uses_in(SchemaType::json, R"({"$id": "https://acme.com/s/root.json", "allOf": [
 {"$ref": "root.json#/a"}, {"$ref": "inner.json"}, {"$ref": "https://acme.com/s/inner.json#/b"},
 {"$ref": "https://json-schema.org/draft/2020-12/schema"},
 {"$ref": "http://json-schema.org/draft-07/schema#"}],
 "$defs": {"i": {"$id": "inner.json"}}})"),
                IsEmpty());
}

TEST(JsonNames, AReferenceIsResolvedAgainstTheIdInForce) {
    const auto names = read_schema_names(SchemaType::json, R"({"title": "Order",
 "$id": "https://acme.com/s/root.json#", "$defs": {"i": {"$id": "deep/inner.json",
 "$ref": "../other.json#/x"}}})");
    EXPECT_EQ(names.title, "Order");
    EXPECT_THAT(names.defined, ElementsAre("https://acme.com/s/root.json"));
    ASSERT_EQ(names.uses.size(), 1U);
    EXPECT_EQ(names.uses[0].name, "../other.json");
    EXPECT_EQ(names.uses[0].other, "https://acme.com/s/other.json");
}

TEST(JsonNames, TheFourthDraftCallsItId) {
    EXPECT_THAT(read_schema_names(SchemaType::json,
                                  R"({"$schema": "http://json-schema.org/draft-04/schema#",
 "id": "http://acme.com/a.json"})")
                    .defined,
                ElementsAre("http://acme.com/a.json"));
    EXPECT_THAT(read_schema_names(SchemaType::json, R"({"id": "http://acme.com/a.json"})").defined,
                IsEmpty());
}

TEST(ProtoNames, ImportsOfAllKindsAreFoundAndBuiltInOnesLeftOut) {
    EXPECT_THAT(uses_in(SchemaType::protobuf, R"(syntax = "proto3"; // import "no.proto";
package a.b;
import "common/money.proto";
/* import "no.proto"; */ import public 'p.proto';
  import weak "w.proto";
import "google/protobuf/timestamp.proto";
import "confluent/meta.proto";
message M { string import = 1; option (x) = "import \"no.proto\";"; }
)"),
                ElementsAre("common/money.proto@3:1", "p.proto@4:26", "w.proto@5:3"));
}

TEST(ProtoNames, ATextThatEndsEarlyHasTheImportsSoFar) {
    EXPECT_THAT(uses_in(SchemaType::protobuf, "import \"a.proto\"; import"),
                ElementsAre("a.proto@1:1"));
    EXPECT_THAT(uses_in(SchemaType::protobuf, "import \"a"), ElementsAre("a@1:1"));
    EXPECT_THAT(uses_in(SchemaType::protobuf, "import \"a\\"), ElementsAre("a\\@1:1"));
    EXPECT_THAT(uses_in(SchemaType::protobuf, "/*"), IsEmpty());
}

TEST(SchemaNames, ATextThatDoesNotParseHasNone) {
    for (const SchemaType type : {SchemaType::avro, SchemaType::json}) {
        const auto names = read_schema_names(type, R"({"$ref": "a.json", "type": "x.Y")");
        EXPECT_THAT(names.uses, IsEmpty());
        EXPECT_EQ(find_record_name(type, "{", names), std::nullopt);
    }
}

TEST(SchemaNames, TheRecordIsWhatIsDefinedFirst) {
    const auto record_of = [](SchemaType type, std::string_view text) {
        return find_record_name(type, text, read_schema_names(type, text));
    };
    EXPECT_EQ(record_of(SchemaType::avro, R"({"type":"enum","name":"a.E","symbols":["X"]})"),
              "a.E");
    EXPECT_EQ(record_of(SchemaType::avro, R"("string")"), "");
    EXPECT_EQ(record_of(SchemaType::json, R"({"title": "T"})"), "T");
    EXPECT_EQ(record_of(SchemaType::protobuf, "package p.q; message M {} message N {}"), "p.q.M");
    EXPECT_EQ(record_of(SchemaType::protobuf, "message M {}"), "M");
    EXPECT_EQ(record_of(SchemaType::protobuf, "enum E { A = 0; }"), "");
    EXPECT_EQ(record_of(SchemaType::protobuf, "message {"), std::nullopt);
}

TEST(SchemaNames, UsesBeyondTheLimitAreNotCollected) {
    std::string text = "[\"x.A0\"";
    for (std::size_t at = 1; at < 3 * limits::references_max; ++at) {
        text += fmt::format(",\"x.A{}\"", at);
    }
    EXPECT_EQ(read_schema_names(SchemaType::avro, text + "]").uses.size(),
              limits::references_max + 1);
}

TEST(SchemaNames, ShortNamesInALongNamespaceDoNotFillTheMemory) {
    std::string text = R"({"type":"record","name":")" + std::string(4'000, 'n') +
                       R"(.R","fields":[{"name":"f","type":[)";
    for (int at = 0; at < 40'000; ++at) {
        text += fmt::format("{}\"{:x}\"", at == 0 ? "" : ",", at + 0xA0'0000);
    }
    EXPECT_EQ(read_schema_names(SchemaType::avro, text + "]}]}").uses.size(),
              limits::references_max + 1);
}

TEST(JsonLook, ASchemaSaysSoAtItsTop) {
    EXPECT_TRUE(looks_like_json_schema(
        R"({"a": [{"b": "}"}], "$schema": "https://json-schema.org/draft/2020-12/schema")"));
    EXPECT_TRUE(
        looks_like_json_schema(R"(  {"$schema":"http://json-schema.org/draft-07/schema#"})"));
    for (const std::string_view text :
         {R"({"a": {"$schema": "http://json-schema.org/schema#"}})", R"({"$schema": 1})",
          R"(["$schema", "http://json-schema.org/schema#"])",
          R"({"a": "$schema", "b": "http://json-schema.org/x"})",
          R"({"$schema": "https://acme.com/x"})", "", "{", "\"", "{\"\\"}) {
        EXPECT_FALSE(looks_like_json_schema(text)) << text;
    }
}

}  // namespace
}  // namespace symbolon::gate
