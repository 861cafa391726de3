#include "core/nearest_names.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace symbolon {
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

TEST(NearestNames, AreShortenedLikeLs) {
    EXPECT_EQ(nearest_names("ls", Names{"list", "lint"}), Names{"list"});
    EXPECT_EQ(nearest_names("cfg", Names{"config", "contexts"}), Names{"config"});
    EXPECT_EQ(nearest_names("st", Names{"list"}), Names{});
    EXPECT_EQ(nearest_names("ls", Names{"lists"}), Names{});
}

TEST(NearestNames, ShareALetterAtLeast) {
    EXPECT_EQ(nearest_names("x", Names{"y"}), Names{});
    EXPECT_EQ(nearest_names("", Names{"y"}), Names{});
    EXPECT_EQ(nearest_names("ab", Names{"cd"}), Names{});
    EXPECT_EQ(nearest_names("xy", Names{"y"}), Names{"y"});
}

TEST(NearestNames, OneThirdOfTheLettersMayBeOthers) {
    const Names words{"subject", "schemas", "level", "check"};
    EXPECT_EQ(nearest_name("levle", words), "level");
    EXPECT_EQ(nearest_name("LEVEL", words), "level");
    EXPECT_EQ(nearest_name("schema", words), "schemas");
    EXPECT_EQ(nearest_name("cheque", words), std::nullopt);
    EXPECT_EQ(nearest_name("reference", words), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(100'000, 'c'), words), std::nullopt);
}

TEST(NearestNames, OfTwoThatAreAsNearNoneIsTheNearest) {
    EXPECT_EQ(nearest_name("lixt", Names{"list", "lint"}), std::nullopt);
    EXPECT_EQ(nearest_name("lixt", Names{"list", "lint", "lixty"}), std::nullopt);
    EXPECT_EQ(nearest_name("lis", Names{"lisa", "listing"}), "lisa");
    EXPECT_EQ(nearest_name("lst", Names{"list", "list"}), "list");
}

TEST(NearestNames, AreASentence) {
    EXPECT_EQ(did_you_mean({}), "");
    EXPECT_EQ(did_you_mean({"a"}), "Did you mean a?");
    EXPECT_EQ(did_you_mean({"a", "b", "c"}), "Did you mean a, b or c?");
}

}  // namespace
}  // namespace symbolon
