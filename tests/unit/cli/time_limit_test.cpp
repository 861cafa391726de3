#include "cli/time_limit.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace symbolon::cli {
namespace {

using namespace std::chrono_literals;

TEST(TimeLimit, ActsOnceTheTimeHasPassed) {
    std::atomic<int> acts = 0;
    const TimeLimit limit(1ms, [&acts] { ++acts; });
    while (acts == 0) {
        std::this_thread::sleep_for(1ms);
    }
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(acts, 1);
}

TEST(TimeLimit, DoesNothingWhenItIsGoneBefore) {
    const auto begun = std::chrono::steady_clock::now();
    std::atomic<int> acts = 0;
    {
        const TimeLimit limit(10min, [&acts] { ++acts; });
    }
    EXPECT_EQ(acts, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 1min);
}

}  // namespace
}  // namespace symbolon::cli
