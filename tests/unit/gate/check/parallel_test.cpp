#include "gate/check/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace symbolon::gate {
namespace {

TEST(ForEachIndex, EveryIndexIsTakenOnce) {
    for (const std::size_t jobs : {std::size_t{0}, std::size_t{1}, std::size_t{8}}) {
        std::vector<int> taken(1'000);
        ASSERT_TRUE(for_each_index(taken.size(), jobs, [&](std::size_t at) -> Status {
            ++taken[at];
            return {};
        }));
        EXPECT_EQ(taken, std::vector<int>(1'000, 1));
    }
}

TEST(ForEachIndex, TheLowestFailureIsTold) {
    for (int round = 0; round < 50; ++round) {
        const auto done = for_each_index(100, 8, [&](std::size_t at) -> Status {
            return at < 10
                       ? Status()
                       : Status(failure(make_error(ErrorCode::unavailable, std::to_string(at))));
        });
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().message, "10");
    }
}

TEST(ForEachIndex, AnExceptionReachesTheCaller) {
    const auto fail_half_way = [](std::size_t at) -> Status {
        if (at == 50) {
            throw std::runtime_error("x");
        }
        return {};
    };
    EXPECT_THROW(
        {
            const auto done = for_each_index(100, 4, fail_half_way);
            EXPECT_FALSE(done);
        },
        std::runtime_error);
}

}  // namespace
}  // namespace symbolon::gate
