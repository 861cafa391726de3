// Where the gateway says what an operator should know: the program's log, or what a test reads.
//
// Example:  log.write(GatewayLog::Weight::warning, "the downstream refused an event", fields);
// Errors:   none
// Threads:  any thread
// Tested by tests/unit/client/gateway/gateway_test.cpp
#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <string_view>

namespace symbolon::client {

class GatewayLog {
public:
    enum class Weight : std::uint8_t { info, warning, error };

    GatewayLog() = default;
    GatewayLog(const GatewayLog&) = delete;
    GatewayLog& operator=(const GatewayLog&) = delete;
    GatewayLog(GatewayLog&&) = delete;
    GatewayLog& operator=(GatewayLog&&) = delete;
    virtual ~GatewayLog() = default;

    /// `fields` is an object; bodies and values of events are never among them.
    virtual void write(Weight weight, std::string_view message, const Json& fields) = 0;
};

}  // namespace symbolon::client
