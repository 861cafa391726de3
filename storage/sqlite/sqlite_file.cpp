#include "storage/sqlite/sqlite_file.hpp"

#include "storage/sqlite/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace symbolon::storage {

namespace {

namespace fs = std::filesystem;

/// "SYMB": tells our files from other programs' (SQLite file format, section 1.3.13).
constexpr std::int64_t application_id = 0x53594D42;

/// The format that this release writes; a file's own stands in its user_version.
std::int64_t newest_format() {
    return sqlite_migrations().back().number;
}

Error refuse(const std::string& file, std::string_view why) {
    return make_error(ErrorCode::cannot_start,
                      fmt::format("Cannot open the store {}: {}", file, why));
}

Error refuse_foreign(const std::string& file) {
    return refuse(
        file,
        "it is a database of another program. Nothing was changed; name another file with "
        "--store sqlite:<path>.");
}

Error refuse_newer(const std::string& file, std::int64_t format) {
    return refuse(file,
                  fmt::format("it was written by a newer release of Symbolon (format {}; this "
                              "release knows up to {}). Nothing was changed; start that "
                              "release, or restore a backup taken before it.",
                              format, newest_format()));
}

/// Looks at the file's first bytes before SQLite does: opening it there could already replay a
/// journal that another program left, and so change what is not ours.
Status check_header(const std::string& file) {
    constexpr std::size_t header_bytes = 100;
    constexpr std::size_t application_id_at = 68;
    constexpr std::string_view magic("SQLite format 3\0", 16);
    std::error_code problem;
    if (!fs::exists(file, problem) || fs::file_size(file, problem) == 0) {
        return {};
    }
    std::ifstream stream(file, std::ios::binary);
    std::array<char, header_bytes> header{};
    if (!stream) {
        return failure(
            refuse(file,
                   "it cannot be read. Give the user that runs Symbolon the right to read "
                   "and write it."));
    }
    stream.read(header.data(), header_bytes);
    if (stream.gcount() != header_bytes ||
        !std::equal(magic.begin(), magic.end(), header.begin())) {
        return failure(
            refuse(file,
                   "it is no database, or its beginning is damaged. Nothing was changed; "
                   "name another file with --store sqlite:<path>, or restore a backup."));
    }
    std::uint32_t id = 0;
    for (std::size_t at = application_id_at; at < application_id_at + 4; ++at) {
        id = id << 8U | static_cast<unsigned char>(header[at]);
    }
    if (id != application_id) {
        return failure(refuse_foreign(file));
    }
    return {};
}

/// Applies what is missing in one transaction: after a crash the file is as before or as after.
Status migrate(const std::string& file, sqlite3* database) {
    const auto format = query_number(database, "PRAGMA user_version");
    const auto tables = query_number(database, "SELECT count(*) FROM sqlite_schema");
    const auto id = query_number(database, "PRAGMA application_id");
    if (!format || !tables || !id) {
        return failure(cannot_open(file, database));
    }
    if (*id != application_id && (*id != 0 || *tables != 0)) {
        return failure(refuse_foreign(file));
    }
    if (*format > newest_format() || *format < 0) {
        return failure(refuse_newer(file, *format));
    }
    if (*format == newest_format()) {
        return {};
    }
    SqliteTransaction transaction(database);
    int code = transaction.begin();
    for (const SqliteMigration& migration : sqlite_migrations()) {
        if (code == SQLITE_OK && migration.number > *format) {
            code = execute(database, migration.sql);
        }
    }
    const std::string stamp = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};",
                                          application_id, newest_format());
    if (code == SQLITE_OK) {
        code = execute(database, stamp.c_str());
    }
    if (code == SQLITE_OK) {
        code = transaction.commit();
    }
    if (code != SQLITE_OK) {
        return failure(cannot_open(file, database));
    }
    return {};
}

void protect(sqlite3* database) {
    sqlite3_extended_result_codes(database, 1);
    // What a stranger may have put into the file's own schema gets no say.
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_busy_timeout(database, sqlite_wait_ms);
}

Status configure(const std::string& file, sqlite3* database) {
    protect(database);
    // page_size counts for new files only: three schemas of 2 kB fit one page of 8 kB, but only one
    // fits a page of 4 kB. The cache is small because everything is read once and then kept by the
    // registry. No memory map: a failing disk would be a signal instead of an error.
    constexpr const char* settings =
        "PRAGMA page_size = 8192;"
        "PRAGMA cache_size = -1000;"
        "PRAGMA mmap_size = 0;"
        "PRAGMA cell_size_check = ON;"
        "PRAGMA secure_delete = OFF;"
        "PRAGMA synchronous = FULL;"
        "PRAGMA journal_size_limit = 16777216;";
    if (execute(database, settings) != SQLITE_OK) {
        return failure(cannot_open(file, database));
    }
    if (sqlite3_db_readonly(database, "main") == 1) {
        return failure(
            refuse(file,
                   "the file is read-only. Give the user that runs Symbolon the right to "
                   "write it, or name another file."));
    }
    return {};
}

/// Write-ahead logging: one flush a commit, and others may read meanwhile.
Status enter_wal(const std::string& file, sqlite3* database) {
    const SqliteStatement statement = prepare_statement(database, "PRAGMA journal_mode = WAL");
    if (statement == nullptr || sqlite3_step(statement.get()) != SQLITE_ROW) {
        return failure(cannot_open(file, database));
    }
    const auto* mode = sqlite3_column_text(statement.get(), 0);
    if (mode == nullptr || std::string_view(reinterpret_cast<const char*>(mode)) != "wal") {
        return failure(refuse(file,
                              "its file system cannot share memory between processes, which the "
                              "write-ahead log needs. Put the file on a local disk."));
    }
    return {};
}

}  // namespace

Error cannot_open(const std::string& file, sqlite3* database) {
    std::string_view advice = "Put that right and start again.";
    switch (sqlite3_errcode(database)) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_ERROR:  // A table or column that should be there is not.
            advice =
                "Nothing was changed; keep a copy of the file and restore a backup, or save what "
                "can be read with: sqlite3 <file> .recover";
            break;
        case SQLITE_FULL:
            advice = "Free some space and start again.";
            break;
        case SQLITE_BUSY:
            advice = "End the other program's transaction and start again.";
            break;
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            advice =
                "Give the user that runs Symbolon the right to write the file and its folder, or "
                "name another file.";
            break;
        default:
            break;
    }
    return refuse(file, fmt::format("{}. {}", describe_failure(database), advice));
}

Result<std::string> resolve_store_path(std::string_view path) {
    std::error_code problem;
    const fs::path absolute = fs::absolute(fs::path(path), problem);
    const fs::path file = problem ? absolute : fs::weakly_canonical(absolute, problem);
    if (problem) {
        return failure(refuse(std::string(path), problem.message() + ". Name another file."));
    }
    const fs::path folder = file.parent_path();
    if (!fs::exists(folder, problem)) {
        return failure(refuse(
            file.string(), fmt::format("there is no folder {}. Make it first.", folder.string())));
    }
    if (!fs::is_directory(folder, problem)) {
        return failure(refuse(file.string(),
                              fmt::format("{} is no folder. Name another file.", folder.string())));
    }
    if (fs::exists(file, problem) && !fs::is_regular_file(file, problem)) {
        return failure(refuse(file.string(), "it is no ordinary file. Name another one."));
    }
    return file.string();
}

namespace {

/// The file's name as SQLite reads it in a URI, of a file that nobody changes: no locks are taken,
/// and no files appear beside it.
std::string immutable_uri(const std::string& file) {
    std::string uri = "file:";
    for (const char letter : file) {
        const bool is_plain = letter != '%' && letter != '?' && letter != '#';
        uri += is_plain ? std::string(1, letter)
                        : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return uri + "?immutable=1";
}

}  // namespace

bool is_sqlite_file_at_rest(const std::string& file) {
    std::error_code problem;
    return !fs::exists(file + "-wal", problem) && !problem;
}

Status check_sqlite_file_is_there(const std::string& file) {
    std::error_code problem;
    if (!fs::exists(file, problem)) {
        return failure(
            refuse(file, "there is no such file. Name the one that the server is started with."));
    }
    return {};
}

Result<SqliteDatabase> open_sqlite_file_to_read(const std::string& file) {
    SYMBOLON_CHECK(check_sqlite_file_is_there(file));
    SYMBOLON_CHECK(check_header(file));
    sqlite3* opened = nullptr;
    // Why: to read a file in use, SQLite writes an index beside it, which a reader leaves behind.
    const bool at_rest = is_sqlite_file_at_rest(file);
    const int code = sqlite3_open_v2(
        at_rest ? immutable_uri(file).c_str() : file.c_str(), &opened,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | (at_rest ? SQLITE_OPEN_URI : 0), nullptr);
    SqliteDatabase database(opened);
    if (opened == nullptr) {
        return failure(refuse(file, "not enough memory."));
    }
    if (code != SQLITE_OK) {
        return failure(cannot_open(file, opened));
    }
    protect(opened);
    const auto format = query_number(opened, "PRAGMA user_version");
    if (!format) {
        return failure(cannot_open(file, opened));
    }
    if (*format > newest_format()) {
        return failure(refuse_newer(file, *format));
    }
    return database;
}

Result<SqliteDatabase> open_sqlite_file(const std::string& file) {
    SYMBOLON_CHECK(check_header(file));
    sqlite3* opened = nullptr;
    // NOMUTEX: the store's own mutex already lets one thread in at a time.
    const int code = sqlite3_open_v2(
        file.c_str(), &opened,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
        nullptr);
    SqliteDatabase database(opened);
    if (opened == nullptr) {
        return failure(refuse(file, "not enough memory."));
    }
    if (code != SQLITE_OK) {
        return failure(cannot_open(file, opened));
    }
    SYMBOLON_CHECK(configure(file, opened));
    SYMBOLON_CHECK(migrate(file, opened));
    SYMBOLON_CHECK(enter_wal(file, opened));
    return database;
}

}  // namespace symbolon::storage
