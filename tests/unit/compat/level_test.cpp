#include "compat/level.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

TEST(Level, IsFoundInAnyLetterCase) {
    EXPECT_EQ(find_level("backward_transitive"), Level::backward_transitive);
    EXPECT_EQ(find_level("Full"), Level::full);
    EXPECT_EQ(find_level("NONE"), Level::none);
}

TEST(Level, OtherTextsAreNoLevel) {
    EXPECT_EQ(find_level(""), std::nullopt);
    EXPECT_EQ(find_level("BACKWARDS"), std::nullopt);
    EXPECT_EQ(find_level("BACK"), std::nullopt);
}

TEST(Level, PrintsUpperCaseAndReadsItBack) {
    for (auto at = 0; at <= static_cast<int>(Level::full_transitive); ++at) {
        const auto level = static_cast<Level>(at);
        EXPECT_EQ(find_level(to_string(level)), level);
    }
}

TEST(Level, SaysWhichPairsItAsksFor) {
    EXPECT_FALSE(checks_forward(Level::none) || checks_backward(Level::none));
    EXPECT_TRUE(checks_backward(Level::backward) && !checks_forward(Level::backward));
    EXPECT_TRUE(checks_forward(Level::forward) && !checks_backward(Level::forward));
    EXPECT_TRUE(checks_forward(Level::full) && checks_backward(Level::full));
    EXPECT_TRUE(is_transitive(Level::full_transitive) && !is_transitive(Level::full));
}

}  // namespace symbolon::compat
