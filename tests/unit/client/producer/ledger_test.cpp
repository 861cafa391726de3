#include "client/producer/ledger.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

TEST(Ledger, TheLowWaterMarkIsTheFirstEventThatIsNotSettled) {
    Ledger ledger;
    ledger.settle(100, 200, {.sent = 100});
    EXPECT_EQ(ledger.low_water(), 0U);
    EXPECT_FALSE(ledger.is_settled(99));
    EXPECT_TRUE(ledger.is_settled(100));
    EXPECT_TRUE(ledger.is_settled(199));
    EXPECT_FALSE(ledger.is_settled(200));
    ledger.settle(0, 100, {.sent = 90, .rejected = 10});
    EXPECT_EQ(ledger.low_water(), 200U);
    EXPECT_EQ(ledger.settled(), 200U);
}

TEST(Ledger, IntervalsInAnyOrderEndAsOne) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals;
    for (std::uint64_t at = 0; at < 50; ++at) {
        // 37 and 50 have no common divisor: each comes once.
        const auto place = at * 37 % 50;
        intervals.emplace_back(place * 10, place * 10 + 10);
    }
    Ledger ledger;
    for (const auto& [begin, end] : intervals) {
        EXPECT_FALSE(ledger.is_settled(begin));
        ledger.settle(begin, end, {.sent = 10});
        EXPECT_TRUE(ledger.is_settled(end - 1));
    }
    EXPECT_EQ(ledger.low_water(), 500U);
    EXPECT_EQ(ledger.tally(), (Tally{.sent = 500}));
}

TEST(Ledger, ItIsWrittenAndReadAsItWas) {
    Ledger ledger;
    ledger.set_run("run");
    ledger.set_input("digest");
    ledger.settle(0, 10, {.sent = 7, .rejected = 1, .duplicates = 2});
    ledger.settle(20, 30, {.spooled = 10});
    const auto read = Ledger::parse(ledger.to_text());
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->to_text(), ledger.to_text());
    EXPECT_EQ(read->run(), "run");
    EXPECT_EQ(read->low_water(), 10U);
    EXPECT_TRUE(read->is_settled(25));
    EXPECT_FALSE(read->is_settled(15));
}

TEST(Ledger, WhatDoesNotAddUpIsNoLedger) {
    for (
        const char* const text :
        {"", "[]", "{}", R"({"run":"r","beyond":{}})",
         R"({"run":"r","events":5,"beyond":[],"sent":4,"rejected":0,"duplicates":0,"spooled":0})",
         R"({"run":"r","events":-1,"beyond":[],"sent":0,"rejected":0,"duplicates":0,"spooled":0})",
         R"({"run":"r","events":5,"beyond":[[3,6]],"sent":8,"rejected":0,"duplicates":0,
              "spooled":0})",
         R"({"run":"","events":0,"beyond":[],"sent":0,"rejected":0,"duplicates":0,"spooled":0})"}) {
        EXPECT_FALSE(Ledger::parse(text)) << text;
    }
}

TEST(Ledger, WhatLeavesTheSpoolIsCountedAnew) {
    Ledger ledger;
    ledger.settle(0, 10, {.sent = 4, .spooled = 6});
    ledger.settle_spooled({.sent = 5, .rejected = 1});
    EXPECT_EQ(ledger.tally(), (Tally{.sent = 9, .rejected = 1}));
    EXPECT_EQ(ledger.settled(), 10U);
}

TEST(Ledger, WhatWasRefusedIsKnownFromTheTextAsFarBackAsIsAsked) {
    Ledger ledger;
    ledger.set_run("run");
    ledger.settle(0, 100, {.rejected = 100});
    ledger.note_refused(0, 100, 1'000);
    ledger.settle(100, 1'050, {.sent = 950});
    ledger.settle(1'050, 1'060, {.rejected = 10});
    ledger.note_refused(1'050, 1'060, 1'000);
    const auto again = Ledger::parse(ledger.to_text());
    ASSERT_TRUE(again) << again.error().message;
    for (const std::uint64_t index : {0U, 99U, 1'050U, 1'059U}) {
        EXPECT_TRUE(again->is_refused(index)) << index;
    }
    for (const std::uint64_t index : {100U, 1'049U, 1'060U}) {
        EXPECT_FALSE(again->is_refused(index)) << index;
    }
    ledger.settle(1'060, 2'000, {.sent = 940});
    ledger.note_refused(1'990, 2'000, 1'000);
    EXPECT_FALSE(ledger.is_refused(99)) << "too long ago";
    EXPECT_TRUE(ledger.is_refused(1'050));
    EXPECT_FALSE(Ledger::parse(R"({"run":"r","events":9,"beyond":[],"refused":[[5,3]],"sent":9,)"
                               R"("rejected":0,"duplicates":0,"spooled":0})"));
}

}  // namespace
}  // namespace symbolon::client
