#include "storage/open_store.hpp"

#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace symbolon::storage {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal_of(std::string_view url) {
    const auto store = open_store(url);
    if (store) {
        return "opened";
    }
    EXPECT_EQ(store.error().code, ErrorCode::cannot_start);
    return store.error().message;
}

/// Goes into a folder for as long as a test runs.
class WorkingDirectory {
public:
    explicit WorkingDirectory(const std::filesystem::path& folder)
        : before_(std::filesystem::current_path()) {
        std::filesystem::current_path(folder);
    }
    WorkingDirectory(const WorkingDirectory&) = delete;
    WorkingDirectory& operator=(const WorkingDirectory&) = delete;
    WorkingDirectory(WorkingDirectory&&) = delete;
    WorkingDirectory& operator=(WorkingDirectory&&) = delete;
    ~WorkingDirectory() { std::filesystem::current_path(before_); }

private:
    std::filesystem::path before_;
};

}  // namespace

TEST(OpenStore, EveryMemoryStoreIsItsOwn) {
    const auto one = open_store("memory:");
    const auto other = open_store("memory:");
    ASSERT_TRUE(one && other);
    ASSERT_TRUE((*one)->commit({{"a", "1"}}, Revision{0}));
    EXPECT_TRUE((*other)->read_since(Revision{0})->empty());
}

TEST(OpenStore, ASqlitePathMayBeAbsoluteOrRelative) {
    const testing::TempDir folder;
    const WorkingDirectory here(folder.path());
    {
        const auto store = open_store("sqlite:" + folder.file("store.db"));
        ASSERT_TRUE(store) << store.error().message;
        ASSERT_TRUE((*store)->commit({{"a", "1"}}, Revision{0}));
    }
    const auto store = open_store("sqlite:store.db");
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->read_since(Revision{0})->size(), 1U);
}

TEST(OpenStore, ASqlitePathIsNeverReadAsAUri) {
    const testing::TempDir folder;
    const WorkingDirectory here(folder.path());
    ASSERT_TRUE(open_store("sqlite:file:odd?mode=memory"));
    EXPECT_TRUE(std::filesystem::exists(folder.file("file:odd?mode=memory")));
}

TEST(OpenStore, AnUnknownSchemeNamesTheKnownOnes) {
    EXPECT_THAT(refusal_of("redis://host"), HasSubstr("'redis:'"));
    EXPECT_THAT(refusal_of("redis://host"), HasSubstr("sqlite:<path of a file> and memory:"));
    EXPECT_THAT(refusal_of(""), HasSubstr("Known stores"));
}

TEST(OpenStore, APathWithoutSchemeIsToldTheRightForm) {
    EXPECT_THAT(refusal_of("data/store.db"), HasSubstr("write sqlite:data/store.db"));
}

TEST(OpenStore, PostgresComesLaterAndItsPasswordIsNotRepeated) {
    EXPECT_THAT(refusal_of("postgres://me:secret@host/db"), HasSubstr("later release"));
    EXPECT_THAT(refusal_of("postgresql://me:secret@host/db"), Not(HasSubstr("secret")));
}

TEST(OpenStore, AnExistingStoreIsOpenedAndAnAbsentOneIsNotMade) {
    const testing::TempDir folder;
    const auto absent = open_existing_store("sqlite:" + folder.file("store.db"));
    ASSERT_FALSE(absent);
    EXPECT_THAT(absent.error().message, HasSubstr("there is no such file"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_FALSE(open_existing_store("memory:"));
    ASSERT_TRUE(open_store("sqlite:" + folder.file("store.db")));
    EXPECT_TRUE(open_existing_store("sqlite:" + folder.file("store.db")));
}

TEST(OpenStore, AUrlThatNamesNoFileIsRefused) {
    EXPECT_THAT(refusal_of("sqlite:"), HasSubstr("followed by the path"));
    EXPECT_THAT(refusal_of(std::string_view("sqlite:a\0b", 10)), HasSubstr("followed by the path"));
    EXPECT_THAT(refusal_of("sqlite::memory:"), HasSubstr("memory:"));
    EXPECT_THAT(refusal_of("memory:x"), HasSubstr("nothing after the colon"));
}

}  // namespace symbolon::storage
