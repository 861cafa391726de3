#include "gate/convert/json_bundle.hpp"

#include "compat/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {
namespace {

using testing::HasSubstr;
using Texts = std::vector<compat::NamedText>;

bool accepts(std::string_view schema, const Texts& references, std::string_view datum) {
    const auto validator =
        compat::JsonValidator::compile(schema, references, compat::Formats::annotate);
    EXPECT_TRUE(validator) << (validator ? "" : validator.error().message) << "\n" << schema;
    const auto errors = (*validator)->validate(datum);
    return errors && errors->empty();
}

/// The bundle takes and refuses what the schema with its references does.
void expect_same(const std::string& root, const Texts& references,
                 const std::vector<std::string>& data) {
    const auto bundle = bundle_json_schema(root, references);
    ASSERT_TRUE(bundle) << bundle.error().message;
    for (const std::string& datum : data) {
        EXPECT_EQ(accepts(*bundle, {}, datum), accepts(root, references, datum)) << datum << "\n"
                                                                                 << *bundle;
    }
    EXPECT_TRUE(accepts(*bundle, {}, data.front())) << *bundle;
    EXPECT_FALSE(accepts(*bundle, {}, data.back())) << *bundle;
}

TEST(JsonBundle, AReferencedSchemaBecomesADefinition) {
    expect_same(R"({"properties":{"a":{"$ref":"money.json"}},"definitions":{"own":{}}})",
                {{"money.json", R"({"type":"integer"})"}}, {R"({"a":1})", R"({})", R"({"a":"x"})"});
}

TEST(JsonBundle, PartsFindEachOtherAndTheirOwnDefinitions) {
    const Texts parts{{"b.json", R"({"$schema":"https://json-schema.org/draft/2020-12/schema",
            "$defs":{"x":{"minimum":3}},"$ref":"#/$defs/x"})"},
                      {"a.json", R"({"$schema":"https://json-schema.org/draft/2020-12/schema",
            "items":{"$ref":"b.json"}})"}};
    expect_same(R"({"$schema":"https://json-schema.org/draft/2020-12/schema",
                    "$id":"https://x.test/root.json","$ref":"a.json",
                    "properties":{"n":{"$ref":"b.json#/$defs/x"}}})",
                parts, {"[3,4]", R"({"n":3})", R"({"n":2})", "[2]"});
}

TEST(JsonBundle, WithoutReferencesTheTextStays) {
    EXPECT_EQ(*bundle_json_schema("{ }", {}), "{ }");
}

TEST(JsonBundle, WhatWouldMeanAnotherThingIsRefused) {
    const auto refusal = [](std::string_view text) {
        const Texts parts{{"a.json", std::string(text)}};
        const auto bundle = bundle_json_schema(R"({"$ref":"a.json"})", parts);
        return bundle ? std::string("none") : bundle.error().message;
    };
    EXPECT_THAT(refusal(R"({"$id":"https://x.test/other"})"), HasSubstr("calls itself"));
    EXPECT_THAT(refusal(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})"),
                HasSubstr("another draft"));
    EXPECT_THAT(refusal(R"({"$ref":"#/definitions/x","definitions":{"x":{}}})"),
                HasSubstr("nothing counts beside a $ref"));
    EXPECT_THAT(refusal("true"), HasSubstr("true or false"));
    EXPECT_THAT(refusal("{"), HasSubstr("a.json"));
}

}  // namespace
}  // namespace symbolon::gate
