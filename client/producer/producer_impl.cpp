#include "client/producer/producer_impl.hpp"

#include "client/producer/checkpoint.hpp"
#include "compat/avro/avro_fingerprint.hpp"
#include "core/guid.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

// How often idle workers look whether a batch has waited long enough.
constexpr std::chrono::milliseconds idle_step{50};

}  // namespace

Producer::Impl::Impl(ProducerOptions options, ProducerParts parts, Clock& clock)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      clock_(clock),
      records_(parts_.audit.get(), parts_.rejects.get(), parts_.metrics, clock),
      hand_off_(std::move(parts_.hand_off), options_.schema->id, options_.hand_off_batches_max,
                records_, clock),
      batcher_(options_.batch),
      seen_(options_.duplicates.window, options_.duplicates.keys_max) {}

Producer::Impl::~Impl() {
    hurry();
    if (!workers_.empty()) {
        // Why unread: there is nobody left to tell, and counts() said it before.
        [[maybe_unused]] const auto flushed = flush(std::nullopt);
    }
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    changed_.notify_all();
    for (auto& worker : workers_) {
        worker.join();
    }
}

Status Producer::Impl::start() {
    SYMBOLON_TRY(validator_, EventValidator::open(options_.schema, options_.formats,
                                                  options_.defaults, options_.json));
    for (const auto& text : options_.duplicates.pointers) {
        SYMBOLON_TRY(auto pointer, parse_event_pointer(text));
        duplicate_pointers_.push_back(std::move(pointer));
    }
    SYMBOLON_TRY(key_pointer_, parse_event_pointer(options_.key_pointer));
    SYMBOLON_TRY(spool_, Spool::open(options_.spool_file));
    if (!options_.checkpoint_file.empty()) {
        SYMBOLON_TRY(ledger_, load_checkpoint(options_.checkpoint_file));
    }
    if (ledger_.run().empty()) {
        ledger_.set_run(make_guid());
    }
    // What the last run spooled and did not come to write into its checkpoint.
    for (const auto& entry : spool_->entries()) {
        if (entry.run == ledger_.run() && entry.begin < entry.end &&
            entry.tally.sum() == entry.end - entry.begin && !ledger_.is_settled(entry.begin)) {
            ledger_.settle(entry.begin, entry.end, entry.tally);
        }
    }
    settled_before_ = ledger_.settled();
    if (!options_.checkpoint_file.empty()) {
        SYMBOLON_CHECK(write_checkpoint(options_.checkpoint_file, ledger_.to_text()));
    }
    for (std::size_t at = 0; at < options_.requests_max; ++at) {
        workers_.emplace_back([this] { work(); });
    }
    return {};
}

Status Producer::Impl::check_trouble() const {
    SYMBOLON_CHECK(records_.trouble());
    const std::lock_guard lock(mutex_);
    return trouble_;
}

// An input is known again by its first event, so that a checkpoint is not used with another one.
Status Producer::Impl::check_input(std::uint64_t index, std::string_view text) {
    if (index != 0 || options_.checkpoint_file.empty()) {
        return {};
    }
    const auto digest = compat::avro::md5_hex(text);
    const std::lock_guard lock(mutex_);
    if (ledger_.input().empty()) {
        ledger_.set_input(digest);
    } else if (ledger_.input() != digest) {
        trouble_ = failure(make_error(
            ErrorCode::malformed_datum,
            fmt::format("the checkpoint {} belongs to another input: the first event differs. "
                        "Remove it, or name another one, to begin this input",
                        options_.checkpoint_file)));
    }
    return trouble_;
}

IngestEvent Producer::Impl::to_event(std::uint64_t index, ValidEvent valid) const {
    IngestEvent event{.index = index,
                      .text = std::move(valid.text),
                      .body = std::move(valid.body),
                      .duplicate_key = to_key(valid.value, duplicate_pointers_),
                      .message_key = {}};
    if (const auto* const key = find_value(valid.value, key_pointer_);
        key != nullptr && !key->is_null() && !key_pointer_.steps.empty()) {
        event.message_key = key->is_string() ? key->get<std::string>() : to_text(*key);
    }
    return event;
}

// As the batcher will find.
bool Producer::Impl::is_too_large(const IngestEvent& event) const {
    return parts_.to.target->bytes_of(event) + batch_bracket_bytes > options_.batch.bytes_max;
}

// The keys of events that an earlier run settled still make duplicates of later ones.
void Producer::Impl::remember(std::uint64_t index, std::string_view text) {
    {
        const std::lock_guard lock(mutex_);
        if (index + options_.duplicates.keys_max < ledger_.low_water() ||
            ledger_.is_refused(index)) {
            return;
        }
    }
    if (auto valid = validator_->check(text)) {
        const auto event = to_event(index, std::move(*valid));
        if (!is_too_large(event)) {
            const std::lock_guard lock(mutex_);
            (void)seen_.take(event.duplicate_key, clock_.now());  // Why: only remembered.
        }
    }
}

Result<SubmitFate> Producer::Impl::submit(std::string_view text) {
    const std::lock_guard one_at_a_time(submit_mutex_);
    SYMBOLON_CHECK(check_trouble());
    std::uint64_t index = 0;
    bool settled = false;
    {
        const std::lock_guard lock(mutex_);
        index = next_index_++;
        settled = ledger_.is_settled(index);
    }
    SYMBOLON_CHECK(check_input(index, text));
    if (settled) {
        close_batch();
        remember(index, text);
        return SubmitFate::done_before;
    }
    auto valid = validator_->check(text);
    if (!valid) {
        Lock lock(mutex_);
        if (auto batch = batcher_.add_rejection(
                {.index = index, .reason = valid.error().message, .event = std::string(text)},
                clock_.now())) {
            admit(std::move(*batch), lock);
        }
        return SubmitFate::rejected;
    }
    auto event = to_event(index, std::move(*valid));
    const auto bytes = parts_.to.target->bytes_of(event);
    const auto now = clock_.now();
    Lock lock(mutex_);
    const bool atomic = options_.batch.mode == BatchMode::atomic;
    if (!atomic && !seen_.take(event.duplicate_key, now)) {
        if (auto batch = batcher_.add_duplicate(index, now)) {
            admit(std::move(*batch), lock);
        }
        return SubmitFate::duplicate;
    }
    const bool too_large = is_too_large(event);
    if (too_large && !atomic) {
        seen_.forget(event.duplicate_key);  // It is rejected, and may come again, put right.
    }
    for (auto& batch : batcher_.add(std::move(event), bytes, now)) {
        admit(std::move(batch), lock);
    }
    return too_large ? SubmitFate::rejected : SubmitFate::taken;
}

Status Producer::Impl::reject(std::string_view text, std::string reason) {
    const std::lock_guard one_at_a_time(submit_mutex_);
    SYMBOLON_CHECK(check_trouble());
    Lock lock(mutex_);
    const auto index = next_index_++;
    const bool settled = ledger_.is_settled(index);
    lock.unlock();
    // Of a line without end as much as every run has of it.
    SYMBOLON_CHECK(check_input(index, text.substr(0, limits::rejected_event_bytes_max)));
    if (settled) {
        close_batch();
        return {};
    }
    lock.lock();
    if (auto batch = batcher_.add_rejection(
            {.index = index, .reason = std::move(reason), .event = std::string(text)},
            clock_.now())) {
        admit(std::move(*batch), lock);
    }
    return {};
}

// At the end, and before events that an earlier run settled: a batch is an interval without a gap.
void Producer::Impl::close_batch() {
    Lock lock(mutex_);
    if (auto batch = batcher_.take()) {
        admit(std::move(*batch), lock);
    }
}

void Producer::Impl::admit(EventBatch batch, Lock& lock) {
    const auto now = clock_.now();
    if (options_.batch.mode == BatchMode::atomic) {
        // Why here: what is rejected with its batch must not make a duplicate of what comes again.
        const auto duplicates = std::remove_if(
            batch.events.begin(), batch.events.end(),
            [&](const IngestEvent& event) { return !seen_.take(event.duplicate_key, now); });
        batch.duplicates += static_cast<std::uint64_t>(batch.events.end() - duplicates);
        batch.events.erase(duplicates, batch.events.end());
    }
    queue(std::move(batch), lock);
}

void Producer::Impl::wait_for_room(Lock& lock) {
    changed_.wait(lock, [this] {
        return queue_.size() < options_.queue_batches_max || closing_ || !trouble_;
    });
}

void Producer::Impl::queue(EventBatch batch, Lock& lock) {
    records_.note_rejections(batch.rejections, InAudit::each);
    records_.count("duplicate", batch.duplicates);
    if (batch.events.empty()) {
        ledger_.settle(batch.begin, batch.end,
                       {.rejected = batch.rejections.size(), .duplicates = batch.duplicates});
        if (options_.batch.mode == BatchMode::atomic && !batch.rejections.empty()) {
            ledger_.note_refused(batch.begin, batch.end, options_.duplicates.keys_max);
        }
        changed_.notify_all();
        return;
    }
    batch.request_id = make_request_id(batch);
    wait_for_room(lock);
    queue_.push_back(std::move(batch));
    records_.set_queued(queue_.size());
    changed_.notify_all();
}

// The same events of the same run have the same id, also when a re-run sends them again.
std::string Producer::Impl::make_request_id(const EventBatch& batch) const {
    std::string all = fmt::format("{} {} {}", ledger_.run(), batch.begin, batch.end);
    for (const auto& event : batch.events) {
        all += '\n';
        all += event.text;
    }
    auto digits = compat::avro::md5_hex(all);
    // Spec: RFC 9562 section 5.3, a name-based UUID: version 3, variant 10.
    constexpr std::size_t version_digit = 12;
    constexpr std::size_t variant_digit = 16;
    constexpr std::string_view variants = "89ab";
    digits[version_digit] = '3';
    digits[variant_digit] = variants[static_cast<unsigned char>(digits[variant_digit]) % 4];
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
        digits.insert(dash, 1, '-');
    }
    return digits;
}

Result<SpooledBatch> Producer::Impl::read_spooled(std::string_view request_id) {
    const std::lock_guard lock(spool_mutex_);
    const auto entry = spool_->find(request_id);
    return entry ? spool_->read(*entry) : SpooledBatch{};
}

Result<EventBatch> Producer::Impl::judge_spooled(std::string_view request_id) {
    SYMBOLON_TRY(auto spooled, read_spooled(request_id));
    EventBatch batch;
    batch.request_id = spooled.request_id;
    batch.begin = spooled.begin;
    batch.end = spooled.end;
    for (auto& event : spooled.events) {
        auto valid = validator_->check(event.text);
        if (!valid) {
            batch.rejections.push_back({.index = event.index,
                                        .reason = valid.error().message,
                                        .event = std::move(event.text)});
            continue;
        }
        batch.events.push_back(to_event(event.index, std::move(*valid)));
    }
    return batch;
}

Status Producer::Impl::resume() {
    const std::lock_guard one_at_a_time(submit_mutex_);
    std::vector<SpoolEntry> entries;
    {
        const std::lock_guard lock(spool_mutex_);
        entries = spool_->entries();
    }
    for (const auto& entry : entries) {
        SYMBOLON_CHECK(check_trouble());
        if (hurry_.stop_requested()) {
            break;
        }
        {
            const std::lock_guard lock(mutex_);
            if (!resuming_.insert(entry.request_id).second) {
                continue;  // An earlier resume() has it under way.
            }
        }
        SYMBOLON_TRY(auto batch, judge_spooled(entry.request_id));
        records_.note_rejections(batch.rejections, InAudit::each);
        Lock lock(mutex_);
        if (batch.request_id.empty()) {
            resuming_.erase(entry.request_id);
            continue;  // It was done since the entries were listed.
        }
        const bool own = entry.run == ledger_.run();
        batch.origin = own ? BatchOrigin::spool_of_own_run : BatchOrigin::spool;
        if (!own) {
            resumed_in_ += entry.events;
        }
        wait_for_room(lock);
        queue_.push_back(std::move(batch));
        records_.set_queued(queue_.size());
        changed_.notify_all();
    }
    return {};
}

void Producer::Impl::work() {
    Lock lock(mutex_);
    while (true) {
        if (!queue_.empty()) {
            auto batch = std::move(queue_.front());
            queue_.pop_front();
            ++on_their_way_;
            records_.set_queued(queue_.size());
            lock.unlock();
            changed_.notify_all();
            process(std::move(batch));
            lock.lock();
            --on_their_way_;
            changed_.notify_all();
            continue;
        }
        if (closing_) {
            return;
        }
        if (auto due = batcher_.take_due(clock_.now())) {
            admit(std::move(*due), lock);
            continue;
        }
        changed_.wait_for(lock, idle_step);
    }
}

Status Producer::Impl::flush(std::optional<std::chrono::milliseconds> patience) {
    const auto until =
        patience ? std::optional(std::chrono::steady_clock::now() + *patience) : std::nullopt;
    {
        const std::lock_guard one_at_a_time(submit_mutex_);
        close_batch();
    }
    {
        Lock lock(mutex_);
        const auto idle = [this] { return queue_.empty() && on_their_way_ == 0; };
        if (until && !changed_.wait_until(lock, *until, idle)) {
            hurry();
        }
        changed_.wait(lock, idle);
    }
    hand_off_.drain(until);
    save_checkpoint();
    {
        const std::lock_guard lock(spool_mutex_);
        note_trouble(spool_->compact());
    }
    return check_trouble();
}

void Producer::Impl::hurry() {
    hurry_.request_stop();
    hand_off_.hurry();
}

ProducerCounts Producer::Impl::counts() const {
    const std::lock_guard lock(mutex_);
    auto counts = counts_;
    counts.tally = ledger_.tally();
    counts.tally += resumed_;
    counts.in = std::max(next_index_, ledger_.settled()) + resumed_in_;
    counts.hand_off_failed = hand_off_.failed();
    counts.settled_before = settled_before_;
    return counts;
}

void Producer::Impl::note_trouble(const Status& status) {
    if (!status) {
        const std::lock_guard lock(mutex_);
        if (trouble_) {
            trouble_ = status;
        }
        changed_.notify_all();
    }
}

}  // namespace symbolon::client
