#include "compat/json_schema/json_meta_schema.hpp"
#include "tests/support/json_builders.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

using tests::json_problem_of;
using tests::json_schema;

namespace {

const std::vector<NamedText> other{{"other.json", R"({"definitions":{"a b":{"type":"string"}}})"}};

std::string modern_text(std::string_view members) {
    return R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)" + std::string(members) +
           "}";
}

}  // namespace

TEST(JsonReference, PointersAreUnescaped) {
    EXPECT_EQ(json_problem_of(R"({"$ref":"#/definitions/a~1b~0%20c","definitions":{"a/b~ c":{}}})"),
              "");
    EXPECT_EQ(json_problem_of(R"({"$ref":"other.json#/definitions/a%20b"})", other), "");
    EXPECT_EQ(json_problem_of(R"({"items":[{},{"$ref":"#/items/0"}]})"), "");
    EXPECT_NE(json_problem_of(R"({"items":[{},{"$ref":"#/items/2"}]})"), "");
    EXPECT_NE(json_problem_of(R"({"$ref":"other.json#/definitions/c"})", other), "");
}

TEST(JsonReference, DefinitionsStandInForDefs) {
    EXPECT_EQ(json_problem_of(R"({"$ref":"#/$defs/a","definitions":{"a":{}}})"), "");
    EXPECT_EQ(json_problem_of(R"({"$ref":"#/$defs/a","$defs":{"b":{}},"definitions":{"a":{}}})"),
              "");
    EXPECT_NE(json_problem_of(R"({"$ref":"#/definitions/a","$defs":{"a":{}}})"), "");
}

TEST(JsonReference, NamesAreResolvedAgainstTheRootsId) {
    const std::vector<NamedText> up{{"../other.json", R"({"type":"integer"})"}};
    EXPECT_EQ(json_problem_of(R"({"$id":"http://ex.org/a/root.json",
                                  "items":{"$ref":"http://ex.org/other.json"}})",
                              up),
              "");
    EXPECT_NE(json_problem_of(R"({"items":{"$ref":"http://ex.org/other.json"}})", up), "");
}

TEST(JsonReference, NewerDraftsFindIdsAndAnchorsInside) {
    EXPECT_EQ(json_problem_of(modern_text(
                  R"("$ref":"http://ex.org/inner#x","$defs":{"a":{"$id":"http://ex.org/inner",
                     "$defs":{"b":{"$anchor":"x"}}}})")),
              "");
    EXPECT_EQ(json_problem_of(modern_text(
                  R"("$id":"http://ex.org/root","$ref":"http://ex.org/root#/$defs/a",
                     "$defs":{"a":{}})")),
              "");
    EXPECT_NE(json_problem_of(modern_text(R"("$ref":"#x","$defs":{"a":{"$anchor":"y"}})")), "");
    EXPECT_EQ(json_problem_of(modern_text(R"("$ref":"./other.json")"), other), "");
}

TEST(JsonReference, DynamicReferencesFindTheirAnchor) {
    EXPECT_EQ(json_problem_of(
                  modern_text(R"("$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}})")),
              "");
}

TEST(JsonReference, MetaSchemasAreKnown) {
    EXPECT_EQ(json_problem_of(R"({"$ref":"http://json-schema.org/draft-04/schema#"})"), "");
    EXPECT_EQ(
        json_problem_of(modern_text(R"("$ref":"https://json-schema.org/draft/2019-09/schema")")),
        "");
    EXPECT_NE(json_problem_of(R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})"), "");
}

TEST(JsonReference, EveryMetaSchemaIsASchemaOfItsDraft) {
    for (const auto draft : {json::Draft::draft4, json::Draft::draft6, json::Draft::draft7,
                             json::Draft::draft2019, json::Draft::draft2020}) {
        EXPECT_EQ(json_problem_of(json::meta_schema_text(draft)), "");
    }
}

}  // namespace symbolon::compat
