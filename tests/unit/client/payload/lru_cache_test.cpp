#include "client/payload/lru_cache.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

TEST(LruCache, ForgetsWhatWasNotUsedForLongest) {
    LruCache<int> cache(2);
    cache.insert("a", 1);
    cache.insert("b", 2);
    ASSERT_NE(cache.find("a"), nullptr);
    cache.insert("c", 3);
    EXPECT_EQ(cache.find("b"), nullptr);
    ASSERT_NE(cache.find("a"), nullptr);
    EXPECT_EQ(*cache.find("a"), 1);
    EXPECT_EQ(*cache.find("c"), 3);
    EXPECT_EQ(cache.size(), 2U);
}

TEST(LruCache, KeepsTheFirstOfAKey) {
    LruCache<int> cache(2);
    cache.insert("a", 1);
    cache.insert("a", 2);
    EXPECT_EQ(*cache.find("a"), 1);
    EXPECT_EQ(cache.size(), 1U);
}

TEST(LruCache, ForgetsAsMuchAsSomethingCosts) {
    LruCache<int> cache(10, 100);
    cache.insert("a", 1, 40);
    cache.insert("b", 2, 40);
    cache.insert("free", 0);
    EXPECT_NE(cache.find("a"), nullptr);
    cache.insert("c", 3, 60);
    EXPECT_EQ(cache.find("b"), nullptr);
    EXPECT_NE(cache.find("a"), nullptr);
    EXPECT_NE(cache.find("c"), nullptr);
    cache.insert("d", 4, 100);
    EXPECT_EQ(cache.size(), 1U);
    cache.insert("too much", 5, 101);
    EXPECT_EQ(cache.find("too much"), nullptr);
    EXPECT_NE(cache.find("d"), nullptr);
    // What was forgotten costs nothing any more.
    cache.insert("e", 6, 50);
    cache.insert("f", 7, 50);
    EXPECT_EQ(cache.size(), 2U);
}

TEST(LruCache, OfNoEntriesKeepsNone) {
    LruCache<int> cache(0);
    cache.insert("a", 1);
    EXPECT_EQ(cache.find("a"), nullptr);
}

}  // namespace
}  // namespace symbolon::client
