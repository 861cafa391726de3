#include "client/payload/explanation.hpp"

#include "client/codec/avro_container.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

using tests::FakeSchemaSource;

const std::string explained_avsc =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"int"},)"
    R"({"name":"note","type":"string"}]})";

Explanation explained(const std::string& bytes, SchemaSource* source) {
    return explain_payload(bytes, {}, source, {});
}

TEST(Explanation, OfAGoodMessageHasItsValueAndSchema) {
    FakeSchemaSource source;
    const auto schema = source.add("orders", SchemaId{7}, explained_avsc);
    const auto found = explained(frame_confluent(SchemaId{7}, "\x0e\x04hi"), &source);
    ASSERT_FALSE(found.error) << found.error->error.message;
    EXPECT_EQ(found.framing, Framing::confluent);
    EXPECT_EQ(found.schema, schema);
    ASSERT_EQ(found.records.size(), 1U);
    EXPECT_EQ(found.records[0], R"({"id":7,"note":"hi"})");
}

TEST(Explanation, WithoutARegistryTellsTheFramingAndTheId) {
    const auto found = explained(frame_confluent(SchemaId{7}, "\x0e\x04hi"), nullptr);
    EXPECT_FALSE(found.error);
    ASSERT_TRUE(found.framed);
    EXPECT_EQ(found.framed->id, SchemaId{7});
    EXPECT_NE(found.note.find("no registry"), std::string::npos);
}

TEST(Explanation, TellsWhereReadingStopsInTheMessage) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, explained_avsc);
    const auto found = explained(frame_confluent(SchemaId{7}, "\x0e\x08hi"), &source);
    ASSERT_TRUE(found.error);
    EXPECT_EQ(found.error->fault, PayloadFault::corrupt);
    ASSERT_TRUE(found.error->offset) << found.error->error.message;
    EXPECT_GE(*found.error->offset, 6U);
    EXPECT_EQ(found.error->field, "/note");
    EXPECT_FALSE(found.error->hint.empty());
}

TEST(Explanation, GuessesWhatUnframedBytesAre) {
    FakeSchemaSource source;
    EXPECT_NE(explained(R"({"id":7})", &source).error->hint.find("plain JSON"), std::string::npos);
    EXPECT_NE(explained("00000000070e0468690a\n", &source).error->hint.find("--hex"),
              std::string::npos);
    EXPECT_NE(explained(to_base64(frame_confluent(SchemaId{7}, "abc")), &source)
                  .error->hint.find("--base64"),
              std::string::npos);
    EXPECT_NE(explained("\x1F\x8B\x08", &source).error->hint.find("gzip"), std::string::npos);
    EXPECT_NE(explained("", &source).error->hint.find("deleted"), std::string::npos);
    EXPECT_NE(explained(R"({"id":7})", nullptr).note.find("plain JSON"), std::string::npos);
}

TEST(Explanation, SeesAMessageThatWasFramedTwice) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, explained_avsc);
    const auto found = explained(
        frame_confluent(SchemaId{7}, frame_confluent(SchemaId{7}, "\x0e\x04hi")), &source);
    ASSERT_TRUE(found.error);
    EXPECT_NE(found.error->hint.find("framed twice"), std::string::npos) << found.error->hint;
}

TEST(Explanation, TheIndexBeforeAProtobufBodyIsNoSecondFrame) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, "syntax = \"proto3\"; message Order { string item = 1; }",
               SchemaType::protobuf);
    const std::string body(
        "\0\x0a\x05"
        "ab",
        5);
    const auto cut = explained(frame_confluent(SchemaId{7}, body), &source);
    ASSERT_TRUE(cut.error);
    EXPECT_EQ(cut.error->hint.find("framed twice"), std::string::npos) << cut.error->hint;
    const auto twice =
        explained(frame_confluent(SchemaId{7}, frame_confluent(SchemaId{7}, body)), &source);
    ASSERT_TRUE(twice.error);
    EXPECT_NE(twice.error->hint.find("framed twice"), std::string::npos) << twice.error->hint;
}

TEST(Explanation, ANullInTheFirstFieldIsNoSecondFrame) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7},
               R"({"type":"record","name":"R","fields":[{"name":"a","type":["null","string"]},
                   {"name":"n","type":"long"},{"name":"b","type":["null","string"]}]})");
    using namespace std::string_literals;
    const auto found = explained(frame_confluent(SchemaId{7}, "\0\x0e\x08\x02\x02"s), &source);
    ASSERT_TRUE(found.error);
    EXPECT_EQ(found.error->hint.find("framed twice"), std::string::npos) << found.error->hint;
}

TEST(Explanation, OfAContainerFileHasItsFirstRecords) {
    for (const std::size_t more : {0U, 1U}) {
        std::string file;
        auto writer = ContainerWriter::create(memory_target(file), R"("int")");
        ASSERT_TRUE(writer) << writer.error().message;
        for (std::size_t at = 0; at < limits::explained_records_max + more; ++at) {
            ASSERT_TRUE(writer->append("\x0e"));
        }
        ASSERT_TRUE(writer->close());
        const auto found = explained(file, nullptr);
        EXPECT_EQ(found.records.size(), limits::explained_records_max);
        EXPECT_EQ(found.has_more_records, more == 1);
    }
}

TEST(Explanation, ShowsTheBytesAroundAPlace) {
    EXPECT_EQ(dump_around(std::string("\0\0\0\0\7abc", 8), 5),
              "00000000  00 00 00 00 07 61 62 63                          |.....abc|\n"
              "                         ^^ offset 5\n");
    const std::string end = dump_around(std::string(100, 'x'), 100);
    EXPECT_NE(end.find("^^ offset 100"), std::string::npos) << end;
    EXPECT_NE(dump_around("", 0).find("^^ offset 0"), std::string::npos);
    EXPECT_NE(dump_around(std::string(32, 'x'), 32).find("00000020"), std::string::npos);
}

TEST(Explanation, IndentsJsonInItsOrder) {
    EXPECT_EQ(indent_json(R"({"b":[1,{"a":"x,{\""}],"c":{},"d":[ ]})"),
              "{\n  \"b\": [\n    1,\n    {\n      \"a\": \"x,{\\\"\"\n    }\n  ],\n"
              "  \"c\": {},\n  \"d\": []\n}");
    EXPECT_EQ(indent_json("7"), "7");
}

}  // namespace
}  // namespace symbolon::client
