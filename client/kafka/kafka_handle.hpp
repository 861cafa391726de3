// What the producer and the consumer have in common: librdkafka's handles as RAII types,
// properties, and its errors as ours.
//
// Example:  SYMBOLON_TRY(KafkaConf conf, make_kafka_conf(options, defaults, reserved));
// Errors:   cannot_start
// Threads:  any thread
// Source:   docs/decisions/0023-kafka.md
// Tested by tests/unit/client/kafka/kafka_producer_test.cpp
#pragma once

#include "client/kafka/kafka_options.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

// librdkafka's, which stays out of our headers.
struct rd_kafka_s;
struct rd_kafka_conf_s;
// NOLINTNEXTLINE(readability-identifier-naming): its name is theirs
struct rd_kafka_topic_partition_list_s;

namespace symbolon::client {

struct KafkaDeleter {
    void operator()(rd_kafka_s* handle) const;
    void operator()(rd_kafka_conf_s* conf) const;
    void operator()(rd_kafka_topic_partition_list_s* list) const;
};
using KafkaHandle = std::unique_ptr<rd_kafka_s, KafkaDeleter>;
using KafkaConf = std::unique_ptr<rd_kafka_conf_s, KafkaDeleter>;
using KafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_s, KafkaDeleter>;

/// One of librdkafka's error numbers, rd_kafka_resp_err_t.
struct KafkaErrorNumber {
    int value = 0;
};

/// What an error means to the caller: not_authorised, unavailable or sink_failed.
ErrorCode classify_kafka_error(KafkaErrorNumber number);

/// "Broker: Unknown topic or partition".
std::string describe_kafka_error(KafkaErrorNumber number);

/// "; make the topic first, …": what to do about an error that librdkafka tells as `reason`, or
/// nothing.
std::string advise_on_kafka_error(KafkaErrorNumber number, std::string_view reason = {});

/// The connections' latest trouble: librdkafka tells it apart from the records that it is about.
class KafkaTrouble {
public:
    void note(KafkaErrorNumber number, std::string_view reason);
    /// A broker did what it was asked.
    void clear();
    /// As new, for a handle that is.
    void reset();
    /// "; the connections say: …" with what to do, or nothing.
    std::string words() const;
    /// Whether the latest trouble is that a broker does not know us, or we not it, so that waiting
    /// does not help. One broker that refuses is no such trouble while others do what they are
    /// asked.
    bool is_refusal() const;

private:
    mutable std::mutex mutex_;
    std::string reason_;                                            // guarded by mutex_
    bool refusal_ = false;                                          // guarded by mutex_
    std::optional<std::chrono::steady_clock::time_point> good_at_;  // guarded by mutex_
};

using KafkaProperty = std::pair<std::string, std::string>;

/// The configuration of `options` over `defaults`. A property that is not known, has a bad value or
/// is one of `fixed`, which the caller may not set, is named in the error.
Result<KafkaConf> make_kafka_conf(const KafkaOptions& options,
                                  std::span<const KafkaProperty> defaults,
                                  std::span<const KafkaProperty> fixed);

}  // namespace symbolon::client
