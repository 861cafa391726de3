#include "storage/open_store.hpp"

#include "storage/memory/memory_store.hpp"
#include "storage/sqlite/sqlite_file.hpp"
#include "storage/sqlite/sqlite_snapshot.hpp"
#include "storage/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <string>

namespace symbolon::storage {

namespace {

constexpr std::string_view known_schemes = "Known stores are sqlite:<path of a file> and memory:.";

Error bad_url(std::string_view why) {
    return make_error(ErrorCode::cannot_start, fmt::format("{} {}", why, known_schemes));
}

enum class Use { create, change, look };

Result<std::unique_ptr<Store>> open_sqlite(std::string_view path, Use use) {
    if (path == ":memory:") {
        return failure(bad_url("A store in memory is written memory: here."));
    }
    if (path.empty() || path.find('\0') != std::string_view::npos) {
        return failure(bad_url("sqlite: must be followed by the path of a file."));
    }
    if (use == Use::change) {
        SYMBOLON_TRY(const std::string file, resolve_store_path(path));
        SYMBOLON_CHECK(check_sqlite_file_is_there(file));
    }
    return use == Use::look ? open_sqlite_snapshot(path) : open_sqlite_store(path);
}

Result<std::unique_ptr<Store>> open_url(std::string_view url, Use use) {
    const std::size_t colon = url.find(':');
    if (colon == std::string_view::npos) {
        return failure(bad_url(
            fmt::format("'{0}' names no kind of store; for a file write sqlite:{0}.", url)));
    }
    const std::string_view scheme = url.substr(0, colon);
    const std::string_view rest = url.substr(colon + 1);
    if (scheme == "sqlite") {
        return open_sqlite(rest, use);
    }
    if (scheme == "memory") {
        if (!rest.empty()) {
            return failure(bad_url("memory: takes nothing after the colon."));
        }
        if (use != Use::create) {
            return failure(bad_url("memory: keeps nothing that another program could open."));
        }
        return std::make_unique<MemoryStore>();
    }
    // The rest of a foreign URL may hold a password, so only its scheme is repeated.
    if (scheme == "postgres" || scheme == "postgresql") {
        return failure(bad_url("A PostgreSQL store comes with a later release."));
    }
    return failure(bad_url(fmt::format("There is no store of the kind '{}:'.", scheme)));
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(std::string_view url) {
    return open_url(url, Use::create);
}

Result<std::unique_ptr<Store>> open_existing_store(std::string_view url) {
    return open_url(url, Use::change);
}

Result<std::unique_ptr<Store>> open_snapshot(std::string_view url) {
    return open_url(url, Use::look);
}

}  // namespace symbolon::storage
