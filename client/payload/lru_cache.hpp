// A bounded map that forgets what was not used for longest.
//
// Example:  if (const auto* codec = cache.find(key)) …  else cache.insert(key, made);
// Units:    cost: what the caller counts in, such as bytes
// Threads:  one at a time
// Tested by tests/unit/client/payload/lru_cache_test.cpp
#pragma once

#include <cstddef>
#include <iterator>
#include <limits>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace symbolon::client {

template <class Value>
class LruCache {
public:
    explicit LruCache(std::size_t entries_max,
                      std::size_t cost_max = std::numeric_limits<std::size_t>::max())
        : entries_max_(entries_max), cost_max_(cost_max) {}

    /// nullptr: not there. Good until the next insert().
    const Value* find(const std::string& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) {
            return nullptr;
        }
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->value;
    }
    /// What alone costs more than all may is not kept.
    void insert(const std::string& key, Value value, std::size_t cost = 0) {
        if (entries_max_ == 0 || cost > cost_max_ || find(key) != nullptr) {
            return;
        }
        while (entries_.size() >= entries_max_ || cost > cost_max_ - cost_) {
            cost_ -= entries_.back().cost;
            places_.erase(entries_.back().key);
            entries_.pop_back();
        }
        entries_.push_front({key, std::move(value), cost});
        places_.emplace(key, entries_.begin());
        cost_ += cost;
    }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::string key;
        Value value;
        std::size_t cost;
    };
    using Entries = std::list<Entry>;
    std::size_t entries_max_;
    std::size_t cost_max_;
    std::size_t cost_ = 0;
    Entries entries_;  ///< last used first
    std::unordered_map<std::string, typename Entries::iterator> places_;
};

}  // namespace symbolon::client
