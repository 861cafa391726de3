#include "cli/in_process_registry.hpp"

#include "api/registry.hpp"
#include "api/rest/http.hpp"
#include "api/rest/router.hpp"
#include "storage/open_store.hpp"
#include "storage/store.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view sqlite_magic{"SQLite format 3\0", 16};

rest::Method to_rest_method(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, rest::Method>, 6> methods{
        {{"GET", rest::Method::get},
         {"HEAD", rest::Method::head},
         {"POST", rest::Method::post},
         {"PUT", rest::Method::put},
         {"DELETE", rest::Method::del},
         {"OPTIONS", rest::Method::options}}};
    for (const auto& [known, method] : methods) {
        if (name == known) {
            return method;
        }
    }
    return rest::Method::other;
}

class InProcessRegistry final : public client::HttpSender {
public:
    explicit InProcessRegistry(std::unique_ptr<Registry> registry)
        : registry_(std::move(registry)), router_(*registry_, {}) {}

    Result<client::HttpResponse> send(const client::HttpRequest& request) override {
        std::string_view target = request.url;
        if (!target.starts_with(in_process_url) ||
            !target.substr(in_process_url.size()).starts_with("/")) {
            return failure(make_error(ErrorCode::malformed_request,
                                      "No request to a store file: " + request.url));
        }
        target.remove_prefix(in_process_url.size());
        rest::Request asked;
        asked.method = to_rest_method(request.method);
        asked.method_name = request.method;
        asked.target = std::string(target);
        for (const auto& [name, value] : request.headers) {
            asked.headers.push_back({name, value});
        }
        asked.body = request.body;
        const rest::Response answer = router_.handle(asked);
        const auto body = answer.body_view();
        if (body.size() > request.response_bytes_max) {
            return failure(
                make_error(ErrorCode::body_too_large,
                           fmt::format("{} {}: the answer is larger than {} bytes", request.method,
                                       target, request.response_bytes_max)));
        }
        client::HttpResponse response;
        response.status = answer.status;
        for (const auto& [name, value] : answer.headers) {
            response.headers.emplace_back(name, value);
        }
        if (!answer.content_type.empty()) {
            response.headers.emplace_back("Content-Type", answer.content_type);
        }
        response.body = std::string(body);
        return response;
    }

private:
    const std::unique_ptr<Registry> registry_;
    const rest::Router router_;
};

Error not_usable(const std::string& file, const Error& error) {
    return Error{error.code,
                 fmt::format("{} cannot be used as a registry: {}", file, error.message),
                 error.detail};
}

}  // namespace

bool is_sqlite_file(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::array<char, sqlite_magic.size()> begin{};
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return std::string_view(begin.data(), static_cast<std::size_t>(stream.gcount())) ==
           sqlite_magic;
}

Result<std::unique_ptr<client::HttpSender>> open_in_process_registry(
    const std::string& store_file) {
    if (!is_sqlite_file(store_file)) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("{} is not a registry's store: it does not begin like an SQLite file",
                        store_file)));
    }
    auto store = storage::open_snapshot("sqlite:" + store_file);
    if (!store) {
        return failure(not_usable(store_file, store.error()));
    }
    // Why: what a running server's store has committed last is beside it, at first all of it; every
    // subject would be new.
    SYMBOLON_TRY(const auto first, (*store)->read_page(Revision{0}, {.entries_max = 1}));
    if (first.empty()) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("{} holds nothing, and says of no schema whether it may change. If it is "
                        "a copy of a running server's store, copy it with: sqlite3 STORE \"VACUUM "
                        "INTO 'backup.db'\"",
                        store_file)));
    }
    auto registry = Registry::open(std::shared_ptr<storage::Store>(*std::move(store)), {});
    if (!registry) {
        return failure(not_usable(store_file, registry.error()));
    }
    return std::make_unique<InProcessRegistry>(*std::move(registry));
}

}  // namespace symbolon::cli
