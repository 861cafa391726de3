// Asks one of several registries over HTTP, in turn and again, and turns answers into JSON or typed
// errors.
//
// Example:  SYMBOLON_TRY(auto json, transport.call({.path = "/schemas/ids/7"}));
// Errors:   those of registry_client.hpp
// Threads:  any thread
// Source:   contract of the event clients, section 2
// Tested by tests/unit/client/registry_client/registry_client_test.cpp
#pragma once

#include "client/registry_client/registry_client.hpp"
#include "core/json.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

/// `any`: every JSON value; nothing at all (status 204) is null.
enum class AnswerShape : std::uint8_t { object, array, any };

/// Comes with the Error when a registry answered, and refused.
struct RegistryRefusal final : ErrorDetail {
    int status = 0;
    std::int64_t error_code = 0;  ///< as its body says; 0: the body is not a registry's
};

struct RegistryCall {
    std::string method = "GET";
    std::string path{};  ///< from the base URL on, percent-encoded
    std::string body{};
    Repeatable repeatable = Repeatable::yes;
    AnswerShape shape = AnswerShape::object;
};

/// "latest" for nothing; fails for numbers that no version has.
Result<std::string> to_version_text(WantedVersion version);
/// Percent-encoded: "/subjects/orders-value".
std::string path_of_subject(std::string_view subject);

class RegistryTransport {
public:
    RegistryTransport(const RegistryClientOptions& options, HttpSender& sender,
                      std::shared_ptr<Credentials> credentials, Clock& clock);

    /// The answer's JSON, of the shape that was asked for.
    Result<Json> call(const RegistryCall& call);

    std::uint64_t requests() const { return requests_; }
    std::uint64_t retries() const { return retries_; }

private:
    Result<HttpResponse> try_each_url(const RegistryCall& call);

    const RegistryClientOptions& options_;
    HttpSender& sender_;
    const std::shared_ptr<Credentials> credentials_;
    Clock& clock_;
    /// The base URL that answered last: while the first one is down, it is not asked every time.
    std::atomic<std::size_t> preferred_{0};
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> retries_{0};
};

}  // namespace symbolon::client
