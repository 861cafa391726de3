// A Kafka cluster for programs under test, without Java: prints its address, and ends with its
// standard input. It has the topics that are named, with one partition each.
#include "tests/support/mock_kafka.hpp"

#include <cstdio>

int main(int count, char** words) {
    symbolon::testing::MockKafka kafka;
    for (int at = 1; at < count; ++at) {
        kafka.create_topic(words[at], 1);
    }
    std::puts(kafka.options().brokers.c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}
