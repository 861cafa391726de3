// Who reads which schema: counted in memory with every answer, written to the store now and then.
//
// Reads are counted by schema id and by the subject that the request named, if any. Counting costs
// a few atomic additions: the counter travels with the kept answer. What was counted since the last
// flush is added to what the store holds, so several registries on one store add up.
//
// Example:  book.count(*book.counter({".", SchemaId(7), "orders-value"}), "java/17", now);
// Errors:   none; what does not fit the limits is not counted
// Units:    milliseconds since 1970
// Threads:  any thread
// Limits:   usage_entries_max, usage_agents_max, usage_agents_per_entry, usage_agent_bytes_max
// Source:   docs/decisions/0016-usage.md
// Tested by tests/unit/api/usage_test.cpp
#pragma once

#include "api/records.hpp"
#include "api/usage_agents.hpp"
#include "core/ids.hpp"
#include "core/limits.hpp"

#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon {

/// What was read, and under which subject; an empty one: by id or guid alone.
struct UsageKey {
    std::string context;
    SchemaId id;
    std::string subject;

    friend auto operator<=>(const UsageKey&, const UsageKey&) = default;
};

/// Adds `more` to `total`; of the user agents, those that were here last are kept.
void add_usage(UsageRecord& total, const UsageRecord& more);

/// Reads since the last flush; freely shared.
class UsageCounter {
public:
    void count(UserAgents::Id agent, std::int64_t now);
    bool empty() const { return reads_.load(std::memory_order_relaxed) == 0; }
    /// What was counted since the last time this was asked.
    UsageRecord take(const UserAgents& agents);
    UsageRecord look(const UserAgents& agents) const;

private:
    struct Slot {
        std::atomic<UserAgents::Id> agent{UserAgents::nobody};
        std::atomic<std::uint32_t> reads{0};
        std::atomic<std::int64_t> last_read{0};
    };

    std::atomic<std::uint64_t> reads_{0};
    std::atomic<std::int64_t> last_read_{0};
    std::array<Slot, limits::usage_agents_per_entry> slots_;
};
using UsageCounterPtr = std::shared_ptr<UsageCounter>;

class UsageBook {
public:
    explicit UsageBook(std::size_t entries_max = limits::usage_entries_max)
        : entries_max_(entries_max) {}

    /// Where reads of `key` are counted; nullptr while there is no room.
    UsageCounterPtr counter(const UsageKey& key);
    void count(UsageCounter& counter, std::string_view user_agent, std::int64_t now);

    /// All that is known, stored or not; empty for what was never read.
    UsageRecord find(const UsageKey& key) const;
    /// The same for each subject under which a schema was read, the empty one first.
    std::vector<std::pair<std::string, UsageRecord>> find_all(const std::string& context,
                                                              SchemaId id) const;

    // --- between the book and the store
    /// A usage record that the store holds; others are ignored.
    void note(const Change& change);
    /// What is to be written: keys with new reads, and the longest unread ones where there are too
    /// many.
    std::vector<UsageKey> list_unwritten();
    /// Every key behind `after`, at most `count`.
    std::vector<UsageKey> list_after(const std::optional<UsageKey>& after, std::size_t count) const;
    /// The changes that write `keys`, over what the store holds now.
    std::vector<Change> to_changes(const std::vector<UsageKey>& keys);
    /// Forgets `key`, here and, once it is written, in the store.
    void forget(const UsageKey& key);
    std::size_t size() const;

private:
    struct Entry {
        UsageCounterPtr live = std::make_shared<UsageCounter>();
        StoredUsage stored;
        UsageRecord unwritten;  ///< taken out of `live`, not in the store yet
        std::unique_ptr<UsageRecord> proposed;
        bool forgotten = false;
    };

    UsageRecord total_of(const Entry& entry) const;
    void drop_longest_unread();

    const std::size_t entries_max_;
    UserAgents agents_;
    mutable std::mutex mutex_;
    std::map<UsageKey, Entry> entries_;  // guarded by mutex_
};

}  // namespace symbolon
