#include "client/registry_client/cache.hpp"

#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::client {
namespace {

using namespace std::chrono_literals;
using symbolon::testing::FakeClock;

/// A cache of texts over a source whose answers are numbered.
class Cache : public ::testing::Test {
protected:
    Result<std::string> ask(const std::string& key, std::chrono::milliseconds ttl = 300s,
                            OnOutage on_outage = OnOutage::fail) {
        return cache.find_or_load({key, ttl, on_outage}, [this, key]() -> Result<std::string> {
            ++loads;
            if (outage) {
                return failure(make_error(*outage, "as scripted"));
            }
            return key + std::to_string(loads);
        });
    }
    std::string text(const std::string& key, std::chrono::milliseconds ttl = 300s,
                     OnOutage on_outage = OnOutage::fail) {
        const auto answer = ask(key, ttl, on_outage);
        return answer ? *answer : "failed";
    }

    FakeClock clock;
    CacheCounters counters;
    LoadingCache<std::string> cache{
        {3, 1'000}, [](const std::string& text) { return text.size(); }, 30s, clock, counters};
    std::atomic<int> loads = 0;
    std::optional<ErrorCode> outage;
};

TEST_F(Cache, AnEntryIsLoadedOnce) {
    EXPECT_EQ(text("a"), "a1");
    EXPECT_EQ(text("a"), "a1");
    EXPECT_EQ(text("b"), "b2");
    EXPECT_EQ(counters.hits, 1U);
    EXPECT_EQ(counters.misses, 2U);
}

TEST_F(Cache, AnEntryIsLoadedAnewWhenItsTimeIsOver) {
    EXPECT_EQ(text("a"), "a1");
    clock.advance(299'999ms);
    EXPECT_EQ(text("a"), "a1");
    clock.advance(1ms);
    EXPECT_EQ(text("a"), "a2");
    EXPECT_EQ(cache.size(), 1U);
}

TEST_F(Cache, TheLeastRecentlyUsedEntryGoesFirst) {
    for (const auto* key : {"a", "b", "c", "a", "d"}) {
        EXPECT_TRUE(ask(key));
    }
    EXPECT_EQ(cache.size(), 3U);
    loads = 10;
    EXPECT_EQ(text("a"), "a1");
    EXPECT_EQ(text("c"), "c3");
    EXPECT_EQ(text("d"), "d4");
    EXPECT_EQ(text("b"), "b11");
    EXPECT_EQ(text("a"), "a12");
}

TEST_F(Cache, EntriesThatAreTooLargeTogetherGoToo) {
    const auto keep = [this](const std::string& key, std::size_t bytes) {
        ASSERT_TRUE(cache.find_or_load(
            {key, 300s}, [bytes]() -> Result<std::string> { return std::string(bytes, 'x'); }));
    };
    keep("a", 500);
    keep("b", 500);
    EXPECT_EQ(cache.size(), 2U);
    keep("c", 1);
    EXPECT_EQ(cache.size(), 2U);
    EXPECT_EQ(text("a"), "a1");
    keep("large", 5'000);  // alone it is kept, or it would be asked for each time
    EXPECT_EQ(cache.size(), 1U);
    cache.forget("large");
    keep("b", 1'000);
    EXPECT_EQ(cache.size(), 1U);
}

TEST_F(Cache, AFailureIsNotKept) {
    outage = ErrorCode::schema_not_found;
    EXPECT_EQ(ask("a").error().code, ErrorCode::schema_not_found);
    outage.reset();
    EXPECT_EQ(text("a"), "a2");
}

TEST_F(Cache, AnEntryBeyondItsTimeIsAnsweredInAnOutageWhereThatIsWanted) {
    EXPECT_EQ(text("a"), "a1");
    clock.advance(1h);
    for (const auto code : {ErrorCode::unavailable, ErrorCode::not_reachable,
                            ErrorCode::answer_lost, ErrorCode::request_timeout}) {
        outage = code;
        EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "a1");
        clock.advance(30s);
    }
    EXPECT_EQ(counters.stale, 4U);
    EXPECT_EQ(text("a", 300s, OnOutage::fail), "failed");
    clock.advance(30s);
    outage = ErrorCode::schema_not_found;
    EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "failed");
    EXPECT_EQ(counters.stale, 4U);
}

TEST_F(Cache, AfterAStaleAnswerTheSourceHasItsPeaceForAWhile) {
    EXPECT_EQ(text("a"), "a1");
    clock.advance(1h);
    outage = ErrorCode::unavailable;
    EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "a1");
    clock.advance(29s);
    EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "a1");
    EXPECT_EQ(loads, 2);
    clock.advance(1s);
    outage.reset();
    EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "a3");
}

TEST_F(Cache, AnOutageCostsOneLoadAndNotOneForEachEntry) {
    for (const auto* key : {"a", "b", "c"}) {
        EXPECT_TRUE(ask(key));
    }
    clock.advance(1h);
    outage = ErrorCode::unavailable;
    loads = 10;
    EXPECT_EQ(text("a", 300s, OnOutage::answer_stale), "a1");
    EXPECT_EQ(text("b", 300s, OnOutage::answer_stale), "b2");
    EXPECT_EQ(text("c", 300s, OnOutage::answer_stale), "c3");
    EXPECT_EQ(loads, 11);
    EXPECT_EQ(counters.stale, 3U);
    EXPECT_EQ(text("b", 300s, OnOutage::fail), "failed");
    outage.reset();
    EXPECT_EQ(text("d"), "d13");  // somebody answers again
    EXPECT_EQ(text("b", 300s, OnOutage::answer_stale), "b14");
}

TEST_F(Cache, AForgottenEntryIsLoadedAnew) {
    EXPECT_EQ(text("a"), "a1");
    cache.forget("a");
    cache.forget("b");
    EXPECT_EQ(cache.size(), 0U);
    EXPECT_EQ(text("a"), "a2");
}

TEST_F(Cache, WhatIsBeingLoadedWhenItsKeyIsForgottenIsNotKept) {
    const auto answer = cache.find_or_load({"a", 300s}, [this]() -> Result<std::string> {
        cache.forget("a");
        return "old";
    });
    EXPECT_EQ(*answer, "old");
    EXPECT_EQ(text("a"), "a1");
}

TEST_F(Cache, ALoadThatThrowsIsAFailure) {
    const auto answer = cache.find_or_load(
        {"a", 300s}, []() -> Result<std::string> { throw std::runtime_error("x"); });
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::internal_error);
    EXPECT_EQ(text("a"), "a1");
}

TEST_F(Cache, ThreadsThatMissTheSameKeyShareOneLoad) {
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            const auto answer = cache.find_or_load({"a", 300s}, [&]() -> Result<std::string> {
                ++loads;
                while (counters.shared < 7) {
                    std::this_thread::yield();
                }
                return "shared";
            });
            good += answer && *answer == "shared" ? 1 : 0;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(good, 8);
    EXPECT_EQ(loads, 1);
}

TEST_F(Cache, AFailureIsSharedToo) {
    std::atomic<int> bad = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            const auto answer = cache.find_or_load({"a", 300s}, [&]() -> Result<std::string> {
                ++loads;
                while (counters.shared < 3) {
                    std::this_thread::yield();
                }
                return failure(make_error(ErrorCode::unavailable, "x"));
            });
            bad += answer ? 0 : 1;
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(bad, 4);
    EXPECT_EQ(loads, 1);
}

TEST_F(Cache, StandsManyThreadsAtMoreKeysThanItHolds) {
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (int turn = 0; turn < 2'000; ++turn) {
                const std::string key = std::to_string((turn * 7 + thread) % 5);
                const auto answer = cache.find_or_load(
                    {key, 1ms, OnOutage::answer_stale}, [&]() -> Result<std::string> {
                        if (turn % 3 == 0) {
                            return failure(make_error(ErrorCode::unavailable, "x"));
                        }
                        return key;
                    });
                wrong += answer && *answer != key ? 1 : 0;
                if (turn % 50 == 0) {
                    cache.forget(key);
                    clock.advance(1ms);
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_LE(cache.size(), 3U);
}

}  // namespace
}  // namespace symbolon::client
