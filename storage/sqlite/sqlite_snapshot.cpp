#include "storage/sqlite/sqlite_snapshot.hpp"

#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/sqlite_file.hpp"
#include "storage/sqlite/sqlite_handle.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>

namespace symbolon::storage {

namespace {

std::string text_of(sqlite3_stmt* row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return text == nullptr
               ? std::string()
               : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

Result<std::unique_ptr<Store>> copy_file(const std::string& file) {
    SYMBOLON_TRY(const SqliteDatabase database, open_sqlite_file_to_read(file));
    // One statement is one transaction, and so one picture.
    const SqliteStatement live = prepare_statement(
        database.get(), "SELECT key, value FROM entries WHERE value IS NOT NULL ORDER BY revision");
    if (live == nullptr) {
        return failure(cannot_open(file, database.get()));
    }
    WriteBatch batch;
    int code = SQLITE_OK;
    while ((code = sqlite3_step(live.get())) == SQLITE_ROW) {
        batch.push_back({text_of(live.get(), 0), text_of(live.get(), 1)});
    }
    if (code != SQLITE_DONE) {
        return failure(make_error(
            ErrorCode::store_failed,
            fmt::format("Error while reading the store: {}", describe_failure(database.get()))));
    }
    auto copy = std::make_unique<MemoryStore>();
    if (!batch.empty()) {
        SYMBOLON_TRY(const Revision revision, copy->commit(batch, Revision{0}));
        static_cast<void>(revision);
    }
    return copy;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_snapshot(std::string_view path) {
    SYMBOLON_TRY(const std::string file, resolve_store_path(path));
    const bool was_at_rest = is_sqlite_file_at_rest(file);
    auto copy = copy_file(file);
    if (was_at_rest && !is_sqlite_file_at_rest(file)) {
        return copy_file(file);  // a server started meanwhile, and may have written
    }
    return copy;
}

}  // namespace symbolon::storage
