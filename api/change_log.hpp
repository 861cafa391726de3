// The change feed: what happened to subjects, configs, modes and contexts, in order of revisions,
// and the log in memory that holds the last of it.
//
// Whoever asks from a revision that the log reaches is told every change. Whoever asks from further
// back is told from the store, which keeps the last change of every key: such a page is compacted.
// Either way nobody who goes on from `next` ends in another state than the registry's.
//
// Example:  page = registry.changes_since({since, 100, {}});   since = page->next;
// Errors:   store_failed
// Units:    revisions of the store
// Threads:  ChangeLog: head() from any thread; all else under the catalogue's lock
// Limits:   changes_kept_max, changes_kept_bytes_max, changes_page_max, changes_page_bytes_max
// Source:   docs/decisions/0008-change-feed.md
// Tested by tests/unit/api/change_log_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/records.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "storage/store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace symbolon {

enum class ChangeKind {
    version_registered,
    version_restored,
    version_soft_deleted,
    version_deleted,
    config_updated,
    config_deleted,
    mode_updated,
    mode_deleted,
    context_deleted,
};
/// As clients read it: "VERSION_REGISTERED".
std::string_view to_string(ChangeKind kind);

struct ChangeEvent {
    Revision revision;
    ChangeKind kind = ChangeKind::version_registered;
    SubjectName subject;             ///< an empty name is the context itself
    std::optional<Version> version;  ///< of version_…
    std::optional<SchemaId> id;      ///< of version_…; nothing: no longer known
    std::int64_t ts = 0;             ///< when the version was registered; 0: no longer known
    ConfigPtr config;                ///< of config_updated
    std::optional<Mode> mode;        ///< of mode_updated
};

/// True when clients are told of `change`; what only serves the registry itself is not reported.
bool is_reported(const Change& change);
/// What `change` means; nothing when it is not reported. `before` is what the catalogue held until
/// then; without one a version that is restored looks like one that is registered.
std::optional<ChangeEvent> find_event(const Change& change, Revision revision,
                                      const Catalog* before);

struct ChangeQuery {
    Revision since;
    std::size_t events_max = 0;
    SubjectPrefix prefix;
};

struct ChangePage {
    std::vector<ChangeEvent> events;
    Revision next;  ///< ask from here on; `head` when there is nothing more yet
    Revision head;
    bool compacted = false;  ///< a change may be missing that a later one has overwritten
};

class ChangeLog {
public:
    struct Bounds {
        std::size_t events_max;
        std::size_t bytes_max;
    };
    /// Of limits.hpp.
    static Bounds default_bounds();

    /// Knows what happens after `start`.
    explicit ChangeLog(Revision start, Bounds bounds = default_bounds());

    /// Where readers stand; the next one who asks sees what came until here.
    Revision head() const { return Revision(head_.load(std::memory_order_acquire)); }
    /// True when all that happened after `since` is here.
    bool reaches(Revision since) const { return since >= start_; }

    /// `bytes` is about what the event takes. REQUIRES: revisions ascend.
    void add(ChangeEvent event, std::size_t bytes);
    /// All up to `head` has been added.
    void advance(Revision head);
    /// Somebody else wrote, and only the last of it is known: what is kept begins anew at `head`.
    void restart(Revision head);

    /// REQUIRES: reaches(query.since).
    ChangePage read(const ChangeQuery& query) const;

private:
    struct Kept {
        ChangeEvent event;
        std::size_t bytes;
    };

    const Bounds bounds_;
    std::atomic<std::int64_t> head_;
    Revision start_;
    std::deque<Kept> kept_;
    std::size_t bytes_ = 0;
};

/// The page as the store has it, no further than `head`, which readers see already.
Result<ChangePage> read_stored_changes(storage::Store& store, const ChangeQuery& query,
                                       Revision head);

}  // namespace symbolon
