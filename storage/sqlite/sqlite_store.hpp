// A store in one SQLite file, for one process at a time; the sqlite3 shell may read beside it.
//
// Example:  SYMBOLON_TRY(auto store, open_sqlite_store("symbolon.db"));
// Errors:   cannot_start from opening; store_failed, write_conflict from the store
// Threads:  any thread
// Source:   docs/stored_format.md
// Tested by tests/unit/storage/sqlite_store_test.cpp
#pragma once

#include "core/result.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string_view>

namespace symbolon::storage {

/// Opens or creates the file; a relative path starts at the working directory. Nothing that is
/// already there is changed unless it is a store of ours. REQUIRES: `path` is not empty and has no
/// NUL.
Result<std::unique_ptr<Store>> open_sqlite_store(std::string_view path);

}  // namespace symbolon::storage
