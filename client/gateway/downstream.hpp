// What stands behind the gateway and takes its records: one call, no retries.
//
// Example:  const auto report = target.deliver({.json = record, .event_id = id}, time_left);
// Errors:   none: what became of the call is its report
// Units:    milliseconds
// Threads:  any thread
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/http_downstream_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace symbolon::client {

struct DownstreamRecord {
    std::string json{};
    std::string event_id{};    ///< empty: the event has none
    std::string request_id{};  ///< the same for every attempt at one event
};

enum class Delivery : std::uint8_t {
    done,
    busy,         ///< 429, 500, 502, 503, 504: worth another try
    unreachable,  ///< nothing was taken: worth another try
    lost,         ///< sent, and no answer came: it may have been taken
    refused,      ///< for good, as by any other 4xx
};

struct DeliveryReport {
    Delivery delivery = Delivery::done;
    std::string reason{};  ///< a phrase without anything of the event; empty when done
    std::optional<std::chrono::milliseconds> retry_after{};
    /// Whether it counts as a failure of the downstream: 429, any 5xx, and no answer.
    bool is_downstream_fault = false;
    /// False: it ended before the downstream was asked, and says nothing of that.
    bool was_asked = true;
};

class Downstream {
public:
    Downstream() = default;
    Downstream(const Downstream&) = delete;
    Downstream& operator=(const Downstream&) = delete;
    Downstream(Downstream&&) = delete;
    Downstream& operator=(Downstream&&) = delete;
    virtual ~Downstream() = default;

    virtual DeliveryReport deliver(const DownstreamRecord& record,
                                   std::chrono::milliseconds time_left) = 0;
    /// For messages: "https://…", "topic events".
    virtual std::string name() const = 0;
};

}  // namespace symbolon::client
