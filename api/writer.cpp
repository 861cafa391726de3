#include "api/writer.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon {

void ChangeBatch::add(Change change) {
    const auto [place, inserted] = places_.emplace(to_text(change.key), changes_.size());
    if (!inserted) {
        changes_[place->second].reset();
        place->second = changes_.size();
    }
    changes_.emplace_back(std::move(change));
}

storage::WriteBatch ChangeBatch::to_writes() const {
    storage::WriteBatch writes;
    writes.reserve(places_.size());
    for_each([&](const Change& change) { writes.push_back(to_write(change)); });
    return writes;
}

Status Writer::write(const Decide& decide) {
    Pending mine;
    mine.decide = &decide;
    std::unique_lock lock(mutex_);
    if (waiting_.size() >= limits::writes_waiting_max) {
        return failure(make_error(ErrorCode::overloaded, "Too many writes are waiting; try again"));
    }
    waiting_.push_back(&mine);
    if (busy_) {
        mine.wake.wait(lock, [&] { return mine.done || mine.leads; });
    }
    if (!mine.done) {
        busy_ = true;
        lead(lock);
    }
    return std::move(mine.outcome);
}

void Writer::lead(std::unique_lock<std::mutex>& lock) {
    const auto size = std::min(waiting_.size(), limits::group_commit_max);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
    const Group group(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);

    lock.unlock();
    take_turn(group);
    lock.lock();

    for (Pending* pending : group) {
        pending->done = true;
        pending->wake.notify_one();
    }
    busy_ = !waiting_.empty();
    if (busy_) {
        waiting_.front()->leads = true;
        waiting_.front()->wake.notify_one();
    }
}

// Why: an exception (out of memory) must not leave the others asleep for ever.
void Writer::take_turn(const Group& group) {
    try {
        try_turn(group);
    } catch (...) {
        ahead_.reset();
        behind_store_ = true;
        for (Pending* pending : group) {
            pending->outcome = failure(make_error(ErrorCode::internal_error));
        }
    }
}

void Writer::try_turn(const Group& group) {
    const auto fail = [&](const Error& error, auto&& which) {
        for (Pending* pending : group) {
            if (which(*pending)) {
                pending->outcome = failure(error);
            }
        }
    };
    const auto everyone = [](const Pending&) { return true; };
    Error last = make_error(ErrorCode::write_conflict);
    for (std::size_t attempt = 0; attempt < limits::commit_attempts_max; ++attempt) {
        if (const auto ready = catch_up(); !ready) {
            fail(ready.error(), everyone);
            return;
        }
        const auto batch = decide_all(group);
        if (!batch) {
            fail(batch.error(), everyone);
            return;
        }
        if (batch->empty()) {
            return;
        }
        const auto committed = store_.commit(batch->to_writes(), catalog_.revision());
        if (committed) {
            publish(*batch, *committed);
            return;
        }
        ahead_.reset();
        behind_store_ = true;
        if (committed.error().code != ErrorCode::write_conflict) {
            // Whether it was committed is unknown. Who was decided over it cannot be answered; what
            // the store really holds is read now if it can be, or else before the next write.
            fail(committed.error(), [](const Pending& pending) { return pending.over_staged; });
            static_cast<void>(catch_up().has_value());
            return;
        }
        last = committed.error();
    }
    fail(last, everyone);
}

Status Writer::catch_up() {
    if (!behind_store_) {
        return {};
    }
    SYMBOLON_TRY(auto entries, store_.read_since(catalog_.revision()));
    std::vector<Change> changes;
    changes.reserve(entries.size());
    const Revision head = entries.empty() ? catalog_.revision() : entries.back().revision;
    for (auto& entry : entries) {
        SYMBOLON_TRY(auto change, parse_record(std::move(entry)));
        changes.push_back(std::move(change));
    }
    const std::lock_guard lock(catalog_mutex_);
    for (const auto& change : changes) {
        // A failure here leaves the old revision, so that the same entries are applied again later.
        SYMBOLON_CHECK(catalog_.apply(change));
    }
    catalog_.set_revision(head);
    behind_store_ = false;
    return {};
}

Result<ChangeBatch> Writer::decide_all(const Group& group) {
    if (!ahead_) {
        ahead_ = catalog_;
    }
    ChangeBatch batch;
    for (Pending* pending : group) {
        auto changes = (*pending->decide)(*ahead_);
        pending->outcome = changes ? Status() : Status(failure(changes.error()));
        pending->over_staged = !batch.empty() || (changes && !changes->empty());
        if (!changes) {
            continue;
        }
        for (auto& change : *changes) {
            SYMBOLON_CHECK(ahead_->apply(change));
            batch.add(std::move(change));
        }
    }
    return batch;
}

void Writer::publish(const ChangeBatch& batch, Revision revision) {
    const std::lock_guard lock(catalog_mutex_);
    batch.for_each([&](const Change& change) {
        // What was applied to ahead_ applies here too; if not, the store tells again.
        behind_store_ = !catalog_.apply(change).has_value() || behind_store_;
    });
    if (!behind_store_) {
        catalog_.set_revision(revision);
    } else {
        ahead_.reset();
    }
}

}  // namespace symbolon
