#include "api/change_log.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace symbolon {

namespace {

constexpr std::array change_names{
    std::pair{ChangeKind::version_registered, std::string_view("VERSION_REGISTERED")},
    std::pair{ChangeKind::version_restored, std::string_view("VERSION_RESTORED")},
    std::pair{ChangeKind::version_soft_deleted, std::string_view("VERSION_SOFT_DELETED")},
    std::pair{ChangeKind::version_deleted, std::string_view("VERSION_DELETED")},
    std::pair{ChangeKind::config_updated, std::string_view("CONFIG_UPDATED")},
    std::pair{ChangeKind::config_deleted, std::string_view("CONFIG_DELETED")},
    std::pair{ChangeKind::mode_updated, std::string_view("MODE_UPDATED")},
    std::pair{ChangeKind::mode_deleted, std::string_view("MODE_DELETED")},
    std::pair{ChangeKind::context_deleted, std::string_view("CONTEXT_DELETED")},
};

bool is_erased(const Change& change) {
    return std::holds_alternative<std::monostate>(change.value);
}

void describe_version(const Change& change, const Catalog* before, ChangeEvent& event) {
    const Version version(change.key.number);
    const VersionRow* const row =
        before == nullptr ? nullptr : before->find_version(event.subject, version);
    event.version = version;
    if (const auto* const record = std::get_if<VersionRecord>(&change.value)) {
        const bool was_deleted = row != nullptr && row->deleted;
        event.kind = record->deleted ? ChangeKind::version_soft_deleted
                     : was_deleted   ? ChangeKind::version_restored
                                     : ChangeKind::version_registered;
        event.id = record->id;
        event.ts = record->ts;
        return;
    }
    event.kind = ChangeKind::version_deleted;
    if (row != nullptr) {
        event.id = row->id;
        event.ts = row->ts;
    }
}

}  // namespace

std::string_view to_string(ChangeKind kind) {
    return change_names[static_cast<std::size_t>(kind)].second;
}

bool is_reported(const Change& change) {
    switch (change.key.family) {
        case RecordFamily::version:
        case RecordFamily::config:
        case RecordFamily::mode:
            return true;
        case RecordFamily::context: {
            // Its counter of ids moves with every registration, which is told as such.
            const auto* const record = std::get_if<ContextRecord>(&change.value);
            return record == nullptr || record->deleted;
        }
        case RecordFamily::schema:
        case RecordFamily::association:
        case RecordFamily::usage:
        case RecordFamily::kek:
        case RecordFamily::dek:
            return false;
    }
    return false;
}

std::optional<ChangeEvent> find_event(const Change& change, Revision revision,
                                      const Catalog* before) {
    if (!is_reported(change)) {
        return std::nullopt;
    }
    ChangeEvent event;
    event.revision = revision;
    event.subject = {change.key.context, change.key.subject};
    switch (change.key.family) {
        case RecordFamily::version:
            describe_version(change, before, event);
            break;
        case RecordFamily::config:
            event.kind =
                is_erased(change) ? ChangeKind::config_deleted : ChangeKind::config_updated;
            event.config = is_erased(change) ? nullptr : std::get<ConfigPtr>(change.value);
            break;
        case RecordFamily::mode:
            event.kind = is_erased(change) ? ChangeKind::mode_deleted : ChangeKind::mode_updated;
            if (!is_erased(change)) {
                event.mode = std::get<Mode>(change.value);
            }
            break;
        case RecordFamily::context:
        case RecordFamily::schema:
        case RecordFamily::association:
        case RecordFamily::usage:
        case RecordFamily::kek:
        case RecordFamily::dek:
            event.kind = ChangeKind::context_deleted;
            break;
    }
    return event;
}

ChangeLog::Bounds ChangeLog::default_bounds() {
    return {limits::changes_kept_max, limits::changes_kept_bytes_max};
}

ChangeLog::ChangeLog(Revision start, Bounds bounds)
    : bounds_(bounds), head_(start.value()), start_(start) {}

void ChangeLog::add(ChangeEvent event, std::size_t bytes) {
    bytes_ += bytes;
    kept_.push_back({std::move(event), bytes});
    while (kept_.size() > bounds_.events_max || bytes_ > bounds_.bytes_max) {
        start_ = kept_.front().event.revision;
        bytes_ -= kept_.front().bytes;
        kept_.pop_front();
    }
}

void ChangeLog::advance(Revision head) {
    head_.store(head.value(), std::memory_order_release);
}

void ChangeLog::restart(Revision head) {
    kept_.clear();
    bytes_ = 0;
    start_ = head;
    advance(head);
}

ChangePage ChangeLog::read(const ChangeQuery& query) const {
    ChangePage page;
    page.head = head();
    page.next = page.head;
    std::size_t bytes = 0;
    auto at = std::upper_bound(
        kept_.begin(), kept_.end(), query.since,
        [](Revision since, const Kept& kept) { return since < kept.event.revision; });
    for (; at != kept_.end(); ++at) {
        if (!query.prefix.matches(at->event.subject)) {
            continue;
        }
        bytes += at->bytes;
        const bool full = page.events.size() >= query.events_max ||
                          (!page.events.empty() && bytes > limits::changes_page_bytes_max);
        if (full) {
            page.next = page.events.back().revision;
            break;
        }
        page.events.push_back(at->event);
    }
    return page;
}

Result<ChangePage> read_stored_changes(storage::Store& store, const ChangeQuery& query,
                                       Revision head) {
    ChangePage page;
    page.head = head;
    page.next = query.since;
    page.compacted = true;
    // A registration writes up to three entries, of which one is told.
    const storage::ReadBounds bounds{query.events_max * 3, limits::changes_page_bytes_max};
    SYMBOLON_TRY(auto entries, store.read_page(query.since, bounds));
    if (entries.empty() || entries.front().revision > head) {
        page.next = head;
        return page;
    }
    for (auto& entry : entries) {
        const Revision revision = entry.revision;
        if (revision > head) {
            page.next = head;
            return page;
        }
        SYMBOLON_TRY(const auto change, parse_record(std::move(entry)));
        auto event = find_event(change, revision, nullptr);
        if (event && query.prefix.matches(event->subject)) {
            if (page.events.size() >= query.events_max) {
                return page;
            }
            page.events.push_back(*std::move(event));
        }
        page.next = revision;
    }
    return page;
}

}  // namespace symbolon
