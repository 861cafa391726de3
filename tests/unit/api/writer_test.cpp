#include "api/writer.hpp"

#include "core/limits.hpp"
#include "storage/memory/memory_store.hpp"
#include "tests/support/fault_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <shared_mutex>
#include <thread>

namespace symbolon {
namespace {

using symbolon::testing::FaultMoment;
using symbolon::testing::FaultStore;

/// A memory store that counts commits and can be held up.
class SlowStore final : public storage::Store {
public:
    Result<std::vector<storage::Entry>> read_page(Revision since,
                                                  const storage::ReadBounds& bounds) override {
        return inner.read_page(since, bounds);
    }
    Result<Revision> commit(const storage::WriteBatch& batch, Revision expected) override {
        ++commits;
        gate.lock();
        gate.unlock();
        largest = std::max(largest.load(), batch.size());
        return inner.commit(batch, expected);
    }
    Status ping() override { return {}; }

    storage::MemoryStore inner;
    std::mutex gate;
    std::atomic<int> commits = 0;
    std::atomic<std::size_t> largest = 0;
};

Change mode_of_subject(const std::string& subject, Mode mode = Mode::readonly) {
    return {{RecordFamily::mode, ".", subject, 0}, mode};
}

struct WriterWorld {
    explicit WriterWorld(storage::Store& store) : writer(store, catalog, mutex, log) {}

    Status put(const std::string& subject) {
        return writer.write([&](const Catalog&) -> Result<std::vector<Change>> {
            return std::vector{mode_of_subject(subject)};
        });
    }
    bool has(const std::string& subject) {
        const std::shared_lock lock(mutex);
        return catalog.find_mode({".", subject}) != nullptr;
    }

    ReadWriteLock mutex;
    Catalog catalog;
    ChangeLog log{Revision(0)};
    Writer writer;
};

TEST(ChangeBatches, AKeyIsWrittenOnceAtItsLastTouch) {
    ChangeBatch batch;
    batch.add(mode_of_subject("a"));
    batch.add(mode_of_subject("b"));
    batch.add(mode_of_subject("a", Mode::import));
    const auto writes = batch.to_writes();
    ASSERT_EQ(writes.size(), 2U);
    EXPECT_EQ(writes[0].key, "mode/./b");
    EXPECT_EQ(writes[1].key, "mode/./a");
    EXPECT_NE(writes[1].value->find("IMPORT"), std::string::npos);
}

TEST(ChangeBatches, AChangeThatClientsAreToldOfIsNotReplaced) {
    ChangeBatch batch;
    batch.add(mode_of_subject("a"));
    batch.add({{RecordFamily::context, ".", "", 0}, ContextRecord{SchemaId(1), false}});
    EXPECT_TRUE(batch.hides_with(mode_of_subject("a")));
    EXPECT_FALSE(batch.hides_with(mode_of_subject("b")));
    const RecordKey context{RecordFamily::context, ".", "", 0};
    EXPECT_FALSE(batch.hides_with({context, ContextRecord{SchemaId(2), false}}));
    EXPECT_TRUE(batch.hides_with({context, ContextRecord{SchemaId(2), true}}));
}

TEST(Writers, AWriteIsVisibleAndDurableWhenItIsAnswered) {
    storage::MemoryStore store;
    WriterWorld world(store);
    ASSERT_TRUE(world.put("a"));
    EXPECT_TRUE(world.has("a"));
    EXPECT_EQ(store.read_since(Revision(0))->size(), 1U);
    EXPECT_EQ(world.catalog.revision(), Revision(1));
}

TEST(Writers, NothingToWriteIsNotCommitted) {
    SlowStore store;
    WriterWorld world(store);
    EXPECT_TRUE(world.writer.write(
        [](const Catalog&) -> Result<std::vector<Change>> { return std::vector<Change>(); }));
    EXPECT_EQ(store.commits, 0);
}

TEST(Writers, WritesThatWaitShareOneCommit) {
    SlowStore store;
    WriterWorld world(store);
    constexpr int followers = 20;
    store.gate.lock();
    auto first = std::async(std::launch::async, [&] { return world.put("first").has_value(); });
    while (store.commits == 0) {
        std::this_thread::yield();
    }
    std::vector<std::future<bool>> others;
    std::atomic<int> started = 0;
    for (int at = 0; at < followers; ++at) {
        others.push_back(std::async(std::launch::async, [&, at] {
            ++started;
            return world.put("s" + std::to_string(at)).has_value();
        }));
    }
    while (started < followers) {
        std::this_thread::yield();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // nobody tells that it waits
    EXPECT_FALSE(world.has("first")) << "not visible before it is durable";
    store.gate.unlock();
    EXPECT_TRUE(first.get());
    for (auto& other : others) {
        EXPECT_TRUE(other.get());
    }
    EXPECT_LE(store.commits, 4);
    EXPECT_GT(store.largest, 5U);
    for (int at = 0; at < followers; ++at) {
        EXPECT_TRUE(world.has("s" + std::to_string(at)));
    }
}

TEST(Writers, EachWriteIsDecidedOverThoseBeforeIt) {
    storage::MemoryStore store;
    WriterWorld world(store);
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    for (int at = 0; at < 8; ++at) {
        threads.emplace_back([&] {
            const auto written =
                world.writer.write([&](const Catalog& catalog) -> Result<std::vector<Change>> {
                    if (catalog.find_mode({".", "one"}) != nullptr) {
                        return failure(make_error(ErrorCode::subject_not_found, "taken"));
                    }
                    return std::vector{mode_of_subject("one")};
                });
            winners += written ? 1 : 0;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(winners, 1);
}

TEST(Writers, AConflictIsReadAndDecidedAgain) {
    storage::MemoryStore store;
    WriterWorld here(store);
    WriterWorld there(store);
    ASSERT_TRUE(here.put("a"));
    ASSERT_TRUE(there.put("b"));
    EXPECT_TRUE(there.has("a"));
    EXPECT_FALSE(here.has("b"));
    ASSERT_TRUE(here.put("c"));
    EXPECT_TRUE(here.has("b"));
}

TEST(Writers, AFailedCommitIsNotVisibleAndTheNextWriteRecovers) {
    for (const auto moment : {FaultMoment::before_effect, FaultMoment::after_effect}) {
        storage::MemoryStore inner;
        FaultStore store(inner);
        WriterWorld world(store);
        store.fail_call(1, moment);
        const auto failed = world.put("a");
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, ErrorCode::store_failed);
        // What the store holds is what readers see, whatever the caller was told.
        EXPECT_EQ(world.has("a"), moment == FaultMoment::after_effect);
        EXPECT_TRUE(world.put("b"));
        EXPECT_TRUE(world.has("b"));
    }
}

/// Fails every call while `broken`.
class BrokenStore final : public storage::Store {
public:
    Result<std::vector<storage::Entry>> read_page(Revision since,
                                                  const storage::ReadBounds& bounds) override {
        return broken ? Result<std::vector<storage::Entry>>(gone())
                      : inner.read_page(since, bounds);
    }
    Result<Revision> commit(const storage::WriteBatch& batch, Revision expected) override {
        return broken ? Result<Revision>(gone()) : inner.commit(batch, expected);
    }
    Status ping() override { return broken ? Status(gone()) : Status(); }

    static tl::unexpected<Error> gone() {
        return failure(make_error(ErrorCode::store_failed, "gone"));
    }

    storage::MemoryStore inner;
    bool broken = false;
};

TEST(Writers, WhileTheStoreIsGoneReadsGoOn) {
    BrokenStore store;
    WriterWorld world(store);
    ASSERT_TRUE(world.put("a"));
    store.broken = true;
    for (int at = 0; at < 3; ++at) {
        EXPECT_EQ(world.put("b").error().code, ErrorCode::store_failed);
        EXPECT_TRUE(world.has("a"));
        EXPECT_FALSE(world.has("b"));
    }
    store.broken = false;
    EXPECT_TRUE(world.put("c"));
    EXPECT_FALSE(world.has("b"));
}

TEST(Writers, AnExceptionAnswersEveryoneAndTheNextWriteRecovers) {
    storage::MemoryStore store;
    WriterWorld world(store);
    const auto thrown = world.writer.write(
        [](const Catalog&) -> Result<std::vector<Change>> { throw std::bad_alloc(); });
    EXPECT_EQ(thrown.error().code, ErrorCode::internal_error);
    EXPECT_TRUE(world.put("a"));
}

}  // namespace
}  // namespace symbolon
