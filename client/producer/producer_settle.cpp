// How the outcome of a batch is written down: the producer's side that its workers run.
#include "client/producer/checkpoint.hpp"
#include "client/producer/producer_impl.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

Tally interval_tally(const EventBatch& batch) {
    return {.rejected = batch.rejections.size(), .duplicates = batch.duplicates};
}

}  // namespace

void Producer::Impl::process(EventBatch batch) {
    const auto target = parts_.to.target->name();
    BatchReport report{
        .request_id = batch.request_id, .target = target, .events = batch.events.size()};
    SendOutcome outcome;
    if (!batch.events.empty()) {
        const auto records = encode_events(batch.events, parts_.to.encoding, options_.schema->id);
        records_.note_submitted(report);
        const auto began = clock_.now();
        outcome = parts_.to.target->send(
            {.request_id = batch.request_id, .records = records, .hurry = hurry_.get_token()});
        report.latency =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - began);
        report.reason = outcome.reason;
        report.status = outcome.status;
        report.attempts = outcome.attempts;
        const std::lock_guard lock(mutex_);
        ++counts_.batches;
        counts_.attempts += static_cast<std::uint64_t>(outcome.attempts);
        counts_.latency_sum += report.latency;
        counts_.latency_max = std::max(counts_.latency_max, report.latency);
    }
    const auto id = batch.request_id;
    switch (outcome.fate) {
        case SendFate::acknowledged:
            settle_sent(batch, report);
            break;
        case SendFate::rejected:
            settle_rejected(batch, report);
            break;
        case SendFate::unsent:
            settle_unsent(batch, outcome, report);
            break;
    }
    const std::lock_guard lock(mutex_);
    resuming_.erase(id);
}

// In the audit first: what spool and checkpoint pass over, no later run writes there.
void Producer::Impl::settle_sent(EventBatch& batch, const BatchReport& report) {
    if (!batch.events.empty()) {
        records_.note_succeeded(report);
    }
    if (batch.origin != BatchOrigin::input) {
        const std::lock_guard lock(spool_mutex_);
        note_trouble(spool_->remove(batch.request_id));
    }
    auto tally = interval_tally(batch);
    tally.sent = batch.events.size();
    settle(batch, tally);
    if (!batch.events.empty()) {
        hand_off_.push(std::move(batch));
    }
}

void Producer::Impl::settle_rejected(EventBatch& batch, const BatchReport& report) {
    std::vector<Rejection> rejections;
    for (const auto& event : batch.events) {
        rejections.push_back(
            {.index = event.index, .reason = std::string(report.reason), .event = event.text});
    }
    records_.note_rejections(rejections, InAudit::by_batch);
    records_.note_batch_rejected(report);
    if (batch.origin != BatchOrigin::input) {
        const std::lock_guard lock(spool_mutex_);
        note_trouble(spool_->remove(batch.request_id));
    }
    auto tally = interval_tally(batch);
    tally.rejected += batch.events.size();
    {
        // What was refused may come again, put right.
        const std::lock_guard lock(mutex_);
        for (const auto& event : batch.events) {
            seen_.forget(event.duplicate_key);
        }
        if (batch.begin < batch.end && batch.origin != BatchOrigin::spool) {
            ledger_.note_refused(batch.begin, batch.end, options_.duplicates.keys_max);
        }
    }
    settle(batch, tally);
}

// Takes the events that were acknowledged out of `batch`.
EventBatch Producer::Impl::split_sent(EventBatch& batch, const SendOutcome& outcome) {
    EventBatch sent;
    sent.request_id = batch.request_id;
    if (outcome.unsent.empty()) {
        return sent;
    }
    std::vector<IngestEvent> left;
    for (std::size_t at = 0; at < batch.events.size(); ++at) {
        const bool is_left = std::binary_search(outcome.unsent.begin(), outcome.unsent.end(), at);
        (is_left ? left : sent.events).push_back(std::move(batch.events[at]));
    }
    batch.events = std::move(left);
    return sent;
}

// What is left of a batch is in the spool before its interval is settled. One that came from the
// spool and is still whole stays there as it is.
Status Producer::Impl::keep_in_spool(const EventBatch& batch, const Tally& tally,
                                     const SendOutcome& outcome, std::string_view old_id) {
    const bool whole = batch.request_id == old_id && batch.rejections.empty();
    if (batch.origin != BatchOrigin::input && whole) {
        return {};
    }
    SpooledBatch spooled{.request_id = batch.request_id,
                         .run = {},
                         .tally = tally,
                         .reason = outcome.reason,
                         .events = batch.events};
    if (batch.origin != BatchOrigin::spool) {
        const std::lock_guard lock(mutex_);
        spooled.run = ledger_.run();
    }
    if (batch.origin == BatchOrigin::input) {
        spooled.begin = batch.begin;
        spooled.end = batch.end;
    } else if (batch.request_id == old_id) {
        // Some of it was rejected: the rest takes its place under a name of its own.
        spooled.request_id += "-rest";
    }
    const std::lock_guard lock(spool_mutex_);
    SYMBOLON_CHECK(spool_->add(spooled));
    return batch.origin == BatchOrigin::input ? Status() : spool_->remove(old_id);
}

void Producer::Impl::settle_unsent(EventBatch& batch, const SendOutcome& outcome,
                                   const BatchReport& report) {
    EventBatch sent = split_sent(batch, outcome);
    auto tally = interval_tally(batch);
    tally.sent = sent.events.size();
    tally.spooled = batch.events.size();
    if (!sent.events.empty()) {
        const std::lock_guard lock(mutex_);
        batch.request_id = make_request_id(batch);
    }
    if (const auto kept = keep_in_spool(batch, tally, outcome, sent.request_id); !kept) {
        // The interval stays open, so that a re-run with the checkpoint takes it again.
        note_trouble(kept);
        return;
    }
    auto failed = report;
    failed.request_id = batch.request_id;
    failed.events = batch.events.size();
    records_.note_failed(failed);
    if (!sent.events.empty()) {
        auto succeeded = report;
        succeeded.request_id = sent.request_id;
        succeeded.events = sent.events.size();
        succeeded.reason = {};
        records_.note_succeeded(succeeded);
    }
    settle(batch, tally);
    {
        const std::lock_guard lock(mutex_);
        counts_.spool_reason = outcome.reason;
    }
    if (!sent.events.empty()) {
        hand_off_.push(std::move(sent));
    }
}

void Producer::Impl::settle(const EventBatch& batch, Tally tally) {
    {
        const std::lock_guard lock(mutex_);
        switch (batch.origin) {
            case BatchOrigin::input:
                ledger_.settle(batch.begin, batch.end, tally);
                break;
            case BatchOrigin::spool:
                resumed_ += tally;
                break;
            case BatchOrigin::spool_of_own_run:
                tally.spooled = 0;  // It is counted so already.
                ledger_.settle_spooled(tally);
                break;
        }
    }
    save_checkpoint();
}

void Producer::Impl::save_checkpoint() {
    if (options_.checkpoint_file.empty()) {
        return;
    }
    // Held from the picture to the disk, so that no older picture replaces a newer one.
    const std::lock_guard writing(checkpoint_mutex_);
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        text = ledger_.to_text();
    }
    note_trouble(write_checkpoint(options_.checkpoint_file, text));
}

}  // namespace symbolon::client
