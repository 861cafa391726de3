#include "storage/memory/memory_store.hpp"
#include "storage/open_store.hpp"
#include "storage/store.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::storage {

/// gtest prints what differs.
void PrintTo(const Entry& entry, std::ostream* out) {
    *out << entry.revision.value() << ' ' << entry.key << '=' << entry.value.value_or("<erased>");
}
bool operator==(const Entry& left, const Entry& right) {
    return left.key == right.key && left.value == right.value && left.revision == right.revision;
}

struct StoreBackend {
    std::string name;
    std::string url;  ///< {} stands for a fresh folder
    bool is_lasting;
};

/// What every backend promises; a new backend adds a row at the end of this file.
class StoreContract : public ::testing::TestWithParam<StoreBackend> {
protected:
    void SetUp() override { open(); }

    void open() {
        store_.reset();
        std::string url = GetParam().url;
        if (const auto at = url.find("{}"); at != std::string::npos) {
            url.replace(at, 2, folder_.path().string());
        }
        auto opened = open_store(url);
        ASSERT_TRUE(opened) << opened.error().message;
        store_ = std::move(*opened);
    }

    std::vector<Entry> entries(Revision since = Revision{0}) {
        auto read = store_->read_since(since);
        EXPECT_TRUE(read) << (read ? "" : read.error().message);
        return read ? std::move(*read) : std::vector<Entry>{};
    }

    void expect_conflict(const WriteBatch& batch, Revision expected) {
        const auto refused = store_->commit(batch, expected);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::write_conflict);
    }

    const testing::TempDir folder_;
    std::unique_ptr<Store> store_;
};

TEST_P(StoreContract, ANewStoreIsEmptyAndReady) {
    EXPECT_TRUE(entries().empty());
    EXPECT_TRUE(store_->ping());
}

TEST_P(StoreContract, APageEndsAtItsBoundsButHasItsFirstEntry) {
    ASSERT_TRUE(store_->commit({{"a", "1"}, {"b", "22"}, {"c", std::nullopt}}, Revision{0}));
    const auto keys_of = [&](std::int64_t since, const ReadBounds& bounds) {
        std::string keys;
        const auto page = store_->read_page(Revision{since}, bounds);
        for (const Entry& entry : page ? *page : std::vector<Entry>{}) {
            keys += entry.key;
        }
        return keys;
    };
    EXPECT_EQ(keys_of(0, {2, 100}), "ab");
    EXPECT_EQ(keys_of(0, {3, 100}), "abc");
    EXPECT_EQ(keys_of(0, {100, 4}), "a");
    EXPECT_EQ(keys_of(0, {100, 5}), "ab");
    EXPECT_EQ(keys_of(1, {100, 0}), "b");
    EXPECT_EQ(keys_of(3, {100, 100}), "");
}

TEST_P(StoreContract, EveryWriteOfABatchGetsTheNextRevision) {
    EXPECT_EQ(store_->commit({{"b", "1"}, {"a", "2"}}, Revision{0}), Revision{2});
    EXPECT_EQ(store_->commit({{"c", "3"}}, Revision{2}), Revision{3});
    const std::vector<Entry> all{
        {"b", "1", Revision{1}}, {"a", "2", Revision{2}}, {"c", "3", Revision{3}}};
    EXPECT_EQ(entries(), all);
}

TEST_P(StoreContract, ATouchedKeyMovesToItsLastRevision) {
    ASSERT_TRUE(store_->commit({{"a", "1"}, {"b", "1"}}, Revision{0}));
    ASSERT_TRUE(store_->commit({{"a", "2"}}, Revision{2}));
    const std::vector<Entry> all{{"b", "1", Revision{2}}, {"a", "2", Revision{3}}};
    EXPECT_EQ(entries(), all);
}

TEST_P(StoreContract, AnErasedKeyStaysAsTombstone) {
    ASSERT_TRUE(store_->commit({{"a", "1"}}, Revision{0}));
    ASSERT_TRUE(store_->commit({{"a", std::nullopt}}, Revision{1}));
    EXPECT_EQ(entries(), (std::vector<Entry>{{"a", std::nullopt, Revision{2}}}));
    EXPECT_EQ(entries(Revision{1}), (std::vector<Entry>{{"a", std::nullopt, Revision{2}}}));
}

TEST_P(StoreContract, ErasingWhatWasNeverThereLeavesATombstoneToo) {
    EXPECT_EQ(store_->commit({{"a", std::nullopt}}, Revision{0}), Revision{1});
    EXPECT_EQ(entries(), (std::vector<Entry>{{"a", std::nullopt, Revision{1}}}));
}

TEST_P(StoreContract, AnErasedKeyCanBeWrittenAgain) {
    ASSERT_TRUE(store_->commit({{"a", "1"}}, Revision{0}));
    ASSERT_TRUE(store_->commit({{"a", std::nullopt}}, Revision{1}));
    EXPECT_EQ(store_->commit({{"a", "2"}}, Revision{2}), Revision{3});
    EXPECT_EQ(entries(), (std::vector<Entry>{{"a", "2", Revision{3}}}));
}

TEST_P(StoreContract, AnEmptyValueIsNotATombstone) {
    ASSERT_TRUE(store_->commit({{"a", ""}, {"", "no key"}}, Revision{0}));
    const std::vector<Entry> all{{"a", "", Revision{1}}, {"", "no key", Revision{2}}};
    EXPECT_EQ(entries(), all);
}

TEST_P(StoreContract, ReadSinceAnswersOnlyWhatIsNewer) {
    ASSERT_TRUE(store_->commit({{"a", "1"}, {"b", "1"}, {"c", "1"}}, Revision{0}));
    EXPECT_EQ(entries(Revision{2}), (std::vector<Entry>{{"c", "1", Revision{3}}}));
    EXPECT_TRUE(entries(Revision{3}).empty());
    EXPECT_TRUE(entries(Revision{std::numeric_limits<std::int64_t>::max()}).empty());
    EXPECT_EQ(entries(Revision{-1}).size(), 3U);
}

TEST_P(StoreContract, AWriterThatIsBehindOrAheadMeetsAConflictAndChangesNothing) {
    ASSERT_TRUE(store_->commit({{"a", "1"}}, Revision{0}));
    const auto before = entries();
    expect_conflict({{"a", "2"}, {"b", "2"}}, Revision{0});
    expect_conflict({{"a", "2"}, {"b", "2"}}, Revision{2});
    expect_conflict({{"a", std::nullopt}}, Revision{-1});
    EXPECT_EQ(entries(), before);
    EXPECT_TRUE(store_->ping());
    EXPECT_EQ(store_->commit({{"b", "2"}}, Revision{1}), Revision{2});
}

TEST_P(StoreContract, KeysAndValuesAreAnyBytes) {
    using std::string_literals::operator""s;
    const std::vector<std::string> texts{
        "a", "a\0b"s,  "a\0c"s,    "\0"s,        "A",          "\u00e9", "e\u0301",
        "%", "'\";--", "\xff\xfe", "\U0001F600", "line\nline", " ",      "\xed\xa0\x80"};
    WriteBatch batch;
    std::vector<Entry> expected;
    for (const auto& text : texts) {
        batch.push_back({text, text + text});
        expected.push_back({text, text + text, Revision{static_cast<std::int64_t>(batch.size())}});
    }
    ASSERT_TRUE(store_->commit(batch, Revision{0}));
    EXPECT_EQ(entries(), expected);
    ASSERT_TRUE(store_->commit({{texts[1], std::nullopt}}, Revision{14}));
    EXPECT_EQ(entries(Revision{13}).size(), 2U);
    EXPECT_EQ(entries().size(), texts.size());
}

TEST_P(StoreContract, LargeValuesAndLargeBatchesComeBackWhole) {
    const std::string large(3'000'000, 'x');
    WriteBatch batch{{"large", large}};
    for (int at = 0; at < 2'000; ++at) {
        batch.push_back({"key/" + std::to_string(at), std::string(100, 'y')});
    }
    ASSERT_TRUE(store_->commit(batch, Revision{0}));
    const auto all = entries();
    ASSERT_EQ(all.size(), 2'001U);
    EXPECT_EQ(all[0].value, large);
    EXPECT_EQ(all[2'000].key, "key/1999");
}

TEST_P(StoreContract, WhatWasReadIsACopy) {
    ASSERT_TRUE(store_->commit({{"a", "1"}}, Revision{0}));
    const auto before = entries();
    ASSERT_TRUE(store_->commit({{"a", "2"}}, Revision{1}));
    EXPECT_EQ(before, (std::vector<Entry>{{"a", "1", Revision{1}}}));
}

TEST_P(StoreContract, OfManyWritersExactlyOneWinsEachRevision) {
    constexpr int writers = 4;
    constexpr int writes_each = 25;
    std::vector<std::set<std::int64_t>> won(writers);
    std::vector<std::thread> threads;
    threads.reserve(writers);
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            Revision known{0};
            for (int done = 0; done < writes_each;) {
                const std::string key = std::to_string(writer) + "/" + std::to_string(done);
                const auto committed = store_->commit({{key, "1"}, {"shared", key}}, known);
                if (committed) {
                    known = *committed;
                    won[static_cast<std::size_t>(writer)].insert(known.value());
                    ++done;
                } else {
                    ASSERT_EQ(committed.error().code, ErrorCode::write_conflict);
                    const auto news = store_->read_since(known);
                    ASSERT_TRUE(news);
                    // A conflict means that there is news, and a batch is never seen in part.
                    ASSERT_FALSE(news->empty());
                    ASSERT_EQ(news->back().key, "shared");
                    known = news->back().revision;
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::set<std::int64_t> all;
    for (const auto& revisions : won) {
        all.insert(revisions.begin(), revisions.end());
    }
    constexpr std::size_t writes = std::size_t{writers} * writes_each;
    EXPECT_EQ(all.size(), writes);
    EXPECT_EQ(*all.rbegin(), 2 * writers * writes_each);
    EXPECT_EQ(entries().size(), writes + 1);
}

TEST_P(StoreContract, WhatLastsIsThereAfterReopening) {
    if (!GetParam().is_lasting) {
        GTEST_SKIP() << "a store in memory does not last";
    }
    ASSERT_TRUE(store_->commit({{"a", "1"}, {"b", "1"}}, Revision{0}));
    ASSERT_TRUE(store_->commit({{"b", std::nullopt}}, Revision{2}));
    const auto before = entries();
    open();
    EXPECT_EQ(entries(), before);
    expect_conflict({{"c", "1"}}, Revision{2});
    EXPECT_EQ(store_->commit({{"c", "1"}}, Revision{3}), Revision{4});
}

INSTANTIATE_TEST_SUITE_P(Backends, StoreContract,
                         ::testing::Values(StoreBackend{"memory", "memory:", false},
                                           StoreBackend{"sqlite", "sqlite:{}/store.db", true}),
                         [](const auto& param_info) { return param_info.param.name; });

}  // namespace symbolon::storage
