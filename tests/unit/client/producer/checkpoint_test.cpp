#include "client/producer/checkpoint.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace symbolon::client {
namespace {

TEST(Checkpoint, AnAbsentFileIsABeginning) {
    const testing::TempDir folder;
    const auto ledger = load_checkpoint(folder.file("checkpoint"));
    ASSERT_TRUE(ledger);
    EXPECT_EQ(ledger->low_water(), 0U);
    EXPECT_TRUE(ledger->run().empty());
}

TEST(Checkpoint, WhatWasWrittenIsReadAndReplacedAsAWhole) {
    const testing::TempDir folder;
    const auto path = folder.file("checkpoint");
    Ledger ledger;
    ledger.set_run("run");
    for (std::uint64_t at = 0; at < 3; ++at) {
        ledger.settle(at * 10, at * 10 + 10, {.sent = 10});
        ASSERT_TRUE(write_checkpoint(path, ledger.to_text()));
        EXPECT_EQ(load_checkpoint(path)->to_text(), ledger.to_text());
    }
    // What a crash leaves of the next one does not matter.
    std::ofstream(path + ".new") << "{\"ev";
    EXPECT_EQ(load_checkpoint(path)->low_water(), 30U);
    ASSERT_TRUE(write_checkpoint(path, ledger.to_text()));
    EXPECT_EQ(load_checkpoint(path)->low_water(), 30U);
}

TEST(Checkpoint, ADamagedFileIsToldByNameAndWhatToDo) {
    const testing::TempDir folder;
    const auto path = folder.file("checkpoint");
    std::ofstream(path) << "{\"events\":";
    const auto ledger = load_checkpoint(path);
    ASSERT_FALSE(ledger);
    EXPECT_NE(ledger.error().message.find(path), std::string::npos);
    EXPECT_NE(ledger.error().message.find("Remove it"), std::string::npos);
}

TEST(Checkpoint, APlaceThatCannotBeWrittenIsAnError) {
    const testing::TempDir folder;
    const auto written = write_checkpoint(folder.file("no/such/folder"), "{}");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::sink_failed);
}

}  // namespace
}  // namespace symbolon::client
