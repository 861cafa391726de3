#include "api/config.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

Result<Config> merged(const Config& stored, const char* text) {
    return merge_config(stored, Json::parse(text));
}

TEST(Config, AbsentKeepsNullClearsAValueSets) {  // CFG-E2
    const auto first = merged({}, R"({"compatibility":"full","normalize":true,"alias":"x"})");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->level, compat::Level::full);
    const auto second = merged(*first, R"({"alias":null,"compatibilityGroup":"g"})");
    ASSERT_TRUE(second);
    EXPECT_EQ(second->level, compat::Level::full);
    EXPECT_EQ(second->normalize, true);
    EXPECT_EQ(second->alias, std::nullopt);
    EXPECT_EQ(second->compatibility_group, "g");
}

TEST(Config, TheLevelHasTwoNames) {                                                // CFG-E2
    const auto config = merged({}, R"({"compatibility":"Backward_Transitive"})");  // CFG-E3
    ASSERT_TRUE(config);
    EXPECT_EQ(to_text(to_json(*config, LevelKey::compatibility)),
              R"({"compatibility":"BACKWARD_TRANSITIVE"})");
    EXPECT_EQ(to_text(to_json(*config, LevelKey::compatibility_level)),
              R"({"compatibilityLevel":"BACKWARD_TRANSITIVE"})");
}

TEST(Config, AnUnknownLevelIsRefused) {
    for (const auto* text :
         {R"({"compatibility":"X"})", R"({"compatibility":7})", R"({"compatibility":""})"}) {
        EXPECT_EQ(merged({}, text).error().code, ErrorCode::invalid_level);
    }
}

TEST(Config, AnUnknownPolicyIsDroppedSilently) {  // CFG-E4
    EXPECT_EQ(merged({}, R"({"compatibilityPolicy":"lenient"})")->compatibility_policy, "LENIENT");
    const auto kept = merged(*merged({}, R"({"compatibilityPolicy":"STRICT"})"),
                             R"({"compatibilityPolicy":"X"})");
    EXPECT_EQ(kept->compatibility_policy, "STRICT");
}

TEST(Config, TheWrongShapeIsMalformed) {
    for (const auto* text :
         {"[]", R"({"normalize":"yes"})", R"({"alias":1})", R"({"defaultMetadata":[]})"}) {
        EXPECT_EQ(merged({}, text).error().code, ErrorCode::malformed_json) << text;
    }
}

TEST(Config, WindowsOfRetentionAreWholeNumbersWithinBounds) {
    const auto at_most = merged({}, R"({"keepVersions":1000000,"keepDays":36500})");
    ASSERT_TRUE(at_most);
    EXPECT_EQ(at_most->keep_versions, 1'000'000);
    EXPECT_EQ(at_most->keep_days, 36'500);
    EXPECT_EQ(merged(*at_most, R"({"keepDays":null})")->keep_days, std::nullopt);
    for (const auto* text :
         {R"({"keepVersions":1000001})", R"({"keepDays":36501})", R"({"keepDays":-1})",
          R"({"keepDays":1.0})", R"({"keepVersions":"3"})", R"({"keepDays":true})"}) {
        EXPECT_EQ(merged({}, text).error().code, ErrorCode::malformed_json) << text;
    }
}

TEST(Config, RuleSetsAreChecked) {  // 42210
    EXPECT_EQ(
        merged({}, R"({"defaultRuleSet":{"domainRules":[{"name":"1","type":"T"}]}})").error().code,
        ErrorCode::invalid_rule_set);
}

TEST(Config, EveryFieldSurvivesJson) {
    const auto* text =
        R"({"alias":"a","aliasForDeks":"d","compatibility":"NONE","compatibilityGroup":"g",)"
        R"("compatibilityPolicy":"STRICT","defaultMetadata":{"properties":{"k":"v"}},)"
        R"("defaultRuleSet":{"domainRules":[{"disabled":false,"kind":"TRANSFORM",)"
        R"("mode":"WRITEREAD","name":"r","type":"T"}]},"keepDays":7,)"
        R"("keepVersions":0,"normalize":false,)"
        R"("overrideMetadata":{},"overrideRuleSet":{},"validateFields":true,)"
        R"("validateNewSchemas":false,"validateRules":true})";
    EXPECT_EQ(to_text(to_json(*merged({}, text), LevelKey::compatibility)), text);
}

TEST(Modes, NamesGoBothWaysInAnyLetterCase) {  // MODE-E1
    for (const Mode mode :
         {Mode::readwrite, Mode::readonly, Mode::readonly_override, Mode::import, Mode::forward}) {
        EXPECT_EQ(find_mode(to_string(mode)), mode);
    }
    EXPECT_EQ(find_mode("ReadOnly_override"), Mode::readonly_override);
    EXPECT_FALSE(find_mode("WRITE"));
    EXPECT_TRUE(is_read_only(Mode::readonly_override));
    EXPECT_TRUE(takes_ids(Mode::forward));
    EXPECT_FALSE(takes_ids(Mode::readonly));
}

}  // namespace
}  // namespace symbolon
