#include "client/producer/producer_records.hpp"

#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

/// Keeps the lines, or fails.
class LinesSink final : public Sink {
public:
    Status write(std::span<const SinkRecord> records) override {
        if (failing_) {
            return failure(make_error(ErrorCode::sink_failed, "the disk is full"));
        }
        for (const auto& record : records) {
            lines.push_back(*parse_json(record.value));
        }
        return {};
    }
    std::string name() const override { return "lines"; }
    void fail() { failing_ = true; }

    std::vector<Json> lines;

private:
    bool failing_ = false;
};

constexpr BatchReport sample_report{.request_id = "id-7",
                                    .target = "topic orders",
                                    .events = 3,
                                    .latency = std::chrono::milliseconds(12)};

TEST(ProducerRecords, TheAuditHasFiveTypesWithTheirFields) {
    testing::FakeClock clock;
    LinesSink audit;
    ProducerRecords records(&audit, nullptr, nullptr, clock);
    records.note_submitted(sample_report);
    records.note_succeeded(sample_report);
    records.note_failed(sample_report);
    records.note_batch_rejected(sample_report);
    records.note_handed_off(sample_report, SendFate::acknowledged);
    records.note_handed_off(sample_report, SendFate::unsent);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"BATCH_SUBMITTED", "pending"},  {"INGESTION_SUCCEEDED", "acknowledged"},
        {"INGESTION_FAILED", "spooled"}, {"INGESTION_REJECTED", "rejected"},
        {"DATA_LAKE_SYNC", "synced"},    {"DATA_LAKE_SYNC", "failed"}};
    ASSERT_EQ(audit.lines.size(), expected.size());
    for (std::size_t at = 0; at < expected.size(); ++at) {
        const auto& line = audit.lines[at];
        EXPECT_EQ(line["type"], expected[at].first);
        EXPECT_EQ(line["sync_status"], expected[at].second);
        EXPECT_EQ(line["timestamp"], "2024-01-01T00:00:00.000Z");
        EXPECT_EQ(line["request_id"], "id-7");
        EXPECT_EQ(line["latency_ms"], 12);
        EXPECT_EQ(line["target"], "topic orders");
        EXPECT_EQ(line["events"], 3);
    }
}

TEST(ProducerRecords, ARejectedEventIsWrittenWithIndexReasonAndText) {
    testing::FakeClock clock;
    LinesSink audit;
    LinesSink rejects;
    ProducerRecords records(&audit, &rejects, nullptr, clock);
    const std::vector<Rejection> rejections{
        {.index = 41, .reason = "/a: no", .event = "{\"a\":1}"}};
    records.note_rejections(rejections, InAudit::each);
    ASSERT_EQ(rejects.lines.size(), 1U);
    EXPECT_EQ(rejects.lines[0], *parse_json(R"({"index":41,"reason":"/a: no",
                                               "event":"{\"a\":1}"})"));
    ASSERT_EQ(audit.lines.size(), 1U);
    EXPECT_EQ(audit.lines[0]["type"], "INGESTION_REJECTED");
    EXPECT_EQ(audit.lines[0]["index"], 41);
    records.note_rejections(rejections, InAudit::by_batch);
    EXPECT_EQ(rejects.lines.size(), 2U);
    EXPECT_EQ(audit.lines.size(), 1U);
}

TEST(ProducerRecords, AnEventOfAnySizeTakesABoundedLine) {
    testing::FakeClock clock;
    LinesSink rejects;
    ProducerRecords records(nullptr, &rejects, nullptr, clock);
    const std::vector<Rejection> rejections{
        {.index = 0, .reason = "", .event = std::string(3'000'000, 'x')}};
    records.note_rejections(rejections, InAudit::each);
    ASSERT_EQ(rejects.lines.size(), 1U);
    EXPECT_EQ(rejects.lines[0]["event"].get<std::string>().size(), 1U << 20U);
    EXPECT_EQ(rejects.lines[0]["event_bytes"], 3'000'000);
}

TEST(ProducerRecords, AFileThatCannotBeWrittenIsTold) {
    testing::FakeClock clock;
    LinesSink audit;
    ProducerRecords records(&audit, nullptr, nullptr, clock);
    EXPECT_TRUE(records.trouble());
    audit.fail();
    records.note_submitted(sample_report);
    ASSERT_FALSE(records.trouble());
    EXPECT_EQ(records.trouble().error().message, "the disk is full");
}

TEST(ProducerRecords, CountsAndTimesAreMetrics) {
    testing::FakeClock clock;
    Metrics metrics;
    ProducerRecords records(nullptr, nullptr, &metrics, clock);
    records.note_succeeded(sample_report);
    records.note_failed(sample_report);
    records.count("duplicate", 2);
    records.note_handed_off(sample_report, SendFate::unsent);
    const auto text = metrics.to_text();
    for (const auto* const part :
         {"symbolon_producer_events_total{outcome=\"sent\"} 3",
          "symbolon_producer_events_total{outcome=\"spooled\"} 3",
          "symbolon_producer_events_total{outcome=\"duplicate\"} 2",
          "symbolon_producer_batches_total{outcome=\"acknowledged\"} 1",
          "symbolon_producer_hand_offs_total{outcome=\"failed\",target=\"topic orders\"} 1",
          "symbolon_producer_batch_seconds"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << '\n' << text;
    }
}

TEST(ProducerRecords, ATimestampHasMilliseconds) {
    EXPECT_EQ(to_timestamp(std::chrono::system_clock::time_point(
                  std::chrono::milliseconds(1'704'067'200'007))),
              "2024-01-01T00:00:00.007Z");
}

}  // namespace
}  // namespace symbolon::client
