// Data written with one schema and read with another, as the reference reads them.
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "tests/support/avro_builders.hpp"
#include "tests/support/avro_value_json.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <string>

namespace symbolon::client {
namespace {

using compat::avro::AvroNode;

struct Counts {
    int values = 0;
    int failures = 0;
    int tolerated = 0;  ///< malformed bytes that the reference reads
    int refused = 0;    ///< those of them that we refuse
};

struct Reading {
    std::optional<Json> value;
    std::string error{};
};

Reading read_row(const nlohmann::ordered_json& row) {
    const auto writer = tests::avro_schema(row["writer"].dump());
    const auto reader = tests::avro_schema(row["reader"].dump());
    const auto plan = AvroReadPlan::compile(writer, reader);
    if (!plan) {
        return {std::nullopt, plan.error().message};
    }
    AvroValue value;
    const std::string bytes = tests::from_hex(row["hex"].get<std::string>());
    const auto used = (*plan)->decode(bytes, value);
    if (!used) {
        EXPECT_EQ(used.error().code, ErrorCode::malformed_datum);
        EXPECT_NE(used.error().message.find("At byte "), std::string::npos);
        return {std::nullopt, used.error().message};
    }
    EXPECT_LE(*used, bytes.size());
    return {tests::to_avro_json((*plan)->schema(), value.root())};
}

// Numbers by value: 1 and 1.0 are equal, as nlohmann has it.
TEST(AvroEvolution, IsThatOfTheReference) {
    const auto rows = tests::read_vectors("avro/evolution.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    Counts counts;
    for (const auto& row : rows) {
        SCOPED_TRACE(row["id"].get<std::string>());
        const Reading reading = read_row(row);
        if (!row.contains("json")) {
            EXPECT_FALSE(reading.value) << reading.value->dump() << "\n" << row.dump();
            ++counts.failures;
            continue;
        }
        const bool tolerated = row.contains("tolerated");
        ++(tolerated ? counts.tolerated : counts.values);
        if (!reading.value) {
            EXPECT_TRUE(tolerated) << reading.error << "\n" << row.dump();
            ++counts.refused;
        } else {
            EXPECT_EQ(*reading.value, Json::parse(row["json"].dump())) << row.dump();
        }
    }
    std::cout << "evolution: " << counts.values << " values, " << counts.failures << " failures, "
              << counts.tolerated << " malformed that the reference reads, of which we refuse "
              << counts.refused << '\n';
}

// The rows whose bytes are read with their own schema come out as they were, or as one block for
// each array, which is what we write.
TEST(AvroEvolution, WhatWasReadIsWrittenAndReadAgain) {
    int same = 0;
    int rows = 0;
    for (const auto& row : tests::read_vectors("avro/evolution.jsonl")) {
        SCOPED_TRACE(row["id"].get<std::string>());
        const auto writer = tests::avro_schema(row["writer"].dump());
        const auto plan = AvroReadPlan::compile(writer);
        const auto encoder = AvroWritePlan::compile(writer);
        ASSERT_TRUE(plan && encoder) << (plan ? encoder.error() : plan.error()).message;
        AvroValue value;
        const std::string bytes = tests::from_hex(row["hex"].get<std::string>());
        const auto used = (*plan)->decode(bytes, value);
        if (!used) {
            continue;
        }
        ++rows;
        std::string written;
        const Status status = (*encoder)->encode(value.root(), written);
        ASSERT_TRUE(status) << status.error().message;
        same += written == bytes.substr(0, *used) ? 1 : 0;
        AvroValue again;
        ASSERT_TRUE((*plan)->decode(written, again)) << row.dump();
        EXPECT_EQ(tests::to_avro_json((*plan)->schema(), value.root()),
                  tests::to_avro_json((*plan)->schema(), again.root()));
    }
    EXPECT_GE(same, rows * 9 / 10) << "of " << rows;
}

}  // namespace
}  // namespace symbolon::client
