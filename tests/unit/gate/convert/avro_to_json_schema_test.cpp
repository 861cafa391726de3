#include "gate/convert/avro_to_json_schema.hpp"

#include "client/codec/avro_json.hpp"
#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_datum.hpp"
#include "compat/validate.hpp"
#include "tests/support/avro_pair_maker.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {
namespace {

using testing::ElementsAre;

/// A schema with its JSON Schema, and both opinions on a datum.
class Converted {
public:
    Converted(std::string_view text, JsonEncoding encoding) : encoding_(encoding) {
        auto parsed = compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::lenient);
        if (!parsed) {
            ADD_FAILURE() << parsed.error().message << "\n" << text;
            return;
        }
        schema_ = *parsed;
        auto converted = to_json_schema(tree(), encoding);
        EXPECT_TRUE(converted);
        notes = converted->notes;
        text_ = to_text(converted->schema);
        auto validator = compat::JsonValidator::compile(text_, {}, compat::Formats::assert_them);
        EXPECT_TRUE(validator) << (validator ? "" : validator.error().message);
        validator_ = *validator;
    }

    std::vector<std::string> notes;

    const compat::avro::AvroTree& tree() const {
        return static_cast<const compat::avro::AvroSchema&>(*schema_).tree();
    }
    bool json_schema_accepts(std::string_view datum) const {
        const auto errors = validator_->validate(datum);
        return errors && errors->empty();
    }
    bool avro_reads(std::string_view datum) const {
        client::AvroValue value;
        return client::read_json(*tree().root, datum, options(), value).has_value();
    }
    client::AvroJsonOptions options() const {
        client::AvroJsonOptions chosen;
        chosen.form = encoding_ == JsonEncoding::avro ? client::AvroJsonForm::avro_encoding
                                                      : client::AvroJsonForm::plain;
        return chosen;
    }
    const std::string& text() const { return text_; }

private:
    JsonEncoding encoding_;
    compat::SchemaPtr schema_;
    std::string text_;
    std::shared_ptr<const compat::JsonValidator> validator_;
};

constexpr std::string_view everything =
    R"({"type":"record","name":"All","namespace":"a.b","fields":[
    {"name":"i","type":"int"},{"name":"l","type":"long"},{"name":"f","type":"float"},
    {"name":"d","type":"double"},{"name":"s","type":"string"},{"name":"t","type":"boolean"},
    {"name":"b","type":"bytes"},{"name":"x","type":{"type":"fixed","name":"F","size":2}},
    {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},
    {"name":"n","type":["null","string",{"type":"array","items":"All"}]},
    {"name":"m","type":{"type":"map","values":"E"}}]})";

std::string datum_with(std::string_view name, std::string_view value, std::string_view bytes) {
    std::string out = "{";
    const std::vector<std::pair<std::string_view, std::string>> members{
        {"i", "1"},     {"l", "1"},    {"f", "1.5"},         {"d", "1e300"},
        {"s", "\"\""},  {"t", "true"}, {"b", "\"\""},        {"x", std::string(bytes)},
        {"e", "\"A\""}, {"n", "null"}, {"m", R"({"k":"B"})"}};
    for (const auto& [key, usual] : members) {
        const std::string_view shown = key == name ? value : std::string_view(usual);
        if (!shown.empty()) {
            out += fmt::format("{}\"{}\":{}", out.size() > 1 ? "," : "", key, shown);
        }
    }
    return out + "}";
}

struct Case {
    std::string_view name;
    std::string_view value;
    bool valid;
};

TEST(AvroToJsonSchema, BothAgreeOnDataInAvrosEncoding) {
    const Converted schema(everything, JsonEncoding::avro);
    constexpr std::array cases{
        Case{"-", "", true},
        Case{"i", "2147483647", true},
        Case{"i", "2147483648", false},
        Case{"i", "1.5", false},
        Case{"l", "-9223372036854775808", true},
        Case{"l", "9223372036854775808", false},
        Case{"f", "\"NaN\"", true},
        Case{"d", "\"-Infinity\"", true},
        Case{"d", "\"nan\"", false},
        Case{"s", "1", false},
        Case{"t", "null", false},
        Case{"b", "\"\\u00ff\"", true},
        Case{"b", "\"\\u0100\"", false},
        Case{"x", "\"\\u00ff\"", false},
        Case{"x", "\"abc\"", false},
        Case{"e", "\"C\"", false},
        Case{"n", R"({"string":"x"})", true},
        Case{"n", "\"x\"", false},
        Case{"n", R"({"array":[]})", true},
        Case{"n", R"({"array":[],"string":""})", false},
        Case{"m", "{}", true},
        Case{"m", R"({"k":"C"})", false},
    };
    for (const Case& one : cases) {
        const std::string datum = datum_with(one.name, one.value, "\"ab\"");
        EXPECT_EQ(schema.json_schema_accepts(datum), one.valid) << datum << "\n" << schema.text();
        EXPECT_EQ(schema.avro_reads(datum), one.valid) << datum;
    }
    const std::string inner = datum_with("-", "", "\"ab\"");
    EXPECT_TRUE(
        schema.json_schema_accepts(datum_with("n", R"({"array":[)" + inner + "]}", "\"ab\"")));
}

TEST(AvroToJsonSchema, BothAgreeOnPlainData) {
    const Converted schema(everything, JsonEncoding::plain);
    constexpr std::array cases{
        Case{"-", "", true},          Case{"b", "\"AQI=\"", true},  Case{"b", "\"AQI\"", false},
        Case{"b", "\"AQJ=\"", false}, Case{"x", "\"AQ==\"", false}, Case{"x", "\"AQID\"", false},
        Case{"n", "\"x\"", true},     Case{"n", "[]", true},        Case{"n", "1", false},
    };
    for (const Case& one : cases) {
        const std::string datum = datum_with(one.name, one.value, "\"AQI=\"");
        EXPECT_EQ(schema.json_schema_accepts(datum), one.valid) << datum << "\n" << schema.text();
        EXPECT_EQ(schema.avro_reads(datum), one.valid) << datum;
    }
}

TEST(AvroToJsonSchema, UnknownAndMissingMembersAreRefused) {
    const Converted schema(everything, JsonEncoding::avro);
    std::string datum = datum_with("-", "", "\"ab\"");
    EXPECT_FALSE(schema.json_schema_accepts("{}"));
    datum.insert(1, "\"zz\":1,");
    EXPECT_FALSE(schema.json_schema_accepts(datum));
    EXPECT_FALSE(schema.avro_reads(datum));
}

// Schemas and data nobody thought of: what Avro's samples are, the JSON Schema takes.
TEST(AvroToJsonSchema, SamplesOfGeneratedSchemasAreValidByTheirJsonSchemas) {
    std::mt19937 random(11);
    int looked_at = 0;
    for (int round = 0; round < 400; ++round) {
        std::string bytes(60, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random());
        }
        const std::string text = tests::AvroSchemaMaker(bytes).type();
        if (!compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::lenient)) {
            continue;
        }
        const Converted schema(text, JsonEncoding::avro);
        const auto datum = compat::avro::DatumMaker(schema.tree()).smallest(*schema.tree().root);
        if (!datum) {
            continue;
        }
        ++looked_at;
        const std::string json = compat::avro::to_json_text(*datum);
        EXPECT_TRUE(schema.json_schema_accepts(json)) << text << "\n"
                                                      << json << "\n"
                                                      << schema.text();
        client::AvroValue value;
        if (client::read_json(*schema.tree().root, json, schema.options(), value)) {
            const Converted plain(text, JsonEncoding::plain);
            std::string written;
            client::append_json(written, *plain.tree().root, value.root(), plain.options());
            EXPECT_TRUE(plain.json_schema_accepts(written)) << text << "\n" << written;
        }
    }
    EXPECT_GT(looked_at, 100);
}

TEST(AvroToJsonSchema, WhatHasNoWordsThereIsNamed) {
    const Converted schema(
        R"({"type":"record","name":"A","aliases":["B"],"fields":[
            {"name":"d","default":1,"order":"ignore",
             "type":{"type":"int","logicalType":"date"}}]})",
        JsonEncoding::avro);
    EXPECT_THAT(schema.notes, ElementsAre("aliases of types", "defaults of fields", "logical types",
                                          "sort orders of fields"));
}

TEST(AvroToJsonSchema, DocsStayBesideReferences) {
    const Converted schema(R"({"type":"record","name":"A","doc":"of A","fields":[
            {"name":"next","type":["null","A"]},
            {"name":"e","doc":"of e","type":{"type":"enum","name":"E","symbols":["X"]}}]})",
                           JsonEncoding::avro);
    const auto json = parse_json(schema.text());
    ASSERT_TRUE(json);
    const Json& field = (*json)["definitions"]["A"]["properties"]["e"];
    EXPECT_EQ(field["description"], "of e");
    EXPECT_EQ(field["allOf"][0]["$ref"], "#/definitions/E");
    EXPECT_EQ((*json)["definitions"]["A"]["description"], "of A");
}

}  // namespace
}  // namespace symbolon::gate
