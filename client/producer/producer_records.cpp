#include "client/producer/producer_records.hpp"

#include "core/limits.hpp"

#include <fmt/chrono.h>

#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

constexpr std::string_view events_metric = "symbolon_producer_events_total";
constexpr std::string_view batches_metric = "symbolon_producer_batches_total";
constexpr std::string_view attempts_metric = "symbolon_producer_attempts_total";
constexpr std::string_view seconds_metric = "symbolon_producer_batch_seconds";
constexpr std::string_view hand_off_metric = "symbolon_producer_hand_offs_total";
constexpr std::string_view queue_metric = "symbolon_producer_queued_batches";

double seconds_of(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

SinkRecord to_line(const Json& record) {
    return {.value = to_text(record), .key = {}, .headers = {}};
}

}  // namespace

std::string to_timestamp(std::chrono::system_clock::time_point time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(whole)), rest.count());
}

ProducerRecords::ProducerRecords(Sink* audit, Sink* rejects, Metrics* metrics, Clock& clock)
    : audit_(audit), rejects_(rejects), metrics_(metrics), clock_(clock) {
    if (metrics_ != nullptr) {
        metrics_->describe(events_metric, "Events by outcome.");
        metrics_->describe(batches_metric, "Batches by outcome.");
        metrics_->describe(attempts_metric, "Times that a batch was sent.");
        metrics_->describe(seconds_metric, "From sending a batch to its outcome.");
        metrics_->describe(hand_off_metric, "Acknowledged batches handed to further targets.");
        metrics_->describe(queue_metric, "Batches that wait to be sent.");
    }
}

Status ProducerRecords::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void ProducerRecords::write(Sink* sink, std::span<const SinkRecord> lines) {
    if (sink == nullptr || lines.empty()) {
        return;
    }
    const std::lock_guard lock(mutex_);
    if (auto written = sink->write(lines); !written && trouble_) {
        trouble_ = std::move(written);
    }
}

void ProducerRecords::audit(std::string_view type, const BatchReport& report,
                            std::string_view sync_status) {
    if (audit_ == nullptr) {
        return;
    }
    Json record{{"timestamp", to_timestamp(clock_.wall_now())},
                {"type", type},
                {"request_id", report.request_id},
                {"latency_ms", report.latency.count()},
                {"sync_status", sync_status},
                {"target", report.target},
                {"events", report.events},
                {"attempts", report.attempts}};
    if (report.status != 0) {
        record["status"] = report.status;
    }
    if (!report.reason.empty()) {
        record["reason"] = report.reason;
    }
    const auto line = to_line(record);
    write(audit_, {&line, 1});
}

void ProducerRecords::measure(const BatchReport& report, const std::string& outcome) {
    if (metrics_ != nullptr) {
        metrics_->add(batches_metric, {{"outcome", outcome}});
        metrics_->add(attempts_metric, {}, report.attempts);
        metrics_->observe_seconds(seconds_metric, seconds_of(report.latency),
                                  {{"outcome", outcome}});
    }
}

void ProducerRecords::note_submitted(const BatchReport& report) {
    audit("BATCH_SUBMITTED", report, "pending");
}

void ProducerRecords::note_succeeded(const BatchReport& report) {
    audit("INGESTION_SUCCEEDED", report, "acknowledged");
    count("sent", report.events);
    measure(report, "acknowledged");
}

void ProducerRecords::note_failed(const BatchReport& report) {
    audit("INGESTION_FAILED", report, "spooled");
    count("spooled", report.events);
    measure(report, "spooled");
}

void ProducerRecords::note_batch_rejected(const BatchReport& report) {
    audit("INGESTION_REJECTED", report, "rejected");
    measure(report, "rejected");
}

void ProducerRecords::note_handed_off(const BatchReport& report, SendFate fate) {
    const auto* const word = fate == SendFate::acknowledged ? "synced" : "failed";
    audit("DATA_LAKE_SYNC", report, word);
    if (metrics_ != nullptr) {
        metrics_->add(hand_off_metric, {{"target", std::string(report.target)}, {"outcome", word}});
    }
}

void ProducerRecords::note_rejections(std::span<const Rejection> rejections, InAudit in_audit) {
    count("rejected", rejections.size());
    std::vector<SinkRecord> lines;
    std::vector<SinkRecord> audited;
    for (const auto& rejection : rejections) {
        Json line{{"index", rejection.index},
                  {"reason", rejection.reason},
                  {"event", rejection.event.substr(0, limits::rejected_event_bytes_max)}};
        if (rejection.event.size() > limits::rejected_event_bytes_max) {
            line["event_bytes"] = rejection.event.size();
        }
        lines.push_back(to_line(line));
        if (in_audit == InAudit::each) {
            audited.push_back(to_line(Json{{"timestamp", to_timestamp(clock_.wall_now())},
                                           {"type", "INGESTION_REJECTED"},
                                           {"request_id", nullptr},
                                           {"latency_ms", 0},
                                           {"sync_status", "rejected"},
                                           {"target", nullptr},
                                           {"index", rejection.index},
                                           {"reason", rejection.reason}}));
        }
    }
    write(rejects_, lines);
    write(audit_, audited);
}

void ProducerRecords::count(std::string_view outcome, std::size_t events) {
    if (metrics_ != nullptr && events > 0) {
        metrics_->add(events_metric, {{"outcome", std::string(outcome)}},
                      static_cast<double>(events));
    }
}

void ProducerRecords::set_queued(std::size_t batches) {
    if (metrics_ != nullptr) {
        metrics_->set_gauge(queue_metric, static_cast<double>(batches));
    }
}

}  // namespace symbolon::client
