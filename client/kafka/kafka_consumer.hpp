// Reads topics as a member of a consumer group. Nothing is committed by itself: commit() stores the
// position behind what poll() handed out, so a record is read again until its reader said it is
// done.
//
// Example:  SYMBOLON_TRY(auto records, consumer->poll(500, std::chrono::seconds(1)));
//           for (const KafkaRecord& record : records) { ... }
//           SYMBOLON_CHECK(consumer->commit());
// Errors:   cannot_start (open: a property is wrong), unavailable (no broker for
//           kafka_unreachable_ms, or a commit that did not get through; calling again tries again),
//           not_authorised, sink_failed (no such topic, and whatever else the broker refuses)
// Threads:  one at a time
// Limits:   kafka_fetch_kbytes_max, kafka_fetch_records_max, kafka_poll_bytes_max
// Source:   docs/decisions/0023-kafka.md
// Tested by tests/unit/client/kafka/kafka_consumer_test.cpp
#pragma once

#include "client/kafka/kafka_options.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {

struct KafkaRecord {
    std::string topic{};
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string key{};    ///< empty: none
    std::string value{};  ///< empty for a tombstone as well
    std::vector<std::pair<std::string, std::string>> headers{};
};

class KafkaConsumer {
public:
    /// Joins `group` for `topics`, in the background. A group that never committed starts at the
    /// beginning (auto.offset.reset, default "earliest").
    static Result<std::unique_ptr<KafkaConsumer>> open(const KafkaOptions& options,
                                                       const std::string& group,
                                                       const std::vector<std::string>& topics);

    KafkaConsumer(const KafkaConsumer&) = delete;
    KafkaConsumer& operator=(const KafkaConsumer&) = delete;
    KafkaConsumer(KafkaConsumer&&) = delete;
    KafkaConsumer& operator=(KafkaConsumer&&) = delete;
    /// Leaves the group. What was not committed is read again by whoever has the partition next.
    ~KafkaConsumer();

    /// At most `records_max` records; empty: nothing came within `wait`. Waits for the first only.
    /// REQUIRES: called at least every max.poll.interval.ms (default 300000), or the group goes on
    /// without this member until it is.
    Result<std::vector<KafkaRecord>> poll(std::size_t records_max, std::chrono::milliseconds wait);

    /// ok: what poll() handed out is not read again by this group, save for partitions that were
    /// given to another member meanwhile. Tries for kafka_commit_ms when the broker is away.
    Status commit();

    /// Whether every partition that this member has was read to its end at the time.
    bool at_end() const;

private:
    class Impl;
    explicit KafkaConsumer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::client
