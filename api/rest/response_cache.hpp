// Rendered answers to the reads that make up most of the traffic, kept by request target.
//
// An answer is a function of its target and of the catalogue. So it holds exactly while the
// catalogue stands at the revision it was made at, and no write has to name what it makes stale. A
// table with one place per hash value bounds the memory: a newcomer replaces whatever stands in its
// place.
//
// Units:    bytes
// Threads:  any thread
// Limits:   entry_bytes_max, shard_bytes_max
// Source:   docs/decisions/0002-rooms-and-doors.md
// Tested by tests/unit/api/rest/response_cache_test.cpp
#pragma once

#include "api/usage.hpp"
#include "core/ids.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::rest {

struct KeptResponse {
    Revision revision;              ///< of the catalogue it was made from
    std::string_view operation_id;  ///< from the route table, which lives forever
    std::shared_ptr<const std::string> body;
    UsageCounterPtr usage{};  ///< where reads of the schema in it are counted
};

class ResponseCache {
public:
    static constexpr std::size_t shard_count = 16;
    static constexpr std::size_t slots_per_shard = 256;
    static constexpr std::size_t entry_bytes_max = 128U << 10U;
    /// Of all shards together 8 MiB.
    static constexpr std::size_t shard_bytes_max = 512U << 10U;

    /// The caller must compare the revision with the catalogue's.
    std::optional<KeptResponse> find(std::string_view target) const;
    /// True when something, perhaps stale, is kept for `target`.
    bool contains(std::string_view target) const;
    void keep(std::string_view target, KeptResponse response);
    /// Bytes of all kept targets and bodies.
    std::size_t size_bytes() const;

private:
    struct Slot {
        std::string target;
        KeptResponse response;

        std::size_t size_bytes() const {
            return target.size() + (response.body ? response.body->size() : 0);
        }
    };
    struct Shard {
        mutable std::mutex mutex;
        std::array<Slot, slots_per_shard> slots;  ///< guarded by mutex
        std::size_t bytes = 0;                    ///< guarded by mutex
    };

    std::array<Shard, shard_count> shards_;
};

}  // namespace symbolon::rest
