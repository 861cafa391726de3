// Data that the old schema takes and the new one refuses would refute the verdict "compatible".
#include "compat/json_schema/json_samples.hpp"
#include "compat/json_schema/json_schema.hpp"
#include "tests/support/json_builders.hpp"
#include "tests/support/json_schema_maker.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

namespace symbolon::compat {

using tests::json_schema;
using tests::JsonSchemaMaker;

namespace {

// Bytes that only choose what the rules of the reference are sound for; see docs/parity.md.
std::string mostly_alike(std::string bytes, std::mt19937& random) {
    for (unsigned change = 0; change < 1 + random() % 3; ++change) {
        bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    return bytes;
}

const json::JsonSchema& as_json(const SchemaPtr& schema) {
    return static_cast<const json::JsonSchema&>(*schema);
}

// A datum that refutes that `reader` reads all that `writer` writes; empty when none was made.
std::string refutation(const SchemaPtr& reader, const SchemaPtr& writer, std::size_t& tried) {
    json::Sampler sampler;
    const auto takes = as_json(writer).validator(json::Formats::annotate);
    const auto reads = as_json(reader).validator(json::Formats::annotate);
    EXPECT_TRUE(takes.has_value() && reads.has_value());
    for (const std::string& datum :
         sampler.samples({&as_json(writer).root(), &as_json(reader).root()}, 60)) {
        const auto written = (*takes)->validate(datum);
        const auto read = (*reads)->validate(datum);
        if (!written || !read || !written->empty()) {
            continue;
        }
        ++tried;
        if (!read->empty()) {
            return datum;
        }
    }
    return "";
}

}  // namespace

TEST(JsonVerdictData, NoDatumRefutesACompatiblePair) {
    std::mt19937 random{17};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
    int compatible = 0;
    std::size_t tried = 0;
    for (int round = 0; round < 1'500; ++round) {
        std::string bytes(60, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random());
        }
        const std::string original = JsonSchemaMaker(bytes).sound_schema_text();
        const std::string update = JsonSchemaMaker(mostly_alike(bytes, random)).sound_schema_text();
        const SchemaPtr writer = json_schema(original);
        const SchemaPtr reader = json_schema(update);
        if (original == update || !reader->findings_reading(*writer)->empty()) {
            continue;
        }
        ++compatible;
        EXPECT_EQ(refutation(reader, writer, tried), "") << original << " => " << update;
    }
    std::cout << "json verdicts and data: " << compatible << " compatible pairs, " << tried
              << " data\n";
    EXPECT_GT(compatible, 100);
    EXPECT_GT(tried, 1'000U);
}

TEST(JsonVerdictData, WhereTheReferencesRulesAreUnsoundDataShowsIt) {
    struct Unsound {
        std::string_view original;
        std::string_view update;
        std::string_view datum;
    };
    // Each is a pair that the reference lets pass; docs/parity.md, "Rules that data refutes".
    for (const Unsound& pair : {
             Unsound{R"({"minLength":1})", R"({"type":"string","minLength":1})", "0"},
             Unsound{R"({"properties":{}})", R"({"properties":{},"required":["a"]})", "{}"},
             Unsound{R"({"properties":{"a":{}}})",
                     R"({"properties":{"a":{"default":1}},"required":["a"]})", "{}"},
             Unsound{R"({"patternProperties":{"a":{"type":"null"}}})",
                     R"({"patternProperties":{"a":{"type":"string"}}})", R"({"a":null})"},
             Unsound{R"({"propertyNames":{"maxLength":2}})", R"({"propertyNames":{"maxLength":1}})",
                     R"({"aa":0})"},
             Unsound{R"({"contains":{"type":"null"}})", R"({"contains":{"type":"string"}})",
                     "[null]"},
             Unsound{R"({"if":{},"then":{"type":"null"}})", R"({"if":{},"then":{"type":"string"}})",
                     "null"},
             Unsound{R"({"oneOf":[{"type":"integer"}]})",
                     R"({"oneOf":[{"type":"integer"},{"type":"number"}]})", "0"},
             Unsound{R"({"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},)"
                     R"("b":{"type":"string"}}})",
                     R"({"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},)"
                     R"("b":{"type":"integer"}}})",
                     R"("a")"},
             Unsound{R"({"$schema":"http://json-schema.org/draft-04/schema#","minimum":1})",
                     R"({"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,)"
                     R"("exclusiveMinimum":true})",
                     "1"},
         }) {
        const SchemaPtr writer = json_schema(pair.original);
        const SchemaPtr reader = json_schema(pair.update);
        EXPECT_TRUE(reader->findings_reading(*writer)->empty()) << pair.update;
        const auto takes = as_json(writer).validator(json::Formats::annotate);
        const auto reads = as_json(reader).validator(json::Formats::annotate);
        EXPECT_TRUE((*takes)->validate(pair.datum)->empty()) << pair.original;
        EXPECT_FALSE((*reads)->validate(pair.datum)->empty()) << pair.update;
    }
}

}  // namespace symbolon::compat
