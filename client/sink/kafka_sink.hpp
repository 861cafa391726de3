// Writes records to a Kafka topic; they are written when the brokers have acknowledged them.
//
// Example:  auto sink = open_kafka_sink({.brokers = "localhost:9092"}, "dead-letters");
// Errors:   those of KafkaProducer; the error's detail is an UnsentRecords
// Threads:  any thread
// Source:   docs/decisions/0023-kafka.md
// Tested by tests/unit/client/sink/kafka_sink_test.cpp
#pragma once

#include "client/kafka/kafka_producer.hpp"
#include "client/sink/sink.hpp"
#include "core/result.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symbolon::client {

/// Which records of a write were not acknowledged. The others are in their place, each once, and
/// must not be written again.
struct UnsentRecords final : ErrorDetail {
    std::vector<SendFailure> failures;
};

class KafkaSink final : public Sink {
public:
    /// Sinks may share a producer.
    KafkaSink(std::shared_ptr<KafkaProducer> producer, std::string topic);

    Status write(std::span<const SinkRecord> records) override;
    std::string name() const override { return "topic " + topic_; }

private:
    const std::shared_ptr<KafkaProducer> producer_;
    const std::string topic_;
};

/// A sink with a producer of its own.
Result<std::unique_ptr<Sink>> open_kafka_sink(KafkaOptions options, std::string topic);

}  // namespace symbolon::client
