#include "api/retention.hpp"

#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t day = 86'400'000;

class RetentionRules : public RegistryFixture {
protected:
    RetentionRules() {
        settings.now = [this] { return now.load(); };
        open();
    }
    void add_many(const char* subject, int count) {
        for (int at = 0; at < count; ++at) {
            add(subject, record_of({"f" + std::to_string(at)}));
        }
    }
    std::vector<std::string> expired() {
        std::vector<std::string> names;
        registry->read([&](const Catalog& catalog) {
            for (const auto& item : list_expired(catalog, settings, now)) {
                names.push_back(to_text(item.subject) + "/" + std::to_string(item.version.value()));
            }
        });
        return names;
    }
    Result<Version> force_away(const char* subject, int version) {
        return registry->delete_version(parse_subject(subject), {Version(version)}, true,
                                        Retention::overridden);
    }
};

TEST_F(RetentionRules, NothingIsGuardedUntilSomebodyAsksForIt) {
    add_many("s", 1);
    ASSERT_TRUE(remove("s", 1));
    EXPECT_TRUE(remove("s", 1, true));
}

TEST_F(RetentionRules, TheServersOptionGuardsTenVersionsAndNinetyDays) {
    settings.retention_guard = true;
    open();
    add_many("s", 11);
    ASSERT_TRUE(remove_all("s"));
    now += 90 * day - 1;
    EXPECT_THAT(message_of(remove("s", 1, true)), HasSubstr("less than 90 days ago (keepDays)"));
    now += 1;
    EXPECT_THAT(message_of(remove("s", 2, true)),
                HasSubstr("newest 10 versions (keepVersions), until 1 newer one is registered"));
    EXPECT_TRUE(remove("s", 1, true)) << "the eleventh from the end, and ninety days old";
}

TEST_F(RetentionRules, EitherWindowRetains) {
    ASSERT_TRUE(set_config("s", R"({"keepVersions":1,"keepDays":2})"));
    add_many("s", 2);
    ASSERT_TRUE(remove_all("s"));
    const auto young = remove("s", 2, true);
    EXPECT_EQ(code_of(young), ErrorCode::retained_version);
    EXPECT_EQ(message_of(young),
              "Version 2 of subject 's' is retained for replay: it is among the newest 1 versions "
              "(keepVersions), until 1 newer one is registered; it was registered less than 2 days "
              "ago (keepDays), until 1970-01-03T00:00:01Z. An administrator deletes it all the "
              "same with force=true.");
    now += 2 * day;
    EXPECT_EQ(code_of(remove("s", 2, true)), ErrorCode::retained_version);
    EXPECT_TRUE(remove("s", 1, true));
}

TEST_F(RetentionRules, ASubjectGoesOnlyWhenAllOfItIsOutside) {
    ASSERT_TRUE(set_config("s", R"({"keepVersions":1,"keepDays":0})"));
    add_many("s", 3);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_THAT(message_of(remove_all("s", true)), HasSubstr("Version 3 of subject 's'"));
    ASSERT_TRUE(set_config("s", R"({"keepVersions":0})"));
    EXPECT_TRUE(remove_all("s", true)) << "two windows of nothing guard nothing";
}

TEST_F(RetentionRules, AnOverrideDeletesWhatIsRetained) {
    ASSERT_TRUE(set_config("s", R"({"keepDays":1})"));
    add_many("s", 2);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_EQ(code_of(remove("s", 1, true)), ErrorCode::retained_version);
    EXPECT_TRUE(force_away("s", 1));
    EXPECT_TRUE(registry->delete_subject(parse_subject("s"), true, Retention::overridden));
}

TEST_F(RetentionRules, EachWindowIsInheritedByItself) {
    ASSERT_TRUE(set_config(":.:", R"({"keepVersions":3})"));
    ASSERT_TRUE(set_config(":.dev:", R"({"keepDays":5})"));
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL"})"));
    ASSERT_TRUE(set_config(":.__GLOBAL:", R"({"keepVersions":8})"));
    const auto windows = [&](const char* subject) {
        return registry->read([&](const Catalog& catalog) {
            return windows_in_scope(catalog, parse_subject(subject), settings);
        });
    };
    EXPECT_EQ(windows("s").versions, 3);
    EXPECT_EQ(windows("s").days, 90);
    EXPECT_EQ(windows(":.dev:s").versions, 8);
    EXPECT_EQ(windows(":.dev:s").days, 5);
    EXPECT_TRUE(windows(":.other:s").guarded);
}

TEST_F(RetentionRules, ImportModeDoesNotTakeAwayWhatIsRetained) {
    ASSERT_TRUE(set_config("s", R"({"keepDays":1})"));
    add_many("s", 1);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_EQ(code_of(set_mode("s", Mode::import)), ErrorCode::retained_version);
    EXPECT_EQ(code_of(set_mode(":.:", Mode::import)), ErrorCode::retained_version);
    EXPECT_TRUE(set_mode("s", Mode::import, true)) << "which leaves what is there";
    EXPECT_TRUE(get("s", 1, View::with_deleted));
}

TEST_F(RetentionRules, WhatExpiredIsSoftDeletedOutsideBothWindowsAndWritable) {
    ASSERT_TRUE(set_config(":.:", R"({"keepVersions":1,"keepDays":1})"));
    add_many("s", 3);
    add_many("frozen", 2);
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove_all("frozen"));
    EXPECT_THAT(expired(), IsEmpty()) << "too young";
    now += day;
    EXPECT_THAT(expired(), ElementsAre("frozen/1", "s/1"));
    ASSERT_TRUE(set_mode("frozen", Mode::readonly));
    EXPECT_THAT(expired(), ElementsAre("s/1")) << "s/2 is live, the others are the newest";
}

TEST_F(RetentionRules, WithoutAnyConfigTheDefaultWindowsDecideWhatExpired) {
    add_many("s", 11);
    ASSERT_TRUE(remove_all("s"));
    EXPECT_THAT(expired(), IsEmpty());
    now += 90 * day;
    EXPECT_THAT(expired(), ElementsAre("s/1"));
}

TEST_F(RetentionRules, AReferrerExpiresBeforeWhatItRefersTo) {
    ASSERT_TRUE(set_config(":.:", R"({"keepVersions":0,"keepDays":0})"));
    add("base", record_of({"x"}, "Base"));
    add("middle", request_of(record_of({"m"}, "M"), {{"Base", "base", 1}}));
    add("top", request_of(record_of({"t"}, "T"), {{"M", "middle", 1}}));
    ASSERT_TRUE(remove_all("top"));
    ASSERT_TRUE(remove_all("middle"));
    ASSERT_TRUE(remove_all("base"));
    EXPECT_THAT(expired(), ElementsAre("top/1", "middle/1", "base/1"));
    ASSERT_TRUE(set_config("top", R"({"keepDays":9})"));
    EXPECT_THAT(expired(), IsEmpty()) << "the referrer that stays holds the others";
}

TEST_F(RetentionRules, PruningRemovesWhatExpiredAndNothingElse) {
    ASSERT_TRUE(set_config(":.:", R"({"keepVersions":1,"keepDays":0})"));
    add_many("s", 3);
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("s", 3));
    const auto removed = registry->prune();
    ASSERT_TRUE(removed) << removed.error().message;
    ASSERT_EQ(removed->size(), 1U);
    EXPECT_EQ(removed->front().version.value(), 1);
    EXPECT_THAT(versions("s", View::with_deleted), ElementsAre(2, 3));
    EXPECT_TRUE(registry->prune()->empty());
    open();
    EXPECT_THAT(versions("s", View::with_deleted), ElementsAre(2, 3)) << "also after a restart";
}

}  // namespace
}  // namespace symbolon
