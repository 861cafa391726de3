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

TEST(LruCache, OfNoEntriesKeepsNone) {
    LruCache<int> cache(0);
    cache.insert("a", 1);
    EXPECT_EQ(cache.find("a"), nullptr);
}

}  // namespace
}  // namespace symbolon::client
