// Sends batches to a Kafka topic: idempotent, acknowledged by all replicas, record by record.
//
// Example:  SYMBOLON_TRY(auto target, open_kafka_target({.brokers = "localhost:9092"}, "events"));
// Errors:   those of KafkaProducer::open
// Threads:  any thread; one producer sends for all, and keeps a partition's order only as far as
//           one batch is sent at a time
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/kafka_target_test.cpp
#pragma once

#include "client/kafka/kafka_producer.hpp"
#include "client/producer/batch_target.hpp"

#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {

Result<std::unique_ptr<BatchTarget>> open_kafka_target(KafkaOptions options, std::string topic);

/// What `failures` say of a batch of `records` records.
SendOutcome to_outcome(const std::vector<SendFailure>& failures, std::size_t records);

}  // namespace symbolon::client
