#include "cli/config_keys.hpp"

#include "cli/registry_command.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace symbolon::cli {
namespace {

std::string changes_of(const std::vector<std::string>& words) {
    const auto body = parse_config_changes(words);
    return body ? to_text(*body) : "error: " + body.error().message;
}

std::string hint_of(const Error& error) {
    const auto* const advice = dynamic_cast<const Advice*>(error.detail.get());
    return advice == nullptr ? "" : advice->hint;
}

TEST(ConfigKeys, BecomeTheBodyOfARequest) {
    EXPECT_EQ(changes_of({"level=full-transitive", "normalize=true", "keepDays=7"}),
              R"({"compatibility":"FULL_TRANSITIVE","keepDays":7,"normalize":true})");
    EXPECT_EQ(changes_of({"compatibilityLevel=NONE"}), R"({"compatibility":"NONE"})");
    EXPECT_EQ(changes_of({"alias=a=b", "compatibilityPolicy=lenient"}),
              R"({"alias":"a=b","compatibilityPolicy":"LENIENT"})");
}

TEST(ConfigKeys, AnEmptyValueClears) {
    EXPECT_EQ(changes_of({"alias=", "level="}), R"({"alias":null,"compatibility":null})");
}

TEST(ConfigKeys, ObjectsAreJsonOrInAFile) {
    EXPECT_EQ(changes_of({R"(defaultMetadata={"properties":{"a":"b"}})"}),
              R"({"defaultMetadata":{"properties":{"a":"b"}}})");
    const symbolon::testing::TempDir folder;
    std::ofstream(folder.file("m.json")) << R"({"tags":{}})";
    EXPECT_EQ(changes_of({"overrideMetadata=@" + folder.file("m.json")}),
              R"({"overrideMetadata":{"tags":{}}})");
    EXPECT_NE(changes_of({"overrideMetadata=@/no/such/file"}).find("Cannot read /no/such/file"),
              std::string::npos);
    EXPECT_NE(changes_of({"overrideMetadata=[1]"}).find("a JSON object is wanted"),
              std::string::npos);
    EXPECT_NE(changes_of({"overrideMetadata={"}).find("overrideMetadata: "), std::string::npos);
}

TEST(ConfigKeys, WhatIsNotKnownIsToldWithWhatIsNear) {
    const auto key = parse_config_changes({"levl=FULL"});
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().message, "'levl' is no key of a config");
    EXPECT_EQ(hint_of(key.error()), "Did you mean level?");
    const auto level = parse_config_changes({"level=BACKWRD"});
    ASSERT_FALSE(level);
    EXPECT_EQ(hint_of(level.error()), "Did you mean BACKWARD?");
    const auto far = parse_config_changes({"compatibilityPolicy=x"});
    ASSERT_FALSE(far);
    EXPECT_EQ(hint_of(far.error()), "Known are STRICT, LENIENT, LOGICAL.");
}

TEST(ConfigKeys, ValuesOfOtherKindsAndWordsTwiceAreRefused) {
    for (const std::string word :
         {"normalize=yes", "keepDays=-1", "keepDays=1x", "keepDays=99999999999", "level", "=x"}) {
        const auto body = parse_config_changes({word});
        EXPECT_FALSE(body) << word;
    }
    EXPECT_EQ(changes_of({"level=FULL", "compatibility=NONE"}), "error: level is given twice");
}

TEST(ConfigKeys, AChangeIsToldFromASubject) {
    EXPECT_TRUE(is_config_change("level=FULL"));
    EXPECT_TRUE(is_config_change("alias="));
    EXPECT_FALSE(is_config_change("orders-value"));
    EXPECT_FALSE(is_config_change("a=b"));
}

TEST(ConfigKeys, EveryKeyIsInTheHelp) {
    const std::string help = config_keys_help();
    for (const std::string key : {"level", "normalize", "checkReferrers", "overrideRuleSet"}) {
        EXPECT_NE(help.find("\n  " + key + " "), std::string::npos) << key;
    }
    EXPECT_EQ(config_key_of("compatibilityLevel"), "level");
    EXPECT_EQ(config_key_of("unknown"), "unknown");
}

TEST(Modes, AreTakenInAnyCase) {
    EXPECT_EQ(parse_mode("readonly").value_or(""), "READONLY");
    const auto mode = parse_mode("READONY");
    ASSERT_FALSE(mode);
    EXPECT_EQ(hint_of(mode.error()), "Did you mean READONLY?");
    EXPECT_NE(modes_help().find("IMPORT"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::cli
