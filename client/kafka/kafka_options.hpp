// What opens a connection to Kafka: the brokers and librdkafka's own properties, passed on as they
// are.
//
// Example:  KafkaOptions{.brokers = "kafka1:9092,kafka2:9092",
//                        .properties = {{"security.protocol", "SASL_SSL"}, {"sasl.mechanism",
//                        "PLAIN"}}}
// Units:    properties are in librdkafka's units, which its CONFIGURATION.md tells
// Threads:  immutable
// Source:   docs/decisions/0023-kafka.md
// Tested by tests/unit/client/kafka/kafka_producer_test.cpp
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace symbolon::client {

/// `properties` win over our defaults, except for those that a promise of ours rests on
/// (enable.auto.commit, enable.auto.offset.store, enable.partition.eof): naming them is an error.
struct KafkaOptions {
    std::string brokers{};  ///< host:port, separated by commas
    std::map<std::string, std::string> properties{};
};

/// Bytes of the largest record, key and value, that a producer with these options takes
/// (message.max.bytes). A topic may take less.
std::size_t kafka_record_bytes_max(const KafkaOptions& options);

}  // namespace symbolon::client
