#include "storage/sqlite/sqlite_store.hpp"

#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/sqlite_file.hpp"
#include "storage/sqlite/sqlite_handle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::storage {

namespace {

constexpr int ping_wait_ms = 200;

Error store_failure(std::string_view doing, std::string_view why) {
    return make_error(ErrorCode::store_failed,
                      fmt::format("Error while {} the store: {}", doing, why));
}

/// A row's column as text; REQUIRES: it is text.
std::string column_text(sqlite3_stmt* row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

/// SQLite keeps the pointer until the statement is reset; text of length 0 must not be a null
/// pointer.
int bind_text(sqlite3_stmt* statement, int at, const std::string& text) {
    return sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

/// Where the store stands and which revision was given out last. The two differ only after someone
/// removed rows by hand: then writers are compared with what they can read, and the counter goes
/// on.
struct Position {
    std::int64_t stands_at;
    std::int64_t last_given;
};

class SqliteStore final : public Store {
public:
    SqliteStore(FileLock lock, SqliteDatabase database)
        : lock_(std::move(lock)), database_(std::move(database)) {}

    /// Prepares the statements; the first proof that the tables have the columns they should have.
    Status prepare(const std::string& file);

    Result<std::vector<Entry>> read_page(Revision since, const ReadBounds& bounds) override;
    Result<Revision> commit(const WriteBatch& batch, Revision expected) override;
    Status ping() override;

private:
    // All of these REQUIRE that mutex_ is held.
    Result<Revision> try_commit(const WriteBatch& batch, Revision expected);
    Result<Position> position();
    [[nodiscard]] int write_entry(const Write& write, std::int64_t revision);
    [[nodiscard]] int write_head(std::int64_t revision);
    Status check_file_is_there();
    Status probe_space();
    Error write_failure();

    // Set once. The order matters: statements go before their database, the lock goes last.
    FileLock lock_;
    SqliteDatabase database_;
    SqliteStatement read_;
    SqliteStatement position_;
    SqliteStatement upsert_;
    SqliteStatement set_head_;

    std::mutex mutex_;  ///< Guards the connection and the members below.
    /// Size of the batch that failed last, 0 after a success: so much must fit before ping is ok
    /// again.
    std::size_t failed_bytes_ = 0;
};

Status SqliteStore::prepare(const std::string& file) {
    const std::pair<SqliteStatement*, const char*> statements[] = {
        {&read_, "SELECT revision, key, value FROM entries WHERE revision > ?1 ORDER BY revision"},
        {&position_,
         "SELECT (SELECT coalesce(max(revision), 0) FROM entries),"
         " (SELECT value FROM meta WHERE name = 'head')"},
        {&upsert_,
         "INSERT INTO entries (revision, key, value) VALUES (?1, ?2, ?3)"
         " ON CONFLICT (key) DO UPDATE SET revision = ?1, value = ?3"},
        {&set_head_, "UPDATE meta SET value = ?1 WHERE name = 'head'"},
    };
    for (const auto& [statement, sql] : statements) {
        *statement = prepare_statement(database_.get(), sql);
        if (*statement == nullptr) {
            return failure(cannot_open(file, database_.get()));
        }
    }
    if (!position()) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("Cannot open the store {}: its table 'meta' has no number 'head', or it is "
                        "damaged. Restore a backup.",
                        file)));
    }
    return {};
}

Result<std::vector<Entry>> SqliteStore::read_page(Revision since, const ReadBounds& bounds) {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    std::size_t bytes = 0;
    {
        const SqliteUse row(read_);
        sqlite3_bind_int64(row.get(), 1, since.value());
        int code = SQLITE_OK;
        while (entries.size() < bounds.entries_max &&
               (code = sqlite3_step(row.get())) == SQLITE_ROW) {
            const std::int64_t revision = sqlite3_column_int64(row.get(), 0);
            const int value_type = sqlite3_column_type(row.get(), 2);
            if (sqlite3_column_type(row.get(), 1) != SQLITE_TEXT ||
                (value_type != SQLITE_TEXT && value_type != SQLITE_NULL)) {
                return failure(store_failure(
                    "reading",
                    fmt::format("the entry with revision {} is damaged: its key or value "
                                "is no text. Restore a backup.",
                                revision)));
            }
            bytes += static_cast<std::size_t>(sqlite3_column_bytes(row.get(), 1)) +
                     static_cast<std::size_t>(sqlite3_column_bytes(row.get(), 2));
            if (is_full(bounds, entries.size(), bytes)) {
                break;
            }
            Entry& entry = entries.emplace_back();
            entry.key = column_text(row.get(), 1);
            if (value_type == SQLITE_TEXT) {
                entry.value = column_text(row.get(), 2);
            }
            entry.revision = Revision{revision};
        }
        if (code != SQLITE_DONE && code != SQLITE_ROW && code != SQLITE_OK) {
            return failure(store_failure("reading", describe_failure(database_.get())));
        }
    }
    // The registry keeps what it read; SQLite need not keep the pages too.
    sqlite3_db_release_memory(database_.get());
    return entries;
}

Result<Revision> SqliteStore::commit(const WriteBatch& batch, Revision expected) {
    assert(!batch.empty());
    const std::lock_guard lock(mutex_);
    auto committed = try_commit(batch, expected);
    if (committed) {
        failed_bytes_ = 0;
    } else if (committed.error().code != ErrorCode::write_conflict) {
        failed_bytes_ = 1;
        for (const Write& write : batch) {
            failed_bytes_ += size_of(write);
        }
    }
    return committed;
}

Result<Revision> SqliteStore::try_commit(const WriteBatch& batch, Revision expected) {
    SYMBOLON_CHECK(check_file_is_there());
    SqliteTransaction transaction(database_.get());
    if (transaction.begin() != SQLITE_OK) {
        return failure(write_failure());
    }
    SYMBOLON_TRY(const Position before, position());
    if (before.stands_at != expected.value()) {
        return failure(make_error(ErrorCode::write_conflict));
    }
    std::int64_t revision = std::max(before.stands_at, before.last_given);
    for (const Write& write : batch) {
        if (write_entry(write, ++revision) != SQLITE_DONE) {
            return failure(write_failure());
        }
    }
    if (write_head(revision) != SQLITE_DONE || transaction.commit() != SQLITE_OK) {
        return failure(write_failure());
    }
    return Revision{revision};
}

Status SqliteStore::ping() {
    const std::lock_guard lock(mutex_);
    SYMBOLON_CHECK(check_file_is_there());
    if (failed_bytes_ > 0) {
        return probe_space();
    }
    // Who asks after our health should not wait as long as a writer does.
    sqlite3_busy_timeout(database_.get(), ping_wait_ms);
    SqliteTransaction transaction(database_.get());
    const int code = transaction.begin();
    sqlite3_busy_timeout(database_.get(), sqlite_wait_ms);
    if (code != SQLITE_OK) {
        return failure(write_failure());
    }
    return {};
}

Result<Position> SqliteStore::position() {
    const SqliteUse row(position_);
    if (sqlite3_step(row.get()) != SQLITE_ROW) {
        return failure(store_failure("reading", describe_failure(database_.get())));
    }
    if (sqlite3_column_type(row.get(), 1) != SQLITE_INTEGER) {
        return failure(store_failure("reading", "table 'meta' has no number 'head'"));
    }
    return Position{sqlite3_column_int64(row.get(), 0), sqlite3_column_int64(row.get(), 1)};
}

int SqliteStore::write_entry(const Write& write, std::int64_t revision) {
    const SqliteUse use(upsert_);
    int code = sqlite3_bind_int64(use.get(), 1, revision);
    if (code == SQLITE_OK) {
        code = bind_text(use.get(), 2, write.key);
    }
    if (code == SQLITE_OK && write.value) {
        code = bind_text(use.get(), 3, *write.value);
    }
    return code == SQLITE_OK ? sqlite3_step(use.get()) : code;
}

int SqliteStore::write_head(std::int64_t revision) {
    const SqliteUse use(set_head_);
    sqlite3_bind_int64(use.get(), 1, revision);
    return sqlite3_step(use.get());
}

/// Without this, commits would go on into a file that has no name any more, and be lost with us.
Status SqliteStore::check_file_is_there() {
    int has_moved = 0;
    sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    if (has_moved != 0) {
        return failure(store_failure(
            "writing", "its file was moved, replaced or deleted. Put it back and restart."));
    }
    return {};
}

/// After a failed commit only a real one proves that the next would be served.
Status SqliteStore::probe_space() {
    constexpr std::size_t probe_bytes_max = 1U << 20U;
    const std::string fill =
        fmt::format("INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', zeroblob({}))",
                    std::min(failed_bytes_, probe_bytes_max));
    // Two transactions: within one, the pages that are freed again would never reach the disk.
    for (const char* sql : {fill.c_str(), "DELETE FROM meta WHERE name = 'probe'"}) {
        SqliteTransaction transaction(database_.get());
        if (transaction.begin() != SQLITE_OK || execute(database_.get(), sql) != SQLITE_OK ||
            transaction.commit() != SQLITE_OK) {
            return failure(write_failure());
        }
    }
    failed_bytes_ = 0;
    return {};
}

Error SqliteStore::write_failure() {
    return store_failure("writing", describe_failure(database_.get()));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(std::string_view path) {
    SYMBOLON_TRY(const std::string file, resolve_store_path(path));
    SYMBOLON_TRY(FileLock lock, FileLock::acquire(file + ".lock", file));
    SYMBOLON_TRY(SqliteDatabase database, open_sqlite_file(file));
    lock.keep_file();
    auto store = std::make_unique<SqliteStore>(std::move(lock), std::move(database));
    SYMBOLON_CHECK(store->prepare(file));
    return store;
}

}  // namespace symbolon::storage
