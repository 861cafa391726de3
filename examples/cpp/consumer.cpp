// consumer REGISTRY BROKERS TOPIC: prints a topic's records as JSON lines, up to its present end.
#include <symbolon/client/decoder/decoder.hpp>
#include <symbolon/client/http/http_client_curl.hpp>
#include <symbolon/client/kafka/kafka_consumer.hpp>
#include <symbolon/client/registry_client/registry_client.hpp>

#include <chrono>
#include <iostream>

using namespace symbolon::client;

int main(int, char** words) {
    SystemClock clock;
    const auto http = open_http_client({}).value();
    RegistryClient registry({.base_urls = {words[1]}}, *http, no_credentials(), clock);
    Decoder decoder(registry, {});
    const auto topic = KafkaConsumer::open({.brokers = words[2]}, "example", {words[3]}).value();
    while (!topic->at_end()) {
        const auto records = topic->poll(500, std::chrono::seconds(1)).value();
        for (const KafkaRecord& record : records) {
            const auto outcome = decoder.decode(record.value, record.headers);
            for (const std::string& line : outcome.records) {
                std::cout << line << '\n';
            }
            if (outcome.letter) {
                std::cerr << to_text(*outcome.letter) << '\n';
            }
        }
        if (const auto done = topic->commit(); !done) {  // what was printed is not read again
            std::cerr << done.error().message << '\n';
        }
    }
}
