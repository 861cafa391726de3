#include "core/limits.hpp"
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

class Undelete : public RegistryFixture {
protected:
    Result<Version> restore(const char* subject, int version, bool force = false) {
        const VersionChoice choice =
            version < 0 ? VersionChoice::latest() : VersionChoice{Version(version)};
        return registry->undelete_version(parse_subject(subject), choice, force);
    }
    Result<std::vector<Version>> restore_all(const char* subject, bool force = false) {
        return registry->undelete_subject(parse_subject(subject), force);
    }
    std::vector<int> restored(const char* subject) {
        const auto result = restore_all(subject);
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        std::vector<int> numbers;
        for (const auto version : result ? *result : std::vector<Version>()) {
            numbers.push_back(version.value());
        }
        return numbers;
    }
    void add_all(const char* subject, const std::vector<std::string>& texts) {
        for (const auto& text : texts) {
            add(subject, text);
        }
    }
    void set_level(const char* subject, const char* level) {
        ASSERT_TRUE(
            set_config(subject, (std::string(R"({"compatibility":")") + level + "\"}").c_str()));
    }
    static std::string one_field(const char* type) {
        return std::string(R"({"type":"record","name":"R","fields":[{"name":"a","type":")") + type +
               "\"}]}";
    }
};

TEST_F(Undelete, AVersionComesBackWithItsNumberIdAndTime) {
    const auto before = add("s", record_of({"a"}));
    add("s", record_of({"b"}));
    ASSERT_TRUE(remove("s", 1));
    EXPECT_EQ(restore("s", 1)->value(), 1);
    const auto after = get("s", 1);
    ASSERT_TRUE(after);
    EXPECT_EQ(after->id, before.id);
    EXPECT_EQ(after->ts, before.ts);
    open();
    EXPECT_THAT(versions("s"), ElementsAre(1, 2)) << "also after a restart";
}

TEST_F(Undelete, ASubjectComesBackAsAWholeAndTwiceIsNoChange) {
    add_all("s", {record_of({"a"}), record_of({"b"}), record_of({"c"})});
    ASSERT_TRUE(remove("s", 2));
    EXPECT_THAT(restored("s"), ElementsAre(2));
    ASSERT_TRUE(remove_all("s"));
    EXPECT_THAT(restored("s"), ElementsAre(1, 2, 3));
    EXPECT_THAT(restored("s"), ElementsAre());
}

TEST_F(Undelete, MissingThingsAreNamed) {
    EXPECT_EQ(message_of(restore("s", 1)), "Subject 's' not found.");
    EXPECT_EQ(message_of(restore_all("s")), "Subject 's' not found.");
    add("s", record_of({"a"}));
    EXPECT_EQ(message_of(restore("s", 2)), "Version 2 not found.");
    ASSERT_TRUE(remove("s", 1));
    EXPECT_EQ(message_of(restore("s", -1)), "Version -1 not found.") << "the latest is a live one";
}

TEST_F(Undelete, ReadOnlyModeForbidsItUnlessThereIsNothingToDo) {
    add_all("s", {record_of({"a"}), record_of({"b"})});
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(code_of(restore("s", 1)), ErrorCode::operation_not_permitted);
    EXPECT_EQ(code_of(restore_all("s")), ErrorCode::operation_not_permitted);
    EXPECT_EQ(restore("s", 2)->value(), 2);
    EXPECT_EQ(restore("s", -1)->value(), 2);
}

TEST_F(Undelete, WhatAVersionRefersToMustBeLiveOrComeBackWithIt) {
    add("s", record_of({"x"}, "Base"));
    add("s", request_of(record_of({"a"}), {{"Base", "s", 1}}));
    ASSERT_TRUE(remove_all("s"));
    EXPECT_EQ(message_of(restore("s", 2)),
              "No schema reference found for subject \"s\" and version 1: it was soft deleted, "
              "restore it before version 2 of subject \"s\"");
    EXPECT_THAT(restored("s"), ElementsAre(1, 2));
}

TEST_F(Undelete, ARestoredVersionMustFitItsLiveNeighbours) {
    add_all("s", {one_field("int"), one_field("long"), one_field("string")});
    ASSERT_TRUE(remove("s", 2));
    set_level("s", "BACKWARD");
    const auto refused = restore("s", 2);
    EXPECT_EQ(code_of(refused), ErrorCode::incompatible_schema);
    EXPECT_THAT(message_of(refused), HasSubstr("make version 3 of subject \"s\" incompatible"));
    set_level("s", "FORWARD");
    EXPECT_THAT(message_of(restore("s", 2)),
                HasSubstr("make version 2 of subject \"s\" incompatible"))
        << "an int cannot be read from a long";
    set_level("s", "BACKWARD");
    EXPECT_TRUE(restore("s", 2, true));
}

TEST_F(Undelete, OnlyTransitiveLevelsLookPastTheNeighbours) {
    add_all("s", {one_field("string"), one_field("int"), one_field("int\",\"doc\":\"two"),
                  one_field("long")});
    ASSERT_TRUE(remove("s", 3));
    set_level("s", "BACKWARD_TRANSITIVE");
    EXPECT_EQ(code_of(restore("s", 3)), ErrorCode::incompatible_schema) << "version 1";
    set_level("s", "BACKWARD");
    EXPECT_TRUE(restore("s", 3));
}

TEST_F(Undelete, VersionsThatComeBackTogetherAreNotComparedWithEachOther) {
    add_all("s", {one_field("int"), one_field("string")});
    ASSERT_TRUE(remove_all("s"));
    set_level("s", "FULL_TRANSITIVE");
    EXPECT_THAT(restored("s"), ElementsAre(1, 2));
}

TEST_F(Undelete, OnlyVersionsOfOneGroupAreCompared) {  // DC-9
    ASSERT_TRUE(set_config("s", R"({"compatibilityGroup":"owner"})"));
    auto mine = request_of(one_field("int"));
    mine.metadata = symbolon::testing::owned_by("me");
    auto yours = request_of(one_field("string"));
    yours.metadata = symbolon::testing::owned_by("you");
    add("s", mine);
    add("s", yours);
    ASSERT_TRUE(remove("s", 1));
    set_level("s", "FULL_TRANSITIVE");
    EXPECT_TRUE(restore("s", 1));
}

TEST_F(Undelete, ImportModeSkipsTheCheck) {  // MODE-5
    add_all("s", {one_field("int"), one_field("string")});
    ASSERT_TRUE(remove("s", 1));
    set_level("s", "FULL");
    ASSERT_TRUE(set_mode("s", Mode::import, true));
    EXPECT_TRUE(restore("s", 1));
}

TEST_F(Undelete, TheNumberOfComparisonsIsBounded) {
    // 100 restored versions times 101 live ones are past 10,000 pairs.
    std::vector<std::string> texts;
    for (int at = 0; at < 201; ++at) {
        texts.push_back(one_field(("int\",\"doc\":\"" + std::to_string(at)).c_str()));
    }
    add_all("s", texts);
    for (int at = 1; at <= 100; ++at) {
        ASSERT_TRUE(remove("s", at));
    }
    set_level("s", "BACKWARD_TRANSITIVE");
    EXPECT_EQ(code_of(restore_all("s")), ErrorCode::check_too_costly);
    EXPECT_TRUE(restore("s", 1)) << "one at a time it goes";
    set_level("s", "BACKWARD");
    EXPECT_TRUE(restore_all("s")) << "neighbours are few";
}

}  // namespace
}  // namespace symbolon
