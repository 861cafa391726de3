// Keeps calls from a downstream that fails again and again, and tries it with one call after a
// pause.
//
// Closed: calls go out. When `failures` of the last `calls` calls failed, none of them older than
// `window`, it opens: calls are refused. After `pause` it is half open: one call, the probe, goes
// out, all others are still refused. The probe's success closes it, its failure opens it again; of
// one that was not made in the end nothing is learnt, and the next call is the probe.
//
// Example:  if (const auto permit = breaker.ask()) { breaker.note(*permit, call()); }
// Errors:   none
// Units:    milliseconds, counts of calls
// Threads:  any thread
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/circuit_breaker_test.cpp
#pragma once

#include "client/http/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon::client {

struct BreakerOptions {
    std::size_t failures = 10;  ///< 0: never opens
    std::size_t calls = 20;     ///< the last ones that are looked at
    std::chrono::milliseconds window{60'000};
    std::chrono::milliseconds pause{30'000};
};

class CircuitBreaker {
public:
    enum class State : std::uint8_t { closed, open, half_open };
    enum class CallResult : std::uint8_t { succeeded, failed, not_made };
    /// To make one call; every permit is noted once.
    class Permit {
        friend class CircuitBreaker;
        explicit Permit(std::uint64_t era) : era_(era) {}
        std::uint64_t era_;
    };

    /// `clock` outlives the breaker.
    CircuitBreaker(BreakerOptions options, Clock& clock) : options_(options), clock_(clock) {}

    /// nullopt: refused.
    std::optional<Permit> ask();
    void note(Permit permit, CallResult result);
    /// What ask() would meet now.
    State state() const;

private:
    using Moment = std::chrono::steady_clock::time_point;
    void open();

    const BreakerOptions options_;
    Clock& clock_;
    mutable std::mutex mutex_;
    // --- guarded by mutex_
    State state_ = State::closed;
    /// Grows with every change of state: results of calls from before it no longer count.
    std::uint64_t era_ = 0;
    Moment open_until_{};
    std::deque<std::pair<Moment, CallResult>> results_;
};

std::string_view to_string(CircuitBreaker::State state);

}  // namespace symbolon::client
