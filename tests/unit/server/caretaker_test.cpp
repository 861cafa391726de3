#include "server/caretaker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <thread>

namespace symbolon::server {
namespace {

template <class Condition>
bool holds_soon(Condition condition) {
    for (int wait = 0; wait < 1'000 && !condition(); ++wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return condition();
}

TEST(CaretakerTest, WorksUntilNothingIsLeftAndLooksAgainLater) {
    std::atomic<int> left = 5;
    std::atomic<int> steps = 0;
    const Caretaker caretaker([&] {
        ++steps;
        if (left == 0) {
            return false;
        }
        --left;
        return left > 0;
    });
    EXPECT_TRUE(holds_soon([&] { return left == 0; }));
    left = 3;
    EXPECT_TRUE(holds_soon([&] { return left == 0 && steps > 8; }));
}

TEST(CaretakerTest, GoesOnAfterAStepThatThrew) {
    std::atomic<int> steps = 0;
    const Caretaker caretaker([&]() -> bool {
        if (++steps == 1) {
            throw std::bad_alloc();
        }
        return false;
    });
    EXPECT_TRUE(holds_soon([&] { return steps > 1; }));
}

TEST(CaretakerTest, EndsWhileThereIsWork) {
    auto caretaker = std::make_unique<Caretaker>([] { return true; });
    caretaker.reset();
}

}  // namespace
}  // namespace symbolon::server
