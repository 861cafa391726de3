#include "client/codec/avro_json.hpp"

#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace symbolon::client {
namespace {

constexpr AvroJsonOptions tagged{.form = AvroJsonForm::avro_encoding};
constexpr AvroJsonOptions plain{};
constexpr AvroJsonOptions readable{.logical = LogicalForm::readable};

const compat::avro::AvroNode& root_of(const compat::SchemaPtr& schema) {
    return *dynamic_cast<const compat::avro::AvroSchema&>(*schema).tree().root;
}

/// What is read, written again in another form; or what is wrong.
std::string convert(std::string_view schema_text, std::string_view json,
                    const AvroJsonOptions& from = plain, const AvroJsonOptions& to = tagged) {
    const auto schema = tests::avro_schema(schema_text);
    AvroValue value;
    const auto status = read_json(root_of(schema), json, from, value);
    if (!status) {
        EXPECT_EQ(status.error().code, ErrorCode::malformed_datum);
        return "error: " + status.error().message;
    }
    std::string out;
    append_json(out, root_of(schema), value.root(), to);
    return out;
}

/// Expects the same text in both directions.
void expect_same(std::string_view schema, const std::string& json, const AvroJsonOptions& options) {
    EXPECT_EQ(convert(schema, json, options, options), json);
}

TEST(AvroJson, PrimitivesComeBackInEitherForm) {
    for (const AvroJsonOptions& options : {tagged, plain}) {
        expect_same(R"("null")", "null", options);
        expect_same(R"("boolean")", "true", options);
        expect_same(R"("int")", "-2147483648", options);
        expect_same(R"("long")", "-9223372036854775808", options);
        expect_same(R"("long")", "9223372036854775807", options);
        expect_same(R"("float")", "0.1", options);
        expect_same(R"("double")", "-0.0", options);
        expect_same(R"("double")", "1.7976931348623157E308", options);
        expect_same(R"("double")", "4.9E-324", options);
        expect_same(R"("double")", R"("NaN")", options);
        expect_same(R"("float")", R"("-Infinity")", options);
        expect_same(R"("string")", R"("\u0000\"\\ é €")", options);
        expect_same(R"({"type":"enum","name":"E","symbols":["A","B"]})", R"("B")", options);
        expect_same(R"({"type":"array","items":"int"})", "[]", options);
        expect_same(R"({"type":"map","values":"int"})", R"({"b":1,"a":2})", options);
    }
}

TEST(AvroJson, WholeNumbersWithPointOrExponentKeepEveryDigit) {
    EXPECT_EQ(convert(R"("long")", "9007199254740993.0"), "9007199254740993");
    EXPECT_EQ(convert(R"("long")", "-9.223372036854775808e18"), "-9223372036854775808");
    EXPECT_EQ(convert(R"("long")", "1e18"), "1000000000000000000");
    EXPECT_EQ(convert(R"("long")", "120E-1"), "12");
    EXPECT_EQ(convert(R"("long")", "-0.000"), "0");
    EXPECT_EQ(convert(R"("long")", "0e999999"), "0");
    for (const std::string number : {"9223372036854775808.0", "1e19", "1e999999", "1e-1", "0.5"}) {
        EXPECT_TRUE(convert(R"("long")", number).starts_with("error: /: expected a long"))
            << number;
    }
}

TEST(AvroJson, BytesAreBase64OrCharacters) {
    EXPECT_EQ(convert(R"("bytes")", R"("AP8=")"), "\"\\u0000\xC3\xBF\"");
    EXPECT_EQ(convert(R"("bytes")", "\"\\u0000\\u00ff\"", tagged, plain), R"("AP8=")");
    expect_same(R"({"type":"fixed","name":"F","size":2})", "\"\\u0001A\"",
                {.bytes = BytesForm::avro_text});
    EXPECT_EQ(convert(R"("bytes")", R"("A")"),
              R"(error: /: expected bytes in base64; found the text "A")");
    EXPECT_EQ(convert(R"("bytes")", R"("€")", tagged),
              R"(error: /: expected bytes as characters U+0000 to U+00FF; found the text "€")");
    EXPECT_EQ(convert(R"({"type":"fixed","name":"a.F","size":3})", R"("AP8=")"),
              "error: /: expected 3 bytes of the fixed a.F; found 2");
}

TEST(AvroJson, NumbersThatDoNotFitAreRefused) {
    EXPECT_EQ(convert(R"("int")", "2147483648"),
              "error: /: expected an int, a whole number of 32 bits; found the number 2147483648");
    EXPECT_EQ(convert(R"("long")", "9223372036854775808"),
              "error: /: expected a long, a whole number of 64 bits; found the number "
              "9223372036854775808");
    EXPECT_EQ(convert(R"("int")", "3.0"), "3");
    EXPECT_EQ(convert(R"("int")", "3.5"),
              "error: /: expected an int, a whole number of 32 bits; found the number 3.5");
    EXPECT_EQ(convert(R"("double")", "1e999"),
              "error: /: expected a double; found the number 1E+999");
    EXPECT_EQ(convert(R"("float")", "1e39"), "error: /: expected a float; found the number 1E+39");
    EXPECT_EQ(convert(R"("double")", "1e-999"), "0.0");
    EXPECT_EQ(convert(R"("double")", "7"), "7.0");
    EXPECT_EQ(convert(R"("long")", R"("7")"),
              R"(error: /: expected a long, a whole number of 64 bits; found the text "7")");
}

const std::string person = R"({"type":"record","name":"a.Person","fields":[
    {"name":"id","type":"long"},
    {"name":"note","type":["null","string"],"default":null},
    {"name":"tags","type":{"type":"array","items":"string"},"default":["x"]},
    {"name":"raw","type":"bytes","default":"\u00ff"},
    {"name":"boss","type":["null","a.Person"],"default":null}]})";

TEST(AvroJson, FieldsKeepTheSchemasOrderAndAbsentOnesTakeTheirDefaults) {
    EXPECT_EQ(convert(person, R"({"note":"hi","id":1})", plain, plain),
              R"({"id":1,"note":"hi","tags":["x"],"raw":"/w==","boss":null})");
    EXPECT_EQ(convert(person, R"({"id":1,"boss":{"id":2}})"),
              R"({"id":1,"note":null,"tags":["x"],"raw":"ÿ","boss":{"a.Person":{"id":2,)"
              R"("note":null,"tags":["x"],"raw":"ÿ","boss":null}}})");
}

TEST(AvroJson, ANullableFieldWithoutDefaultMustBeThere) {
    const std::string schema =
        R"({"type":"record","name":"R","fields":[{"name":"a","type":["null","int"]}]})";
    EXPECT_EQ(convert(schema, "{}"), "error: /a: this field is absent and has no default");
    EXPECT_EQ(convert(schema, R"({"a":null})"), R"({"a":null})");
}

TEST(AvroJson, UnknownMembersAreRefusedUnlessTheyAreToBeIgnored) {
    EXPECT_EQ(convert(person, R"({"id":1,"boss":{"id":2,"a/b~":0}})"),
              "error: /boss/a~1b~0: the record a.Person has no such field");
    EXPECT_EQ(convert(R"({"type":"record","name":"R","fields":[]})", R"({"x":1})",
                      {.unknown = UnknownFields::ignored}),
              "{}");
}

TEST(AvroJson, ADefaultThatHoldsItselfIsRefused) {
    const std::string text =
        R"({"type":"record","name":"R","fields":[{"name":"r","type":"R","default":{}}]})";
    const auto schema =
        compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::lenient);
    ASSERT_TRUE(schema);
    AvroValue value;
    const auto status = read_json(root_of(*schema), "{}", plain, value);
    ASSERT_FALSE(status);
    EXPECT_TRUE(status.error().message.starts_with("/r: this field is absent; "))
        << status.error().message;
}

TEST(AvroJson, ErrorsNameThePlaceInArraysAndMaps) {
    EXPECT_EQ(
        convert(R"({"type":"map","values":{"type":"array","items":"int"}})", R"({"k":[1,true]})"),
        "error: /k/1: expected an int, a whole number of 32 bits; found true");
    EXPECT_EQ(convert(R"("int")", "[1"),
              "error: this is no JSON: expected \",\" or \"]\" at line 1, column 3");
    EXPECT_EQ(convert(R"("int")", "1 2"),
              "error: this is no JSON: something follows the value at line 1, column 3");
}

TEST(AvroJson, TheAvroEncodingNamesTheBranch) {
    const std::string schema = R"(["null","string",{"type":"record","name":"a.R","fields":[]},
        {"type":"array","items":"int"}])";
    expect_same(schema, "null", tagged);
    expect_same(schema, R"({"string":"x"})", tagged);
    expect_same(schema, R"({"a.R":{}})", tagged);
    expect_same(schema, R"({"array":[1]})", tagged);
    EXPECT_EQ(convert(schema, R"({"R":{}})", tagged),
              "error: /R: the union has no such branch, only null, string, a.R, array");
    EXPECT_EQ(convert(schema, R"("x")", tagged),
              "error: /: expected an object with one member, called like a branch of the union: "
              "null, string, a.R, array; found the text \"x\"");
}

TEST(AvroJson, APlainValueTakesTheBranchThatLooksExactlySo) {
    const std::string numbers = R"(["null","float","double","int","long","string","bytes"])";
    EXPECT_EQ(convert(numbers, "1"), R"({"int":1})");
    EXPECT_EQ(convert(numbers, "2147483648"), R"({"long":2147483648})");
    EXPECT_EQ(convert(numbers, "1.5"), R"({"double":1.5})");
    EXPECT_EQ(convert(numbers, R"("NaN")"), R"({"string":"NaN"})");
    EXPECT_EQ(convert(R"(["float","boolean"])", "16777217"), R"({"float":1.6777216E7})");
    EXPECT_EQ(convert(R"(["bytes",{"type":"enum","name":"E","symbols":["A"]}])", R"("A")"),
              R"({"E":"A"})");
}

const std::string shapes = R"([
    {"type":"record","name":"Loose","fields":[{"name":"x","type":"int","default":0},
                                              {"name":"z","type":"int","default":0}]},
    {"type":"record","name":"Point","fields":[{"name":"x","type":"int"},
                                              {"name":"y","type":"int","default":0}]},
    {"type":"map","values":"int"}])";

TEST(AvroJson, AnObjectTakesTheRecordThatFitsBest) {
    EXPECT_EQ(convert(shapes, R"({"x":1,"y":2})"), R"({"Point":{"x":1,"y":2}})");
    EXPECT_EQ(convert(shapes, R"({"x":1,"z":2})"), R"({"Loose":{"x":1,"z":2}})");
    EXPECT_EQ(convert(shapes, R"({"x":1})"), R"({"Loose":{"x":1,"z":0}})");
    EXPECT_EQ(convert(shapes, R"({"x":1,"q":2})"), R"({"map":{"x":1,"q":2}})");
    EXPECT_EQ(convert(shapes, R"({"x":1,"y":"two"})"),
              "error: /y: expected an int, a whole number of 32 bits; found the text \"two\"");
}

TEST(AvroJson, ANamedBranchIsReadWhereNothingElseFits) {
    EXPECT_EQ(convert(shapes, R"({"Point":{"x":1}})"), R"({"Point":{"x":1,"y":0}})");
    EXPECT_EQ(convert(R"(["null","string"])", R"({"string":"a"})"), R"({"string":"a"})");
    EXPECT_EQ(convert(R"(["null","string"])", R"({"string":1})"),
              "error: /string: expected a string; found the number 1");
    EXPECT_EQ(convert(R"(["string",{"type":"map","values":"string"}])", R"({"string":"a"})"),
              R"({"map":{"string":"a"}})");
}

TEST(AvroJson, WhatNoBranchTakesIsToldWithTheBranches) {
    EXPECT_EQ(
        convert(R"(["null","int","string"])", "true"),
        "error: /: expected a value of one of the union's branches: null, int, string; found true");
    EXPECT_EQ(convert(R"(["null","int"])", "true"),
              "error: /: expected an int, a whole number of 32 bits; found true");
    EXPECT_EQ(convert(R"(["int","string"])", "null"),
              "error: /: expected a value of one of the union's branches: int, string; found null");
}

TEST(AvroJson, LogicalTypesAreReadable) {
    const std::string schema = R"({"type":"record","name":"R","fields":[
        {"name":"t","type":{"type":"long","logicalType":"timestamp-millis"}},
        {"name":"d","type":["null",
            {"type":"bytes","logicalType":"decimal","precision":6,"scale":2}]},
        {"name":"u","type":{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}},
        {"name":"c","type":{"type":"int","logicalType":"time-millis"}}]})";
    const std::string json = R"({"t":"2026-03-01T13:05:00.250Z","d":"-12.50",)"
                             R"("u":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6","c":"13:05:00.250"})";
    expect_same(schema, json, readable);
    EXPECT_EQ(convert(schema,
                      R"({"t":1772370300250,"d":-12.5,"u":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",)"
                      R"("c":47100250})",
                      readable, readable),
              json);
    EXPECT_EQ(convert(schema, json, readable, plain),
              R"({"t":1772370300250,"d":"+x4=","u":"+B1Prn3sEdCnZQCgyR5r9g==","c":47100250})");
    EXPECT_EQ(convert(schema, R"({"t":"yesterday"})", readable),
              R"(error: /t: the text "yesterday" is no date like 2026-03-01)");
    EXPECT_EQ(convert(R"({"type":"int","logicalType":"time-millis"})", "-5", readable, readable),
              "-5");
}

TEST(AvroJson, TextThatIsNoUtf8BecomesJsonAllTheSame) {
    const auto schema = tests::avro_schema(R"("string")");
    AvroValue value;
    value.append_text(AvroKind::string, "a\xFF\xC3", KeepText::borrowed);
    std::string out;
    append_json(out, root_of(schema), value.root(), plain);
    EXPECT_EQ(out, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

// Avro for Java and fastavro: {"a": 3, "b": 2}, and the bytes of one entry a key.
TEST(AvroJson, OfEntriesWithOneKeyTheLastCounts) {
    const auto schema = tests::avro_schema(R"({"type":"map","values":"int"})");
    AvroValue value;
    const std::size_t map = value.open(AvroKind::map, 4);
    for (const auto& [key, number] : {std::pair{"a", 1}, {"b", 2}, {"a", 4}, {"a", 3}}) {
        value.append_text(AvroKind::string, key, KeepText::copied);
        value.append_integer(AvroKind::int32, number);
    }
    value.close(map);
    for (const AvroJsonOptions& options : {tagged, plain}) {
        std::string out;
        append_json(out, root_of(schema), value.root(), options);
        EXPECT_EQ(out, R"({"b":2,"a":3})");
    }
}

TEST(AvroJson, TextEndsWhereItIsToEnd) {
    const std::string name(100, 'n');
    const auto schema = tests::avro_schema(
        R"({"type":"array","items":{"type":"map","values":{"type":"record","name":"R","fields":[)"
        R"({"name":")" +
        name + R"(","type":["null","int"]}]}}})");
    std::string json = "[";
    for (int at = 0; at < 50; ++at) {
        json += std::string(at == 0 ? "" : ",") + R"({"k":{")" + name + R"(":null}})";
    }
    json += ']';
    AvroValue value;
    ASSERT_TRUE(read_json(root_of(schema), json, plain, value));
    std::string out = "before";
    ASSERT_TRUE(append_json(out, root_of(schema), value.root(), plain, json.size()));
    EXPECT_EQ(out, "before" + json);
    for (const std::size_t bytes_max : {std::size_t{0}, json.size() / 2, json.size() - 1}) {
        std::string cut = "before";
        const auto status = append_json(cut, root_of(schema), value.root(), plain, bytes_max);
        ASSERT_FALSE(status) << bytes_max;
        EXPECT_EQ(status.error().code, ErrorCode::malformed_datum);
        EXPECT_EQ(cut, "before");
        // What comes after the bound was not written first and taken away then.
        EXPECT_LE(cut.capacity(), 2 * (bytes_max + 2 * name.size()));
    }
}

TEST(AvroJson, TheValueKeepsNothingOfTheText) {
    const auto schema = tests::avro_schema(R"({"type":"array","items":"string"})");
    AvroValue value;
    {
        std::string passing = R"(["one of thirty bytes and more ..."])";
        ASSERT_TRUE(read_json(root_of(schema), passing, plain, value));
        passing.assign(passing.size(), 'x');
    }
    EXPECT_EQ(value.root().first().text(), "one of thirty bytes and more ...");
}

std::string nested_text(std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
}

TEST(AvroJson, DepthAndSizeAreBounded) {
    const std::string schema =
        R"({"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]}]})";
    std::string json = "null";
    for (int at = 0; at < 400; ++at) {
        json = R"({"n":)" + json + "}";
    }
    EXPECT_EQ(convert(schema, json, plain, plain), json);
    EXPECT_NE(
        convert(R"("int")", nested_text(limits::json_depth_max + 1)).find("nested too deeply"),
        std::string::npos);
    std::string many = "[0";
    for (std::size_t at = 1; at < limits::datum_json_values_max; ++at) {
        many += ",0";
    }
    EXPECT_NE(
        convert(R"({"type":"array","items":"int"})", many + "]").find("more than 1000000 values"),
        std::string::npos);
    const std::string blanks(limits::datum_json_bytes_max - 1, ' ');
    EXPECT_EQ(convert(R"("int")", blanks + "7"), "7");
    EXPECT_NE(convert(R"("int")", blanks + "17").find("67108865 bytes"), std::string::npos);
}

// Two records that differ in their last field, at every level: trying both costs 2^levels.
TEST(AvroJson, FindingBranchesEndsWhenItTakesTooManySteps) {
    const std::string schema = R"({"type":"record","name":"R","fields":[{"name":"n","type":["null",
        {"type":"record","name":"A","fields":[{"name":"n","type":["null","A",
          {"type":"record","name":"B","fields":[{"name":"n","type":["null","A","B"]},
            {"name":"k","type":"int","default":0}]}]},
          {"name":"k","type":"int","default":0}]}]}]})";
    std::string json = R"({"n":"bad","k":1})";
    for (int at = 0; at < 60; ++at) {
        json = R"({"n":)" + json + R"(,"k":1})";
    }
    const std::string found = convert(schema, R"({"n":)" + json + "}");
    EXPECT_NE(found.find("write them as {\"branch\": value}"), std::string::npos) << found;
}

}  // namespace
}  // namespace symbolon::client
