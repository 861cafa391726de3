// producer REGISTRY BROKERS TOPIC: sends JSON lines as records of the topic's latest schema.
#include <symbolon/client/http/http_client_curl.hpp>
#include <symbolon/client/payload/payload_encoder.hpp>
#include <symbolon/client/registry_client/registry_client.hpp>
#include <symbolon/client/sink/kafka_sink.hpp>

#include <iostream>
#include <string>
#include <vector>

using namespace symbolon::client;

int main(int, char** words) {
    const std::string topic = words[3];
    SystemClock clock;
    const auto http = open_http_client({}).value();
    RegistryClient registry({.base_urls = {words[1]}}, *http, no_credentials(), clock);
    const auto schema = registry.find_version(topic + "-value", std::nullopt).value();
    const auto encoder = PayloadEncoder::open(schema, {}).value();
    const auto sink = open_kafka_sink({.brokers = words[2]}, topic).value();
    for (std::string line; std::getline(std::cin, line);) {
        auto message = encoder.encode(line);
        if (!message) {
            std::cerr << message.error().message << '\n';
            continue;
        }
        const std::vector<SinkRecord> records{
            {.value = std::move(message->bytes), .headers = std::move(message->headers)}};
        if (const auto sent = sink->write(records); !sent) {
            std::cerr << sent.error().message << '\n';
            return 1;
        }
    }
}
