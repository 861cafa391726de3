// Finds the row of the route table that a request asks for, runs it, and turns errors into
// responses.
//
// Example:  rest::Router router(registry, {}); Response answer = router.handle(request);
// Errors:   none: every failure is a response (REST contract 1.3, 1.4 and 2)
// Threads:  any thread
// Source:   REST contract section 1; openapi.yaml
// Tested by tests/unit/api/rest/router_test.cpp
#pragma once

#include "api/registry.hpp"
#include "api/rest/http.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::rest {

struct RouterSettings {
    /// What /v1/metadata/version and /v1/metadata/id say.
    std::string version = "8.3.1";
    /// 40 hexadecimal digits; zeros when the build does not know.
    std::string commit_id = std::string(40, '0');
    std::string cluster_id = "symbolon";
    std::string group_id = "schema-registry";
    /// Answer 409 instead of 40901 (clients older than 8.2).
    bool short_incompatible_code = false;
};

/// One row of the route table, for openapi's check and for metrics.
struct RouteName {
    std::string_view method;
    std::string_view path;
    std::string_view operation_id;
};

class Router {
public:
    Router(Registry& registry, RouterSettings settings);
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;
    Router(Router&&) = delete;
    Router& operator=(Router&&) = delete;

    /// Answers the request; `operation_id`, when given, receives the route's name or "".
    Response handle(const Request& request, std::string_view* operation_id = nullptr) const;
    /// True for requests that are answered from memory without parsing a schema or writing.
    bool is_quick(const Request& request) const;
    /// The response to a request that the transport refused.
    Response refuse(const Error& error) const;

    static std::vector<RouteName> route_names();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::rest
