// Carries usage between the book and the store: a batch of records at a time, once a minute.
//
// Errors:   store_failed, write_conflict, overloaded from flush; what could not be written waits
// Units:    milliseconds since 1970
// Threads:  any thread
// Limits:   usage_flush_ms
// Source:   docs/decisions/0016-usage.md
// Tested by tests/unit/api/usage_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/read_write_lock.hpp"
#include "api/usage.hpp"
#include "api/writer.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace symbolon {

class UsageKeeper {
public:
    /// All of them outlive the keeper.
    UsageKeeper(UsageBook& book, Writer& writer, const Catalog& catalog,
                ReadWriteLock& catalog_mutex)
        : book_(book), writer_(writer), catalog_(catalog), catalog_mutex_(catalog_mutex) {}

    /// One step of what is due at `now`; true when there is more.
    bool tend(std::int64_t now);
    /// Everything at once.
    Status flush();

private:
    Status write_some();
    void forget_some();

    UsageBook& book_;
    Writer& writer_;
    const Catalog& catalog_;
    ReadWriteLock& catalog_mutex_;

    std::mutex mutex_;
    // Guarded by mutex_.
    std::optional<std::int64_t> flushed_at_;
    std::vector<UsageKey> to_write_;
    std::optional<UsageKey> looked_to_;
    bool looking_ = false;  ///< for records of schemas that are gone
};

}  // namespace symbolon
