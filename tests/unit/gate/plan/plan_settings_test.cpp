#include "gate/tree/tree_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::gate {
namespace {

using ::testing::HasSubstr;

Result<TreeConfig> parse_entry(const std::string& members) {
    return parse_tree_config("version: 1\nschemas:\n  - {path: a.avsc, " + members + "}\n",
                             "symbolon.yaml");
}

TEST(PlanSettings, AnEntryMaySayTheModeAndWhetherTheRegistryNormalises) {
    const auto config = parse_entry("mode: READONLY, normalize: false");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->entries[0].mode, "READONLY");
    EXPECT_EQ(config->entries[0].normalize, false);
}

TEST(PlanSettings, AModeThatAPlanMayNotSetIsRefusedWithItsPlace) {
    const auto config = parse_entry("mode: IMPORT");
    ASSERT_FALSE(config);
    EXPECT_THAT(config.error().message, HasSubstr("symbolon.yaml:3:"));
    EXPECT_THAT(config.error().message, HasSubstr("READONLY_OVERRIDE"));
}

TEST(PlanSettings, NormalizeIsTrueOrFalse) {
    EXPECT_THAT(parse_entry("normalize: maybe").error().message, HasSubstr("true or false"));
}

}  // namespace
}  // namespace symbolon::gate
