// A store that lives in memory and is gone with the process: for tests and for trying Symbolon out.
//
// Example:  MemoryStore store; SYMBOLON_TRY(auto head, store.commit({{"a", "1"}}, Revision{0}));
// Errors:   write_conflict
// Threads:  any thread
// Source:   docs/decisions/0005-dumb-store.md
// Tested by tests/unit/storage/store_contract_test.cpp
#pragma once

#include "storage/store.hpp"

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace symbolon::storage {

class MemoryStore final : public Store {
public:
    Result<std::vector<Entry>> read_page(Revision since, const ReadBounds& bounds) override;
    Result<Revision> commit(const WriteBatch& batch, Revision expected) override;
    Status ping() override;

private:
    Revision head() const;  ///< REQUIRES: mutex_ is held

    std::mutex mutex_;
    // Guarded by mutex_. Each key appears once in each map: at its last touch.
    std::map<Revision, Write> writes_;
    std::unordered_map<std::string, Revision> last_touch_;
};

}  // namespace symbolon::storage
