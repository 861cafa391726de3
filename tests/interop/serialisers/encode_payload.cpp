// Frames the JSON text on standard input with the latest schema of a subject, and prints bytes and
// headers in hexadecimal, as JSON.
//
// Usage: symbolon_encode_payload REGISTRY SUBJECT FRAMING [INDEX…]
#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client_curl.hpp"
#include "client/payload/payload_encoder.hpp"
#include "client/registry_client/registry_client.hpp"
#include "core/hex.hpp"
#include "core/json.hpp"

#include <exception>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::client;

Result<std::string> encode(const std::vector<std::string>& words, const std::string& json) {
    SystemClock clock;
    SYMBOLON_TRY(const auto sender, open_http_client({}));
    RegistryClientOptions registry_options;
    registry_options.base_urls = {words[0]};
    RegistryClient registry(registry_options, *sender, no_credentials(), clock);
    SYMBOLON_TRY(const auto schema, registry.find_version(words[1], std::nullopt));
    PayloadEncoderOptions options;
    const auto framing = find_framing(words[2]);
    if (!framing) {
        return failure(make_error(ErrorCode::malformed_request, "no such framing"));
    }
    options.framing = *framing;
    if (words.size() > 3) {
        options.message_indexes.clear();
        for (std::size_t at = 3; at < words.size(); ++at) {
            options.message_indexes.push_back(std::stoi(words[at]));
        }
    }
    SYMBOLON_TRY(const auto encoder, PayloadEncoder::open(schema, options));
    SYMBOLON_TRY(const auto message, encoder.encode(json));
    Json headers = Json::object();
    for (const auto& [name, value] : message.headers) {
        headers[name] = to_hex(value);
    }
    return symbolon::to_text(Json{{"bytes", to_hex(message.bytes)}, {"headers", headers}});
}

int run(const std::vector<std::string>& words) {
    if (words.size() < 3) {
        std::cerr << "usage: symbolon_encode_payload REGISTRY SUBJECT FRAMING [INDEX...]\n";
        return 2;
    }
    const std::string json(std::istreambuf_iterator<char>(std::cin), {});
    const auto encoded = encode(words, json);
    if (!encoded) {
        std::cerr << encoded.error().message << '\n';
        return 1;
    }
    std::cout << *encoded << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
