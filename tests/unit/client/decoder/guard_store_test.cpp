#include "client/decoder/guard_store.hpp"

#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace symbolon::client {
namespace {

const GuardState& some_state() {
    static const GuardState state{
        {"a \"b\"", {.flag = SubjectFlag{Version{3}, 1'700'000'000'123}, .last_good = Version{2}}},
        {"c", {.last_good = Version{1}}},
        {"d", {.flag = SubjectFlag{Version{}, 0}}}};
    return state;
}

TEST(GuardStore, StateSurvivesARestart) {
    const symbolon::testing::TempDir folder;
    const auto path = folder.file("state.json");
    {
        const auto store = GuardStore::open(path);
        ASSERT_TRUE(store);
        EXPECT_EQ(*(*store)->load(), GuardState{});
        ASSERT_TRUE((*store)->save({}));
        ASSERT_TRUE((*store)->save(some_state()));
    }
    const auto again = GuardStore::open(path);
    ASSERT_TRUE(again);
    EXPECT_EQ(*(*again)->load(), some_state());
    EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(GuardStore, ASecondDecoderIsRefusedAndAReaderIsNot) {
    const symbolon::testing::TempDir folder;
    const auto path = folder.file("state.json");
    const auto store = GuardStore::open(path);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->save(some_state()));
    const auto second = GuardStore::open(path);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, ::testing::HasSubstr("a running decoder uses it"));
    EXPECT_EQ(*GuardStore::read(path), some_state());
}

TEST(GuardStore, AFileLeftHalfWrittenBesideIsNoHarm) {
    const symbolon::testing::TempDir folder;
    const auto path = folder.file("state.json");
    const auto store = GuardStore::open(path);
    ASSERT_TRUE((*store)->save(some_state()));
    std::ofstream(path + ".new") << R"({"format":1,"sub)";
    EXPECT_EQ(*(*store)->load(), some_state());
    ASSERT_TRUE((*store)->save({}));
    EXPECT_EQ(*(*store)->load(), GuardState{});
}

TEST(GuardStore, WhatIsNoStateIsAnErrorAndNoEmptyState) {
    for (const std::string_view text :
         {"", "{", "[]", "{}", R"({"format":2,"subjects":{}})", R"({"format":1})",
          R"({"format":1,"subjects":{"s":1}})",
          R"({"format":1,"subjects":{"s":{"last_good_version":"x"}}})",
          R"({"format":1,"subjects":{"s":{"last_good_version":-1}}})"}) {
        EXPECT_FALSE(parse_guard_state(text)) << text;
    }
    const symbolon::testing::TempDir folder;
    std::ofstream(folder.file("state.json")) << "nonsense";
    const auto read = GuardStore::read(folder.file("state.json"));
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, ::testing::HasSubstr("--state"));
}

TEST(GuardStore, AFileThatIsTooLargeIsNotRead) {
    const symbolon::testing::TempDir folder;
    const auto path = folder.file("state.json");
    { std::ofstream(path) << "nonsense"; }
    for (const std::uintmax_t more : {0U, 1U}) {
        std::filesystem::resize_file(path, limits::guard_state_bytes_max + more);
        const auto refused = GuardStore::read(path);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().message.find("is too large") != std::string::npos, more == 1);
    }
}

TEST(GuardStore, AMissingFolderIsNamed) {
    const auto store = GuardStore::open("/not/there/state.json");
    ASSERT_FALSE(store);
    EXPECT_THAT(store.error().message, ::testing::HasSubstr("/not/there/state.json"));
}

}  // namespace
}  // namespace symbolon::client
