#include "storage/sqlite/sqlite_handle.hpp"

#include <fmt/format.h>

#include <system_error>

namespace symbolon::storage {

SqliteTransaction::~SqliteTransaction() {
    // SQLite itself ends a transaction on some failures; a second ROLLBACK would be an error.
    if (sqlite3_get_autocommit(database_) == 0) {
        sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

int SqliteTransaction::begin() {
    return execute(database_, "BEGIN IMMEDIATE");
}
int SqliteTransaction::commit() {
    return execute(database_, "COMMIT");
}

int execute(sqlite3* database, const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
}

SqliteStatement prepare_statement(sqlite3* database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    return SqliteStatement(statement);
}

std::optional<std::int64_t> query_number(sqlite3* database, const char* sql) {
    const SqliteStatement statement = prepare_statement(database, sql);
    if (statement == nullptr || sqlite3_step(statement.get()) != SQLITE_ROW) {
        return std::nullopt;
    }
    return sqlite3_column_int64(statement.get(), 0);
}

std::string describe_failure(sqlite3* database) {
    const int code = sqlite3_extended_errcode(database);
    if (code == SQLITE_IOERR_WRITE) {
        // SQLITE_FULL stands for one cause only (ENOSPC); a quota or a size limit arrives here.
        return "the disk refuses writes: it is over a quota or size limit, or it fails";
    }
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "the disk is full";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return fmt::format("the file is damaged ({})", sqlite3_errmsg(database));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program holds a lock on the file";
        case SQLITE_READONLY:
            return "the file or its folder is read-only";
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: {
            const int cause = sqlite3_system_errno(database);
            return fmt::format("{} (code {}{}{})", sqlite3_errmsg(database), code,
                               cause == 0 ? "" : ": ",
                               cause == 0 ? "" : std::generic_category().message(cause));
        }
        default:
            return fmt::format("{} (code {})", sqlite3_errmsg(database), code);
    }
}

}  // namespace symbolon::storage
