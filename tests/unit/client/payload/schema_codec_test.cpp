#include "client/payload/schema_codec.hpp"

#include "client/codec/datum_error.hpp"
#include "client/wire/payload_fault.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

using tests::FakeSchemaSource;

const std::string order_avsc =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"int"},)"
    R"({"name":"note","type":["null","string"],"default":null}]})";
const std::string order_schema_json =
    R"({"type":"object","properties":{"id":{"type":"integer"},"note":{"type":"string"}},)"
    R"("required":["id"]})";
const std::string order_proto =
    "syntax = \"proto3\"; message Order { int32 id = 1; message Line { string item = 1; } }";

std::shared_ptr<const SchemaCodec> codec_for(const std::string& text, SchemaType type,
                                             compat::SchemaPtr reader = nullptr,
                                             const AvroJsonOptions& options = {}) {
    FakeSchemaSource source;
    auto codec =
        SchemaCodec::compile(source.add("s", SchemaId{7}, text, type), std::move(reader), options);
    EXPECT_TRUE(codec) << codec.error().message;
    return codec.value_or(nullptr);
}

compat::SchemaPtr parsed(const std::string& text, SchemaType type = SchemaType::avro) {
    return compat::parse_schema(type, text, {}, compat::Strictness::lenient).value_or(nullptr);
}

std::string json_of_body(const SchemaCodec& codec, const std::string& body) {
    std::string out;
    const auto used = codec.append_json(body, out);
    return used ? out : "error: " + used.error().message;
}

TEST(SchemaCodec, AvroComesBackAsPlainJson) {
    const auto codec = codec_for(order_avsc, SchemaType::avro);
    const auto body = codec->encode_json(R"({"id":7,"note":"hi"})");
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(*body, "\x0e\x02\x04hi");
    EXPECT_EQ(json_of_body(*codec, *body), R"({"id":7,"note":"hi"})");
    EXPECT_EQ(*codec->encode_json(R"({"id":7})"), std::string("\x0e\x00", 2));
}

TEST(SchemaCodec, AvroTellsHowManyBytesItTook) {
    const auto codec = codec_for(order_avsc, SchemaType::avro);
    std::string out = "before ";
    const auto used = codec->append_json(std::string("\x0e\x00rest", 6), out);
    ASSERT_TRUE(used);
    EXPECT_EQ(*used, 2U);
    EXPECT_EQ(out, R"(before {"id":7,"note":null})");
}

TEST(SchemaCodec, AvroIsResolvedIntoAReadersSchema) {
    const auto reader =
        parsed(R"({"type":"record","name":"Order","fields":[{"name":"id","type":"long"},)"
               R"({"name":"state","type":"string","default":"new"}]})");
    const auto codec = codec_for(order_avsc, SchemaType::avro, reader);
    EXPECT_EQ(json_of_body(*codec, std::string("\x0e\x00", 2)), R"({"id":7,"state":"new"})");
}

TEST(SchemaCodec, AvroOfACutBodyIsMalformed) {
    const auto codec = codec_for(order_avsc, SchemaType::avro);
    std::string out;
    const auto used = codec->append_json("\x0e\x02\x08hi", out);
    ASSERT_FALSE(used);
    EXPECT_EQ(used.error().code, ErrorCode::malformed_datum);
    EXPECT_NE(used.error().message.find("note"), std::string::npos) << used.error().message;
}

TEST(SchemaCodec, DataOfAJsonSchemaAreValidatedBothWays) {
    const auto codec = codec_for(order_schema_json, SchemaType::json);
    EXPECT_EQ(json_of_body(*codec, " {\"id\":7,\n \"x\":1}\n"), "{\"id\":7,  \"x\":1}");
    EXPECT_EQ(codec->encode_json(R"({"id":7})").value_or(""), R"({"id":7})");
    const std::string refused = json_of_body(*codec, R"({"id":"x","note":7})");
    EXPECT_NE(refused.find("/id: "), std::string::npos) << refused;
    EXPECT_NE(refused.find("; /note: "), std::string::npos) << refused;
    const auto encoded = codec->encode_json("{}");
    ASSERT_FALSE(encoded);
    EXPECT_EQ(encoded.error().message.substr(0, 11), "(all of it)");
    EXPECT_EQ(find_payload_fault(encoded.error()), PayloadFault::corrupt);
}

TEST(SchemaCodec, ABodyThatIsNoJsonIsTold) {
    const auto codec = codec_for(order_schema_json, SchemaType::json);
    EXPECT_EQ(json_of_body(*codec, "{\"id\":").substr(0, 26), "error: the body is no JSON");
    EXPECT_EQ(json_of_body(*codec, "").substr(0, 26), "error: the body is no JSON");
}

TEST(SchemaCodec, ProtobufHasItsIndexesBeforeTheBody) {
    const auto codec = codec_for(order_proto, SchemaType::protobuf);
    const auto body = codec->encode_json(R"({"id":7})");
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(*body, std::string("\0\x08\x07", 3));
    EXPECT_EQ(json_of_body(*codec, *body), R"({"id":7})");
    const auto nested = codec->encode_message(std::vector<std::int32_t>{0, 0}, R"({"item":"a"})");
    ASSERT_TRUE(nested) << nested.error().message;
    EXPECT_EQ(*nested, std::string("\x04\0\0\x0a\x01"
                                   "a",
                                   6));
    EXPECT_EQ(json_of_body(*codec, *nested), R"({"item":"a"})");
}

TEST(SchemaCodec, ProtobufsIndexesMayComeFromAHeader) {
    const auto codec = codec_for(order_proto, SchemaType::protobuf);
    std::string out;
    const auto used = codec->append_json(std::string_view("\x04\0\0", 3),
                                         std::string_view("\x0a\x01"
                                                          "a"),
                                         out);
    ASSERT_TRUE(used) << used.error().message;
    EXPECT_EQ(out, R"({"item":"a"})");
    EXPECT_FALSE(codec->append_json(std::string_view("\0x", 2), "", out));
}

TEST(SchemaCodec, ProtobufsOffsetsCountFromTheIndexes) {
    const auto codec = codec_for(order_proto, SchemaType::protobuf);
    std::string out;
    const auto used = codec->append_json(std::string("\0\x08", 2), out);
    ASSERT_FALSE(used);
    const auto* detail = dynamic_cast<const DatumErrorDetail*>(used.error().detail.get());
    ASSERT_NE(detail, nullptr);
    EXPECT_EQ(detail->offset, 2U);
    EXPECT_EQ(detail->field, "/id");
}

TEST(SchemaCodec, MessagesAreChosenInProtobufOnly) {
    const auto codec = codec_for(order_avsc, SchemaType::avro);
    EXPECT_TRUE(codec->encode_message(std::vector<std::int32_t>{0}, R"({"id":7})"));
    EXPECT_FALSE(codec->encode_message(std::vector<std::int32_t>{1}, R"({"id":7})"));
}

TEST(SchemaCodec, ASchemaThatDoesNotParseIsTheSchemasFault) {
    FakeSchemaSource source;
    const auto codec = SchemaCodec::compile(source.add("s", SchemaId{7}, R"({"type":"nope"})"));
    ASSERT_FALSE(codec);
    EXPECT_EQ(find_payload_fault(codec.error()), PayloadFault::schema_does_not_parse);
    EXPECT_EQ(codec.error().message.substr(0, 45), "schema 7 (subject s, version 1) does not pars");
}

TEST(SchemaCodec, AReaderOfAnotherTypeIsRefused) {
    FakeSchemaSource source;
    const auto codec = SchemaCodec::compile(source.add("s", SchemaId{7}, order_avsc),
                                            parsed("{}", SchemaType::json));
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, ErrorCode::invalid_schema);
}

}  // namespace
}  // namespace symbolon::client
