#include "storage/sqlite/sqlite_store.hpp"
#include "tests/support/fault_vfs.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/storage/sqlite_helpers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::storage {

namespace {

using ::testing::HasSubstr;
using Content = std::map<std::string, std::string>;
using Lasting = testing::FaultVfs::Lasting;

/// Batches that make the file, grow it, touch, erase, and overflow SQLite's cache.
const std::vector<WriteBatch>& batches_of_scenario() {
    static const std::vector<WriteBatch> batches{
        {{"a", "1"}, {"b", "1"}}, {{"a", "2"}, {"c", std::string(20'000, 'c')}},
        {{"b", std::nullopt}},    {{"large", std::string(1'500'000, 'l')}, {"a", "3"}},
        {{"large", "small"}},
    };
    return batches;
}

void apply_batch(Content& content, const WriteBatch& batch) {
    for (const Write& write : batch) {
        content[write.key] = write.value.value_or("<erased>");
    }
}

/// What the store holds; also that the revisions are in order.
Result<Content> read_content(Store& store, Revision& head) {
    SYMBOLON_TRY(const auto entries, store.read_since(Revision{0}));
    Content content;
    head = Revision{0};
    for (const Entry& entry : entries) {
        EXPECT_LT(head, entry.revision);
        head = entry.revision;
        content[entry.key] = entry.value.value_or("<erased>");
    }
    return content;
}

/// One run of the scenario on a disk of which the `operation`-th operation fails. A registry that
/// gets an error reads again where the store stands, as here. Answers false when nothing failed.
class FaultRun {
public:
    FaultRun(testing::FaultVfs& disk, std::size_t operation, Lasting lasting)
        : disk_(disk), lasting_(lasting) {
        disk_.fail_from(operation, lasting);
    }

    bool run() {
        open();
        for (const WriteBatch& batch : batches_of_scenario()) {
            commit(batch);
        }
        store_.reset();
        const bool has_failed = disk_.has_failed();
        disk_.heal();
        check_after_reopening();
        return has_failed;
    }

private:
    void open() {
        auto opened = open_sqlite_store(file_);
        if (!opened) {
            EXPECT_EQ(opened.error().code, ErrorCode::cannot_start);
            EXPECT_THAT(opened.error().message, HasSubstr(file_));
            disk_.heal();
            opened = open_sqlite_store(file_);
            ASSERT_TRUE(opened) << opened.error().message;
        }
        store_ = std::move(*opened);
    }

    void commit(const WriteBatch& batch) {
        ASSERT_NE(store_, nullptr);
        auto committed = store_->commit(batch, head_);
        if (!committed) {
            EXPECT_EQ(committed.error().code, ErrorCode::store_failed);
            if (lasting_ == Lasting::until_healed) {
                EXPECT_FALSE(store_->ping());
            }
            check_reads();
            disk_.heal();
            EXPECT_TRUE(store_->ping());
            check_reads();
            committed = store_->commit(batch, head_);
        }
        ASSERT_TRUE(committed) << committed.error().message;
        head_ = *committed;
        apply_batch(expected_, batch);
    }

    /// A failed batch is not there; a read may fail only because the disk still does.
    void check_reads() {
        const auto content = read_content(*store_, head_);
        if (content) {
            EXPECT_EQ(*content, expected_);
        } else {
            EXPECT_EQ(content.error().code, ErrorCode::store_failed);
        }
    }

    void check_after_reopening() {
        const auto store = open_or_fail(file_);
        ASSERT_NE(store, nullptr);
        const auto content = read_content(*store, head_);
        ASSERT_TRUE(content) << content.error().message;
        EXPECT_EQ(*content, expected_);
        EXPECT_TRUE(append_value(*store, "goes on"));
    }

    testing::FaultVfs& disk_;
    Lasting lasting_;
    const testing::TempDir folder_;
    const std::string file_ = folder_.file("store.db");
    std::unique_ptr<Store> store_;
    Revision head_;
    Content expected_;  ///< what was acknowledged
};

}  // namespace

class SqliteFaults : public ::testing::TestWithParam<Lasting> {};

TEST_P(SqliteFaults, WhateverOperationFailsNothingAcknowledgedIsLost) {
    testing::FaultVfs disk;
    constexpr std::size_t operations_max = 20'000;
    std::size_t operation = 1;
    // The scenario's long middle part (the large value) repeats itself: there, larger steps will
    // do.
    for (; operation < operations_max; operation += operation < 120 ? 1 : 53) {
        SCOPED_TRACE(operation);
        const bool has_failed = FaultRun(disk, operation, GetParam()).run();
        if (!has_failed || HasFailure()) {
            break;
        }
    }
    EXPECT_GT(operation, 120U);
    EXPECT_LT(operation, operations_max);
    RecordProperty("operations", static_cast<int>(operation));
}

INSTANTIATE_TEST_SUITE_P(Disks, SqliteFaults,
                         ::testing::Values(Lasting::once, Lasting::until_healed),
                         [](const auto& param_info) {
                             return param_info.param == Lasting::once ? "FailingOnce"
                                                                      : "FailingUntilHealed";
                         });

}  // namespace symbolon::storage
