#include "api/read_write_lock.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace symbolon {
namespace {

TEST(ReadWriteLocks, ReadersShareAndAWriterIsAlone) {
    ReadWriteLock mutex;
    int plain = 0;  // guarded by mutex; the thread sanitizer watches
    std::vector<std::thread> threads;
    for (int at = 0; at < 3; ++at) {
        threads.emplace_back([&] {
            for (int n = 0; n < 100; ++n) {
                {
                    const std::lock_guard lock(mutex);
                    ++plain;
                }
                const std::shared_lock lock(mutex);
                EXPECT_GT(plain, 0);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(plain, 300);
}

TEST(ReadWriteLocks, AWriterIsNotPassedForEverByReaders) {
    ReadWriteLock mutex;
    std::atomic<bool> stop = false;
    std::atomic<long> reads = 0;
    std::vector<std::thread> readers;
    for (int at = 0; at < 3; ++at) {
        readers.emplace_back([&] {
            while (!stop) {
                const std::shared_lock lock(mutex);
                ++reads;
            }
        });
    }
    while (reads < 1'000) {
        std::this_thread::yield();
    }
    for (int n = 0; n < 20; ++n) {
        const std::lock_guard lock(mutex);
    }
    stop = true;
    for (auto& reader : readers) {
        reader.join();
    }
}

}  // namespace
}  // namespace symbolon
