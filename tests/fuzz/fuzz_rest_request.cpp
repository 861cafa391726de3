// Bytes as a client sends them, through the transport's parser and the routes, over a registry in
// memory.
//
// The first byte says where the bytes are cut, as a network may cut them anywhere; that must not
// change what is understood.
#include "api/registry.hpp"
#include "api/rest/router.hpp"
#include "server/http_server_parser.hpp"
#include "storage/open_store.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using server::RequestParser;

constexpr RequestParser::Bounds bounds{4'096, 64U << 10U};
constexpr std::size_t requests_max = 8;

struct Service {
    std::unique_ptr<Registry> registry;
    std::unique_ptr<rest::Router> router;
};

/// A fresh one for each input, so that a finding can be repeated.
Service make_service() {
    auto store = storage::open_store("memory:");
    auto registry = Registry::open(std::shared_ptr<storage::Store>(std::move(*store)), {});
    Service service{std::move(*registry), nullptr};
    service.router = std::make_unique<rest::Router>(*service.registry, rest::RouterSettings{});
    return service;
}

/// The first request of `bytes`, which come in two pieces; nothing when it is refused or not whole.
std::optional<rest::Request> parse_in_pieces(std::string_view bytes, std::size_t cut,
                                             std::size_t& consumed) {
    rest::Request request;
    RequestParser parser(request, bounds);
    consumed = 0;
    for (const auto end : {std::min(cut, bytes.size()), bytes.size()}) {
        if (end <= consumed) {
            continue;
        }
        const auto step = parser.put(bytes.substr(consumed, end - consumed));
        consumed += step.consumed;
        if (step.progress == RequestParser::Progress::done) {
            return request;
        }
        if (step.progress == RequestParser::Progress::failed) {
            if (parser.error().message.empty()) {
                std::abort();  // a refusal always says why
            }
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const std::size_t cut = data[0];
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto service = make_service();
    for (std::size_t count = 0; count < requests_max && !bytes.empty(); ++count) {
        std::size_t consumed = 0;
        std::size_t consumed_whole = 0;
        const auto request = parse_in_pieces(bytes, cut, consumed);
        const auto whole = parse_in_pieces(bytes, bytes.size(), consumed_whole);
        if (request.has_value() != whole.has_value()) {
            std::abort();
        }
        if (!request) {
            break;
        }
        if (consumed != consumed_whole || request->target != whole->target ||
            request->body != whole->body || request->headers.size() != whole->headers.size()) {
            std::abort();
        }
        static_cast<void>(service.router->is_quick(*request));
        const auto response = service.router->handle(*request);
        if (response.status < 200 || response.status > 599 || response.status == 500) {
            std::abort();
        }
        bytes.remove_prefix(consumed);
    }
    return 0;
}
