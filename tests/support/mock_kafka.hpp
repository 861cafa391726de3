// A Kafka cluster within the test's process: librdkafka's own mock, which can fail on request.
//
// Example:  const MockKafka kafka;  auto producer = KafkaProducer::open(kafka.options());
// Threads:  one at a time
// Tested by tests/unit/client/kafka/kafka_producer_test.cpp
#pragma once

#include "client/kafka/kafka_options.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::testing {

// Names of the protocol's requests that tests fail.
enum class KafkaRequest : std::int16_t { produce = 0, fetch = 1, metadata = 3, offset_commit = 8 };

struct MockRecord {
    std::string key;
    std::string value;
    std::vector<std::pair<std::string, std::string>> headers;
};

class MockKafka {
public:
    MockKafka() {
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
        host_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
        cluster_ = rd_kafka_mock_cluster_new(host_, brokers);
        if (cluster_ == nullptr) {
            std::abort();
        }
    }
    MockKafka(const MockKafka&) = delete;
    MockKafka& operator=(const MockKafka&) = delete;
    MockKafka(MockKafka&&) = delete;
    MockKafka& operator=(MockKafka&&) = delete;
    ~MockKafka() {
        rd_kafka_mock_cluster_destroy(cluster_);
        rd_kafka_destroy(host_);
    }

    client::KafkaOptions options() const {
        return {.brokers = rd_kafka_mock_cluster_bootstraps(cluster_)};
    }

    void create_topic(const std::string& topic, int partitions) {
        rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
    }

    /// The next such requests are answered with these errors, one each.
    void fail_next(KafkaRequest request, std::vector<rd_kafka_resp_err_t> errors) {
        rd_kafka_mock_push_request_errors_array(cluster_, static_cast<std::int16_t>(request),
                                                errors.size(), errors.data());
    }

    /// Every question about `topic` is answered with this error.
    void refuse_topic(const std::string& topic, rd_kafka_resp_err_t error) {
        rd_kafka_mock_topic_set_error(cluster_, topic.c_str(), error);
    }

    /// What `group` committed for a partition; negative: nothing.
    std::int64_t committed(const std::string& group, const std::string& topic, int partition) {
        rd_kafka_t* reader = make_reader(group);
        rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
        const auto error = rd_kafka_committed(reader, list, wait_ms);
        const std::int64_t offset =
            error == RD_KAFKA_RESP_ERR_NO_ERROR ? list->elems[0].offset : RD_KAFKA_OFFSET_INVALID;
        rd_kafka_topic_partition_list_destroy(list);
        rd_kafka_destroy(reader);
        return offset;
    }

    /// Everything in a topic of up to `partitions_max` partitions, read without a group.
    std::vector<MockRecord> read_all(const std::string& topic) {
        rd_kafka_t* reader = make_reader("none");
        rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions_max);
        for (int partition = 0; partition < partitions_max; ++partition) {
            std::int64_t low = 0;
            std::int64_t high = 0;
            if (rd_kafka_query_watermark_offsets(reader, topic.c_str(), partition, &low, &high,
                                                 wait_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
                rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = low;
            }
        }
        int open_ends = list->cnt;
        rd_kafka_assign(reader, list);
        rd_kafka_topic_partition_list_destroy(list);
        std::vector<MockRecord> records;
        while (open_ends > 0) {
            rd_kafka_message_t* message = rd_kafka_consumer_poll(reader, wait_ms);
            if (message == nullptr || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
                --open_ends;
            } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                records.push_back(to_record(*message));
            }
            if (message != nullptr) {
                rd_kafka_message_destroy(message);
            }
        }
        rd_kafka_destroy(reader);
        return records;
    }

    void stop_brokers() {
        for (int broker = 1; broker <= brokers; ++broker) {
            rd_kafka_mock_broker_set_down(cluster_, broker);
        }
    }
    void start_brokers() {
        for (int broker = 1; broker <= brokers; ++broker) {
            rd_kafka_mock_broker_set_up(cluster_, broker);
        }
    }

private:
    rd_kafka_t* make_reader(const std::string& group) const {
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
                 {"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster_)},
                 {"group.id", group},
                 {"enable.partition.eof", "true"},
                 {"fetch.wait.max.ms", "20"}}) {
            rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0);
        }
        return rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    }
    static MockRecord to_record(const rd_kafka_message_t& message) {
        MockRecord record{
            .key = std::string(static_cast<const char*>(message.key), message.key_len),
            .value = std::string(static_cast<const char*>(message.payload), message.len),
            .headers = {}};
        rd_kafka_headers_t* headers = nullptr;
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
            for (std::size_t at = 0; rd_kafka_header_get_all(headers, at, &name, &value, &size) ==
                                     RD_KAFKA_RESP_ERR_NO_ERROR;
                 ++at) {
                record.headers.emplace_back(name,
                                            std::string(static_cast<const char*>(value), size));
            }
        }
        return record;
    }

    static constexpr int brokers = 1;
    static constexpr int partitions_max = 3;
    static constexpr int wait_ms = 10'000;
    rd_kafka_t* host_ = nullptr;
    rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace symbolon::testing
