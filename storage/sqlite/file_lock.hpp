// An exclusive lock that one holder among all processes (and within one process) has on a file
// name.
//
// Why a file of its own: SQLite keeps POSIX locks on the database, and a process loses all its
// POSIX locks on a file when it closes any descriptor of it. And why a lock at all, when SQLite has
// its own: those let several writers take turns, but the registry's catalogue is for one process;
// the sqlite3 shell, which does not know this lock, can still read.
//
// Example:  SYMBOLON_TRY(auto lock, FileLock::acquire("symbolon.db.lock", "symbolon.db"));
// Errors:   cannot_start
// Threads:  one at a time
// Tested by tests/unit/storage/sqlite_store_test.cpp
#pragma once

#include "core/result.hpp"

#include <string>

namespace symbolon::storage {

class FileLock {
public:
    /// Takes the lock without waiting; `guarded` is what error messages call the thing it stands
    /// for.
    static Result<FileLock> acquire(const std::string& path, const std::string& guarded);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    /// Releases the lock. The file stays, unless this holder made it and never called keep_file.
    ~FileLock();

    /// The guarded thing is ours: from now on its lock file stays beside it.
    void keep_file() { remove_file_ = false; }

private:
    FileLock(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

    int descriptor_;
    std::string path_;
    bool remove_file_ = false;
};

}  // namespace symbolon::storage
