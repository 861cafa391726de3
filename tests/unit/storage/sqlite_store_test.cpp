#include "storage/sqlite/sqlite_store.hpp"

#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace symbolon::storage {

namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::unique_ptr<Store> open_or_fail(const std::string& file) {
    auto store = open_sqlite_store(file);
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
}

std::string sqlite_refusal(const std::string& file) {
    const auto store = open_sqlite_store(file);
    if (store) {
        return "opened";
    }
    EXPECT_EQ(store.error().code, ErrorCode::cannot_start);
    return store.error().message;
}

/// What an operator sees in the sqlite3 shell: rows as lines, columns with "|" between them.
std::string sqlite_shell(const std::string& file, const std::string& sql) {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &opened), SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> database(opened, &sqlite3_close);
    std::string output;
    const auto collect = [](void* out, int columns, char** values, char**) {
        for (int at = 0; at < columns; ++at) {
            *static_cast<std::string*>(out) +=
                std::string(at == 0 ? "" : "|") + (values[at] == nullptr ? "NULL" : values[at]);
        }
        *static_cast<std::string*>(out) += "\n";
        return 0;
    };
    char* problem = nullptr;
    if (sqlite3_exec(opened, sql.c_str(), collect, &output, &problem) != SQLITE_OK) {
        output = std::string("error: ") + problem;
        sqlite3_free(problem);
    }
    return output;
}

std::string read_file(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write_file(const std::string& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// Runs `work` in a process of its own and answers the text that it returns.
std::string in_child(const std::function<std::string()>& work) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string text = work();
        [[maybe_unused]] const auto ignored = ::write(ends[1], text.data(), text.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;) {
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << "the child died of signal " << WTERMSIG(status);
    return text;
}

/// Root may write anywhere, so what an ordinary user meets is tried as one.
void become_ordinary_user() {
    constexpr uid_t nobody = 65'534;
    if (::getuid() == 0 && ::setuid(nobody) != 0) {
        ::_exit(1);
    }
}

/// Commits a value under a fresh key at the store's head.
Result<Revision> append_value(Store& store, const std::string& value) {
    SYMBOLON_TRY(const auto entries, store.read_since(Revision{0}));
    const Revision head = entries.empty() ? Revision{0} : entries.back().revision;
    return store.commit({{"key/" + std::to_string(head.value()), value}}, head);
}

void fill_store(const std::string& file, int entries) {
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    WriteBatch batch;
    for (int at = 0; at < entries; ++at) {
        batch.push_back({"key/" + std::to_string(at), std::string(2'200, 'v')});
    }
    ASSERT_TRUE(store->commit(batch, Revision{0}));
}

/// Everything in the store as one text, or the failure's message.
std::string content_of(Store& store) {
    const auto entries = store.read_since(Revision{0});
    if (!entries) {
        EXPECT_EQ(entries.error().code, ErrorCode::store_failed);
        return "failed: " + entries.error().message;
    }
    std::string text;
    for (const auto& entry : *entries) {
        text += std::to_string(entry.revision.value()) + " " + entry.key + "=" +
                entry.value.value_or("<erased>") + "\n";
    }
    return text;
}

}  // namespace

// --- the file

TEST(SqliteStore, StampsItsFile) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    EXPECT_EQ(sqlite_shell(file, "PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode"),
              "1398361410\n2\nwal\n");
}

TEST(SqliteStore, AnEmptyFileIsANewStore) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    write_file(file, "");
    EXPECT_NE(open_or_fail(file), nullptr);
}

TEST(SqliteStore, AnOlderFormatIsMigratedAndKeepsItsEntries) {
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

TEST(SqliteStore, AMigrationThatFailsLeavesTheFileAsItWas) {
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

TEST(SqliteStore, ANewerFormatIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    sqlite_shell(file, "PRAGMA user_version = 99");
    EXPECT_THAT(sqlite_refusal(file),
                AllOf(HasSubstr(file), HasSubstr("newer release"), HasSubstr("format 99")));
}

TEST(SqliteStore, AForeignDatabaseIsRefusedAndUntouched) {
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

TEST(SqliteStore, AFileThatIsNoDatabaseIsRefusedAndUntouched) {
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

TEST(SqliteStore, ATruncatedFileIsAnErrorAtAnyLength) {
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

TEST(SqliteStore, ADamagedPageIsAnErrorOrDoesNotMatter) {
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

TEST(SqliteStore, RowsOutOfShapeAreAnError) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    sqlite_shell(file,
                 "PRAGMA ignore_check_constraints = ON;"
                 "INSERT INTO entries VALUES (5, 'a', x'00ff')");
    EXPECT_THAT(content_of(*store), AllOf(HasSubstr("revision 5"), HasSubstr("Restore")));
}

TEST(SqliteStore, AFileWithoutItsTablesIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    ASSERT_NE(open_or_fail(file), nullptr);
    sqlite_shell(file, "DELETE FROM meta");
    EXPECT_THAT(sqlite_refusal(file), HasSubstr("'head'"));
    sqlite_shell(file, "DROP TABLE meta");
    EXPECT_THAT(sqlite_refusal(file), HasSubstr("no such table: meta"));
}

TEST(SqliteStore, RemovingRowsByHandNeverBringsARevisionBack) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    const auto store = open_or_fail(file);
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->commit({{"a", "1"}, {"b", "1"}}, Revision{0}));
    sqlite_shell(file, "DELETE FROM entries WHERE key = 'b'");
    EXPECT_EQ(store->commit({{"c", "1"}}, Revision{1}), Revision{3});
}

// --- folders and rights

TEST(SqliteStore, AMissingFolderIsNamed) {
    const testing::TempDir folder;
    EXPECT_THAT(sqlite_refusal(folder.file("not/there/store.db")),
                AllOf(HasSubstr("no folder"), HasSubstr("not/there")));
    write_file(folder.file("plain"), "");
    EXPECT_NE(sqlite_refusal(folder.file("plain/store.db")), "opened");
    EXPECT_THAT(sqlite_refusal(folder.path().string()), HasSubstr("no ordinary file"));
}

TEST(SqliteStore, AReadOnlyFolderOrFileIsRefused) {
    const testing::TempDir folder;
    const std::string file = folder.file("store.db");
    fs::permissions(folder.path(), fs::perms(0555));
    EXPECT_THAT(in_child([&] {
                    become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                AllOf(HasSubstr("Permission denied"), HasSubstr("right to write")));

    fs::permissions(folder.path(), fs::perms(0777));
    fill_store(file, 1);
    fs::permissions(file, fs::perms(0444));
    fs::permissions(file + ".lock", fs::perms(0666));
    const std::string before = read_file(file);
    EXPECT_THAT(in_child([&] {
                    become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                AllOf(HasSubstr("read-only"), HasSubstr("right to write")));
    fs::permissions(file, fs::perms(0000));
    EXPECT_THAT(in_child([&] {
                    become_ordinary_user();
                    return sqlite_refusal(file);
                }),
                HasSubstr("cannot be read"));
    fs::permissions(file, fs::perms(0644));
    EXPECT_EQ(read_file(file), before);
}

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
    EXPECT_THAT(in_child([&] { return sqlite_refusal(file); }),
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
    EXPECT_EQ(in_child([&] { return sqlite_shell(file, "SELECT * FROM entries"); }), "1|a|1\n");
    EXPECT_TRUE(store->commit({{"a", "2"}}, Revision{1}));
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
    const std::string report = in_child([&]() -> std::string {
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
    const std::string message = in_child([&] {
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
         {"context/.gone", std::nullopt},
         {"schema/./7", R"({"context":".","id":7,"type":"AVRO","guid":"g-7",)"
                        R"("references":[{"name":"a","subject":"b","version":1}]})"
                        "\n{\"type\":\n\"string\"}"},
         {"schema/./8", "{\"context\":\".\",\"id\":8,\"type\":\"PROTOBUF\",\"guid\":\"g-8\"}\n"},
         {"version/./1/orders", version_record("orders", 1, true)},
         {"version/./2/orders", version_record("orders", 2, false)},
         {"version/./1/old", version_record("old", 1, true)},
         {"config/./", R"({"context":".","subject":"","config":{"compatibilityLevel":"FULL"}})"},
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
              ".||{\"compatibilityLevel\":\"FULL\"}\n");
    EXPECT_EQ(sqlite_shell(file, "SELECT * FROM modes"), ".|orders|READONLY\n");
}

}  // namespace symbolon::storage
