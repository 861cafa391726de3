// Brings a file into the shape that this release reads, or says why it must not be touched.
//
// Example:  SYMBOLON_TRY(auto database, open_sqlite_file("/var/lib/symbolon/symbolon.db"));
// Errors:   cannot_start
// Threads:  one at a time
// Source:   docs/stored_format.md
// Tested by tests/unit/storage/sqlite_file_test.cpp
#pragma once

#include "core/result.hpp"
#include "storage/sqlite/sqlite_handle.hpp"

#include <string>
#include <string_view>

namespace symbolon::storage {

/// How long a write waits for another program's transaction, such as one in the sqlite3 shell.
inline constexpr int sqlite_wait_ms = 5'000;

/// The absolute path of the store's file, symbolic links resolved, so that one file has one name.
Result<std::string> resolve_store_path(std::string_view path);

/// Opens or creates the file and applies the migrations it lacks. REQUIRES: the caller holds the
/// file's lock; `file` comes from resolve_store_path.
Result<SqliteDatabase> open_sqlite_file(const std::string& file);

Status check_sqlite_file_is_there(const std::string& file);

/// Opens a file that is there already, for reading alone; needs no lock, since the write-ahead log
/// gives every reader one consistent picture beside a writer. One at rest is taken to stay so, and
/// nothing appears beside it: who reads it looks again afterwards.
Result<SqliteDatabase> open_sqlite_file_to_read(const std::string& file);

/// No program has the file open, as far as its write-ahead log shows, and none left it in a crash.
bool is_sqlite_file_at_rest(const std::string& file);

/// A cannot_start about `file`, with the advice that fits the database's last failure.
Error cannot_open(const std::string& file, sqlite3* database);

}  // namespace symbolon::storage
