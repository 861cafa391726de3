#include "client/producer/kafka_target.hpp"

#include <utility>

namespace symbolon::client {

namespace {

class KafkaTarget final : public BatchTarget {
public:
    KafkaTarget(std::unique_ptr<KafkaProducer> producer, std::string topic)
        : producer_(std::move(producer)), topic_(std::move(topic)) {}

    SendOutcome send(const OutgoingBatch& batch) override {
        if (batch.hurry.stop_requested()) {
            return {.fate = SendFate::unsent, .reason = "the producer was told to stop"};
        }
        std::vector<KafkaMessage> messages;
        messages.reserve(batch.records.size());
        for (const auto& record : batch.records) {
            messages.push_back(
                {.value = record.value, .key = record.key, .headers = record.headers});
        }
        auto outcome = to_outcome(producer_->send(topic_, messages, batch.hurry), messages.size());
        if (outcome.fate != SendFate::acknowledged && batch.hurry.stop_requested()) {
            outcome.reason = "the producer was told to stop: " + outcome.reason;
        }
        return outcome;
    }

    std::string name() const override { return "topic " + topic_; }

private:
    std::unique_ptr<KafkaProducer> producer_;
    std::string topic_;
};

}  // namespace

SendOutcome to_outcome(const std::vector<SendFailure>& failures, std::size_t records) {
    SendOutcome outcome;
    if (failures.empty()) {
        return outcome;
    }
    outcome.fate = SendFate::unsent;
    outcome.reason = failures.front().error.message;
    if (failures.size() < records) {
        for (const auto& failure_of_one : failures) {
            outcome.unsent.push_back(failure_of_one.index);
        }
    }
    return outcome;
}

Result<std::unique_ptr<BatchTarget>> open_kafka_target(KafkaOptions options, std::string topic) {
    SYMBOLON_TRY(auto producer, KafkaProducer::open(std::move(options)));
    return std::unique_ptr<BatchTarget>(
        std::make_unique<KafkaTarget>(std::move(producer), std::move(topic)));
}

}  // namespace symbolon::client
