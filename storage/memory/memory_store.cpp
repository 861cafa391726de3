#include "storage/memory/memory_store.hpp"

#include <cassert>

namespace symbolon::storage {

Result<std::vector<Entry>> MemoryStore::read_page(Revision since, const ReadBounds& bounds) {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> entries;
    std::size_t bytes = 0;
    for (auto at = writes_.upper_bound(since); at != writes_.end(); ++at) {
        bytes += size_of(at->second);
        if (is_full(bounds, entries.size(), bytes)) {
            break;
        }
        entries.push_back({at->second.key, at->second.value, at->first});
    }
    return entries;
}

Result<Revision> MemoryStore::commit(const WriteBatch& batch, Revision expected) {
    assert(!batch.empty());
    const std::lock_guard lock(mutex_);
    Revision revision = head();
    if (revision != expected) {
        return failure(make_error(ErrorCode::write_conflict));
    }
    for (const Write& write : batch) {
        revision = Revision{revision.value() + 1};
        const auto [touched, is_new] = last_touch_.try_emplace(write.key, revision);
        if (!is_new) {
            writes_.erase(touched->second);
            touched->second = revision;
        }
        writes_.emplace_hint(writes_.end(), revision, write);
    }
    return revision;
}

Status MemoryStore::ping() {
    return {};
}

// The last touch of all is never removed, only moved forward, so it is where the store stands.
Revision MemoryStore::head() const {
    return writes_.empty() ? Revision{0} : writes_.rbegin()->first;
}

}  // namespace symbolon::storage
