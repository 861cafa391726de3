#include "api/usage_agents.hpp"

#include <algorithm>
#include <functional>

namespace symbolon {

namespace {

// Why: names are stored in JSON and shown to people, and a header may hold any byte.
std::string shown_agent(std::string_view sent) {
    std::string name(sent);
    std::replace_if(
        name.begin(), name.end(),
        [](char letter) { return letter < ' ' || letter > '~' || letter == '"' || letter == '\\'; },
        '?');
    return name.empty() ? "unknown" : name;
}

}  // namespace

const UserAgents::Agent* UserAgents::find(std::string_view sent, std::size_t& place) const {
    place = std::hash<std::string_view>{}(sent) % places;
    for (;;) {
        const Agent* const agent = table_[place].load(std::memory_order_acquire);
        if (agent == nullptr || agent->sent == sent) {
            return agent;
        }
        place = (place + 1) % places;
    }
}

UserAgents::Id UserAgents::id_of(std::string_view name) {
    const std::string_view sent = name.substr(0, limits::usage_agent_bytes_max);
    std::size_t place = 0;
    if (const Agent* const known = find(sent, place)) {
        return known->id;
    }
    const std::lock_guard lock(mutex_);
    if (const Agent* const known = find(sent, place)) {
        return known->id;
    }
    if (agents_.size() >= limits::usage_agents_max) {
        return nobody;
    }
    const auto id = static_cast<Id>(agents_.size() + 1);
    agents_.push_back({std::string(sent), shown_agent(sent), id});
    by_id_[id].store(&agents_.back(), std::memory_order_release);
    table_[place].store(&agents_.back(), std::memory_order_release);
    return id;
}

const std::string& UserAgents::name_of(Id id) const {
    return by_id_[id].load(std::memory_order_acquire)->name;
}

StoredUsage::StoredUsage(const UsageRecord& record, UserAgents& agents)
    : reads_(record.reads), last_read_(record.last_read) {
    for (const AgentUse& use : record.agents) {
        if (const auto id = agents.id_of(use.agent); id != UserAgents::nobody) {
            agents_.push_back({id, use.reads, use.last_read});
        }
    }
}

UsageRecord StoredUsage::to_record(const UserAgents& agents) const {
    UsageRecord record{reads_, last_read_, {}};
    for (const Use& use : agents_) {
        record.agents.push_back({agents.name_of(use.agent), use.reads, use.last_read});
    }
    return record;
}

}  // namespace symbolon
