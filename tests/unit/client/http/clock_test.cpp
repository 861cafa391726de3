#include "client/http/clock.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

TEST(SystemClock, SleepsAtLeastAsLongAsAsked) {
    SystemClock clock;
    const auto begun = clock.now();
    clock.sleep_for(std::chrono::milliseconds(3));
    EXPECT_GE(clock.now() - begun, std::chrono::milliseconds(3));
}

}  // namespace
}  // namespace symbolon::client
