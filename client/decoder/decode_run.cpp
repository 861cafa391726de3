#include "client/decoder/decode_run.hpp"

#include "core/limits.hpp"

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

constexpr const char* events_in_name = "symbolon_decoder_events_in_total";
constexpr const char* events_name = "symbolon_decoder_events_total";
constexpr const char* letters_name = "symbolon_decoder_letters_total";
constexpr const char* records_name = "symbolon_decoder_records_total";
constexpr const char* last_good_name = "symbolon_decoder_by_last_good_total";
constexpr const char* warnings_name = "symbolon_decoder_event_type_warnings_total";
constexpr const char* batch_name = "symbolon_decoder_batch_seconds";
constexpr const char* flagged_name = "symbolon_decoder_flagged_subjects";

void describe(Metrics& metrics) {
    metrics.describe(events_in_name, "Events read; the sum of symbolon_decoder_events_total.");
    metrics.describe(events_name, "Events by what became of them.");
    metrics.describe(letters_name, "Events that were not decoded, by queue and reason.");
    metrics.describe(records_name, "Records written for decoded events.");
    metrics.describe(last_good_name,
                     "Events decoded with the last good version of their subject as the reader.");
    metrics.describe(warnings_name, "Events whose type is unknown or could not be asked for.");
    metrics.describe(batch_name, "Time from a batch read to its commit.");
    metrics.describe(flagged_name, "Subjects that the evolution guard has flagged.");
}

class Run {
public:
    Run(EventSource& source, Decoder& decoder, const RunSinks& sinks, const RunOptions& options,
        RunCounts& counts)
        : source_(source), decoder_(decoder), sinks_(sinks), options_(options), counts_(counts) {}

    Status carry();

private:
    struct Pending {
        Sink& sink;
        std::vector<SinkRecord> records{};
    };

    Status carry_batch(const std::vector<Event>& events);
    Status take(const Event& event, RunCounts& batch);
    Status take_letter(const DeadLetter& letter, RunCounts& batch);
    Status flush();
    Pending& pending_of(Queue queue);
    void warn(const std::string& warning);
    void count(std::string_view name, const Metrics::Labels& labels, std::uint64_t by);
    void account(const RunCounts& batch);

    EventSource& source_;
    Decoder& decoder_;
    const RunSinks& sinks_;
    const RunOptions& options_;
    RunCounts& counts_;
    Pending output_{sinks_.output};
    Pending retry_{sinks_.retry};
    Pending dead_letter_{sinks_.dead_letter};
    Pending diagnostic_{sinks_.diagnostic};
    std::size_t pending_bytes_ = 0;
    std::map<std::pair<Queue, Reason>, std::uint64_t> reasons_;  // of the batch
    std::set<std::string> warned_;
};

Status Run::carry() {
    if (options_.metrics != nullptr) {
        describe(*options_.metrics);
        account({});
    }
    bool stopping = false;
    while (!source_.at_end()) {
        if (!stopping && options_.stop && options_.stop()) {
            stopping = true;
            SYMBOLON_CHECK(source_.stop_reading());
            continue;
        }
        SYMBOLON_TRY(const auto events, source_.read(options_.batch));
        if (!events.empty()) {
            SYMBOLON_CHECK(carry_batch(events));
        }
        if (options_.progress) {
            options_.progress(counts_);
        }
    }
    return {};
}

Status Run::carry_batch(const std::vector<Event>& events) {
    const auto begun = std::chrono::steady_clock::now();
    RunCounts batch;
    reasons_.clear();
    for (const auto& event : events) {
        SYMBOLON_CHECK(take(event, batch));
    }
    SYMBOLON_CHECK(flush());
    if (decoder_.take_guard_changed() && options_.guard_store != nullptr) {
        SYMBOLON_CHECK(options_.guard_store->save(decoder_.guard_state()));
    }
    SYMBOLON_CHECK(source_.commit());
    account(batch);
    if (options_.metrics != nullptr) {
        options_.metrics->observe_seconds(
            batch_name,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    }
    return {};
}

Status Run::take(const Event& event, RunCounts& batch) {
    auto outcome = decoder_.decode(event);
    ++batch.in;
    if (!outcome.warning.empty()) {
        ++batch.type_warnings;
        warn(outcome.warning);
    }
    if (outcome.letter) {
        return take_letter(*outcome.letter, batch);
    }
    ++batch.decoded;
    batch.by_last_good += outcome.by_last_good ? 1 : 0;
    batch.records += outcome.records.size();
    for (auto& record : outcome.records) {
        pending_bytes_ += record.size();
        output_.records.push_back({.value = std::move(record), .key = event.key});
        if (pending_bytes_ > limits::pending_records_bytes_max) {
            SYMBOLON_CHECK(flush());
        }
    }
    return {};
}

Status Run::take_letter(const DeadLetter& letter, RunCounts& batch) {
    if (is_unavailable(letter.reason) && options_.when_unavailable == WhenUnavailable::stop) {
        return failure(
            make_error(ErrorCode::unavailable,
                       fmt::format("stopped at {}, and nothing of its batch is committed: {}: {}",
                                   letter.origin, row_of(letter.reason).name, letter.error)));
    }
    switch (letter.queue) {
        case Queue::retry:
            ++batch.retry;
            break;
        case Queue::dead_letter:
            ++batch.dead_letter;
            break;
        case Queue::diagnostic:
            ++batch.diagnostic;
            break;
    }
    ++reasons_[{letter.queue, letter.reason}];
    auto text = to_text(letter);
    pending_bytes_ += text.size();
    pending_of(letter.queue).records.push_back({.value = std::move(text), .key = letter.key});
    return pending_bytes_ > limits::pending_records_bytes_max ? flush() : Status{};
}

Run::Pending& Run::pending_of(Queue queue) {
    switch (queue) {
        case Queue::retry:
            return retry_;
        case Queue::diagnostic:
            return diagnostic_;
        case Queue::dead_letter:
            break;
    }
    return dead_letter_;
}

Status Run::flush() {
    for (auto* const pending : {&output_, &retry_, &dead_letter_, &diagnostic_}) {
        if (!pending->records.empty()) {
            SYMBOLON_CHECK(pending->sink.write(pending->records));
            pending->records.clear();
        }
    }
    pending_bytes_ = 0;
    return {};
}

void Run::warn(const std::string& warning) {
    if (options_.warn && warned_.size() < limits::decode_warnings_max &&
        warned_.insert(warning).second) {
        options_.warn(warning);
    }
}

void Run::count(std::string_view name, const Metrics::Labels& labels, std::uint64_t by) {
    options_.metrics->add(name, labels, static_cast<double>(by));
}

void Run::account(const RunCounts& batch) {
    counts_.in += batch.in;
    counts_.decoded += batch.decoded;
    counts_.retry += batch.retry;
    counts_.dead_letter += batch.dead_letter;
    counts_.diagnostic += batch.diagnostic;
    counts_.records += batch.records;
    counts_.by_last_good += batch.by_last_good;
    counts_.type_warnings += batch.type_warnings;
    for (const auto& [which, number] : reasons_) {
        counts_.letters[which] += number;
    }
    if (options_.metrics == nullptr) {
        return;
    }
    count(events_in_name, {}, batch.in);
    count(events_name, {{"outcome", "decoded"}}, batch.decoded);
    count(events_name, {{"outcome", "retry"}}, batch.retry);
    count(events_name, {{"outcome", "dead_letter"}}, batch.dead_letter);
    count(events_name, {{"outcome", "diagnostic"}}, batch.diagnostic);
    count(records_name, {}, batch.records);
    count(last_good_name, {}, batch.by_last_good);
    count(warnings_name, {}, batch.type_warnings);
    for (const auto& [which, number] : reasons_) {
        count(letters_name,
              {{"queue", std::string(row_of(which.first).name)},
               {"reason", std::string(row_of(which.second).name)}},
              number);
    }
    std::size_t flagged = 0;
    for (const auto& [subject, state] : decoder_.guard_state()) {
        flagged += state.flag ? 1 : 0;
    }
    options_.metrics->set_gauge(flagged_name, static_cast<double>(flagged));
}

}  // namespace

Status run_decoder(EventSource& source, Decoder& decoder, const RunSinks& sinks,
                   const RunOptions& options, RunCounts& counts) {
    return Run(source, decoder, sinks, options, counts).carry();
}

}  // namespace symbolon::client
