#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/storage/sqlite_helpers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace symbolon::storage {

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

}  // namespace

// --- the file

TEST(SqliteFile, StampsItsFile) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    EXPECT_EQ(sqlite_shell(file, "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode"),
              "1398361410\n2\nwal\n");
}

TEST(SqliteFile, AnEmptyFileIsANewStore) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    write_file(file, "");
    EXPECT_NE(open_or_fail(file), nullptr);
}

TEST(SqliteFile, AnOlderFormatIsMigratedAndKeepsItsEntries) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const std::string migrations = SYMBOLON_SOURCE_DIR "/storage/sqlite/migrations/";
    ASSERT_EQ(sqlite_shell(file, read_file(migrations + "0001_entries.sql") +
                                     "INSERT INTO entries VALUES (1, 'context/.', "
                                     "'{\"context\":\".\",\"maxId\":3}');"
                                     "UPDATE meta SET value = 1 WHERE name = 'head';"
                                     "PRAGMA application_id = 1398361410; PRAGMA user_version = 1"),
              "");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(content_of(*store), "1 context/.={\"context\":\".\",\"maxId\":3}\n");
    EXPECT_EQ(sqlite_shell(file, "PRAGMA user_version; SELECT * FROM contexts"), "2\n.|3\n");
}

TEST(SqliteFile, AMigrationThatFailsLeavesTheFileAsItWas) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const std::string migrations = SYMBOLON_SOURCE_DIR "/storage/sqlite/migrations/";
    // A view of the second migration has its name taken.
    ASSERT_EQ(sqlite_shell(file, read_file(migrations + "0001_entries.sql") +
                                     "CREATE TABLE modes (mine);"
                                     "PRAGMA application_id = 1398361410; PRAGMA user_version = 1"),
              "");
    const std::string before = read_file(file);
    EXPECT_THAT(sqlite_refusal(file), HasSubstr("modes already exists"));
    EXPECT_EQ(read_file(file), before);
}

TEST(SqliteFile, ANewerFormatIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    sqlite_shell(file, "PRAGMA user_version = 99");
    EXPECT_THAT(sqlite_refusal(file),
                AllOf(HasSubstr(file), HasSubstr("newer release"), HasSubstr("format 99")));
}

TEST(SqliteFile, AForeignDatabaseIsRefusedAndUntouched) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    for (const std::string stamp : {"0", "77"}) {
        sqlite_shell(file, "CREATE TABLE IF NOT EXISTS entries (mine); PRAGMA application_id = " +
                               stamp + "; PRAGMA user_version = 2");
        const std::string before = read_file(file);
        EXPECT_THAT(sqlite_refusal(file), HasSubstr("another program"));
        EXPECT_EQ(read_file(file), before);
        EXPECT_FALSE(fs::exists(file + ".lock"));
    }
}

TEST(SqliteFile, AFileThatIsNoDatabaseIsRefusedAndUntouched) {
    const testing::TempDir folder;
    const std::string file = folder.file("notes.txt");
    for (const std::string& text :
         {std::string("x"), std::string(100'000, 'x'), std::string("SQLite format 3")}) {
        write_file(file, text);
        EXPECT_THAT(sqlite_refusal(file), HasSubstr("no database"));
        EXPECT_EQ(read_file(file), text);
        EXPECT_FALSE(fs::exists(file + ".lock"));
    }
}

TEST(SqliteFile, ATruncatedFileIsAnErrorAtAnyLength) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    fill_store(file, 20);
    const std::string whole = read_file(file);
    for (std::size_t length = 1; length < whole.size(); length += 3'001) {
        write_file(file, whole.substr(0, length));
        const auto store = open_sqlite_store(file);
        if (store) {
            EXPECT_THAT(content_of(**store), StartsWith("failed: ")) << length;
        } else {
            EXPECT_EQ(store.error().code, ErrorCode::cannot_start);
            EXPECT_THAT(store.error().message, HasSubstr("damaged")) << length;
        }
    }
}

TEST(SqliteFile, ADamagedPageIsAnErrorOrDoesNotMatter) {
    constexpr std::size_t page_bytes = 8'192;
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    fill_store(file, 40);
    const std::string whole = read_file(file);
    const std::string expected = content_of(*open_or_fail(file));
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += page_bytes) {
        std::string damaged = whole;
        damaged.replace(at, page_bytes, std::string(page_bytes, '\x5a'));
        write_file(file, damaged);
        const auto store = open_sqlite_store(file);
        const std::string content =
            store ? content_of(**store) : "failed: " + store.error().message;
        if (content != expected) {
            ++refused;
            EXPECT_THAT(content, AllOf(StartsWith("failed: "), HasSubstr("damaged"))) << at;
        }
    }
    // The pages of the index on keys are not read here; a commit meets them.
    EXPECT_GE(refused, whole.size() / page_bytes - 2);
}

TEST(SqliteFile, RowsOutOfShapeAreAnError) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    sqlite_shell(file,
                 "PRAGMA ignore_check_constraints = ON;"
                 "INSERT INTO entries VALUES (5, 'a', x'00ff')");
    EXPECT_THAT(content_of(*store), AllOf(HasSubstr("revision 5"), HasSubstr("Restore")));
}

TEST(SqliteFile, AFileWithoutItsTablesIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    sqlite_shell(file, "DELETE FROM meta");
    EXPECT_THAT(sqlite_refusal(file), HasSubstr("'head'"));
    sqlite_shell(file, "DROP TABLE meta");
    EXPECT_THAT(sqlite_refusal(file), HasSubstr("no such table: meta"));
}

TEST(SqliteFile, RemovingRowsByHandNeverBringsARevisionBack) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->commit({{"a", "1"}, {"b", "1"}}, Revision{0}));
    sqlite_shell(file, "DELETE FROM entries WHERE key = 'b'");
    EXPECT_EQ(store->commit({{"c", "1"}}, Revision{1}), Revision{3});
}

// --- folders and rights

TEST(SqliteFile, AMissingFolderIsNamed) {
    const testing::TempDir folder;
    EXPECT_THAT(sqlite_refusal(folder.file("not/there/store.db")),
                AllOf(HasSubstr("no folder"), HasSubstr("not/there")));
    write_file(folder.file("plain"), "");
    EXPECT_NE(sqlite_refusal(folder.file("plain/store.db")), "opened");
    EXPECT_THAT(sqlite_refusal(folder.path().string()), HasSubstr("no ordinary file"));
}

TEST(SqliteFile, AReadOnlyFolderOrFileIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    fs::permissions(folder.path(), fs::perms(0555));
    EXPECT_THAT(testing::in_child([&] {
                    testing::become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                AllOf(HasSubstr("Permission denied"), HasSubstr("right to write")));

    fs::permissions(folder.path(), fs::perms(0777));
    fill_store(file, 1);
    fs::permissions(file, fs::perms(0444));
    fs::permissions(file + ".lock", fs::perms(0666));
    const std::string before = read_file(file);
    EXPECT_THAT(testing::in_child([&] {
                    testing::become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                AllOf(HasSubstr("read-only"), HasSubstr("right to write")));
    fs::permissions(file, fs::perms(0000));
    EXPECT_THAT(testing::in_child([&] {
                    testing::become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                HasSubstr("cannot be read"));
    fs::permissions(file, fs::perms(0644));
    EXPECT_EQ(read_file(file), before);
}

}  // namespace symbolon::storage
