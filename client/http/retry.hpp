// When a request is sent again, and after which wait: exponential with full jitter, or what the
// server asks for.
//
// Example:  send_with_retries(sender, request, {}, clock, system_random());
// Errors:   those of the last attempt; an answer that is no success is a value, not an error
// Units:    milliseconds; a random number r is 0 <= r < 1
// Threads:  any thread
// Source:   contract of the event clients, section 2
// Tested by tests/unit/client/http/retry_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/http_client.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace symbolon::client {

struct RetryPolicy {
    int retries_max = 3;  ///< beside the first attempt
    std::chrono::milliseconds first_delay{500};
    std::chrono::milliseconds delay_max{30'000};  ///< the longest that is drawn
    /// A server that asks for more is not asked again; its answer is handed out.
    std::chrono::milliseconds retry_after_max{120'000};
};

using RandomSource = std::function<double()>;

/// Seeded by the machine; any thread.
RandomSource system_random();

/// True when doing it twice is doing it once (RFC 9110, 9.2.2).
bool is_idempotent(std::string_view method);
/// 429, 500, 502, 503 or 504.
bool is_retryable_status(int status);
/// The server did not answer: not_reachable, answer_lost, request_timeout or unavailable.
bool is_retryable_error(ErrorCode code);

/// The wait before retry `retry` (from 0): random * min(delay_max, first_delay * 2^retry).
std::chrono::milliseconds jittered_delay(const RetryPolicy& policy, int retry, double random);

/// What `Retry-After` asks for, in seconds or as a date; nullopt: nothing, or nothing readable.
std::optional<std::chrono::milliseconds> find_retry_after(
    const HttpResponse& response, std::chrono::system_clock::time_point now);

/// Whether what was sent may be sent again: `no` still repeats what never left (not_reachable).
enum class Repeatable { no, yes };

using Attempt = std::function<Result<HttpResponse>()>;

/// Calls `attempt` until it succeeds, fails for good, was repeated retries_max times, or the clock
/// says that the program is to stop.
Result<HttpResponse> repeat_attempt(const Attempt& attempt, Repeatable repeatable,
                                    const RetryPolicy& policy, Clock& clock,
                                    const RandomSource& random);

/// The same for one request; by its method, Repeatable::yes or no.
Result<HttpResponse> send_with_retries(HttpSender& sender, const HttpRequest& request,
                                       const RetryPolicy& policy, Clock& clock,
                                       const RandomSource& random);

}  // namespace symbolon::client
