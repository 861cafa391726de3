#include "client/codec/avro_plan.hpp"

#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "client/codec/field_paths.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

TEST(FieldPaths, AreSpelledFromTheOutside) {
    FieldPaths paths;
    const std::uint32_t outer = paths.add(FieldPaths::root, "a");
    const std::uint32_t inner = paths.add(outer, "b");
    EXPECT_EQ(paths.text(FieldPaths::root), "");
    EXPECT_EQ(paths.text(outer), "/a");
    EXPECT_EQ(paths.text(inner), "/a/b");
    const std::string name(limits::error_path_bytes_max + 1, 'x');
    EXPECT_EQ(paths.text(paths.add(outer, name)).size(), 3 + limits::error_path_bytes_max);
}

/// A record of many fields, all of one record of nulls.
std::string many_fields(int fields, int nulls, const std::string& null_name) {
    std::string text = R"({"type":"record","name":"T","fields":[{"name":"f","type":)"
                       R"({"type":"record","name":"R","fields":[)";
    for (int at = 0; at < nulls; ++at) {
        text +=
            fmt::format(R"({}{{"name":"{}{}","type":"null"}})", at == 0 ? "" : ",", null_name, at);
    }
    text += "]}}";
    for (int at = 1; at < fields; ++at) {
        text += fmt::format(R"(,{{"name":"f{}","type":"R"}})", at);
    }
    return text + "]}";
}

TEST(AvroPlan, ManySmallRecordsInARecordStayWithinTheBound) {
    // Each field takes the steps of its record: 63.
    const auto fits = tests::avro_schema(many_fields(15'000, 62, "n"));
    EXPECT_TRUE(AvroReadPlan::compile(fits));
    EXPECT_TRUE(AvroWritePlan::compile(fits));
    const auto large = tests::avro_schema(many_fields(16'000, 62, "n"));
    const auto reading = AvroReadPlan::compile(large);
    ASSERT_FALSE(reading);
    EXPECT_EQ(reading.error().code, ErrorCode::check_too_costly);
    const auto writing = AvroWritePlan::compile(large);
    ASSERT_FALSE(writing);
    EXPECT_EQ(writing.error().code, ErrorCode::check_too_costly);
}

TEST(AvroPlan, DefaultsOfAReaderAreBounded) {
    const auto compiled = [](std::size_t items) {
        std::string reader = R"({"type":"record","name":"R","fields":[{"name":"a",)"
                             R"("type":{"type":"array","items":"int"},"default":[0)";
        for (std::size_t at = 1; at < items; ++at) {
            reader += ",0";
        }
        return AvroReadPlan::compile(
            tests::avro_schema(R"({"type":"record","name":"R","fields":[]})"),
            tests::avro_schema(reader + "]}]}"));
    };
    EXPECT_TRUE(compiled(limits::default_cells_max));
    const auto refused = compiled(limits::default_cells_max + 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::check_too_costly);
    EXPECT_NE(refused.error().message.find("\"a\" comes to more than 200000 values"),
              std::string::npos);
}

TEST(AvroPlan, ALongNameIsNotKeptForEachFieldThatLeadsToIt) {
    const auto plan =
        AvroReadPlan::compile(tests::avro_schema(many_fields(500, 1, std::string(4'000, 'n'))));
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_GT((*plan)->memory_bytes(), 500U * sizeof(ReadStep));
    EXPECT_LT((*plan)->memory_bytes(), 500U * 4'000U / 10U);
}

}  // namespace
}  // namespace symbolon::client
