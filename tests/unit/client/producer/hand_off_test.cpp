#include "client/producer/hand_off.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/unit/client/producer/fake_target.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

using tests::FakeTarget;
using tests::TargetLog;

EventBatch handed_batch(const std::string& id) {
    EventBatch batch;
    batch.request_id = id;
    batch.events.push_back(
        {.index = 0, .text = "{}", .body = {}, .duplicate_key = {}, .message_key = {}});
    return batch;
}

class HandOffTest : public ::testing::Test {
protected:
    std::unique_ptr<HandOff> open(const std::vector<std::shared_ptr<TargetLog>>& logs,
                                  std::size_t batches_max) {
        std::vector<EventDestination> targets;
        for (const auto& log : logs) {
            targets.push_back({std::make_unique<FakeTarget>(log), EventEncoding::json});
        }
        return std::make_unique<HandOff>(std::move(targets), SchemaId{1}, batches_max, records_,
                                         clock_);
    }

    testing::FakeClock clock_;
    std::shared_ptr<std::vector<std::string>> lines_ = std::make_shared<std::vector<std::string>>();
    tests::KeptLines audit_{lines_};
    ProducerRecords records_{&audit_, nullptr, nullptr, clock_};
};

TEST_F(HandOffTest, EachBatchGoesToEachTargetWithAnAuditRecord) {
    const auto lake = std::make_shared<TargetLog>();
    const auto hook = std::make_shared<TargetLog>();
    const auto hand_off = open({lake, hook}, 10);
    hand_off->push(handed_batch("one"));
    hand_off->push(handed_batch("two"));
    hand_off->drain();
    ASSERT_EQ(lake->batches().size(), 2U);
    EXPECT_EQ(lake->batches()[1].request_id, "two");
    EXPECT_EQ(hook->batches().size(), 2U);
    EXPECT_EQ(hand_off->failed(), 0U);
    ASSERT_EQ(lines_->size(), 4U);
    EXPECT_NE(lines_->front().find("\"DATA_LAKE_SYNC\""), std::string::npos);
    EXPECT_NE(lines_->front().find("\"synced\""), std::string::npos);
}

TEST_F(HandOffTest, ATargetThatFailsIsCountedAndTheOthersGoOn) {
    const auto lake = std::make_shared<TargetLog>();
    const auto hook = std::make_shared<TargetLog>();
    lake->tell({.fate = SendFate::unsent, .reason = "the disk is full"});
    const auto hand_off = open({lake, hook}, 10);
    hand_off->push(handed_batch("one"));
    hand_off->drain();
    EXPECT_EQ(hand_off->failed(), 1U);
    EXPECT_EQ(hook->batches().size(), 1U);
    EXPECT_NE(lines_->front().find("the disk is full"), std::string::npos);
    EXPECT_NE(lines_->front().find("\"failed\""), std::string::npos);
}

TEST_F(HandOffTest, AFullQueueMakesWhoeverPushesWait) {
    const auto lake = std::make_shared<TargetLog>();
    lake->close();
    const auto hand_off = open({lake}, 2);
    hand_off->push(handed_batch("taken"));
    lake->wait_for_sending(1);
    hand_off->push(handed_batch("waits 1"));
    hand_off->push(handed_batch("waits 2"));
    std::atomic<bool> pushed = false;
    std::thread pusher([&] {
        hand_off->push(handed_batch("too many"));
        pushed = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_FALSE(pushed);
    lake->open();
    pusher.join();
    hand_off->drain();
    EXPECT_EQ(lake->batches().size(), 4U);
}

TEST_F(HandOffTest, ATargetThatHangsIsWaitedForNoLongerThanAllowed) {
    const auto hook = std::make_shared<TargetLog>();
    hook->close();
    const auto hand_off = open({hook}, 10);
    hand_off->push(handed_batch("one"));
    hand_off->push(handed_batch("two"));
    hand_off->drain(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
    EXPECT_EQ(hand_off->failed(), 2U);
    EXPECT_EQ(lines_->size(), 2U) << "and the audit says so";
}

TEST_F(HandOffTest, WithoutTargetsNothingWaits) {
    const auto hand_off = open({}, 1);
    hand_off->push(handed_batch("one"));
    hand_off->push(handed_batch("two"));
    hand_off->drain();
    EXPECT_TRUE(lines_->empty());
}

}  // namespace
}  // namespace symbolon::client
