#include "storage/open_store.hpp"
#include "tests/unit/storage/sqlite_helpers.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace symbolon::storage {
namespace {

class Snapshots : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = ::testing::TempDir() + "symbolon-snapshot-" +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file() const { return folder_ + "/store.db"; }
    std::string refusal(const std::string& url) const {
        const auto copy = open_snapshot(url);
        return copy ? "opened" : copy.error().message;
    }

    std::string folder_;
};

TEST_F(Snapshots, HoldWhatIsThereBesideTheProcessThatHasTheStore) {
    const auto store = open_or_fail(file());
    ASSERT_TRUE(store->commit({{"a", "1"}, {"b", "2"}}, Revision{0}));
    ASSERT_TRUE(store->commit({{"a", std::nullopt}, {"c", ""}}, Revision{2}));
    const auto copy = open_snapshot("sqlite:" + file());
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ(content_of(**copy), "1 b=2\n2 c=\n");
    EXPECT_TRUE(append_value(*store, "later")) << "the writer is not held up";
    EXPECT_EQ(content_of(**copy), "1 b=2\n2 c=\n") << "the copy is of one moment";
}

TEST_F(Snapshots, CommitsToThemAreLost) {
    const auto store = open_or_fail(file());
    const auto copy = open_snapshot("sqlite:" + file());
    ASSERT_TRUE(copy) << copy.error().message;
    ASSERT_TRUE((*copy)->commit({{"a", "1"}}, Revision{0}));
    EXPECT_EQ(content_of(*store), "");
}

TEST_F(Snapshots, MakeNoFileWhereThereIsNone) {
    EXPECT_NE(refusal("sqlite:" + file()).find("there is no such file"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(file()));
    EXPECT_NE(refusal("memory:").find("keeps nothing"), std::string::npos);
}

TEST_F(Snapshots, RefuseWhatIsNoStoreOfThisRelease) {
    write_file(file(), std::string(200, 'x'));
    EXPECT_NE(refusal("sqlite:" + file()).find("no database"), std::string::npos);
    std::filesystem::remove(file());
    open_or_fail(file()).reset();
    sqlite_shell(file(), "PRAGMA user_version = 999");
    EXPECT_NE(refusal("sqlite:" + file()).find("newer release"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::storage
