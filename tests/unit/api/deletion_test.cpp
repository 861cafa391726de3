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

class DeletionRules : public RegistryFixture {
protected:
    void add_two(const char* subject) {
        add(subject, record_of({"a"}));
        add(subject, record_of({"b"}));
    }
    std::vector<int> removed(const char* subject, bool permanent = false) {
        const auto result = remove_all(subject, permanent);
        std::vector<int> numbers;
        for (const auto version : result ? *result : std::vector<Version>()) {
            numbers.push_back(version.value());
        }
        return numbers;
    }
    bool has_id(int id) {
        return registry->read([&](const Catalog& c) {
            return get_schema_by_id(c, SchemaId(id), std::nullopt).has_value();
        });
    }
};

TEST_F(DeletionRules, MissingThingsAreNamed) {  // DEL-1, DEL-12
    EXPECT_EQ(message_of(remove("s", 1)), "Subject 's' not found.");
    EXPECT_EQ(message_of(remove_all("s")), "Subject 's' not found.");
    EXPECT_EQ(message_of(remove_all("s", true)), "Subject 's' not found.");
    add_two("s");
    EXPECT_EQ(message_of(remove("s", 3)), "Version 3 not found.");
}

TEST_F(DeletionRules, ASoftDeletedVersionIsHiddenButReadable) {  // DEL-6, ID-12
    add_two("s");
    EXPECT_EQ(remove("s", 1)->value(), 1);
    EXPECT_THAT(versions("s"), ElementsAre(2));
    EXPECT_TRUE(get("s", 1, View::with_deleted));
    EXPECT_TRUE(has_id(1));
}

TEST_F(DeletionRules, ASecondSoftDeletionIsRefused) {  // DEL-2
    add_two("s");
    ASSERT_TRUE(remove("s", 1));
    EXPECT_EQ(message_of(remove("s", 1)),
              "Subject 's' Version 1 was soft deleted.Set permanent=true to delete permanently");
}

TEST_F(DeletionRules, APermanentDeletionNeedsASoftOneFirst) {  // DEL-5, DEL-7
    add_two("s");
    EXPECT_EQ(message_of(remove("s", 1, true)),
              "Subject 's' Version 1 was not deleted first before being permanently deleted");
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("s", 1, true));
    EXPECT_EQ(code_of(get("s", 1, View::with_deleted)), ErrorCode::version_not_found);
    EXPECT_FALSE(has_id(1)) << "nothing uses the id any more (ID-7)";
}

TEST_F(DeletionRules, LatestIsTheHighestLiveVersion) {  // DEL-1, DEL-5
    add_two("s");
    EXPECT_EQ(remove("s", -1)->value(), 2);
    EXPECT_EQ(remove("s", -1)->value(), 1);
    EXPECT_EQ(message_of(remove("s", -1)), "Version -1 not found.");
    EXPECT_EQ(code_of(get("s", -1)), ErrorCode::subject_not_found);
    add("s", record_of({"c"}));
    EXPECT_EQ(code_of(remove("s", -1, true)), ErrorCode::version_not_soft_deleted);
}

TEST_F(DeletionRules, ReadOnlyModeProtects) {  // DEL-3, DEL-8, MODE-3
    add_two("s");
    ASSERT_TRUE(set_mode("s", Mode::readonly));
    EXPECT_EQ(message_of(remove("s", 1)), "Subject s in context  is in read-only mode");
    EXPECT_EQ(code_of(remove_all("s")), ErrorCode::operation_not_permitted);
    add(":.dev:s", record_of({"a"}));
    ASSERT_TRUE(set_mode(":.dev:", Mode::readonly_override));
    EXPECT_EQ(message_of(remove(":.dev:s", 1)),
              "Subject :.dev:s in context :.dev: is in read-only mode");
}

TEST_F(DeletionRules, WhatIsReferencedStays) {  // DEL-4
    add("base", record_of({"x"}, "Base"));
    add("s", request_of(record_of({"a"}), {{"Base", "base", 1}}));
    EXPECT_EQ(message_of(remove("base", 1)),
              "One or more references exist to the schema "
              "{magic=1,keytype=SCHEMA,subject=base,version=1}.");
    ASSERT_TRUE(remove("s", 1));
    ASSERT_TRUE(remove("base", 1)) << "a soft-deleted referrer does not block a soft deletion";
    EXPECT_EQ(code_of(remove("base", 1, true)), ErrorCode::reference_exists);
    ASSERT_TRUE(remove("s", 1, true));
    EXPECT_TRUE(remove("base", 1, true));
}

TEST_F(DeletionRules, TheLastVersionTakesTheSubjectsSettingsAlong) {  // DEL-7
    add_two("s");
    ASSERT_TRUE(set_config("s", R"({"compatibility":"FULL"})"));
    ASSERT_TRUE(set_mode("s", Mode::readwrite));
    ASSERT_TRUE(remove_all("s"));
    const auto has_config = [&] {
        return registry->read(
            [](const Catalog& c) { return find_config(c, parse_subject("s")).has_value(); });
    };
    EXPECT_TRUE(has_config()) << "a soft deletion keeps them";
    ASSERT_TRUE(remove("s", 1, true));
    EXPECT_TRUE(has_config());
    ASSERT_TRUE(remove("s", 2, true));
    EXPECT_FALSE(has_config());
    registry->read(
        [](const Catalog& c) { EXPECT_FALSE(find_mode(c, parse_subject("s")).has_value()); });
}

TEST_F(DeletionRules, ASubjectGoesSoftlyThenForGood) {  // DEL-8, DEL-9
    add_two("s");
    EXPECT_EQ(message_of(remove_all("s", true)),
              "Subject 's' was not deleted first before being permanently deleted");
    EXPECT_THAT(removed("s"), ElementsAre(1, 2));
    EXPECT_EQ(message_of(remove_all("s")),
              "Subject 's' was soft deleted.Set permanent=true to delete permanently");
    EXPECT_THAT(removed("s", true), ElementsAre(1, 2));
    EXPECT_EQ(code_of(remove_all("s", true)), ErrorCode::subject_not_found);
    EXPECT_EQ(add("s", record_of({"a"})).version.value(), 1) << "numbering restarts (REG-17)";
    EXPECT_EQ(get("s", 1)->id.value(), 3) << "ids do not (ID-7)";
}

TEST_F(DeletionRules, AMixedSubjectAnswersWhatChanged) {  // DEL-10
    add_two("s");
    ASSERT_TRUE(remove("s", 1));
    EXPECT_THAT(removed("s"), ElementsAre(2));
    EXPECT_THAT(removed("s", true), ElementsAre(1, 2));
}

TEST_F(DeletionRules, ReferencesInsideASubjectDoNotProtectIt) {  // DEL-8
    add("s", record_of({"x"}, "Base"));
    add("s", request_of(record_of({"a"}), {{"Base", "s", 1}}));
    EXPECT_EQ(code_of(remove("s", 1)), ErrorCode::reference_exists);
    EXPECT_THAT(removed("s"), ElementsAre(1, 2));
    EXPECT_THAT(removed("s", true), ElementsAre(1, 2));
}

TEST_F(DeletionRules, ReferencesFromOtherSubjectsProtectASubject) {  // DEL-8
    add("base", record_of({"x"}, "Base"));
    add("base", record_of({"y"}, "Base"));
    add("s", request_of(record_of({"a"}), {{"Base", "base", 2}}));
    EXPECT_EQ(message_of(remove_all("base")),
              "One or more references exist to the schema "
              "{magic=1,keytype=SCHEMA,subject=base,version=2}.");
    ASSERT_TRUE(remove_all("s"));
    ASSERT_TRUE(remove_all("base"));
    EXPECT_EQ(code_of(remove_all("base", true)), ErrorCode::reference_exists);
}

TEST_F(DeletionRules, OtherUsersOfAnIdAreUnaffected) {  // DEL-11
    add("s", record_of({"a"}));
    add("t", record_of({"a"}));
    ASSERT_TRUE(remove_all("s"));
    ASSERT_TRUE(remove_all("s", true));
    EXPECT_TRUE(has_id(1));
    EXPECT_EQ(get("t", 1)->id.value(), 1);
}

TEST_F(DeletionRules, OnlyAnEmptyContextCanBeDeleted) {  // X2, 42211
    const auto listed = [&] {
        return registry->read([](const Catalog& c) { return list_contexts(c); });
    };
    EXPECT_TRUE(registry->delete_context(".unknown"));
    add(":.dev:s", record_of({"a"}));
    ASSERT_TRUE(remove_all(":.dev:s"));
    EXPECT_EQ(message_of(registry->delete_context(".dev")),
              "The specified context ':.dev:' is not empty.");
    ASSERT_TRUE(remove_all(":.dev:s", true));
    EXPECT_THAT(listed(), ElementsAre(".", ".dev"));
    ASSERT_TRUE(registry->delete_context(".dev"));
    EXPECT_THAT(listed(), ElementsAre("."));
    open();
    EXPECT_THAT(listed(), ElementsAre("."));
    EXPECT_EQ(add(":.dev:s", record_of({"b"})).id.value(), 2) << "ids go on (ID-7)";
    EXPECT_THAT(listed(), ElementsAre(".", ".dev"));
}

}  // namespace
}  // namespace symbolon
