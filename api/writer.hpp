// The writer's turn: takes all waiting writes, decides each over the catalogue plus what came
// before it in the turn, commits them in one batch, makes them visible, and only then answers.
//
// There is no thread: the first waiting caller leads, the others sleep until they are answered or
// lead themselves. Two catalogues keep readers apart from what is not durable yet: `catalog` is
// what readers see; `ahead_` is the writer's own, with the turn's changes applied. `ahead_` equals
// `catalog` between turns and is dropped whenever a commit did not succeed.
//
// Errors:   those of the decisions; store_failed; overloaded; write_conflict after too many
//           attempts
// Threads:  any thread
// Limits:   writes_waiting_max, group_commit_max, commit_attempts_max
// Source:   docs/decisions/0006-group-commit.md
// Tested by tests/unit/api/writer_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/change_log.hpp"
#include "api/read_write_lock.hpp"
#include "core/result.hpp"
#include "storage/store.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon {

/// Changes in the order in which each key was touched last, as a store lists them.
class ChangeBatch {
public:
    void add(Change change);
    bool empty() const { return places_.empty(); }
    /// True when `change` would replace one that clients are told of, or be told in its place.
    bool hides_with(const Change& change) const;
    storage::WriteBatch to_writes() const;
    /// Calls `visit(const Change&)` for each change in order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& change : changes_) {
            if (change) {
                visit(*change);
            }
        }
    }

private:
    std::vector<std::optional<Change>> changes_;
    std::map<std::string, std::size_t> places_;
};

class Writer {
public:
    /// The changes that a write makes to the catalogue it is given; called once per attempt.
    using Decide = std::function<Result<std::vector<Change>>(const Catalog&)>;

    /// What a decision looks at. Why: the catalogue with the turn's changes is a second one in
    /// memory, which a registry that nobody writes to should never have.
    enum class Needs { catalog, nothing };
    /// Told of each change that readers see from now on, under the catalogue's exclusive lock.
    using Publish = std::function<void(const Change&)>;

    /// All of them outlive the writer, which alone changes `catalog` and `log`; `catalog_mutex`
    /// guards both.
    Writer(storage::Store& store, Catalog& catalog, ReadWriteLock& catalog_mutex, ChangeLog& log,
           Publish published = {})
        : store_(store),
          catalog_(catalog),
          catalog_mutex_(catalog_mutex),
          log_(log),
          published_(std::move(published)) {}

    /// Returns when the changes are durable and visible, or why they are not.
    Status write(const Decide& decide, Needs needs = Needs::catalog);

private:
    struct Pending {
        const Decide* decide = nullptr;
        Needs needs = Needs::catalog;
        Status outcome;
        bool over_staged = false;  ///< decided over changes that were not durable then
        bool done = false;
        bool leads = false;
        std::condition_variable wake;
    };
    using Group = std::vector<Pending*>;

    void lead(std::unique_lock<std::mutex>& lock);
    void take_turn(Group& group);
    void try_turn(Group& group);
    Status catch_up();
    Result<ChangeBatch> decide_all(Group& group);
    void publish(const ChangeBatch& batch, const storage::WriteBatch& writes, Revision revision);
    void note(const Change& change, Revision revision, std::size_t bytes);
    Status apply(const Change& change);

    storage::Store& store_;
    Catalog& catalog_;
    ReadWriteLock& catalog_mutex_;
    ChangeLog& log_;
    const Publish published_;

    std::mutex mutex_;
    // Guarded by mutex_.
    std::deque<Pending*> waiting_;
    bool busy_ = false;

    // Used by the leader alone.
    std::optional<Catalog> ahead_;
    bool behind_store_ = false;  ///< the store may hold what the catalogue does not
};

}  // namespace symbolon
