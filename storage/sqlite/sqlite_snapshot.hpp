// What an SQLite file holds at one moment, as a store in memory.
//
// Example:  SYMBOLON_TRY(auto copy, open_sqlite_snapshot("/var/lib/symbolon/symbolon.db"));
// Errors:   cannot_start, store_failed
// Threads:  any thread
// Source:   docs/stored_format.md
// Tested by tests/unit/storage/snapshot_test.cpp
#pragma once

#include "core/result.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string_view>

namespace symbolon::storage {

/// Takes no lock, so it works beside the server that holds it.
Result<std::unique_ptr<Store>> open_sqlite_snapshot(std::string_view path);

}  // namespace symbolon::storage
