#include "client/producer/spool.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace symbolon::client {
namespace {

SpooledBatch spooled_batch(const std::string& id, int events) {
    SpooledBatch batch{.request_id = id, .run = "run", .reason = "no answer"};
    for (int at = 0; at < events; ++at) {
        IngestEvent event;
        event.index = static_cast<std::uint64_t>(at);
        event.text = R"({"amount":1.10,"name":"Zoë \"Z\""})";
        event.message_key = "key";
        batch.events.push_back(std::move(event));
    }
    batch.end = static_cast<std::uint64_t>(events);
    batch.tally.spooled = batch.end;
    return batch;
}

std::string spool_content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
}

TEST(Spool, ABatchComesBackAsItWent) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    {
        auto spool = *Spool::open(path);
        EXPECT_TRUE(std::filesystem::exists(path)) << "it is there before it is needed";
        ASSERT_TRUE(spool->add(spooled_batch("one", 2)));
    }
    const auto spool = *Spool::open(path);
    const auto entries = spool->entries();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].events, 2U);
    const auto batch = spool->read(entries[0]);
    ASSERT_TRUE(batch) << batch.error().message;
    EXPECT_EQ(batch->request_id, "one");
    EXPECT_EQ(batch->run, "run");
    EXPECT_EQ(batch->end, 2U);
    EXPECT_EQ(batch->tally, (Tally{.spooled = 2}));
    ASSERT_EQ(batch->events.size(), 2U);
    EXPECT_EQ(batch->events[1].index, 1U);
    EXPECT_EQ(batch->events[1].text, R"({"amount":1.10,"name":"Zoë \"Z\""})")
        << "to the last digit";
    EXPECT_EQ(batch->events[1].message_key, "key");
}

TEST(Spool, WhatIsDoneDoesNotComeBack) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    {
        auto spool = *Spool::open(path);
        ASSERT_TRUE(spool->add(spooled_batch("one", 1)));
        ASSERT_TRUE(spool->add(spooled_batch("two", 1)));
        ASSERT_TRUE(spool->remove("one"));
        ASSERT_TRUE(spool->remove("of nobody"));
    }
    const auto spool = *Spool::open(path);
    ASSERT_EQ(spool->entries().size(), 1U);
    EXPECT_EQ(spool->entries()[0].request_id, "two");
}

TEST(Spool, ABatchThatIsAddedTwiceWaitsOnce) {
    const testing::TempDir folder;
    auto spool = *Spool::open(folder.file("spool.jsonl"));
    ASSERT_TRUE(spool->add(spooled_batch("one", 1)));
    ASSERT_TRUE(spool->add(spooled_batch("one", 1)));
    EXPECT_EQ(spool->entries().size(), 1U);
    ASSERT_TRUE(spool->remove("one"));
    ASSERT_TRUE(spool->add(spooled_batch("one", 1)));
    EXPECT_EQ(spool->entries().size(), 1U) << "after it was done it may wait again";
}

TEST(Spool, CompactingKeepsWhatWaitsAndAnEmptySpoolLeavesNoFile) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    auto spool = *Spool::open(path);
    for (const auto* const id : {"one", "two", "three"}) {
        ASSERT_TRUE(spool->add(spooled_batch(id, 3)));
    }
    ASSERT_TRUE(spool->remove("two"));
    const auto before = std::filesystem::file_size(path);
    ASSERT_TRUE(spool->compact());
    EXPECT_LT(std::filesystem::file_size(path), before);
    ASSERT_TRUE(spool->add(spooled_batch("four", 1)));
    const auto entries = spool->entries();
    ASSERT_EQ(entries.size(), 3U);
    for (const auto& entry : entries) {
        EXPECT_EQ(spool->read(entry)->request_id, entry.request_id);
    }
    for (const auto* const id : {"one", "three", "four"}) {
        ASSERT_TRUE(spool->remove(id));
    }
    ASSERT_TRUE(spool->compact());
    EXPECT_FALSE(std::filesystem::exists(path));
}

// A crash may cut the file anywhere: what was added before the last line is there, and more can be
// added.
TEST(Spool, AFileCutAnywhereLosesNoBatchBeforeTheCut) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    std::uintmax_t first_line = 0;
    {
        auto spool = *Spool::open(path);
        ASSERT_TRUE(spool->add(spooled_batch("one", 1)));
        first_line = std::filesystem::file_size(path);
        ASSERT_TRUE(spool->add(spooled_batch("two", 1)));
    }
    const auto whole = spool_content(path);
    for (auto bytes = first_line; bytes <= whole.size(); ++bytes) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, bytes);
        auto spool = Spool::open(path);
        ASSERT_TRUE(spool) << bytes << " of " << whole.size() << ": " << spool.error().message;
        ASSERT_GE((*spool)->entries().size(), 1U) << bytes;
        ASSERT_TRUE((*spool)->add(spooled_batch("three", 1)));
        spool->reset();
        const auto again = Spool::open(path);
        ASSERT_TRUE(again) << bytes;
        EXPECT_EQ((*again)->entries().front().request_id, "one");
        EXPECT_EQ((*again)->entries().back().request_id, "three");
    }
}

TEST(Spool, ALineThatIsNoBatchIsToldWithItsPlaceAndTheFileIsLeftAlone) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    for (const std::string content : {"{\"request_id\":1}\n", "{}\n{}\n", "[1]\n"}) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        const auto spool = Spool::open(path);
        ASSERT_FALSE(spool) << content;
        EXPECT_NE(spool.error().message.find(path), std::string::npos);
        EXPECT_EQ(spool_content(path), content);
    }
}

TEST(Spool, ASecondProducerOnTheFileIsRefusedAtOnce) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    auto one = *Spool::open(path);
    const auto refused = Spool::open(path);
    ASSERT_FALSE(refused) << "not only when it has something to spool";
    EXPECT_NE(refused.error().message.find("another process"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(path)) << "it is not the second one's to remove";
    ASSERT_TRUE(one->add(spooled_batch("one", 1)));
    one.reset();
    EXPECT_EQ((*Spool::open(path))->entries().size(), 1U);
}

TEST(Spool, AFileThatCannotBeMadeIsToldAtOnce) {
    const testing::TempDir folder;
    const auto spool = Spool::open(folder.file("no/such/folder/spool"));
    ASSERT_FALSE(spool);
    EXPECT_EQ(spool.error().code, ErrorCode::sink_failed);
    EXPECT_NE(spool.error().message.find("spool"), std::string::npos);
}

TEST(Spool, AnEmptySpoolThatGoesAwayLeavesNoFile) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    { const auto spool = *Spool::open(path); }
    EXPECT_FALSE(std::filesystem::exists(path));
}

// Between compact() and the next add() the file is nobody's.
TEST(Spool, WhatAnotherProducerSpooledMeanwhileIsKept) {
    const testing::TempDir folder;
    const auto path = folder.file("spool.jsonl");
    auto one = *Spool::open(path);
    ASSERT_TRUE(one->compact());
    ASSERT_TRUE((*Spool::open(path))->add(spooled_batch("of another", 1)));
    ASSERT_TRUE(one->add(spooled_batch("one", 1)));
    ASSERT_TRUE(one->remove("one"));
    ASSERT_TRUE(one->compact());
    const auto entries = one->entries();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(one->read(entries.front())->request_id, "of another");
}

TEST(Spool, ADeviceIsNoFileToReadOrToRemove) {
    auto spool = Spool::open("/dev/full");
    ASSERT_TRUE(spool) << spool.error().message;
    EXPECT_FALSE((*spool)->add(spooled_batch("one", 1))) << "the disk is full";
    EXPECT_TRUE((*spool)->entries().empty());
    ASSERT_TRUE((*spool)->compact());
    spool->reset();
    EXPECT_TRUE(std::filesystem::exists("/dev/full"));
}

}  // namespace
}  // namespace symbolon::client
