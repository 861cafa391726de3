// The producer's inside: one lock over its state, workers that send, and the order in which an
// outcome is written down.
//
// A batch's outcome is on the disk before it is in the checkpoint: spool, then checkpoint. What a
// crash leaves between the two is found by the run's name in the spool.
//
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/producer_test.cpp
#pragma once

#include "client/producer/hand_off.hpp"
#include "client/producer/ledger.hpp"
#include "client/producer/producer.hpp"
#include "client/producer/producer_records.hpp"
#include "client/producer/spool.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace symbolon::client {

class Producer::Impl {
public:
    Impl(ProducerOptions options, ProducerParts parts, Clock& clock);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(Impl&&) = delete;

    /// Reads spool and checkpoint and starts the workers.
    Status start();
    Result<SubmitFate> submit(std::string_view text);
    Status reject(std::string_view text, std::string reason);
    Status resume();
    Status flush(std::optional<std::chrono::milliseconds> patience);
    void hurry();
    ProducerCounts counts() const;

private:
    using Lock = std::unique_lock<std::mutex>;

    Result<std::unique_ptr<EventValidator>> open_validator() const;
    Status check_input(std::uint64_t index, std::string_view text);
    Status check_trouble() const;
    IngestEvent to_event(std::uint64_t index, ValidEvent valid) const;
    bool is_too_large(const IngestEvent& event) const;
    void remember(std::uint64_t index, std::string_view text);
    /// Without a request id when it no longer waits.
    Result<SpooledBatch> read_spooled(std::string_view request_id);
    Result<EventBatch> judge_spooled(std::string_view request_id);

    void close_batch();
    /// Decides what of a closed batch is sent, and queues that.
    void admit(EventBatch batch, Lock& lock);
    void queue(EventBatch batch, Lock& lock);
    void wait_for_room(Lock& lock);
    std::string make_request_id(const EventBatch& batch) const;

    void work();
    void process(EventBatch batch);
    void settle_sent(EventBatch& batch, const BatchReport& report);
    void settle_rejected(EventBatch& batch, const BatchReport& report);
    void settle_unsent(EventBatch& batch, const SendOutcome& outcome, const BatchReport& report);
    static EventBatch split_sent(EventBatch& batch, const SendOutcome& outcome);
    Status keep_in_spool(const EventBatch& batch, const Tally& tally, const SendOutcome& outcome,
                         std::string_view old_id);
    void settle(const EventBatch& batch, Tally tally);
    void save_checkpoint();
    void note_trouble(const Status& status);

    const ProducerOptions options_;
    ProducerParts parts_;
    Clock& clock_;
    ProducerRecords records_;
    HandOff hand_off_;
    std::unique_ptr<EventValidator> validator_;     // set by start()
    std::vector<EventPointer> duplicate_pointers_;  // set by start()
    EventPointer key_pointer_;                      // set by start()

    std::mutex submit_mutex_;       // taken before mutex_
    std::mutex checkpoint_mutex_;   // taken before mutex_
    std::mutex spool_mutex_;        // taken alone
    std::unique_ptr<Spool> spool_;  // guarded by spool_mutex_

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // Guarded by mutex_:
    Batcher batcher_;
    Deduplicator seen_;
    Ledger ledger_;
    std::deque<EventBatch> queue_;
    std::set<std::string, std::less<>> resuming_;  // request ids from the spool that are under way
    std::size_t on_their_way_ = 0;
    std::uint64_t next_index_ = 0;
    std::uint64_t resumed_in_ = 0;
    std::uint64_t settled_before_ = 0;
    Tally resumed_;
    ProducerCounts counts_;
    Status trouble_{};
    bool closing_ = false;

    std::stop_source hurry_;
    std::vector<std::thread> workers_;
};

}  // namespace symbolon::client
