#include "api/usage_keeper.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <shared_mutex>
#include <utility>

namespace symbolon {

namespace {

/// Records of one commit: a registration that waits behind it hardly notices.
constexpr std::size_t records_per_flush_step = 128;
/// Records that are compared with the catalogue under one hold of its lock.
constexpr std::size_t records_per_look = 500;

bool is_used(const Catalog& catalog, const UsageKey& key) {
    const SchemaSlot* slot = catalog.find_schema(key.context, key.id);
    if (slot == nullptr || key.subject.empty()) {
        return slot != nullptr;
    }
    const auto use = slot->uses.lower_bound({key.subject, Version()});
    return use != slot->uses.end() && use->subject == key.subject;
}

}  // namespace

void UsageKeeper::forget_some() {
    const auto keys = book_.list_after(looked_to_, records_per_look);
    if (keys.empty()) {
        looking_ = false;
        looked_to_.reset();
        to_write_ = book_.list_unwritten();
        return;
    }
    looked_to_ = keys.back();
    std::vector<UsageKey> gone;
    {
        const std::shared_lock lock(catalog_mutex_);
        std::copy_if(keys.begin(), keys.end(), std::back_inserter(gone),
                     [&](const UsageKey& key) { return !is_used(catalog_, key); });
    }
    for (const UsageKey& key : gone) {
        book_.forget(key);
    }
}

Status UsageKeeper::write_some() {
    const std::size_t count = std::min(to_write_.size(), records_per_flush_step);
    const std::vector<UsageKey> keys(to_write_.end() - static_cast<std::ptrdiff_t>(count),
                                     to_write_.end());
    to_write_.resize(to_write_.size() - count);
    return writer_.write(
        [&](const Catalog&) -> Result<std::vector<Change>> { return book_.to_changes(keys); },
        Writer::Needs::nothing);
}

bool UsageKeeper::tend(std::int64_t now) {
    const std::lock_guard lock(mutex_);
    if (!looking_ && to_write_.empty()) {
        flushed_at_ = flushed_at_.value_or(now);
        if (now - *flushed_at_ < limits::usage_flush_ms) {
            return false;
        }
        flushed_at_ = now;
        looking_ = true;
    }
    if (looking_) {
        forget_some();
        return true;
    }
    if (!write_some()) {
        to_write_.clear();  // what was counted is kept, and tried again next time
    }
    return !to_write_.empty();
}

Status UsageKeeper::flush() {
    const std::lock_guard lock(mutex_);
    looking_ = true;
    while (looking_) {
        forget_some();
    }
    while (!to_write_.empty()) {
        SYMBOLON_CHECK(write_some());
    }
    return {};
}

}  // namespace symbolon
