#include "client/decoder/kafka_event_source.hpp"

#include "client/decoder/event_line.hpp"
#include "client/kafka/kafka_consumer.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {
namespace {

std::vector<std::string> split_topics(const std::string& topics) {
    std::vector<std::string> names;
    std::string name;
    for (const char each : topics + ",") {
        if (each != ',') {
            name += each;
        } else if (!name.empty()) {
            names.push_back(std::exchange(name, {}));
        }
    }
    return names;
}

Event event_of(KafkaRecord record) {
    auto event = unwrap_event(std::move(record.value));
    event.origin = fmt::format("{}[{}]@{}", record.topic, record.partition, record.offset);
    if (event.topic.empty()) {
        event.topic = std::move(record.topic);
    }
    if (event.key.empty()) {
        event.key = std::move(record.key);
    }
    if (event.headers.empty()) {
        event.headers = std::move(record.headers);
    }
    return event;
}

class KafkaEventSource final : public EventSource {
public:
    KafkaEventSource(std::unique_ptr<KafkaConsumer> consumer, std::string name, AtEnd at_topic_end)
        : consumer_(std::move(consumer)), name_(std::move(name)), at_topic_end_(at_topic_end) {}

    Result<std::vector<Event>> read(const BatchBounds& bounds) override {
        SYMBOLON_TRY(auto records, consumer_->poll(bounds.events_max, bounds.wait));
        std::vector<Event> events;
        events.reserve(records.size());
        for (auto& record : records) {
            events.push_back(event_of(std::move(record)));
        }
        done_ = at_topic_end_ == AtEnd::stop && events.empty() && consumer_->at_end();
        return events;
    }
    bool at_end() const override { return done_; }
    Status commit() override { return consumer_->commit(); }
    Status stop_reading() override {
        done_ = true;
        return {};
    }
    std::string name() const override { return name_; }

private:
    std::unique_ptr<KafkaConsumer> consumer_;
    std::string name_;
    AtEnd at_topic_end_;
    bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<EventSource>> open_kafka_event_source(const std::string& topics,
                                                             const EventSourceOptions& options) {
    const auto names = split_topics(topics);
    if (names.empty() || options.brokers.empty() || options.group.empty()) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("kafka:{}: name a topic, the brokers (--brokers host:9092) and "
                                   "a consumer group (--group NAME)",
                                   topics)));
    }
    SYMBOLON_TRY(auto consumer, KafkaConsumer::open({.brokers = options.brokers,
                                                     .properties = options.kafka_properties},
                                                    options.group, names));
    return std::unique_ptr<EventSource>(std::make_unique<KafkaEventSource>(
        std::move(consumer), "topic " + topics, options.at_topic_end));
}

}  // namespace symbolon::client
