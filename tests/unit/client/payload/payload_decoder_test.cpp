#include "client/payload/payload_decoder.hpp"

#include "client/codec/avro_container.hpp"
#include "client/wire/envelope.hpp"
#include "compat/avro/avro_fingerprint.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using tests::FakeSchemaSource;

const std::string first_avsc =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"int"}]})";
const std::string second_avsc =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"int"},)"
    R"({"name":"note","type":"string","default":"none"}]})";

std::string first_json(const Result<std::vector<DecodedRecord>>& records) {
    if (!records) {
        return "error: " + records.error().message;
    }
    return records->empty() ? "no records" : records->front().json;
}

std::optional<PayloadFault> fault_of(const Result<std::vector<DecodedRecord>>& records) {
    return records ? std::nullopt : find_payload_fault(records.error());
}

std::string file_of(const std::string& schema, const std::vector<std::string>& data) {
    std::string bytes;
    auto writer = ContainerWriter::create(memory_target(bytes), schema);
    EXPECT_TRUE(writer) << writer.error().message;
    for (const std::string& datum : data) {
        EXPECT_TRUE(writer->append(datum));
    }
    EXPECT_TRUE(writer->close());
    return bytes;
}

TEST(PayloadDecoder, FindsTheSchemaThatTheBytesName) {
    FakeSchemaSource source;
    const auto schema = source.add("orders", SchemaId{7}, first_avsc);
    PayloadDecoder decoder(source, {});
    const auto records = decoder.decode(frame_confluent(SchemaId{7}, "\x0e"), {});
    ASSERT_TRUE(records) << records.error().message;
    ASSERT_EQ(records->size(), 1U);
    EXPECT_EQ(records->front().json, R"({"id":7})");
    EXPECT_EQ(records->front().schema, schema);
    EXPECT_EQ(first_json(decoder.decode(frame_confluent_guid(schema->guid, "\x0e"), {})),
              R"({"id":7})");
    const PayloadHeaders headers{{"__value_schema_id", make_guid_header(schema->guid, "")}};
    EXPECT_EQ(first_json(decoder.decode("\x0e", headers)), R"({"id":7})");
}

TEST(PayloadDecoder, TellsWhatIsAtFault) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    source.add("broken", SchemaId{8}, R"({"type":"nope"})");
    PayloadDecoder decoder(source, {});
    EXPECT_EQ(fault_of(decoder.decode("\x7F", {})), PayloadFault::unknown_framing);
    EXPECT_EQ(fault_of(decoder.decode("{\"id\":7}", {})), PayloadFault::unknown_framing);
    EXPECT_EQ(fault_of(decoder.decode(R"({"detail":{"schema_id":"x"}})", {})),
              PayloadFault::missing_metadata);
    EXPECT_EQ(fault_of(decoder.decode(frame_confluent(SchemaId{9}, "\x0e"), {})),
              PayloadFault::schema_not_found);
    EXPECT_EQ(fault_of(decoder.decode(frame_confluent(SchemaId{8}, "\x0e"), {})),
              PayloadFault::schema_does_not_parse);
    EXPECT_EQ(fault_of(decoder.decode(frame_confluent(SchemaId{7}, ""), {})),
              PayloadFault::corrupt);
    source.fail_with(ErrorCode::unavailable);
    const auto away = decoder.decode(frame_confluent(SchemaId{10}, "\x0e"), {});
    ASSERT_FALSE(away);
    EXPECT_EQ(away.error().code, ErrorCode::unavailable);
    EXPECT_EQ(fault_of(away), std::nullopt);
}

TEST(PayloadDecoder, PlainJsonIsToldFromAFramedMessage) {
    FakeSchemaSource source;
    PayloadDecoder decoder(source, {});
    EXPECT_EQ(first_json(decoder.decode(R"({"id":7})", {})),
              "error: the schema is not known: this looks like plain JSON, not a framed message. A "
              "bare body needs a subject and version, or a schema id");
}

TEST(PayloadDecoder, BytesAfterTheDatumAreAFault) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    const auto records =
        PayloadDecoder(source, {}).decode(frame_confluent(SchemaId{7}, "\x0exy"), {});
    ASSERT_FALSE(records);
    EXPECT_EQ(fault_of(records), PayloadFault::corrupt);
    const auto* detail = dynamic_cast<const PayloadErrorDetail*>(records.error().detail.get());
    ASSERT_NE(detail, nullptr);
    EXPECT_EQ(detail->offset, 6U);
}

TEST(PayloadDecoder, BareBodiesTakeTheSchemaThatIsGiven) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    source.add("orders", SchemaId{8}, second_avsc);
    PayloadDecoderOptions options;
    options.framing = Framing::bare;
    options.subject = "orders";
    options.version = Version{1};
    EXPECT_EQ(first_json(PayloadDecoder(source, options).decode("\x0e", {})), R"({"id":7})");
    options.version = std::nullopt;
    EXPECT_EQ(first_json(PayloadDecoder(source, options).decode("\x0e\x02x", {})),
              R"({"id":7,"note":"x"})");
    options.id = SchemaId{7};
    EXPECT_EQ(first_json(PayloadDecoder(source, options).decode("\x0e", {})), R"({"id":7})");
}

TEST(PayloadDecoder, AFingerprintIsLookedForInTheSubjectsVersions) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    source.add("orders", SchemaId{8}, second_avsc);
    PayloadDecoderOptions options;
    options.subject = "orders";
    PayloadDecoder decoder(source, options);
    const auto of_first = compat::avro::crc64_avro(
        R"({"name":"Order","type":"record","fields":[{"name":"id","type":"int"}]})");
    EXPECT_EQ(first_json(decoder.decode(frame_single_object(of_first, "\x0e"), {})), R"({"id":7})");
    const auto unknown = decoder.decode(frame_single_object(1, "\x0e"), {});
    EXPECT_EQ(fault_of(unknown), PayloadFault::schema_not_found);
    EXPECT_EQ(first_json(unknown),
              "error: no schema with the fingerprint 0000000000000001 is known in subject orders");
    EXPECT_EQ(fault_of(PayloadDecoder(source, {}).decode(frame_single_object(1, "\x0e"), {})),
              PayloadFault::unknown_framing);
}

TEST(PayloadDecoder, AFingerprintIsLookedForInTheLatestHundredVersions) {
    FakeSchemaSource source;
    PayloadDecoderOptions options;
    options.subject = "orders";
    const std::string message = frame_single_object(compat::avro::crc64_avro(R"("int")"), "\x0e");
    source.add("orders", SchemaId{1}, R"("int")");
    for (std::int32_t id = 2; id <= static_cast<std::int32_t>(limits::fingerprint_versions_max);
         ++id) {
        source.add("orders", SchemaId{id}, R"("string")");
    }
    EXPECT_EQ(first_json(PayloadDecoder(source, options).decode(message, {})), "7");
    source.add("orders", SchemaId{1'000}, R"("string")");
    EXPECT_EQ(fault_of(PayloadDecoder(source, options).decode(message, {})),
              PayloadFault::schema_not_found);
}

TEST(PayloadDecoder, AReaderGivesDataItsShape) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    PayloadDecoderOptions options;
    options.reader =
        compat::parse_schema(SchemaType::avro, second_avsc, {}, compat::Strictness::lenient)
            .value_or(nullptr);
    EXPECT_EQ(first_json(
                  PayloadDecoder(source, options).decode(frame_confluent(SchemaId{7}, "\x0e"), {})),
              R"({"id":7,"note":"none"})");
}

TEST(PayloadDecoder, AContainerFileHasManyRecordsAndItsOwnSchema) {
    FakeSchemaSource source;
    PayloadDecoder decoder(source, {});
    const std::string file = file_of(first_avsc, {"\x0e", "\x10"});
    const auto records = decoder.decode(file, {});
    ASSERT_TRUE(records) << records.error().message;
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[1].json, R"({"id":8})");
    EXPECT_EQ((*records)[1].schema, nullptr);
    EXPECT_EQ(source.calls(), 0);
    EXPECT_EQ(fault_of(decoder.decode(file.substr(0, file.size() - 3), {})), PayloadFault::corrupt);
}

TEST(PayloadDecoder, AFewBytesThatWouldFillTheMemoryWithTextAreRefused) {
    const std::string empty_records =
        R"({"type":"array","items":{"type":"record","name":"R","fields":[]}})";
    const std::string megabyte(1U << 20U, 'a');
    FakeSchemaSource source;
    source.add("s", SchemaId{7}, empty_records);
    PayloadDecoderOptions options;
    options.reader =
        compat::parse_schema(SchemaType::avro,
                             R"({"type":"array","items":{"type":"record","name":"R","fields":[)"
                             R"({"name":"b","type":"bytes","default":")" +
                                 megabyte + R"("}]}})",
                             {}, compat::Strictness::lenient)
            .value_or(nullptr);
    PayloadDecoder decoder(source, options);
    const std::string three_hundred("\xD8\x04\0", 3);
    for (const std::string& message :
         {frame_confluent(SchemaId{7}, three_hundred), file_of(empty_records, {three_hundred})}) {
        const auto records = decoder.decode(message, {});
        EXPECT_EQ(fault_of(records), PayloadFault::corrupt);
        EXPECT_TRUE(first_json(records).starts_with("error: as JSON the datum takes more than"))
            << first_json(records).substr(0, 200);
    }
}

TEST(PayloadDecoder, AnEnvelopeBringsABodyOrAFile) {
    FakeSchemaSource source;
    const auto schema = source.add("orders", SchemaId{7}, first_avsc);
    PayloadDecoder decoder(source, {});
    const Envelope bare{"orders", Version{1}, "x", "\x0e"};
    EXPECT_EQ(first_json(decoder.decode(to_text(bare), {})), R"({"id":7})");
    const Envelope file{"orders", Version{1}, "x", file_of(first_avsc, {"\x0e", "\x10"})};
    const auto records = decoder.decode(to_text(file), {});
    ASSERT_TRUE(records) << records.error().message;
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ((*records)[0].schema, schema);
    const Envelope gone{"orders", Version{9}, "x", "\x0e"};
    EXPECT_EQ(fault_of(decoder.decode(to_text(gone), {})), PayloadFault::schema_not_found);
}

TEST(PayloadDecoder, TheStepsCanBeTakenOneByOne) {
    FakeSchemaSource source;
    source.add("orders", SchemaId{7}, first_avsc);
    const auto newer = source.add("orders", SchemaId{8}, second_avsc);
    PayloadDecoder decoder(source, {});
    const std::string bytes = frame_confluent(SchemaId{7}, "\x0e");
    const auto framed = decoder.read_framing(bytes, {});
    ASSERT_TRUE(framed);
    EXPECT_EQ(framed->id, SchemaId{7});
    const auto schema = decoder.find_schema(*framed);
    ASSERT_TRUE(schema);
    EXPECT_EQ((*schema)->version, Version{1});
    EXPECT_EQ(first_json(decoder.decode_with(*framed, *schema, nullptr)), R"({"id":7})");
    EXPECT_EQ(first_json(decoder.decode_with(*framed, *schema, newer->parsed)),
              R"({"id":7,"note":"none"})");
    EXPECT_EQ(first_json(decoder.decode_with(*framed, *schema, nullptr)), R"({"id":7})");
}

TEST(PayloadDecoder, ReadsTheSameWhetherCodecsAreKeptOrNot) {
    FakeSchemaSource source;
    source.add("a", SchemaId{7}, first_avsc);
    source.add("b", SchemaId{8}, second_avsc);
    for (const std::size_t kept : {0U, 1U, 2U}) {
        PayloadDecoderOptions options;
        options.codecs_max = kept;
        PayloadDecoder decoder(source, options);
        for (int round = 0; round < 3; ++round) {
            EXPECT_EQ(first_json(decoder.decode(frame_confluent(SchemaId{7}, "\x0e"), {})),
                      R"({"id":7})");
            EXPECT_EQ(first_json(decoder.decode(frame_confluent(SchemaId{8}, "\x0e\x02x"), {})),
                      R"({"id":7,"note":"x"})");
        }
    }
}

}  // namespace
}  // namespace symbolon::client
