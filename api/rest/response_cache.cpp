#include "api/rest/response_cache.hpp"

#include <functional>
#include <utility>

namespace symbolon::rest {

namespace {

struct CachePlace {
    std::size_t shard;
    std::size_t slot;
};

CachePlace place_of(std::string_view target) {
    const std::size_t hash = std::hash<std::string_view>{}(target);
    return {hash % ResponseCache::shard_count,
            hash / ResponseCache::shard_count % ResponseCache::slots_per_shard};
}

}  // namespace

std::optional<KeptResponse> ResponseCache::find(std::string_view target) const {
    const CachePlace place = place_of(target);
    const Shard& shard = shards_[place.shard];
    const std::lock_guard lock(shard.mutex);
    const Slot& slot = shard.slots[place.slot];
    if (!slot.response.body || slot.target != target) {
        return std::nullopt;
    }
    return slot.response;
}

bool ResponseCache::contains(std::string_view target) const {
    const CachePlace place = place_of(target);
    const Shard& shard = shards_[place.shard];
    const std::lock_guard lock(shard.mutex);
    const Slot& slot = shard.slots[place.slot];
    return slot.response.body && slot.target == target;
}

void ResponseCache::keep(std::string_view target, KeptResponse response) {
    Slot entry{std::string(target), std::move(response)};
    const std::size_t bytes = entry.size_bytes();
    if (bytes > entry_bytes_max) {
        return;
    }
    const CachePlace place = place_of(target);
    Shard& shard = shards_[place.shard];
    const std::lock_guard lock(shard.mutex);
    Slot& slot = shard.slots[place.slot];
    shard.bytes -= slot.size_bytes();
    slot = {};
    if (shard.bytes + bytes > shard_bytes_max) {
        shard.slots = {};
        shard.bytes = 0;
    }
    shard.bytes += bytes;
    slot = std::move(entry);
}

std::size_t ResponseCache::size_bytes() const {
    std::size_t bytes = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        bytes += shard.bytes;
    }
    return bytes;
}

}  // namespace symbolon::rest
