#include "storage/sqlite/sqlite_store.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/storage/sqlite_helpers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

namespace symbolon::storage {

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

}  // namespace

// --- other processes

TEST(SqliteStore, ASecondOpenIsRefusedInThisAndInAnotherProcess) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    fs::create_symlink(file, folder.file("alias.db"));
    auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    const std::string process = "process " + std::to_string(::getpid());
    EXPECT_THAT(sqlite_refusal(file), AllOf(HasSubstr("in use"), HasSubstr(process)));
    EXPECT_THAT(sqlite_refusal(folder.file("alias.db")), HasSubstr("in use"));
    EXPECT_THAT(testing::in_child([&] { return sqlite_refusal(file); }),
                AllOf(HasSubstr("in use"), HasSubstr(process)));
    EXPECT_TRUE(append_value(*store, "still works"));
    store.reset();
    EXPECT_NE(open_or_fail(file), nullptr);
}

TEST(SqliteStore, AKilledProcessLeavesItsCommitsAndNoLock) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const pid_t child = ::fork();
    if (child == 0) {
        const auto store = open_sqlite_store(file);
        const bool is_done = store && (*store)->commit({{"a", "1"}}, Revision{0});
        ::kill(::getpid(), is_done ? SIGKILL : SIGTERM);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(content_of(*store), "1 a=1\n");
}

TEST(SqliteStore, AProcessKilledWhileItMakesTheFileLeavesAStoreThatOpens) {
    const testing::TempDir folder;
    for (useconds_t delay_us = 0; delay_us < 6'000; delay_us += 200) {
        const std::string file = folder.file(std::to_string(delay_us) + ".db");
        const pid_t child = ::fork();
        if (child == 0) {
            const auto store = open_sqlite_store(file);
            ::pause();
        }
        ::usleep(delay_us);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto store = open_or_fail(file);
        ASSERT_NE(store, nullptr) << delay_us;
        EXPECT_TRUE(append_value(*store, "works"));
    }
}

TEST(SqliteStore, TheShellMayReadBesideUs) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->commit({{"a", "1"}}, Revision{0}));
    EXPECT_EQ(testing::in_child([&] { return sqlite_shell(file, "SELECT * FROM entries"); }),
              "1|a|1\n");
    EXPECT_TRUE(store->commit({{"a", "2"}}, Revision{1}));
}

TEST(SqliteStore, ABackUpMadeByTheShellMeanwhileIsAStore) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->commit({{"a", "1"}, {"b", "1"}}, Revision{0}));
    ASSERT_TRUE(store->commit({{"a", std::nullopt}}, Revision{2}));
    const std::string backup = folder.file("backup.db");
    EXPECT_EQ(testing::in_child([&] { return sqlite_shell(file, "VACUUM INTO '" + backup + "'"); }),
              "");
    const auto restored = open_or_fail(backup);
    ASSERT_NE(restored, nullptr);
    EXPECT_EQ(content_of(*restored), content_of(*store));
    EXPECT_EQ(restored->commit({{"c", "1"}}, Revision{3}), Revision{4});
}

TEST(SqliteStore, AFileThatWasTakenAwayIsNoticedBeforeWritesAreLost) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(append_value(*store, "here"));
    fs::rename(file, folder.file("elsewhere.db"));
    const auto refused = append_value(*store, "lost?");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::store_failed);
    EXPECT_THAT(refused.error().message, HasSubstr("moved"));
    EXPECT_FALSE(store->ping());
    fs::rename(folder.file("elsewhere.db"), file);
    EXPECT_TRUE(store->ping());
    EXPECT_TRUE(append_value(*store, "kept"));
}

// --- a disk that is full

TEST(SqliteStore, AFullDiskFailsWritesKeepsReadsAndRecovers) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const std::string report = testing::in_child([&]() -> std::string {
        ::signal(SIGXFSZ, SIG_IGN);
        const auto opened = open_sqlite_store(file);
        if (!opened) {
            return opened.error().message;
        }
        Store& store = **opened;
        rlimit unlimited{};
        ::getrlimit(RLIMIT_FSIZE, &unlimited);
        const rlimit limited{400'000, unlimited.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limited);
        int written = 0;
        Result<Revision> last = Revision{0};
        while ((last = append_value(store, std::string(20'000, 'v')))) {
            ++written;
        }
        std::string text = std::to_string(written > 3) + last.error().message + "\n";
        const auto during = store.read_since(Revision{0});
        text += during && static_cast<int>(during->size()) == written ? "reads go on\n" : "";
        text += store.ping() ? "" : "ping fails\n";
        ::setrlimit(RLIMIT_FSIZE, &unlimited);
        text += store.ping() ? "ping recovers\n" : "";
        text += append_value(store, "more") ? "writes recover\n" : "";
        text += store.read_since(Revision{0})->size() == during->size() + 1 ? "nothing lost" : "";
        return text;
    });
    EXPECT_EQ(report,
              "1Error while writing the store: the disk refuses writes: it is over a quota or "
              "size limit, or it fails\n"
              "reads go on\nping fails\nping recovers\nwrites recover\nnothing lost");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    EXPECT_THAT(content_of(*store), HasSubstr("=more\n"));
    EXPECT_EQ(sqlite_shell(file, "SELECT name FROM meta; PRAGMA integrity_check"), "head\nok\n");
}

TEST(SqliteStore, ADiskThatIsFullFromTheStartIsToldAtOpening) {
    const testing::TempDir folder;
    const std::string message = testing::in_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limited{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &limited);
        return sqlite_refusal(folder.file("store.db"));
    });
    EXPECT_THAT(message, HasSubstr("the disk refuses writes"));
    EXPECT_NE(open_or_fail(folder.file("store.db")), nullptr);
}

TEST(SqliteStore, AWriterBesideUsIsToldAsALock) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const Status pinged = store->ping();
    ASSERT_FALSE(pinged);
    EXPECT_THAT(pinged.error().message, HasSubstr("another program holds a lock"));
    EXPECT_EQ(content_of(*store), "");
    sqlite3_close(other);
    EXPECT_TRUE(store->ping());
}

// --- the readable views

TEST(SqliteStore, ViewsShowTheRecordsToAnOperator) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    const auto version_record = [](const std::string& subject, int version, bool is_deleted) {
        return R"({"context":".","subject":")" + subject + R"(","version":)" +
               std::to_string(version) + R"(,"id":)" + std::to_string(version + 6) +
               R"(,"ts":1700000000123,"deleted":)" + (is_deleted ? "true" : "false") + "}";
    };
    ASSERT_TRUE(store->commit(
        {{"context/.", R"({"context":".","maxId":8})"},
         {"context/.erased", std::nullopt},
         {"context/.deleted", R"({"context":".deleted","deleted":true,"maxId":8})"},
         {"schema/./7", R"({"context":".","id":7,"type":"AVRO","guid":"g-7",)"
                        R"("references":[{"name":"a","subject":"b","version":1}]})"
                        "\n{\"type\":\n\"string\"}"},
         {"schema/./8", "{\"context\":\".\",\"id\":8,\"type\":\"PROTOBUF\",\"guid\":\"g-8\"}\n"},
         {"version/./1/orders", version_record("orders", 1, true)},
         {"version/./2/orders", version_record("orders", 2, false)},
         {"version/./1/old", version_record("old", 1, true)},
         {"config/./", R"({"context":".","subject":"","config":{"compatibility":"FULL"}})"},
         {"mode/./orders", R"({"context":".","subject":"orders","mode":"READONLY"})"}},
        Revision{0}));
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM contexts"), ".|8\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM schemas ORDER BY id"),
              ".|7|AVRO|g-7|[{\"name\":\"a\",\"subject\":\"b\",\"version\":1}]|NULL|NULL|"
              "{\"type\":\n\"string\"}\n"
              ".|8|PROTOBUF|g-8|NULL|NULL|NULL|\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM versions ORDER BY subject, version"),
              ".|old|1|7|1|2023-11-14T22:13:20Z\n"
              ".|orders|1|7|1|2023-11-14T22:13:20Z\n"
              ".|orders|2|8|0|2023-11-14T22:13:20Z\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM subjects ORDER BY subject"),
              ".|old|0|1|NULL\n.|orders|1|1|2\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM configs"),
              ".||FULL|{\"compatibility\":\"FULL\"}\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM modes"), ".|orders|READONLY\n");
}

}  // namespace symbolon::storage
