// A map from key to value in which every entry carries the revision that last touched it.
//
// The store knows nothing about schemas: keys, values, one counter, atomic batches. An erased key
// stays as a tombstone without value, so that other nodes learn of it.
//
// Example:  SYMBOLON_TRY(auto head, store.commit({{"a", "1"}}, Revision{0}));
// Errors:   store_failed, write_conflict
// Units:    Revision: every written entry gets the next number, within a batch in batch order
// Threads:  any thread
// Source:   docs/decisions/0005-dumb-store.md
// Tested by tests/unit/storage/store_contract_test.cpp
#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::storage {

struct Entry {
    std::string key;
    std::optional<std::string> value;  ///< nothing: the key was erased
    Revision revision;
};

/// One change of a batch; no value erases the key.
struct Write {
    std::string key;
    std::optional<std::string> value;
};
using WriteBatch = std::vector<Write>;

/// How much one read may bring. The first entry comes whatever its size, so that a reader who goes
/// on from the last one always gets on.
struct ReadBounds {
    std::size_t entries_max = std::numeric_limits<std::size_t>::max();
    std::size_t bytes_max = std::numeric_limits<std::size_t>::max();  ///< of keys and values
};

inline std::size_t size_of(const Write& write) {
    return write.key.size() + (write.value ? write.value->size() : 0U);
}
/// True when an entry with which there are `bytes` does not come behind `entries` others.
inline bool is_full(const ReadBounds& bounds, std::size_t entries, std::size_t bytes) {
    return entries >= bounds.entries_max || (entries > 0 && bytes > bounds.bytes_max);
}

class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    Store(Store&&) = delete;
    Store& operator=(Store&&) = delete;
    virtual ~Store() = default;

    /// Entries touched after `since`, oldest first; Revision{0} asks for everything that is there.
    /// A key that was touched several times appears once, at its last touch. One consistent
    /// picture, of which `bounds` may cut off the end.
    virtual Result<std::vector<Entry>> read_page(Revision since, const ReadBounds& bounds) = 0;
    /// All of them.
    Result<std::vector<Entry>> read_since(Revision since) { return read_page(since, {}); }
    /// All of `batch` or nothing, durable on return; answers the revision of its last entry. Fails
    /// with write_conflict unless the store stands at `expected`. REQUIRES: `batch` is not empty
    /// and names no key twice.
    virtual Result<Revision> commit(const WriteBatch& batch, Revision expected) = 0;
    /// ok when a commit could be served now.
    virtual Status ping() = 0;
};

}  // namespace symbolon::storage
