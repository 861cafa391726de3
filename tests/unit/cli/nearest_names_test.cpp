#include "cli/nearest_names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::cli {
namespace {

using Names = std::vector<std::string>;

const Names known_subjects{"orders-value", "orders-key", "customers-value", "a"};

TEST(NearestNames, AreAFewLettersAway) {
    EXPECT_EQ(nearest_names("ordres-value", known_subjects), Names{"orders-value"});
    EXPECT_EQ(nearest_names("orders-vale", known_subjects), Names{"orders-value"});
    EXPECT_EQ(nearest_names("xorders-value", known_subjects), Names{"orders-value"});
    EXPECT_EQ(nearest_names("Orders-Value", known_subjects), Names{"orders-value"});
    EXPECT_EQ(nearest_names("payments", known_subjects), Names{});
}

TEST(NearestNames, GoOnWhereTheNameEnds) {
    EXPECT_EQ(nearest_names("orders", known_subjects), (Names{"orders-key", "orders-value"}));
    EXPECT_EQ(nearest_names("or", known_subjects), Names{});
}

TEST(NearestNames, TheNearestComesFirstAndTheNameItselfIsNone) {
    const Names known{"levex", "level", "lexex"};
    EXPECT_EQ(nearest_names("levei", known), (Names{"level", "levex"}));
    EXPECT_EQ(nearest_names("level", known, 1), Names{"levex"});
    EXPECT_EQ(nearest_names("", known), Names{});
}

TEST(NearestNames, LongNamesInGreatNumberTakeNoTime) {
    const Names known(1'000, std::string(200, 'x') + "y");
    EXPECT_EQ(nearest_names(std::string(200, 'x') + "z", known, 1).size(), 1U);
}

TEST(NearestNames, AreASentence) {
    EXPECT_EQ(did_you_mean({}), "");
    EXPECT_EQ(did_you_mean({"a"}), "Did you mean a?");
    EXPECT_EQ(did_you_mean({"a", "b", "c"}), "Did you mean a, b or c?");
}

}  // namespace
}  // namespace symbolon::cli
