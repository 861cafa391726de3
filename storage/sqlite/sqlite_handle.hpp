// Owners for SQLite's C handles, and its failures in words that help an operator.
//
// Example:  SqliteStatement head = prepare_statement(database.get(), "SELECT 1");
// Errors:   none of its own: result codes are SQLite's, callers turn them into an Error
// Threads:  one at a time
// Tested by tests/unit/storage/sqlite_store_test.cpp
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace symbolon::storage {

struct CloseSqlite {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
using SqliteDatabase = std::unique_ptr<sqlite3, CloseSqlite>;

struct FinalizeSqlite {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinalizeSqlite>;

/// Makes a statement ready for its next use at the end of a scope, whatever happened in between.
class SqliteUse {
public:
    explicit SqliteUse(const SqliteStatement& statement) : statement_(statement.get()) {}
    SqliteUse(const SqliteUse&) = delete;
    SqliteUse& operator=(const SqliteUse&) = delete;
    SqliteUse(SqliteUse&&) = delete;
    SqliteUse& operator=(SqliteUse&&) = delete;
    ~SqliteUse() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    sqlite3_stmt* get() const { return statement_; }

private:
    sqlite3_stmt* statement_;
};

/// A transaction that is rolled back at the end of a scope unless it was committed.
class SqliteTransaction {
public:
    explicit SqliteTransaction(sqlite3* database) : database_(database) {}
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    SqliteTransaction(SqliteTransaction&&) = delete;
    SqliteTransaction& operator=(SqliteTransaction&&) = delete;
    ~SqliteTransaction();
    [[nodiscard]] int begin();
    [[nodiscard]] int commit();

private:
    sqlite3* database_;
};

/// Runs statements that answer nothing; SQLITE_OK or the failure's code.
[[nodiscard]] int execute(sqlite3* database, const char* sql);
/// Nothing when SQLite refuses the text; the reason is then the database's last failure.
SqliteStatement prepare_statement(sqlite3* database, const char* sql);
/// The first column of the first row; nothing when SQLite fails or answers no row.
std::optional<std::int64_t> query_number(sqlite3* database, const char* sql);
/// The database's last failure as one clause without a full stop: "the disk is full".
std::string describe_failure(sqlite3* database);

}  // namespace symbolon::storage
