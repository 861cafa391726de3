// A bounded map that forgets what was not used for longest.
//
// Example:  if (const auto* codec = cache.find(key)) …  else cache.insert(key, made);
// Threads:  one at a time
// Tested by tests/unit/client/payload/lru_cache_test.cpp
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace symbolon::client {

template <class Value>
class LruCache {
public:
    explicit LruCache(std::size_t entries_max) : entries_max_(entries_max) {}

    /// nullptr: not there. Good until the next insert().
    const Value* find(const std::string& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) {
            return nullptr;
        }
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->second;
    }
    void insert(const std::string& key, Value value) {
        if (entries_max_ == 0 || find(key) != nullptr) {
            return;
        }
        while (entries_.size() >= entries_max_) {
            places_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(key, std::move(value));
        places_.emplace(key, entries_.begin());
    }
    std::size_t size() const { return entries_.size(); }

private:
    using Entries = std::list<std::pair<std::string, Value>>;
    std::size_t entries_max_;
    Entries entries_;  ///< last used first
    std::unordered_map<std::string, typename Entries::iterator> places_;
};

}  // namespace symbolon::client
