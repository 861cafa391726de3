// The user agents that were seen, as small numbers; and usage records that name them so.
//
// Looking one up takes no lock. Names are never forgotten while the process runs, so there are at
// most usage_agents_max of them; who comes later is not told apart.
//
// Threads:  any thread
// Limits:   usage_agents_max, usage_agent_bytes_max
// Tested by tests/unit/api/usage_test.cpp
#pragma once

#include "api/records.hpp"
#include "core/limits.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

class UserAgents {
public:
    using Id = std::uint32_t;
    static constexpr Id nobody = 0;

    /// The number of `name`; nobody when there are too many.
    Id id_of(std::string_view name);
    /// REQUIRES: an id that id_of has given.
    const std::string& name_of(Id id) const;

private:
    struct Agent {
        std::string sent;  ///< cut, as a client sent it
        std::string name;  ///< as it is shown and stored
        Id id = nobody;
    };
    static constexpr std::size_t places = std::size_t{2} * limits::usage_agents_max;

    const Agent* find(std::string_view sent, std::size_t& place) const;

    std::array<std::atomic<const Agent*>, places> table_{};
    std::array<std::atomic<const Agent*>, limits::usage_agents_max + 1> by_id_{};
    std::mutex mutex_;
    std::deque<Agent> agents_;  // guarded by mutex_ as a list; each agent never changes
};

/// A usage record in little memory.
class StoredUsage {
public:
    StoredUsage() = default;
    StoredUsage(const UsageRecord& record, UserAgents& agents);
    UsageRecord to_record(const UserAgents& agents) const;
    std::int64_t last_read() const { return last_read_; }
    std::uint64_t reads() const { return reads_; }

private:
    struct Use {
        UserAgents::Id agent;
        std::uint64_t reads;
        std::int64_t last_read;
    };

    std::uint64_t reads_ = 0;
    std::int64_t last_read_ = 0;
    std::vector<Use> agents_;
};

}  // namespace symbolon
