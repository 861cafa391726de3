// The steps from an empty file to the tables and views of this release: migrations/*.sql, in order.
//
// The definition is written by embed_migrations.cmake when the room is built.
//
// Example:  for (const SqliteMigration& migration : sqlite_migrations()) { … }
// Threads:  immutable
// Source:   docs/stored_format.md
// Tested by tests/unit/storage/sqlite_file_test.cpp
#pragma once

#include <cstdint>
#include <span>

namespace symbolon::storage {

struct SqliteMigration {
    std::int64_t number;  ///< 1, 2, 3 … without gaps; the file's user_version after this step
    const char* sql;
};

/// Never empty.
std::span<const SqliteMigration> sqlite_migrations();

}  // namespace symbolon::storage
