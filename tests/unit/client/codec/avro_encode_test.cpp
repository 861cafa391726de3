#include "client/codec/avro_encode.hpp"

#include "client/codec/avro_decode.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {
namespace {

/// The bytes, or the error.
std::string encoded(std::string_view schema, const AvroValue& value) {
    const auto plan = AvroWritePlan::compile(tests::avro_schema(schema));
    std::string out = "before";
    const Status status = (*plan)->encode(value.root(), out);
    EXPECT_TRUE(out.starts_with("before"));
    if (status) {
        return out.substr(6);
    }
    EXPECT_EQ(status.error().code, ErrorCode::malformed_datum);
    EXPECT_EQ(out, "before");
    return status.error().message;
}

TEST(AvroEncode, AppendsARecordWithAllThatItHolds) {
    AvroValue value;
    const auto record = value.open(AvroKind::record, 3);
    const auto map = value.open(AvroKind::map, 1);
    value.append_text(AvroKind::string, "k", KeepText::borrowed);
    value.append_integer(AvroKind::int64, -3);
    value.close(map);
    const auto branch = value.open(AvroKind::union_of, 1);
    value.append_symbol(2);
    value.close(branch);
    value.append_boolean(true);
    value.close(record);
    EXPECT_EQ(encoded(R"({"type":"record","name":"A","fields":[
                  {"name":"m","type":{"type":"map","values":"long"}},
                  {"name":"u","type":["null",{"type":"enum","name":"E","symbols":["a","b","c"]}]},
                  {"name":"b","type":"boolean"}]})",
                      value),
              std::string("\x02\x02k\x05\x00\x02\x04\x01", 8));
}

TEST(AvroEncode, RefusesAnotherShapeAndSaysWhere) {
    AvroValue value;
    const auto record = value.open(AvroKind::record, 1);
    const auto array = value.open(AvroKind::array, 2);
    value.append_integer(AvroKind::int32, 1);
    value.append_text(AvroKind::string, "x", KeepText::borrowed);
    value.close(array);
    value.close(record);
    EXPECT_EQ(encoded(R"({"type":"record","name":"A","fields":[
                  {"name":"items","type":{"type":"array","items":"int"}}]})",
                      value),
              "At /items/1: the schema asks for int, and the value has string");
    EXPECT_EQ(encoded(R"({"type":"record","name":"A","fields":[]})", value),
              "At the top: the record has 0 fields, and the value 1");
    EXPECT_EQ(encoded(R"("int")", value),
              "At the top: the schema asks for int, and the value has record");
}

TEST(AvroEncode, RefusesValuesThatTheirTypeCannotHold) {
    AvroValue value;
    value.append_integer(AvroKind::int32, std::int64_t{1} << 31);
    EXPECT_EQ(encoded(R"("int")", value), "At the top: 2147483648 does not fit an int");
    value.clear();
    value.append_real(AvroKind::float32, 1e300);
    EXPECT_EQ(encoded(R"("float")", value), "At the top: 1e+300 does not fit a float");
    value.clear();
    value.append_real(AvroKind::float32, std::numeric_limits<double>::infinity());
    EXPECT_EQ(encoded(R"("float")", value), std::string("\0\0\x80\x7F", 4));
    value.clear();
    value.append_text(AvroKind::string, "\xFF", KeepText::borrowed);
    EXPECT_EQ(encoded(R"("string")", value), "At the top: a string has to be UTF-8");
    value.clear();
    value.append_text(AvroKind::fixed, "abc", KeepText::borrowed);
    EXPECT_EQ(encoded(R"({"type":"fixed","name":"F","size":2})", value),
              "At the top: the schema asks for 2 bytes, and the value has 3");
    value.clear();
    value.append_symbol(1);
    EXPECT_EQ(encoded(R"({"type":"enum","name":"E","symbols":["a"]})", value),
              "At the top: the enum has 1 symbols, and the value has the one at 1");
    value.clear();
    const auto branch = value.open(AvroKind::union_of, 1);
    value.append_null();
    value.close(branch);
    EXPECT_EQ(encoded(R"(["null"])", value),
              "At the top: the union has 1 branches, and the value has the one at 1");
}

TEST(AvroEncode, WritesTextsOfAnySizeAndManyOfThem) {
    const auto schema = tests::avro_schema(R"({"type":"array","items":"string"})");
    AvroValue value;
    const auto array = value.open(AvroKind::array, 0);
    std::string expected;
    for (std::uint32_t size = 0; size < 3'000; size += size < 70 ? 1 : 97) {
        value.append_text(AvroKind::string, std::string(size, 'x'), KeepText::copied);
        expected += std::string(size, 'x');
    }
    value.close(array, static_cast<std::uint32_t>(value.cells() - 1));
    std::string out;
    ASSERT_TRUE((*AvroWritePlan::compile(schema))->encode(value.root(), out));
    AvroValue again;
    ASSERT_TRUE((*AvroReadPlan::compile(schema))->decode(out, again));
    ASSERT_EQ(again.root().count(), value.root().count());
    std::string texts;
    AvroView text = again.root().first();
    for (std::uint32_t at = 0; at < again.root().count(); ++at, text = text.next()) {
        texts += text.text();
    }
    EXPECT_EQ(texts, expected);
}

TEST(AvroEncode, BoundsNestingButWritesWhatCouldBeRead) {
    const auto schema = tests::avro_schema(R"({"type":"record","name":"L","fields":[
        {"name":"next","type":["null",{"type":"array","items":"L"}]}]})");
    const auto nested = [](std::size_t levels) {
        AvroValue value;
        std::vector<std::size_t> opened;
        for (std::size_t at = 0; at < levels; ++at) {
            opened.push_back(value.open(AvroKind::record, 1));
            opened.push_back(value.open(AvroKind::union_of, 1));
            opened.push_back(value.open(AvroKind::array, 1));
        }
        opened.push_back(value.open(AvroKind::record, 1));
        opened.push_back(value.open(AvroKind::union_of, 0));
        value.append_null();
        for (std::size_t at = opened.size(); at > 0; --at) {
            value.close(opened[at - 1]);
        }
        return value;
    };
    const auto plan = AvroWritePlan::compile(schema);
    std::string out;
    ASSERT_TRUE((*plan)->encode(nested(limits::datum_depth_max / 2 - 1).root(), out));
    AvroValue again;
    EXPECT_TRUE((*AvroReadPlan::compile(schema))->decode(out, again));
    EXPECT_FALSE((*plan)->encode(nested(limits::datum_depth_max * 2).root(), out));
}

}  // namespace
}  // namespace symbolon::client
