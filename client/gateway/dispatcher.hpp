// Brings records to the downstream: so many calls at a time, retries with growing waits, and a
// circuit breaker; all of it within the request and its deadline.
//
// A wait between two attempts holds no call slot. Of the requests that are past validation only
// `waiting_max` may be here; the next one fails at once, so that with more workers than that a
// downstream which hangs never keeps invalid bodies, /health or new probes from being answered.
// A wait that would end behind the deadline is not begun. Once the breaker is open nothing is
// called or waited for: what waits fails within a twentieth of a second.
//
// Example:  const auto dispatched = dispatcher.send(record);
//           if (!dispatched.ok) { /* 503: the sender tries again */ }
// Errors:   none: the outcome tells
// Units:    milliseconds, counts
// Threads:  any thread
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/dispatcher_test.cpp
#pragma once

#include "client/gateway/circuit_breaker.hpp"
#include "client/gateway/downstream.hpp"
#include "client/http/clock.hpp"
#include "client/http/retry.hpp"
#include "client/metrics/metrics.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

namespace symbolon::client {

struct DispatcherOptions {
    int retries_max = 5;  ///< beside the first attempt
    /// Attempt n (from 0) is followed by a wait of 2^n times this, and up to `jitter` more.
    std::chrono::milliseconds retry_base{1'000};
    std::chrono::milliseconds jitter{1'000};
    std::size_t calls_max = 10;
    std::size_t waiting_max = 96;
    /// For everything that is done with one record here.
    std::chrono::milliseconds deadline{45'000};
    std::chrono::milliseconds call_timeout{10'000};
    BreakerOptions breaker{};
};

struct Dispatched {
    bool ok = false;
    int attempts = 0;
    std::string reason{};   ///< why not
    bool is_final = false;  ///< the downstream refused it for good
};

class Dispatcher {
public:
    /// All references outlive the dispatcher.
    Dispatcher(DispatcherOptions options, Downstream& downstream, Clock& clock, RandomSource random,
               Metrics& metrics);

    Dispatched send(const DownstreamRecord& record);
    /// From now on nothing is repeated: what waits to be fails, what comes is called for once.
    void stop();
    /// Records that are being called for or waited with.
    std::size_t inside() const { return inside_; }
    CircuitBreaker::State breaker_state() const { return breaker_.state(); }

private:
    using Moment = std::chrono::steady_clock::time_point;

    Dispatched attempt_all(const DownstreamRecord& record);
    bool take_slot(Moment deadline);
    void give_slot();
    /// One call within a slot; nullopt: the breaker is open.
    std::optional<DeliveryReport> call_once(const DownstreamRecord& record, Moment deadline);
    /// False when it is of no use to go on.
    bool wait_for(std::chrono::milliseconds delay);
    std::chrono::milliseconds delay_after(int attempt, const DeliveryReport& report);

    const DispatcherOptions options_;
    Downstream& downstream_;
    Clock& clock_;
    const RandomSource random_;
    Metrics& metrics_;
    CircuitBreaker breaker_;
    std::atomic<std::size_t> inside_{0};
    std::atomic<bool> stopped_{false};
    std::mutex slots_mutex_;
    std::condition_variable slot_free_;
    std::size_t calls_ = 0;  ///< guarded by slots_mutex_
};

}  // namespace symbolon::client
