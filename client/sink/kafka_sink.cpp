#include "client/sink/kafka_sink.hpp"

#include "client/kafka/kafka_producer.hpp"
#include "client/sink/sink.hpp"
#include "core/error.hpp"
#include "core/result.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

/// librdkafka's message.max.bytes unless it is told otherwise; a broker's is a little more.
constexpr std::size_t usual_bytes_max = 1'000'000;

}  // namespace

KafkaSink::KafkaSink(std::shared_ptr<KafkaProducer> producer, std::string topic)
    : producer_(std::move(producer)), topic_(std::move(topic)) {}

Status KafkaSink::write(std::span<const SinkRecord> records) {
    std::vector<KafkaMessage> messages;
    messages.reserve(records.size());
    for (const SinkRecord& record : records) {
        messages.push_back({.value = record.value, .key = record.key, .headers = record.headers});
    }
    auto unsent = std::make_shared<UnsentRecords>();
    unsent->failures = producer_->send(topic_, messages);
    if (unsent->failures.empty()) {
        return {};
    }
    const auto& [index, first] = unsent->failures.front();
    const auto bytes = records[index].value.size();
    Error error{
        first.code,
        fmt::format("{} of {} records were not acknowledged; the first, of {} bytes: {}{}",
                    unsent->failures.size(), records.size(), bytes, first.message,
                    bytes > usual_bytes_max ? "; so large a record needs --kafka-property "
                                              "message.max.bytes=N and a topic that takes it"
                                            : ""),
        unsent};
    return failure(std::move(error));
}

Result<std::unique_ptr<Sink>> open_kafka_sink(KafkaOptions options, std::string topic) {
    if (topic.empty()) {
        return failure(make_error(ErrorCode::cannot_start, "a Kafka sink needs a topic"));
    }
    SYMBOLON_TRY(std::shared_ptr<KafkaProducer> producer, KafkaProducer::open(std::move(options)));
    return std::make_unique<KafkaSink>(std::move(producer), std::move(topic));
}

}  // namespace symbolon::client
