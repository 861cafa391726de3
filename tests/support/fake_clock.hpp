// A clock that stands still until it is told to go on, and on which sleeping takes no time.
//
// Example:  FakeClock clock;  client.find_by_id(id);  EXPECT_EQ(clock.sleeps().size(), 3U);
// Units:    steady time begins at 1,000,000 s, wall time at 2024-01-01T00:00:00Z
// Threads:  any thread
// Tested by tests/unit/client/http/retry_test.cpp
#pragma once

#include "client/http/clock.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace symbolon::testing {

class FakeClock final : public client::Clock {
public:
    std::chrono::steady_clock::time_point now() const override {
        const std::lock_guard lock(mutex_);
        ++looks_;
        return std::chrono::steady_clock::time_point(std::chrono::seconds(1'000'000)) + passed_;
    }
    /// How often somebody asked for the time.
    std::size_t looks() const {
        const std::lock_guard lock(mutex_);
        return looks_;
    }
    std::chrono::system_clock::time_point wall_now() const override {
        const std::lock_guard lock(mutex_);
        return std::chrono::system_clock::time_point(std::chrono::seconds(1'704'067'200)) +
               std::chrono::duration_cast<std::chrono::system_clock::duration>(passed_);
    }
    /// Moves the clock on and returns at once; the wait is remembered.
    void sleep_for(std::chrono::milliseconds time) override {
        const std::lock_guard lock(mutex_);
        passed_ += time;
        sleeps_.push_back(time);
    }

    /// False from the n-th wait on, which is cut short.
    void stop_at_wait(std::size_t wait) {
        const std::lock_guard lock(mutex_);
        stops_at_ = wait;
    }
    bool wait_for(std::chrono::milliseconds time) override {
        {
            const std::lock_guard lock(mutex_);
            if (stops_at_ && sleeps_.size() + 1 >= *stops_at_) {
                return false;
            }
        }
        sleep_for(time);
        return true;
    }

    void advance(std::chrono::milliseconds time) {
        const std::lock_guard lock(mutex_);
        passed_ += time;
    }
    /// Every wait so far, in order.
    std::vector<std::chrono::milliseconds> sleeps() const {
        const std::lock_guard lock(mutex_);
        return sleeps_;
    }

private:
    mutable std::mutex mutex_;
    mutable std::size_t looks_ = 0;                  // guarded by mutex_
    std::chrono::nanoseconds passed_{0};             // guarded by mutex_
    std::vector<std::chrono::milliseconds> sleeps_;  // guarded by mutex_
    std::optional<std::size_t> stops_at_;            // guarded by mutex_
};

}  // namespace symbolon::testing
