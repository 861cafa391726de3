#include "api/rest/response_cache.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace symbolon::rest {
namespace {

KeptResponse kept(std::int64_t revision, std::string body) {
    return {Revision{revision}, "getSchemaById",
            std::make_shared<const std::string>(std::move(body))};
}

TEST(ResponseCache, FindsWhatWasKeptUnderTheSameTarget) {
    const auto cache = std::make_unique<ResponseCache>();
    EXPECT_FALSE(cache->find("/schemas/ids/1"));
    cache->keep("/schemas/ids/1", kept(3, "one"));
    const auto found = cache->find("/schemas/ids/1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->revision, Revision{3});
    EXPECT_EQ(found->operation_id, "getSchemaById");
    EXPECT_EQ(*found->body, "one");
    EXPECT_FALSE(cache->find("/schemas/ids/2"));
    EXPECT_TRUE(cache->contains("/schemas/ids/1"));
    EXPECT_FALSE(cache->contains("/schemas/ids/2"));
}

TEST(ResponseCache, ANewerAnswerReplacesTheOlder) {
    const auto cache = std::make_unique<ResponseCache>();
    cache->keep("/a", kept(1, "old"));
    cache->keep("/a", kept(2, "newer"));
    EXPECT_EQ(*cache->find("/a")->body, "newer");
    EXPECT_EQ(cache->size_bytes(), 2U + 5U);
}

TEST(ResponseCache, AnAnswerOfTheLargestSizeIsKeptAndALargerOneIsNot) {
    const auto cache = std::make_unique<ResponseCache>();
    cache->keep("/a", kept(1, std::string(ResponseCache::entry_bytes_max - 2, 'x')));
    EXPECT_TRUE(cache->find("/a"));
    cache->keep("/b", kept(1, std::string(ResponseCache::entry_bytes_max - 1, 'x')));
    EXPECT_FALSE(cache->find("/b"));
}

TEST(ResponseCache, ItsMemoryIsBoundedWhateverIsAskedFor) {
    const auto cache = std::make_unique<ResponseCache>();
    const std::string body(100U << 10U, 'x');
    for (int at = 0; at < 1'000; ++at) {
        cache->keep("/schemas/ids/" + std::to_string(at), kept(1, body));
        ASSERT_LE(cache->size_bytes(), ResponseCache::shard_count * ResponseCache::shard_bytes_max);
    }
    EXPECT_GT(cache->size_bytes(), body.size());
}

TEST(ResponseCache, ServesManyThreads) {
    const auto cache = std::make_unique<ResponseCache>();
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int at = 0; at < 2'000; ++at) {
                const std::string target = "/" + std::to_string(at % 50);
                cache->keep(target, kept(at, target));
                if (const auto found = cache->find(target)) {
                    EXPECT_EQ(*found->body, target);
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace
}  // namespace symbolon::rest
