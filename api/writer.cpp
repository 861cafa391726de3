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

bool ChangeBatch::hides_with(const Change& change) const {
    const auto place = places_.find(to_text(change.key));
    return place != places_.end() && (is_reported(change) || is_reported(*changes_[place->second]));
}

storage::WriteBatch ChangeBatch::to_writes() const {
    storage::WriteBatch writes;
    writes.reserve(places_.size());
    for_each([&](const Change& change) { writes.push_back(to_write(change)); });
    return writes;
}

Status Writer::write(const Decide& decide, Needs needs) {
    Pending mine;
    mine.decide = &decide;
    mine.needs = needs;
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
    Group group(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);

    lock.unlock();
    const Group all = group;
    take_turn(group);
    lock.lock();
    // Who was left out of the turn is the first to have the next.
    waiting_.insert(waiting_.begin(), all.begin() + static_cast<std::ptrdiff_t>(group.size()),
                    all.end());

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
void Writer::take_turn(Group& group) {
    try {
        try_turn(group);
    } catch (...) {
        ahead_.reset();
        behind_store_ = true;
        for (Pending* pending : group) {
            pending->outcome = failure(make_error(ErrorCode::internal_error));
        }
        // What was noted halfway is noted again when the store has been read.
        const std::lock_guard lock(catalog_mutex_);
        log_.restart(catalog_.revision());
    }
}

void Writer::try_turn(Group& group) {
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
        const auto writes = batch->to_writes();
        const auto committed = store_.commit(writes, catalog_.revision());
        if (committed) {
            publish(*batch, writes, *committed);
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
    struct News {
        Change change;
        Revision revision;
        std::size_t bytes;
    };
    std::vector<News> news;
    news.reserve(entries.size());
    const Revision known = catalog_.revision();
    const Revision head = entries.empty() ? known : entries.back().revision;
    for (auto& entry : entries) {
        const Revision revision = entry.revision;
        const auto bytes = entry.key.size() + (entry.value ? entry.value->size() : 0U);
        SYMBOLON_TRY(auto change, parse_record(std::move(entry)));
        news.push_back({std::move(change), revision, bytes});
    }
    // Revisions leave no gaps, but where an entry has been overwritten since.
    const bool knows_all = static_cast<std::int64_t>(news.size()) == head.value() - known.value();
    const std::lock_guard lock(catalog_mutex_);
    for (const auto& each : news) {
        note(each.change, each.revision, each.bytes);
        // A failure here leaves the old revision, so that the same entries are applied again later.
        if (auto applied = apply(each.change); !applied) {
            log_.restart(known);
            return applied;
        }
    }
    catalog_.set_revision(head);
    behind_store_ = false;
    if (knows_all) {
        log_.advance(head);
    } else {
        log_.restart(head);
    }
    return {};
}

void Writer::note(const Change& change, Revision revision, std::size_t bytes) {
    if (auto event = find_event(change, revision, &catalog_)) {
        log_.add(*std::move(event), sizeof(ChangeEvent) + bytes);
    }
}

// Why: of two changes to one thing only the last would be stored, and those who follow the changes
// would never hear of the first. So the second, and who came after it, wait for the next turn.
Result<ChangeBatch> Writer::decide_all(Group& group) {
    const bool over_catalog = std::any_of(group.begin(), group.end(), [](const Pending* pending) {
        return pending->needs == Needs::catalog;
    });
    if (!ahead_ && over_catalog) {
        ahead_ = catalog_;
    }
    ChangeBatch batch;
    for (auto at = group.begin(); at != group.end(); ++at) {
        Pending* const pending = *at;
        auto changes = (*pending->decide)(ahead_ ? *ahead_ : catalog_);
        const bool hides =
            changes && std::any_of(changes->begin(), changes->end(),
                                   [&](const Change& change) { return batch.hides_with(change); });
        if (hides) {
            group.erase(at, group.end());
            break;
        }
        pending->outcome = changes ? Status() : Status(failure(changes.error()));
        pending->over_staged = !batch.empty() || (changes && !changes->empty());
        if (!changes) {
            continue;
        }
        for (auto& change : *changes) {
            if (ahead_) {
                SYMBOLON_CHECK(ahead_->apply(change));
            }
            batch.add(std::move(change));
        }
    }
    return batch;
}

Status Writer::apply(const Change& change) {
    SYMBOLON_CHECK(catalog_.apply(change));
    if (published_) {
        published_(change);
    }
    return {};
}

void Writer::publish(const ChangeBatch& batch, const storage::WriteBatch& writes,
                     Revision revision) {
    const std::lock_guard lock(catalog_mutex_);
    std::size_t at = 0;
    batch.for_each([&](const Change& change) {
        const auto left = static_cast<std::int64_t>(writes.size() - at - 1);
        note(change, Revision(revision.value() - left), size_of(writes[at]));
        ++at;
        // What was applied to ahead_ applies here too; if not, the store tells again.
        behind_store_ = !apply(change).has_value() || behind_store_;
    });
    if (!behind_store_) {
        catalog_.set_revision(revision);
        log_.advance(revision);
    } else {
        ahead_.reset();
        log_.restart(catalog_.revision());
    }
}

}  // namespace symbolon
