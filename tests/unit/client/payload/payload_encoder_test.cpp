#include "client/payload/payload_encoder.hpp"

#include "client/payload/payload_decoder.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using tests::FakeSchemaSource;

const std::string encoded_avsc =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"int"}]})";
const std::string encoded_proto =
    "syntax = \"proto3\"; message Other {} message Order { int32 id = 1; }";

/// What a decoder makes of what an encoder made of `json`.
std::string there_and_back(FakeSchemaSource& source, const RegisteredSchemaPtr& schema,
                           PayloadEncoderOptions options, const std::string& json) {
    const Framing framing = options.framing;
    const auto encoder = PayloadEncoder::open(schema, std::move(options));
    if (!encoder) {
        return "error: " + encoder.error().message;
    }
    const auto message = encoder->encode(json);
    if (!message) {
        return "error: " + message.error().message;
    }
    PayloadDecoderOptions reading;
    reading.subject = schema->subject;
    if (framing == Framing::bare) {
        reading.framing = framing;
    }
    const auto records = PayloadDecoder(source, reading).decode(message->bytes, message->headers);
    if (!records) {
        return "error: " + records.error().message;
    }
    return records->size() == 1 ? records->front().json : "not one record";
}

TEST(PayloadEncoder, EveryFramingComesBack) {
    FakeSchemaSource source;
    const auto avro = source.add("orders", SchemaId{7}, encoded_avsc);
    for (const Framing framing : {Framing::confluent, Framing::confluent_guid,
                                  Framing::single_object, Framing::envelope, Framing::bare}) {
        PayloadEncoderOptions options;
        options.framing = framing;
        EXPECT_EQ(there_and_back(source, avro, options, R"({"id":7})"), R"({"id":7})")
            << to_string(framing);
    }
    PayloadEncoderOptions before;
    before.framing = Framing::confluent_guid;
    before.guid_place = GuidPlace::before_body;
    EXPECT_EQ(there_and_back(source, avro, before, R"({"id":7})"), R"({"id":7})");
}

TEST(PayloadEncoder, ProtobufsIndexesGoWithTheGuidIntoTheHeader) {
    FakeSchemaSource source;
    const auto schema = source.add("orders", SchemaId{7}, encoded_proto, SchemaType::protobuf);
    PayloadEncoderOptions options;
    options.framing = Framing::confluent_guid;
    options.message_indexes = {1};
    const auto encoder = PayloadEncoder::open(schema, options);
    ASSERT_TRUE(encoder) << encoder.error().message;
    const auto message = encoder->encode(R"({"id":7})");
    ASSERT_TRUE(message) << message.error().message;
    EXPECT_EQ(message->bytes, "\x08\x07");
    ASSERT_EQ(message->headers.size(), 1U);
    EXPECT_EQ(message->headers[0].first, "__value_schema_id");
    EXPECT_EQ(message->headers[0].second.substr(17), "\x02\x02");
    EXPECT_EQ(there_and_back(source, schema, options, R"({"id":7})"), R"({"id":7})");
    options.framing = Framing::confluent;
    EXPECT_EQ(there_and_back(source, schema, options, R"({"id":7})"), R"({"id":7})");
}

TEST(PayloadEncoder, SaysWhatASchemaLacksForAFraming) {
    RegisteredSchema bare;
    bare.type = SchemaType::json;
    bare.text = "{}";
    bare.parsed = compat::parse_schema(SchemaType::json, "{}", {}, compat::Strictness::lenient)
                      .value_or(nullptr);
    const auto schema = std::make_shared<const RegisteredSchema>(std::move(bare));
    for (const Framing framing : {Framing::confluent, Framing::confluent_guid,
                                  Framing::single_object, Framing::envelope, Framing::container}) {
        PayloadEncoderOptions options;
        options.framing = framing;
        const auto encoder = PayloadEncoder::open(schema, options);
        ASSERT_FALSE(encoder) << to_string(framing);
        EXPECT_EQ(encoder.error().code, ErrorCode::malformed_request);
    }
    PayloadEncoderOptions options;
    options.framing = Framing::bare;
    EXPECT_TRUE(PayloadEncoder::open(schema, options));
}

TEST(PayloadEncoder, ADatumThatDoesNotFitIsRefused) {
    FakeSchemaSource source;
    const auto avro = source.add("orders", SchemaId{7}, encoded_avsc);
    EXPECT_EQ(there_and_back(source, avro, {}, R"({"id":"x"})").substr(0, 6), "error:");
}

}  // namespace
}  // namespace symbolon::client
