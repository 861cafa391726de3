// A cache that loads what it lacks: the least recently used entry goes first, entries have a time,
// and calls that miss the same key at the same time share one load.
//
// Example:  cache.find_or_load({.key = "id/7", .ttl = 300s}, [&] { return ask(7); });
// Errors:   those of the load; internal_error when it throws
// Units:    milliseconds
// Threads:  any thread; a load must not ask the same cache for its own key
// Source:   contract of the event clients, section 2
// Tested by tests/unit/client/registry_client/cache_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/retry.hpp"
#include "core/result.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace symbolon::client {

/// Several caches may count in one place.
struct CacheCounters {
    std::atomic<std::uint64_t> hits{0};
    std::atomic<std::uint64_t> misses{0};  ///< loads
    std::atomic<std::uint64_t> shared{0};  ///< calls that waited for another's load
    std::atomic<std::uint64_t> stale{0};   ///< entries answered beyond their time
};

/// An entry that is larger than all bytes allowed is kept alone.
struct CacheBounds {
    std::size_t entries_max = 0;
    std::size_t bytes_max = 0;
};

/// What happens when a load fails because nobody answers (is_retryable_error).
enum class OnOutage { fail, answer_stale };

struct CacheKey {
    std::string key{};
    std::chrono::milliseconds ttl{0};
    OnOutage on_outage = OnOutage::fail;
};

template <class Value>
class LoadingCache {
public:
    using Load = std::function<Result<Value>()>;
    using BytesOf = std::function<std::size_t(const Value&)>;

    /// After a load found that nobody answers, those who take entries beyond their time get them
    /// without a load for `stale_pause`: an outage costs one wait, and not one for each entry.
    LoadingCache(CacheBounds bounds, BytesOf bytes_of, std::chrono::milliseconds stale_pause,
                 const Clock& clock, CacheCounters& counters)
        : bounds_(bounds),
          bytes_of_(std::move(bytes_of)),
          stale_pause_(stale_pause),
          clock_(clock),
          counters_(counters) {}

    Result<Value> find_or_load(const CacheKey& wanted, const Load& load) {
        std::unique_lock lock(mutex_);
        if (const auto found = find(wanted.key); found != entries_.end()) {
            if (clock_.now() < found->fresh_until) {
                ++counters_.hits;
                return found->value;
            }
            if (wanted.on_outage == OnOutage::answer_stale && clock_.now() < outage_until_) {
                ++counters_.stale;
                return found->value;
            }
        }
        if (const auto under_way = flights_.find(wanted.key); under_way != flights_.end()) {
            ++counters_.shared;
            const auto flight = under_way->second;
            landed_.wait(lock, [&] { return flight->result.has_value(); });
            return *flight->result;
        }
        ++counters_.misses;
        const auto flight = std::make_shared<Flight>();
        flights_[wanted.key] = flight;
        lock.unlock();
        auto loaded = run(load);
        lock.lock();
        loaded = settle(wanted, *flight, std::move(loaded));
        flight->result = loaded;
        landed_.notify_all();
        return loaded;
    }

    /// The entry, and what is just being loaded for it, is not used again.
    void forget(const std::string& key) {
        const std::lock_guard lock(mutex_);
        flights_.erase(key);
        drop(key);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return entries_.size();
    }

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Entry {
        std::string key;
        Value value;
        std::size_t bytes;
        SteadyTime fresh_until;
    };
    using Entries = std::list<Entry>;
    struct Flight {
        std::optional<Result<Value>> result;
    };

    static Result<Value> run(const Load& load) {
        try {
            return load();
        } catch (const std::exception&) {  // those who wait must not wait for ever
            return failure(make_error(ErrorCode::internal_error));
        }
    }

    /// REQUIRES: mutex_ is held, here and below. The entry moves to the front.
    typename Entries::iterator find(const std::string& key) {
        const auto found = index_.find(key);
        if (found == index_.end()) {
            return entries_.end();
        }
        entries_.splice(entries_.begin(), entries_, found->second);
        return entries_.begin();
    }

    /// What a load comes to for all who wait.
    Result<Value> settle(const CacheKey& wanted, const Flight& flight, Result<Value> loaded) {
        const auto under_way = flights_.find(wanted.key);
        const bool is_wanted = under_way != flights_.end() && under_way->second.get() == &flight;
        if (is_wanted) {
            flights_.erase(under_way);
        }
        if (loaded) {
            outage_until_ = SteadyTime();
            if (is_wanted) {
                keep(wanted, *loaded);
            }
            return loaded;
        }
        if (!is_retryable_error(loaded.error().code)) {
            return loaded;
        }
        outage_until_ = clock_.now() + stale_pause_;
        const auto found = find(wanted.key);
        if (wanted.on_outage == OnOutage::fail || found == entries_.end()) {
            return loaded;
        }
        ++counters_.stale;
        return found->value;
    }

    void keep(const CacheKey& wanted, const Value& value) {
        drop(wanted.key);
        const std::size_t bytes = bytes_of_(value);
        entries_.push_front({wanted.key, value, bytes, clock_.now() + wanted.ttl});
        index_[wanted.key] = entries_.begin();
        bytes_ += bytes;
        while (entries_.size() > bounds_.entries_max ||
               (bytes_ > bounds_.bytes_max && entries_.size() > 1)) {
            drop(std::string(entries_.back().key));
        }
    }

    void drop(const std::string& key) {
        if (const auto found = index_.find(key); found != index_.end()) {
            bytes_ -= found->second->bytes;
            entries_.erase(found->second);
            index_.erase(found);
        }
    }

    const CacheBounds bounds_;
    const BytesOf bytes_of_;
    const std::chrono::milliseconds stale_pause_;
    const Clock& clock_;
    CacheCounters& counters_;
    mutable std::mutex mutex_;
    std::condition_variable landed_;
    // guarded by mutex_
    Entries entries_;  ///< the one used last comes first
    std::unordered_map<std::string, typename Entries::iterator> index_;
    std::size_t bytes_ = 0;
    SteadyTime outage_until_{};
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace symbolon::client
