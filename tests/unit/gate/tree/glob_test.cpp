#include "gate/tree/glob.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::gate {
namespace {

TEST(Glob, AStarStaysWithinAFolder) {
    EXPECT_TRUE(matches_glob("*.avsc", "a.avsc"));
    EXPECT_TRUE(matches_glob("orders/*.avsc", "orders/a.avsc"));
    EXPECT_TRUE(matches_glob("o*s/a*b*.avsc", "orders/a-b-c.avsc"));
    EXPECT_TRUE(matches_glob("*a*ab", "aaab"));
    EXPECT_FALSE(matches_glob("*.avsc", "orders/a.avsc"));
    EXPECT_FALSE(matches_glob("orders/*.avsc", "orders/eu/a.avsc"));
    EXPECT_FALSE(matches_glob("*.avsc", "a.avsc.txt"));
}

TEST(Glob, TwoStarsGoAcrossFolders) {
    EXPECT_TRUE(matches_glob("orders/**/*.avsc", "orders/a.avsc"));
    EXPECT_TRUE(matches_glob("orders/**/*.avsc", "orders/eu/de/a.avsc"));
    EXPECT_TRUE(matches_glob("**/*.avsc", "a.avsc"));
    EXPECT_TRUE(matches_glob("**/a.avsc", "x/y/a.avsc"));
    EXPECT_TRUE(matches_glob("**", "x/y/a.avsc"));
    EXPECT_TRUE(matches_glob("a/**/b/**/c", "a/b/x/b/y/c"));
    EXPECT_FALSE(matches_glob("orders/**/*.avsc", "other/a.avsc"));
    EXPECT_FALSE(matches_glob("a/**/b", "a/b/c"));
}

TEST(Glob, AFoldersPatternIsWhatIsInIt) {
    EXPECT_TRUE(matches_glob("build/**", "build/x/a.avsc"));
    EXPECT_TRUE(matches_glob("build/", "build/a.avsc"));
    EXPECT_FALSE(matches_glob("build/**", "build"));
    EXPECT_TRUE(covers_folder("build/**", "build"));
    EXPECT_TRUE(covers_folder("build/", "build"));
    EXPECT_TRUE(covers_folder("build", "build"));
    EXPECT_TRUE(covers_folder("**/gen/**", "a/b/gen"));
    EXPECT_FALSE(covers_folder("build/*.avsc", "build"));
    EXPECT_FALSE(covers_folder("build/**", "builds"));
}

TEST(Glob, AQuestionMarkIsOneCharacterAndBracketsAreThemselves) {
    EXPECT_TRUE(matches_glob("v?.avsc", "v1.avsc"));
    EXPECT_FALSE(matches_glob("v?.avsc", "v10.avsc"));
    EXPECT_TRUE(matches_glob("a[1].avsc", "a[1].avsc"));
    EXPECT_TRUE(matches_glob("./a.avsc", "a.avsc"));
    EXPECT_TRUE(is_plain_path("a/b.avsc"));
    EXPECT_FALSE(is_plain_path("a/*.avsc"));
}

TEST(Glob, APatternOfManyStarsTakesNoTimeToSpeakOf) {
    std::string pattern;
    while (pattern.size() + 5 <= limits::tree_pattern_bytes_max) {
        pattern += "**/*a";
    }
    std::string path = "a";
    for (int at = 0; at < 100; ++at) {
        path += std::string(100, 'a') + "/";
    }
    EXPECT_FALSE(matches_glob(pattern, path + "b"));
}

}  // namespace
}  // namespace symbolon::gate
