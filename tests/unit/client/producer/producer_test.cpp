// Long: one fixture, and a test for each thing that the producer promises.
#include "client/producer/producer.hpp"

#include "client/producer/checkpoint.hpp"
#include "client/producer/ledger.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client/producer/fake_target.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::milliseconds;
using tests::FakeTarget;
using tests::KeptLines;
using tests::TargetLog;

std::string order_event(std::uint64_t number) {
    return R"({"id":")" + std::to_string(number) + R"("})";
}

std::uint64_t lines_with(const std::vector<std::string>& lines, std::string_view part) {
    return static_cast<std::uint64_t>(std::count_if(
        lines.begin(), lines.end(),
        [&](const std::string& line) { return line.find(part) != std::string::npos; }));
}

class ProducerTest : public ::testing::Test {
protected:
    ProducerTest() {
        options_.schema = *find_event_schema({.text = R"({"type":"object","required":["id"],
                         "properties":{"id":{"type":"string"}}})"},
                                             nullptr);
        options_.duplicates.pointers = {"/id"};
        options_.key_pointer = "/id";
        options_.spool_file = folder_.file("spool.jsonl");
    }

    /// Nothing is left of the last one when the next is opened: the spool has one owner.
    Producer& open() {
        producer_.reset();
        ProducerParts parts;
        parts.to = {std::make_unique<FakeTarget>(log_), EventEncoding::json};
        parts.audit = std::make_unique<KeptLines>(audit_);
        parts.rejects = std::make_unique<KeptLines>(rejects_);
        auto opened = Producer::open(options_, std::move(parts), clock_);
        EXPECT_TRUE(opened) << opened.error().message;
        producer_ = std::move(*opened);
        return *producer_;
    }

    void submit_range(Producer& producer, std::uint64_t begin, std::uint64_t end) {
        for (auto number = begin; number < end; ++number) {
            const auto fate = producer.submit(order_event(number));
            ASSERT_TRUE(fate) << fate.error().message;
        }
    }

    void expect_counts(const Tally& expected) const {
        const auto counts = producer_->counts();
        EXPECT_EQ(counts.tally.sent, expected.sent);
        EXPECT_EQ(counts.tally.rejected, expected.rejected);
        EXPECT_EQ(counts.tally.duplicates, expected.duplicates);
        EXPECT_EQ(counts.tally.spooled, expected.spooled);
        EXPECT_EQ(counts.in, expected.sum()) << "in = sent + rejected + duplicates + spooled";
    }

    testing::TempDir folder_;
    testing::FakeClock clock_;
    ProducerOptions options_;
    std::shared_ptr<TargetLog> log_ = std::make_shared<TargetLog>();
    std::shared_ptr<std::vector<std::string>> audit_ = std::make_shared<std::vector<std::string>>();
    std::shared_ptr<std::vector<std::string>> rejects_ =
        std::make_shared<std::vector<std::string>>();
    std::unique_ptr<Producer> producer_;
};

TEST_F(ProducerTest, EventsAreValidatedDeduplicatedBatchedAndSent) {
    auto& producer = open();
    submit_range(producer, 0, 250);
    EXPECT_EQ(*producer.submit(order_event(7)), SubmitFate::duplicate);
    EXPECT_EQ(*producer.submit(R"({"id":7})"), SubmitFate::rejected);
    EXPECT_EQ(*producer.submit("what?"), SubmitFate::rejected);
    ASSERT_TRUE(producer.flush());
    expect_counts({.sent = 250, .rejected = 2, .duplicates = 1});
    const auto batches = log_->batches();
    ASSERT_EQ(batches.size(), 3U);
    std::set<std::string> ids;
    std::set<std::string> values;
    for (const auto& batch : batches) {
        EXPECT_LE(batch.values.size(), 100U);
        ids.insert(batch.request_id);
        values.insert(batch.values.begin(), batch.values.end());
        EXPECT_EQ(order_event(std::stoull(batch.keys.at(0))), batch.values.at(0));
    }
    EXPECT_EQ(ids.size(), 3U);
    EXPECT_EQ(values.size(), 250U);
    ASSERT_EQ(rejects_->size(), 2U);
    EXPECT_NE(rejects_->at(0).find("\"index\":251"), std::string::npos) << rejects_->at(0);
    EXPECT_NE(rejects_->at(1).find("\"index\":252"), std::string::npos);
    EXPECT_EQ(lines_with(*audit_, "BATCH_SUBMITTED"), 3U);
    EXPECT_EQ(lines_with(*audit_, "INGESTION_SUCCEEDED"), 3U);
    EXPECT_EQ(lines_with(*audit_, "INGESTION_REJECTED"), 2U);
    EXPECT_FALSE(std::filesystem::exists(options_.spool_file));
}

TEST_F(ProducerTest, AtMostFiveBatchesAreSentAtATimeAndSubmitWaitsForRoom) {
    options_.queue_batches_max = 2;
    auto& producer = open();
    log_->close();
    std::atomic<std::uint64_t> submitted = 0;
    std::thread submitter([&] {
        for (std::uint64_t number = 0; number < 1'500; ++number) {
            [[maybe_unused]] const auto fate = producer.submit(order_event(number));
            ++submitted;
        }
    });
    log_->wait_for_sending(5);
    std::this_thread::sleep_for(milliseconds(50));
    // Five on their way, two that wait, and one that finds no room.
    EXPECT_LE(submitted, 800U);
    log_->open();
    submitter.join();
    ASSERT_TRUE(producer.flush());
    EXPECT_LE(log_->at_a_time_max(), 5U);
    expect_counts({.sent = 1'500});
}

TEST_F(ProducerTest, ABatchThatIsRefusedForGoodIsReportedAndMayComeAgain) {
    log_->tell({.fate = SendFate::rejected, .reason = "the platform answered 400", .status = 400});
    auto& producer = open();
    submit_range(producer, 0, 10);
    ASSERT_TRUE(producer.flush());
    expect_counts({.rejected = 10});
    EXPECT_EQ(rejects_->size(), 10U);
    EXPECT_NE(rejects_->at(3).find("answered 400"), std::string::npos);
    EXPECT_EQ(lines_with(*audit_, "INGESTION_REJECTED"), 1U);
    EXPECT_EQ(*producer.submit(order_event(3)), SubmitFate::taken);
    ASSERT_TRUE(producer.flush());
    expect_counts({.sent = 1, .rejected = 10});
}

TEST_F(ProducerTest, WhatIsNotAcknowledgedIsInTheSpoolAndResumeSendsItWithItsRequestId) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    options_.requests_max = 1;  // the first of two batches gets it
    open();
    submit_range(*producer_, 0, 120);
    ASSERT_TRUE(producer_->flush());
    expect_counts({.sent = 20, .spooled = 100});
    EXPECT_TRUE(std::filesystem::exists(options_.spool_file));
    EXPECT_EQ(lines_with(*audit_, "INGESTION_FAILED"), 1U);
    const auto first = log_->batches().front();

    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.sent = 100});
    EXPECT_EQ(log_->batches().back().request_id, first.request_id);
    EXPECT_EQ(log_->batches().back().values, first.values);
    EXPECT_EQ(log_->batches().back().keys, first.keys);
    EXPECT_FALSE(std::filesystem::exists(options_.spool_file));
    EXPECT_EQ(log_->acknowledged().size(), 120U);
}

TEST_F(ProducerTest, WhatResumeCannotSendStaysInTheSpool) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    log_->tell({.fate = SendFate::unsent, .reason = "no answer again"});
    open();
    submit_range(*producer_, 0, 10);
    ASSERT_TRUE(producer_->flush());
    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.spooled = 10});
    auto& again = open();
    ASSERT_TRUE(again.resume());
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 10});
}

TEST_F(ProducerTest, WhatAProducerResumesOfItsOwnIsCountedOnce) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    open();
    submit_range(*producer_, 0, 10);
    ASSERT_TRUE(producer_->flush());
    expect_counts({.spooled = 10});
    EXPECT_EQ(producer_->counts().spool_reason, "no answer");
    ASSERT_TRUE(producer_->resume());
    ASSERT_TRUE(producer_->flush());
    expect_counts({.sent = 10});
}

TEST_F(ProducerTest, ASecondResumeDoesNotSendAgainWhatTheFirstHasUnderWay) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    open();
    submit_range(*producer_, 0, 10);
    ASSERT_TRUE(producer_->flush());
    log_->close();
    ASSERT_TRUE(producer_->resume());
    log_->wait_for_sending(1);
    ASSERT_TRUE(producer_->resume());
    log_->open();
    ASSERT_TRUE(producer_->flush());
    expect_counts({.sent = 10});
    EXPECT_EQ(log_->acknowledged().size(), 10U);
}

TEST_F(ProducerTest, ABatchThatFailsAgainMayBeResumedOnceMore) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    log_->tell({.fate = SendFate::unsent, .reason = "no answer again"});
    open();
    submit_range(*producer_, 0, 10);
    ASSERT_TRUE(producer_->flush());
    for (int at = 0; at < 2; ++at) {
        ASSERT_TRUE(producer_->resume());
        ASSERT_TRUE(producer_->flush());
    }
    expect_counts({.sent = 10});
    EXPECT_EQ(log_->acknowledged().size(), 10U);
}

TEST_F(ProducerTest, OfABatchThatArrivedInPartTheRestIsSpooled) {
    log_->tell({.fate = SendFate::unsent, .reason = "a broker went", .unsent = {1, 3}});
    open();
    submit_range(*producer_, 0, 5);
    ASSERT_TRUE(producer_->flush());
    expect_counts({.sent = 3, .spooled = 2});
    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.sent = 2});
    EXPECT_EQ(log_->batches().back().values, (std::vector{order_event(1), order_event(3)}));
    EXPECT_NE(log_->batches().back().request_id, log_->batches().front().request_id);
    auto all = log_->acknowledged();
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, (std::vector{order_event(0), order_event(1), order_event(2), order_event(3),
                                order_event(4)}));
}

TEST_F(ProducerTest, OfAResumedBatchThatArrivedInPartTheRestStays) {
    log_->tell({.fate = SendFate::unsent, .reason = "no broker"});
    log_->tell({.fate = SendFate::unsent, .reason = "a broker went", .unsent = {0}});
    open();
    submit_range(*producer_, 0, 3);
    ASSERT_TRUE(producer_->flush());
    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.sent = 2, .spooled = 1});
    auto& again = open();
    ASSERT_TRUE(again.resume());
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 1});
    EXPECT_EQ(log_->acknowledged().size(), 3U);
}

TEST_F(ProducerTest, ASpooledEventThatIsNoLongerValidIsRejected) {
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    open();
    ASSERT_TRUE(producer_->submit(R"({"id":"a","old":1})"));
    ASSERT_TRUE(producer_->submit(R"({"id":"b"})"));
    ASSERT_TRUE(producer_->flush());
    options_.schema = *find_event_schema({.text = R"({"properties":{"old":false}})"}, nullptr);
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.rejected = 1, .spooled = 1});
    EXPECT_EQ(rejects_->size(), 1U);
    auto& again = open();
    ASSERT_TRUE(again.resume());
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 1});
}

TEST_F(ProducerTest, AtomicModeRejectsTheBatchAndItsEventsMayComeAgain) {
    options_.batch.mode = BatchMode::atomic;
    options_.batch.events_min = 1;
    options_.batch.events_max = 4;
    auto& producer = open();
    submit_range(producer, 0, 3);
    EXPECT_EQ(*producer.submit("{}"), SubmitFate::rejected);
    submit_range(producer, 0, 4);
    ASSERT_TRUE(producer.submit(order_event(0)));
    ASSERT_TRUE(producer.flush());
    expect_counts({.sent = 4, .rejected = 4, .duplicates = 1});
    EXPECT_EQ(lines_with(*rejects_, "rejected with its batch: event 3 is invalid"), 3U);
    EXPECT_EQ(log_->acknowledged().size(), 4U);
}

TEST_F(ProducerTest, AnEventTooLargeForABatchIsRejectedAndItsKeyIsFree) {
    options_.batch.bytes_max = 100;
    auto& producer = open();
    EXPECT_EQ(*producer.submit(R"({"id":"a","x":")" + std::string(100, 'x') + "\"}"),
              SubmitFate::rejected);
    ASSERT_TRUE(producer.flush());
    EXPECT_EQ(*producer.submit(R"({"id":"a"})"), SubmitFate::taken);
    ASSERT_TRUE(producer.reject("a line of a gigabyte", "the line is too long"));
    ASSERT_TRUE(producer.flush());
    expect_counts({.sent = 1, .rejected = 2});
}

TEST_F(ProducerTest, AnEventTooLargeIsPutRightInTheNextLine) {
    // By one byte: what is rejected for more than that closes its batch at once.
    const std::string large = R"({"id":"a","x":"way too long"})";
    options_.batch.bytes_max = large.size() + 1;
    auto& producer = open();
    EXPECT_EQ(*producer.submit(large), SubmitFate::rejected);
    EXPECT_EQ(*producer.submit(R"({"id":"a"})"), SubmitFate::taken)
        << "of what was rejected nothing is a duplicate, also before the batch closes";
    EXPECT_EQ(*producer.submit(R"({"id":"a"})"), SubmitFate::duplicate);
    ASSERT_TRUE(producer.flush());
    EXPECT_EQ(*producer.submit(R"({"id":"a"})"), SubmitFate::duplicate)
        << "and the rejection does not free the key again";
    ASSERT_TRUE(producer.flush());
    expect_counts({.sent = 1, .rejected = 1, .duplicates = 2});
}

TEST_F(ProducerTest, AfterARestartAnEventThatWasTooLargeMayStillComeAgain) {
    options_.batch.bytes_max = 100;
    options_.checkpoint_file = folder_.file("checkpoint");
    const auto large = R"({"id":"a","x":")" + std::string(100, 'x') + "\"}";
    ASSERT_TRUE(open().submit(large));
    ASSERT_TRUE(producer_->flush());
    auto& again = open();
    EXPECT_EQ(*again.submit(large), SubmitFate::done_before);
    EXPECT_EQ(*again.submit(R"({"id":"a"})"), SubmitFate::taken);
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 1, .rejected = 1});
}

// Whoever puts refused events right appends them to the input and runs it again.
TEST_F(ProducerTest, AfterARestartWhatTheTargetRefusedMayComeAgain) {
    options_.checkpoint_file = folder_.file("checkpoint");
    log_->tell({});
    log_->tell({.fate = SendFate::rejected, .reason = "the platform answered 400", .status = 400});
    options_.requests_max = 1;
    submit_range(open(), 0, 150);
    ASSERT_TRUE(producer_->flush());
    auto& again = open();
    submit_range(again, 0, 150);
    for (std::uint64_t number = 100; number < 150; ++number) {
        EXPECT_EQ(*again.submit(order_event(number)), SubmitFate::taken) << number;
    }
    EXPECT_EQ(*again.submit(order_event(99)), SubmitFate::duplicate) << "that was sent";
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 150, .rejected = 50, .duplicates = 1});
}

TEST_F(ProducerTest, AfterARestartABatchThatOneEventSpoiledMayComeAgain) {
    options_.checkpoint_file = folder_.file("checkpoint");
    options_.batch.mode = BatchMode::atomic;
    submit_range(open(), 0, 9);
    ASSERT_TRUE(producer_->submit("{}"));
    ASSERT_TRUE(producer_->flush());
    auto& again = open();
    submit_range(again, 0, 9);
    ASSERT_TRUE(again.submit("{}"));
    submit_range(again, 0, 10);
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 10, .rejected = 10});
}

TEST_F(ProducerTest, ThroughputIsOfThisRunAlone) {
    options_.checkpoint_file = folder_.file("checkpoint");
    submit_range(open(), 0, 1'000);
    ASSERT_TRUE(producer_->flush());
    auto& again = open();
    submit_range(again, 0, 1'100);
    ASSERT_TRUE(again.flush());
    EXPECT_NE(to_progress_line(again.counts(), milliseconds(1'000)).find(" 100 events/s"),
              std::string::npos)
        << to_progress_line(again.counts(), milliseconds(1'000));
}

TEST_F(ProducerTest, ABatchThatIsOldEnoughGoesByItself) {
    auto& producer = open();
    submit_range(producer, 0, 60);
    EXPECT_TRUE(log_->batches().empty());
    clock_.advance(milliseconds(1'000));
    for (int at = 0; at < 3'000 && producer.counts().tally.sent < 60; ++at) {
        std::this_thread::sleep_for(milliseconds(10));
    }
    expect_counts({.sent = 60});
}

TEST_F(ProducerTest, FlushHasPatienceAndThenSpools) {
    auto& producer = open();
    log_->close();
    submit_range(producer, 0, 230);
    ASSERT_TRUE(producer.flush(milliseconds(50)));
    expect_counts({.spooled = 230});
}

TEST_F(ProducerTest, AProducerThatGoesAwaySpoolsWhatItHas) {
    open();
    log_->close();
    submit_range(*producer_, 0, 230);
    producer_.reset();
    log_->open();
    auto& resumed = open();
    ASSERT_TRUE(resumed.resume());
    ASSERT_TRUE(resumed.flush());
    expect_counts({.sent = 230});
}

TEST_F(ProducerTest, ACheckpointLetsTheNextRunGoOn) {
    options_.checkpoint_file = folder_.file("checkpoint");
    open();
    submit_range(*producer_, 0, 150);
    ASSERT_TRUE(producer_->submit("{}"));
    ASSERT_TRUE(producer_->flush());
    auto& again = open();
    submit_range(again, 0, 150);
    EXPECT_EQ(*again.submit("{}"), SubmitFate::done_before);
    submit_range(again, 150, 300);
    EXPECT_EQ(*again.submit(order_event(20)), SubmitFate::duplicate)
        << "keys of the last run are known";
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 300, .rejected = 1, .duplicates = 1});
    EXPECT_EQ(log_->acknowledged().size(), 300U);
    EXPECT_EQ(rejects_->size(), 1U);
}

// A process that is killed leaves the checkpoint and the spool of any moment behind.
TEST_F(ProducerTest, FromTheCheckpointOfAnyMomentNothingIsMissingAndBatchesKeepTheirIds) {
    options_.checkpoint_file = folder_.file("checkpoint");
    options_.requests_max = 3;
    const auto copy = folder_.file("moment");
    open();
    std::vector<std::string> moments;
    for (std::uint64_t at = 0; at < 10; ++at) {
        submit_range(*producer_, at * 70, at * 70 + 70);
        std::filesystem::copy_file(options_.checkpoint_file, copy + std::to_string(at),
                                   std::filesystem::copy_options::overwrite_existing);
        moments.push_back(copy + std::to_string(at));
    }
    ASSERT_TRUE(producer_->flush());
    std::set<std::pair<std::string, std::vector<std::string>>> sent;
    for (const auto& batch : log_->batches()) {
        sent.emplace(batch.request_id, batch.values);
    }
    for (const auto& moment : moments) {
        producer_.reset();
        std::filesystem::copy_file(moment, options_.checkpoint_file,
                                   std::filesystem::copy_options::overwrite_existing);
        auto& again = open();
        submit_range(again, 0, 700);
        ASSERT_TRUE(again.flush());
        expect_counts({.sent = 700});
    }
    for (const auto& batch : log_->batches()) {
        EXPECT_TRUE(sent.contains({batch.request_id, batch.values}))
            << "a batch that is sent again is the same batch with the same id";
    }
}

// Batches that the linger closed, or another --batch-max, leave such a checkpoint.
TEST_F(ProducerTest, ABatchEndsWhereEventsBeginThatAnEarlierRunSettled) {
    options_.checkpoint_file = folder_.file("checkpoint");
    Ledger earlier;
    earlier.set_run("earlier");
    earlier.settle(2, 4, {.sent = 2});
    earlier.settle(6, 7, {.rejected = 1});
    ASSERT_TRUE(write_checkpoint(options_.checkpoint_file, earlier.to_text()));
    for (int run = 0; run < 2; ++run) {
        auto& again = open();
        submit_range(again, 0, 6);
        ASSERT_TRUE(again.reject("a line without end", "the line is too long"));
        submit_range(again, 7, 8);
        ASSERT_TRUE(again.flush());
        expect_counts({.sent = 7, .rejected = 1});
    }
    std::set<std::vector<std::string>> sent;
    for (const auto& batch : log_->batches()) {
        sent.insert(batch.values);
    }
    EXPECT_EQ(sent, (std::set<std::vector<std::string>>{{order_event(0), order_event(1)},
                                                        {order_event(4), order_event(5)},
                                                        {order_event(7)}}));
}

// Looks at the checkpoint when an outcome is written into the audit.
class AuditBesideCheckpoint final : public Sink {
public:
    AuditBesideCheckpoint(std::string checkpoint, std::vector<std::uint64_t>& settled)
        : checkpoint_(std::move(checkpoint)), settled_(settled) {}
    Status write(std::span<const SinkRecord> records) override {
        for (const auto& record : records) {
            if (record.value.find("\"INGESTION_") != std::string::npos) {
                SYMBOLON_TRY(const auto ledger, load_checkpoint(checkpoint_));
                settled_.push_back(ledger.tally().sum());
            }
        }
        return {};
    }
    std::string name() const override { return "audit"; }

private:
    const std::string checkpoint_;
    std::vector<std::uint64_t>& settled_;
};

// What is in the checkpoint, a run after a kill passes over and does not write into the audit.
TEST_F(ProducerTest, AnOutcomeIsInTheAuditBeforeTheCheckpointPassesItOver) {
    options_.checkpoint_file = folder_.file("checkpoint");
    log_->tell({});
    log_->tell({.fate = SendFate::rejected, .reason = "answered 400", .status = 400});
    log_->tell({.fate = SendFate::unsent, .reason = "in part", .unsent = {1}});
    std::vector<std::uint64_t> settled;
    ProducerParts parts;
    parts.to = {std::make_unique<FakeTarget>(log_), EventEncoding::json};
    parts.audit = std::make_unique<AuditBesideCheckpoint>(options_.checkpoint_file, settled);
    auto producer = Producer::open(options_, std::move(parts), clock_);
    ASSERT_TRUE(producer) << producer.error().message;
    for (std::uint64_t batch = 0; batch < 3; ++batch) {
        submit_range(**producer, batch * 2, batch * 2 + 2);
        ASSERT_TRUE((*producer)->flush());
    }
    EXPECT_EQ(settled, (std::vector<std::uint64_t>{0, 2, 4, 4}));
}

TEST_F(ProducerTest, ACheckpointOfAnotherInputIsRefusedAlsoWhereItsFirstLineIsTooLong) {
    options_.checkpoint_file = folder_.file("checkpoint");
    ASSERT_TRUE(open().reject("a line without end", "the line is too long"));
    ASSERT_TRUE(producer_->flush());
    EXPECT_TRUE(open().reject("a line without end", "the line is too long"));
    EXPECT_FALSE(open().submit(order_event(0))) << "it must not be passed over as done";
    EXPECT_FALSE(open().reject("another line without end", "the line is too long"));
}

TEST_F(ProducerTest, WhatWasSpooledBeforeTheCheckpointIsNotSentTwice) {
    options_.checkpoint_file = folder_.file("checkpoint");
    open();
    submit_range(*producer_, 0, 1);
    ASSERT_TRUE(producer_->flush());
    const auto before = folder_.file("before");
    std::filesystem::copy_file(options_.checkpoint_file, before);
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    submit_range(*producer_, 1, 101);
    ASSERT_TRUE(producer_->flush());
    producer_.reset();
    // As if the process had been killed between the two.
    std::filesystem::copy_file(before, options_.checkpoint_file,
                               std::filesystem::copy_options::overwrite_existing);
    auto& again = open();
    submit_range(again, 0, 101);
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 1, .spooled = 100});
    ASSERT_TRUE(again.resume());
    ASSERT_TRUE(again.flush());
    expect_counts({.sent = 101});
    EXPECT_EQ(log_->acknowledged().size(), 101U);
}

TEST_F(ProducerTest, ACheckpointOfAnotherInputIsRefused) {
    options_.checkpoint_file = folder_.file("checkpoint");
    open();
    submit_range(*producer_, 0, 3);
    ASSERT_TRUE(producer_->flush());
    auto& other = open();
    const auto fate = other.submit(order_event(77));
    ASSERT_FALSE(fate);
    EXPECT_NE(fate.error().message.find("another input"), std::string::npos);
    EXPECT_FALSE(other.flush());
}

TEST_F(ProducerTest, WithoutAPlaceForTheSpoolNothingIsSent) {
    options_.spool_file = folder_.file("no/such/folder/spool");
    ProducerParts parts;
    parts.to = {std::make_unique<FakeTarget>(log_), EventEncoding::json};
    const auto opened = Producer::open(options_, std::move(parts), clock_);
    ASSERT_FALSE(opened) << "it does not show only when events need it";
    EXPECT_EQ(opened.error().code, ErrorCode::sink_failed);
}

TEST_F(ProducerTest, ASecondProducerOnTheSpoolIsRefusedBeforeItTakesEvents) {
    open();
    ProducerParts parts;
    parts.to = {std::make_unique<FakeTarget>(log_), EventEncoding::json};
    EXPECT_FALSE(Producer::open(options_, std::move(parts), clock_));
}

TEST_F(ProducerTest, WhereTheSpoolCannotBeWrittenTheProducerStopsAndSaysSo) {
    options_.spool_file = "/dev/full";
    options_.batch.events_min = 1;
    options_.batch.events_max = 1;
    log_->tell({.fate = SendFate::unsent, .reason = "no answer"});
    auto& producer = open();
    ASSERT_TRUE(producer.submit(order_event(0)));
    const auto flushed = producer.flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, ErrorCode::sink_failed);
    EXPECT_FALSE(producer.submit(order_event(1)));
    EXPECT_EQ(producer.counts().pending(), 1U) << "it is not counted as anything that it is not";
}

TEST_F(ProducerTest, OptionsThatMakeNoSenseAreRefused) {
    const auto refused = [&](auto change) {
        auto options = options_;
        ProducerParts parts;
        parts.to = {std::make_unique<FakeTarget>(log_), EventEncoding::json};
        change(options, parts);
        const auto opened = Producer::open(std::move(options), std::move(parts), clock_);
        return !opened && opened.error().code == ErrorCode::malformed_request;
    };
    EXPECT_TRUE(refused([](auto& options, auto&) { options.schema = nullptr; }));
    EXPECT_TRUE(refused([](auto&, auto& parts) { parts.to.target = nullptr; }));
    EXPECT_TRUE(refused([](auto& options, auto&) { options.batch.events_min = 101; }));
    EXPECT_TRUE(refused([](auto& options, auto&) { options.requests_max = 0; }));
    EXPECT_TRUE(refused([](auto& options, auto&) { options.batch.bytes_max = 16'777'217; }))
        << "the spool could not keep it";
    EXPECT_TRUE(refused([](auto& options, auto&) { options.spool_file.clear(); }));
    EXPECT_TRUE(refused([](auto& options, auto&) { options.duplicates.pointers = {"id"}; }));
    EXPECT_TRUE(refused([](auto&, auto& parts) { parts.to.encoding = EventEncoding::confluent; }))
        << "no id to write";
}

TEST(ProgressLine, SaysCountsThroughputAndLatency) {
    ProducerCounts counts;
    counts.in = 12'345;
    counts.tally = {.sent = 12'000, .rejected = 300, .duplicates = 5, .spooled = 0};
    counts.batches = 120;
    counts.latency_sum = milliseconds(1'200);
    counts.latency_max = milliseconds(44);
    EXPECT_EQ(to_progress_line(counts, milliseconds(2'000)),
              "12,345 in, 12,000 sent, 300 rejected, 5 duplicates, 0 spooled, 40 pending, "
              "6,152 events/s, 10 ms a batch (longest 44 ms)");
}

}  // namespace
}  // namespace symbolon::client
