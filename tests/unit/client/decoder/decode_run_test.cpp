#include "client/decoder/decode_run.hpp"

#include "client/wire/framing.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_schema_source.hpp"
#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

namespace symbolon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// Told in order what happened: writes of sinks and commits of the source.
using Diary = std::vector<std::string>;

class DiarySink final : public Sink {
public:
    DiarySink(std::string name, Diary& diary) : name_(std::move(name)), diary_(diary) {}
    Status write(std::span<const SinkRecord> records) override {
        if (failing) {
            return failure(make_error(ErrorCode::sink_failed, "full"));
        }
        diary_.push_back(name_ + " " + std::to_string(records.size()));
        return {};
    }
    std::string name() const override { return name_; }

    bool failing = false;

private:
    std::string name_;
    Diary& diary_;
};

class DiarySource final : public EventSource {
public:
    explicit DiarySource(Diary& diary) : diary_(diary) {}
    Result<std::vector<Event>> read(const BatchBounds&) override {
        if (stopped) {
            return std::exchange(held, {});
        }
        auto batch = std::move(batches.front());
        batches.pop_front();
        return batch;
    }
    bool at_end() const override { return stopped ? held.empty() : batches.empty(); }
    Status stop_reading() override {
        stopped = true;
        diary_.emplace_back("stop");
        return {};
    }
    Status commit() override {
        diary_.emplace_back("commit");
        if (at_commit) {
            at_commit();
        }
        return {};
    }
    std::string name() const override { return "test"; }

    std::deque<std::vector<Event>> batches;
    std::vector<Event> held;  ///< what it has when it is told to stop
    bool stopped = false;
    std::function<void()> at_commit;

private:
    Diary& diary_;
};

class DecodeRunTest : public ::testing::Test {
protected:
    DecodeRunTest() {
        source_.add("s", SchemaId{7}, R"("int")");
        source_.add("broken", SchemaId{8}, R"({"type":"nonsense"})");
        good_.bytes = frame_confluent(SchemaId{7}, "\x02");
        corrupt_.bytes = frame_confluent(SchemaId{7}, "\xFF");
        unknown_.bytes = frame_confluent(SchemaId{99}, "\x02");
        unparseable_.bytes = frame_confluent(SchemaId{8}, "\x02");
    }
    Status run() {
        Decoder decoder(source_, {.clock = &clock_});
        return run_decoder(events_, decoder, {output_, retry_, dead_letter_, diagnostic_}, options_,
                           counts_);
    }

    Diary diary_;
    DiarySource events_{diary_};
    DiarySink output_{"output", diary_};
    DiarySink retry_{"retry", diary_};
    DiarySink dead_letter_{"dead_letter", diary_};
    DiarySink diagnostic_{"diagnostic", diary_};
    symbolon::testing::FakeClock clock_;
    tests::FakeSchemaSource source_;
    RunOptions options_;
    RunCounts counts_;
    Event good_, corrupt_, unknown_, unparseable_;
};

TEST_F(DecodeRunTest, InIsDecodedPlusRetryPlusDeadLetterPlusDiagnostic) {
    events_.batches = {{good_, corrupt_, unknown_, unparseable_, good_}, {}, {good_}};
    ASSERT_TRUE(run());
    EXPECT_EQ(counts_.in, 6U);
    EXPECT_EQ(counts_.decoded, 3U);
    EXPECT_EQ(counts_.retry, 1U);  // corrupt, and there is a last good version
    EXPECT_EQ(counts_.dead_letter, 1U);
    EXPECT_EQ(counts_.diagnostic, 1U);
    EXPECT_TRUE(counts_.agree());
}

TEST_F(DecodeRunTest, TheCountsTellOfEachQueueForWhichReasonsEventsAreThere) {
    events_.batches = {{good_, corrupt_, unknown_}, {unparseable_, unknown_}};
    ASSERT_TRUE(run());
    EXPECT_THAT(counts_.letters,
                ElementsAre(Pair(std::pair(Queue::retry, Reason::payload_corrupt), 1U),
                            Pair(std::pair(Queue::dead_letter, Reason::schema_not_found), 2U),
                            Pair(std::pair(Queue::diagnostic, Reason::schema_unparseable), 1U)));
}

TEST_F(DecodeRunTest, ABatchIsCommittedAfterEveryRecordIsInItsPlace) {
    events_.batches = {{good_, unknown_}, {good_}};
    ASSERT_TRUE(run());
    EXPECT_THAT(diary_, ElementsAre("output 1", "dead_letter 1", "commit", "output 1", "commit"));
}

TEST_F(DecodeRunTest, ASinkThatFailsStopsTheRunBeforeTheCommit) {
    events_.batches = {{good_}, {good_, unknown_}};
    dead_letter_.failing = true;
    const auto stopped = run();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::sink_failed);
    EXPECT_THAT(diary_, ElementsAre("output 1", "commit", "output 1"));
    EXPECT_EQ(counts_.in, 1U);
    EXPECT_TRUE(counts_.agree());
}

TEST_F(DecodeRunTest, WhenTheRegistryIsAwayARunThatShallStopCommitsNothing) {
    source_.fail_with(ErrorCode::unavailable);
    events_.batches = {{good_}};
    options_.when_unavailable = WhenUnavailable::stop;
    const auto stopped = run();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::unavailable);
    EXPECT_THAT(stopped.error().message, HasSubstr("registry_unavailable"));
    EXPECT_TRUE(diary_.empty());
    options_.when_unavailable = WhenUnavailable::retry_queue;
    events_.batches = {{good_}};
    ASSERT_TRUE(run());
    EXPECT_THAT(diary_, ElementsAre("retry 1", "commit"));
}

TEST_F(DecodeRunTest, TheGuardsStateIsSavedBeforeTheCommit) {
    const symbolon::testing::TempDir folder;
    const auto store = GuardStore::open(folder.file("state.json"));
    ASSERT_TRUE(store);
    options_.guard_store = store->get();
    events_.batches = {{good_}};
    GuardState at_commit;
    events_.at_commit = [&] { at_commit = *GuardStore::read(folder.file("state.json")); };
    ASSERT_TRUE(run());
    ASSERT_TRUE(at_commit.contains("s"));
    EXPECT_EQ(at_commit.at("s").last_good, Version{1});
}

TEST_F(DecodeRunTest, AStopIsHeededBetweenBatches) {
    events_.batches = {{good_}, {good_}, {good_}};
    options_.stop = [&] { return counts_.in >= 2; };
    ASSERT_TRUE(run());
    EXPECT_EQ(counts_.in, 2U);
    EXPECT_EQ(events_.batches.size(), 1U);
}

TEST_F(DecodeRunTest, WhatTheSourceHoldsAtAStopIsCarriedToo) {
    events_.batches = {{good_}, {good_}};
    events_.held = {good_, unknown_};
    options_.stop = [&] { return counts_.in >= 1; };
    ASSERT_TRUE(run());
    EXPECT_EQ(counts_.in, 3U);
    EXPECT_THAT(diary_,
                ElementsAre("output 1", "commit", "stop", "output 1", "dead_letter 1", "commit"));
}

TEST_F(DecodeRunTest, CountsAreMetrics) {
    Metrics metrics;
    options_.metrics = &metrics;
    events_.batches = {{good_, unknown_}};
    ASSERT_TRUE(run());
    const auto text = metrics.to_text();
    EXPECT_THAT(text, HasSubstr("symbolon_decoder_events_in_total 2"));
    EXPECT_THAT(text, HasSubstr(R"(symbolon_decoder_events_total{outcome="decoded"} 1)"));
    EXPECT_THAT(text, HasSubstr(R"(symbolon_decoder_events_total{outcome="diagnostic"} 0)"));
    EXPECT_THAT(
        text,
        HasSubstr(
            R"(symbolon_decoder_letters_total{queue="dead_letter",reason="schema_not_found"} 1)"));
}

TEST_F(DecodeRunTest, LargeRecordsAreWrittenOutWithinTheBatch) {
    source_.add("text", SchemaId{9}, R"("string")");
    std::string body("\x80\x80\x80\x04");  // 4 MiB
    body += std::string(4U << 20U, 'x');
    Event large;
    large.bytes = frame_confluent(SchemaId{9}, body);
    events_.batches = {std::vector<Event>(6, large)};
    ASSERT_TRUE(run());
    EXPECT_THAT(diary_, ElementsAre("output 4", "output 2", "commit"));
}

}  // namespace
}  // namespace symbolon::client
