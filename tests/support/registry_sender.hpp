// An HTTP sender whose requests are answered by a real registry over a memory store, without a
// socket; it can be older than plans, and can refuse a request.
//
// Example:  RegistrySender sender;  RegistryAdmin admin({.base_urls = {"http://r"}}, sender, …);
// Threads:  any thread
// Tested by tests/unit/gate/plan/apply_plan_test.cpp
#pragma once

#include "api/registry.hpp"
#include "api/rest/router.hpp"
#include "client/http/http_client.hpp"
#include "storage/memory/memory_store.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::testing {

class RegistrySender final : public client::HttpSender {
public:
    RegistrySender()
        : registry_(*Registry::open(std::make_shared<storage::MemoryStore>(), {})),
          router_(std::make_unique<rest::Router>(*registry_, rest::RouterSettings())) {}

    Result<client::HttpResponse> send(const client::HttpRequest& request) override {
        const auto host = request.url.find("://") + 3;
        rest::Request asked;
        asked.method_name = request.method;
        asked.method = request.method == "POST"     ? rest::Method::post
                       : request.method == "PUT"    ? rest::Method::put
                       : request.method == "DELETE" ? rest::Method::del
                                                    : rest::Method::get;
        asked.target = request.url.substr(request.url.find('/', host));
        asked.body = request.body;
        for (const auto& [name, value] : request.headers) {
            asked.headers.push_back({name, value});
        }
        const std::string line = request.method + " " + asked.target;
        {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
        }
        if (refuses && refuses(line)) {
            return client::HttpResponse{
                .status = 422, .body = R"({"error_code":42205,"message":"refused by the test"})"};
        }
        if (is_without_plans && line.find(" /plans") != std::string::npos) {
            return client::HttpResponse{
                .status = 404, .body = R"({"error_code":404,"message":"HTTP 404 Not Found"})"};
        }
        const auto answer = router_->handle(asked);
        return client::HttpResponse{.status = answer.status,
                                    .body = std::string(answer.body_view())};
    }

    Registry& registry() { return *registry_; }
    /// "PUT /config/orders-value" and so on, in order.
    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

    std::atomic<bool> is_without_plans = false;
    std::function<bool(const std::string& line)> refuses{};  ///< set while nobody sends

private:
    std::unique_ptr<Registry> registry_;
    std::unique_ptr<rest::Router> router_;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace symbolon::testing
