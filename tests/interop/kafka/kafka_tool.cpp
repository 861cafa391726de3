// A program over KafkaProducer and KafkaConsumer, for kafka_test.py to kill.
//
//   kafka_tool produce BROKERS TOPIC COUNT        sends "0", "1", … COUNT-1, a hundred at a time,
//   and
//                                                 says so for each hundred
//   kafka_tool consume BROKERS GROUP TOPIC FILE   appends what comes to FILE, then commits; ends at
//                                                 the end of the topic
#include "client/kafka/kafka_consumer.hpp"
#include "client/kafka/kafka_producer.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::client;

constexpr std::size_t batch_records = 100;

int produce(const std::string& brokers, const std::string& topic, std::size_t count) {
    const auto producer = KafkaProducer::open({.brokers = brokers});
    if (!producer) {
        fmt::print(stderr, "{}\n", producer.error().message);
        return 1;
    }
    std::size_t failures = 0;
    for (std::size_t begin = 0; begin < count; begin += batch_records) {
        std::vector<std::string> values;
        for (std::size_t at = begin; at < std::min(begin + batch_records, count); ++at) {
            values.push_back(std::to_string(at));
        }
        std::vector<KafkaMessage> messages;
        for (const std::string& value : values) {
            messages.push_back({.value = value, .key = value});
        }
        for (const SendFailure& one : (*producer)->send(topic, messages)) {
            fmt::print(stderr, "{}: {}\n", values[one.index], one.error.message);
            ++failures;
        }
        fmt::print("{}\n", begin + values.size());
        std::fflush(stdout);
    }
    return failures == 0 ? 0 : 1;
}

int consume(const std::string& brokers, const std::string& group, const std::string& topic,
            const std::string& file) {
    const KafkaOptions options{
        .brokers = brokers,
        .properties = {{"session.timeout.ms", "3000"},
                       {"heartbeat.interval.ms", "500"},
                       {"partition.assignment.strategy", "cooperative-sticky"}}};
    const auto consumer = KafkaConsumer::open(options, group, {topic});
    std::FILE* out = std::fopen(file.c_str(), "ae");
    if (!consumer || out == nullptr) {
        return 1;
    }
    int ends = 0;  // an end is believed when it lasts: another member may come or go
    while (ends < 10) {
        const auto records = (*consumer)->poll(1'000, std::chrono::milliseconds(200));
        if (!records) {
            fmt::print(stderr, "{}\n", records.error().message);
            return 1;
        }
        std::size_t bytes = 0;
        for (const KafkaRecord& record : *records) {
            bytes += record.value.size();
            fmt::print(
                out, "{}:{} {}\n", record.partition, record.offset,
                record.value.size() > 100 ? std::to_string(record.value.size()) : record.value);
        }
        if (bytes > limits::kafka_poll_bytes_max + (1U << 20U)) {
            fmt::print(stderr, "one poll handed out {} bytes\n", bytes);
            return 1;
        }
        std::fflush(out);
        ::fsync(::fileno(out));
        if (const Status done = (*consumer)->commit(); !done) {
            fmt::print(stderr, "{}\n", done.error().message);
        }
        ends = (*consumer)->at_end() && records->empty() ? ends + 1 : 0;
    }
    std::fclose(out);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() == 4 && arguments[0] == "produce") {
        return produce(arguments[1], arguments[2], std::stoul(arguments[3]));
    }
    if (arguments.size() == 5 && arguments[0] == "consume") {
        return consume(arguments[1], arguments[2], arguments[3], arguments[4]);
    }
    fmt::print(stderr, "see the head of kafka_tool.cpp\n");
    return 2;
}
