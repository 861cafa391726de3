#include "api/usage.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

namespace {

/// What is dropped at once where there are too many entries, so that it is not done for each.
constexpr std::size_t dropped_share = 10;

void raise_to(std::atomic<std::int64_t>& last, std::int64_t now) {
    // Two readers within one millisecond may overtake each other; nobody can tell.
    if (last.load(std::memory_order_relaxed) < now) {
        last.store(now, std::memory_order_relaxed);
    }
}

void sort_and_cut_agents(std::vector<AgentUse>& agents) {
    std::sort(agents.begin(), agents.end(), [](const AgentUse& left, const AgentUse& right) {
        return left.last_read != right.last_read ? left.last_read > right.last_read
                                                 : left.agent < right.agent;
    });
    if (agents.size() > limits::usage_agents_per_entry) {
        agents.resize(limits::usage_agents_per_entry);
    }
}

}  // namespace

void add_usage(UsageRecord& total, const UsageRecord& more) {
    total.reads += more.reads;
    total.last_read = std::max(total.last_read, more.last_read);
    for (const AgentUse& use : more.agents) {
        const auto known = std::find_if(total.agents.begin(), total.agents.end(),
                                        [&](const auto& one) { return one.agent == use.agent; });
        if (known == total.agents.end()) {
            total.agents.push_back(use);
        } else {
            known->reads += use.reads;
            known->last_read = std::max(known->last_read, use.last_read);
        }
    }
    sort_and_cut_agents(total.agents);
}

void UsageCounter::count(UserAgents::Id agent, std::int64_t now) {
    reads_.fetch_add(1, std::memory_order_relaxed);
    raise_to(last_read_, now);
    if (agent == UserAgents::nobody) {
        return;
    }
    for (Slot& slot : slots_) {
        UserAgents::Id found = slot.agent.load(std::memory_order_relaxed);
        const bool mine =
            found == agent ||
            (found == UserAgents::nobody &&
             (slot.agent.compare_exchange_strong(found, agent, std::memory_order_relaxed) ||
              found == agent));
        if (mine) {
            slot.reads.fetch_add(1, std::memory_order_relaxed);
            raise_to(slot.last_read, now);
            return;
        }
    }
}

UsageRecord UsageCounter::take(const UserAgents& agents) {
    UsageRecord record{reads_.exchange(0, std::memory_order_relaxed),
                       last_read_.load(std::memory_order_relaxed),
                       {}};
    // Each slot is free afterwards. A reader that found itself in one this very moment may be
    // counted as whoever takes it next; the total stays right.
    for (Slot& slot : slots_) {
        const auto agent = slot.agent.exchange(UserAgents::nobody, std::memory_order_relaxed);
        const auto reads = slot.reads.exchange(0, std::memory_order_relaxed);
        const auto last_read = slot.last_read.exchange(0, std::memory_order_relaxed);
        if (agent != UserAgents::nobody && reads > 0) {
            record.agents.push_back({agents.name_of(agent), reads, last_read});
        }
    }
    return record;
}

UsageRecord UsageCounter::look(const UserAgents& agents) const {
    UsageRecord record{
        reads_.load(std::memory_order_relaxed), last_read_.load(std::memory_order_relaxed), {}};
    for (const Slot& slot : slots_) {
        const auto agent = slot.agent.load(std::memory_order_relaxed);
        const auto reads = slot.reads.load(std::memory_order_relaxed);
        if (agent != UserAgents::nobody && reads > 0) {
            record.agents.push_back(
                {agents.name_of(agent), reads, slot.last_read.load(std::memory_order_relaxed)});
        }
    }
    return record;
}

UsageCounterPtr UsageBook::counter(const UsageKey& key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
        return found->second.live;
    }
    return entries_.size() >= entries_max_ ? nullptr : entries_[key].live;
}

void UsageBook::count(UsageCounter& counter, std::string_view user_agent, std::int64_t now) {
    counter.count(agents_.id_of(user_agent), now);
}

UsageRecord UsageBook::total_of(const Entry& entry) const {
    UsageRecord total = entry.stored.to_record(agents_);
    add_usage(total, entry.unwritten);
    add_usage(total, entry.live->look(agents_));
    return total;
}

UsageRecord UsageBook::find(const UsageKey& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? UsageRecord{} : total_of(found->second);
}

std::vector<std::pair<std::string, UsageRecord>> UsageBook::find_all(const std::string& context,
                                                                     SchemaId id) const {
    std::vector<std::pair<std::string, UsageRecord>> found;
    const std::lock_guard lock(mutex_);
    for (auto at = entries_.lower_bound({context, id, {}});
         at != entries_.end() && at->first.context == context && at->first.id == id; ++at) {
        found.emplace_back(at->first.subject, total_of(at->second));
    }
    return found;
}

void UsageBook::note(const Change& change) {
    if (change.key.family != RecordFamily::usage) {
        return;
    }
    const UsageKey key{change.key.context, SchemaId(change.key.number), change.key.subject};
    const auto* record = std::get_if<UsageRecord>(&change.value);
    const std::lock_guard lock(mutex_);
    if (record == nullptr) {
        entries_.erase(key);
        return;
    }
    Entry& entry = entries_[key];
    // Why: what was proposed is in the store, by whatever way we learn of it, so it is not added
    // again. Another registry's record is not equal, since it lacks our reads.
    if (entry.proposed && *entry.proposed == *record) {
        entry.unwritten = {};
        entry.proposed.reset();
    }
    entry.stored = StoredUsage(*record, agents_);
}

void UsageBook::drop_longest_unread() {
    std::vector<std::pair<std::int64_t, Entry*>> unread;
    unread.reserve(entries_.size());
    for (auto& [key, entry] : entries_) {
        const UsageRecord live = entry.live->look(agents_);
        unread.emplace_back(
            std::max({live.last_read, entry.unwritten.last_read, entry.stored.last_read()}),
            &entry);
    }
    const auto dropped = unread.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(
                                              unread.size() / dropped_share, 1));
    std::nth_element(unread.begin(), dropped - 1, unread.end());
    std::for_each(unread.begin(), dropped, [](const auto& one) { one.second->forgotten = true; });
}

std::vector<UsageKey> UsageBook::list_unwritten() {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= entries_max_) {
        drop_longest_unread();
    }
    std::vector<UsageKey> keys;
    for (const auto& [key, entry] : entries_) {
        if (!entry.live->empty() || entry.unwritten.reads > 0 || entry.forgotten) {
            keys.push_back(key);
        }
    }
    return keys;
}

std::vector<UsageKey> UsageBook::list_after(const std::optional<UsageKey>& after,
                                            std::size_t count) const {
    const std::lock_guard lock(mutex_);
    std::vector<UsageKey> keys;
    for (auto at = after ? entries_.upper_bound(*after) : entries_.begin();
         at != entries_.end() && keys.size() < count; ++at) {
        keys.push_back(at->first);
    }
    return keys;
}

std::vector<Change> UsageBook::to_changes(const std::vector<UsageKey>& keys) {
    std::vector<Change> changes;
    const std::lock_guard lock(mutex_);
    for (const UsageKey& key : keys) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) {
            continue;
        }
        Entry& entry = found->second;
        Change change{{RecordFamily::usage, key.context, key.subject, key.id.value()},
                      std::monostate()};
        if (entry.forgotten) {
            if (entry.stored.reads() == 0) {
                entries_.erase(found);
                continue;
            }
            changes.push_back(std::move(change));
            continue;
        }
        add_usage(entry.unwritten, entry.live->take(agents_));
        if (entry.unwritten.reads == 0) {
            continue;
        }
        UsageRecord total = entry.stored.to_record(agents_);
        add_usage(total, entry.unwritten);
        entry.proposed = std::make_unique<UsageRecord>(total);
        change.value = std::move(total);
        changes.push_back(std::move(change));
    }
    return changes;
}

void UsageBook::forget(const UsageKey& key) {
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(key); found != entries_.end()) {
        found->second.forgotten = true;
    }
}

std::size_t UsageBook::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

}  // namespace symbolon
