// Sends records to Kafka and returns when the brokers have acknowledged them, or says which they
// have not. Idempotent: what librdkafka repeats after a broken connection is stored once.
//
// Example:  SYMBOLON_TRY(auto producer, KafkaProducer::open({.brokers = "localhost:9092"}));
//           const auto failures = producer->send("orders", messages);  // empty: all are there
// Errors:   cannot_start (open: a property is wrong); for a record: unavailable (no broker took it
//           in time: it is not there), answer_lost (it may be there), not_authorised, sink_failed
// Units:    delivery.timeout.ms (default 120000): how long one record is tried
// Threads:  any thread; records of one send() keep their order within a partition
// Limits:   kafka_queue_kbytes_max, kafka_queue_records_max: send() waits while that many are on
//           their way
// Source:   docs/decisions/0023-kafka.md
// Tested by tests/unit/client/kafka/kafka_producer_test.cpp
#pragma once

#include "client/kafka/kafka_options.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

/// A record to send. It points into memory of the caller, who keeps it until send() returns.
struct KafkaMessage {
    std::string_view value{};
    std::string_view key{};  ///< empty: none
    std::span<const std::pair<std::string, std::string>> headers{};
};

/// A record that was not acknowledged, and why.
struct SendFailure {
    std::size_t index = 0;  ///< in what was given to send()
    Error error{};
};

class KafkaProducer {
public:
    /// Connects in the background: that there is no broker shows when something is sent.
    static Result<std::unique_ptr<KafkaProducer>> open(KafkaOptions options);

    KafkaProducer(const KafkaProducer&) = delete;
    KafkaProducer& operator=(const KafkaProducer&) = delete;
    KafkaProducer(KafkaProducer&&) = delete;
    KafkaProducer& operator=(KafkaProducer&&) = delete;
    /// REQUIRES: every send() has returned.
    ~KafkaProducer();

    /// Those that were not acknowledged, in the order of their index; empty: all are there, each
    /// once. Takes delivery.timeout.ms at the longest, and a moment more. Once `give_up` is asked
    /// for, what is not on its way to a broker fails at once, and what is has 5 s left; it holds
    /// for every send() that is under way.
    [[nodiscard]] std::vector<SendFailure> send(std::string_view topic,
                                                std::span<const KafkaMessage> messages,
                                                const std::stop_token& give_up = {});

private:
    class Impl;
    explicit KafkaProducer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::client
