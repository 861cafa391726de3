#include "client/gateway/encoded_downstream.hpp"

#include "client/gateway/delivery_reports.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

constexpr std::string_view person_schema =
    R"({"type":"record","name":"P","fields":[{"name":"n","type":"int"}]})";

class FramedDownstreamTest : public ::testing::Test {
protected:
    FramedDownstreamTest() { source.add("out", SchemaId{7}, std::string(person_schema)); }

    DeliveryReport deliver(const std::string& json) {
        return target->deliver({.json = json, .event_id = "e1"}, std::chrono::milliseconds(1'000));
    }

    tests::FakeSchemaSource source;
    testing::FakeClock clock;
    std::vector<SinkRecord> sent;
    Status outcome;
    std::unique_ptr<Downstream> target = make_framed_downstream(
        "topic t", {.subject = "out", .ttl = std::chrono::milliseconds(100)},
        [this](const SinkRecord& record) {
            sent.push_back(record);
            return outcome;
        },
        source, clock);
};

TEST_F(FramedDownstreamTest, RecordsAreEncodedAndFramedAsConfluentDoes) {
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::done);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].value, std::string("\0\0\0\0\7\6", 6));
    EXPECT_EQ(sent[0].key, "e1");
}

TEST_F(FramedDownstreamTest, ARecordThatDoesNotFitIsRefusedWithoutItsValues) {
    const auto report = deliver(R"({"n":"secret"})");
    EXPECT_EQ(report.delivery, Delivery::refused);
    EXPECT_FALSE(report.is_downstream_fault);
    EXPECT_FALSE(report.was_asked);
    EXPECT_EQ(report.reason.find("secret"), std::string::npos);
    EXPECT_TRUE(sent.empty());
}

TEST_F(FramedDownstreamTest, TheOutputSchemaIsLookedUpAgainAfterItsTime) {
    deliver(R"({"n":3})");
    source.add("out", SchemaId{8}, std::string(person_schema));
    deliver(R"({"n":3})");
    clock.advance(std::chrono::milliseconds(100));
    deliver(R"({"n":3})");
    EXPECT_EQ(sent[1].value[4], 7);
    EXPECT_EQ(sent[2].value[4], 8);
    source.fail_with(ErrorCode::unavailable);
    clock.advance(std::chrono::milliseconds(100));
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::done);
}

TEST_F(FramedDownstreamTest, WithoutASchemaTheCallIsWorthAnotherTry) {
    source.fail_with(ErrorCode::unavailable);
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::unreachable);
}

TEST_F(FramedDownstreamTest, WithoutASchemaTheRegistryIsAskedOnceASecond) {
    source.fail_with(ErrorCode::unavailable);
    deliver(R"({"n":3})");
    deliver(R"({"n":3})");
    EXPECT_EQ(source.calls(), 1);
    source.fail_with({});
    clock.advance(std::chrono::milliseconds(1'000));
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::done);
    EXPECT_EQ(source.calls(), 2);
}

TEST_F(FramedDownstreamTest, WhatTheTransportSaysDecides) {
    outcome = failure(Error{ErrorCode::unavailable, "no broker"});
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::unreachable);
    outcome = failure(Error{ErrorCode::answer_lost, "may be there"});
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::lost);
    outcome = failure(Error{ErrorCode::not_authorised, "no"});
    EXPECT_EQ(deliver(R"({"n":3})").delivery, Delivery::refused);
}

}  // namespace
}  // namespace symbolon::client
