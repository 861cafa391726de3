// Asks the event platform whether it knows an event type, and remembers the answer.
//
// GET {platform}/api/v2/events/eventtypes/{type} with a token: a 2xx with an object is yes, 404 is
// no. While the platform does not answer, it is left in peace for a few seconds.
//
// Example:  SYMBOLON_TRY(const auto answer, check.ask("genesys.cloud.conversation.created"));
// Errors:   unavailable (after retries, or an answer that is none), not_authorised (401, 403, or
//           no token)
// Threads:  one at a time
// Limits:   event_types_max, event_type_bytes_max
// Source:   contract of the event clients, section 3
// Tested by tests/unit/client/decoder/event_type_check_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"
#include "client/http/retry.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace symbolon::client {

enum class EventTypeAnswer : std::uint8_t { known, unknown };

struct EventTypeOptions {
    std::string base_url{};  ///< without a slash at the end
    std::chrono::milliseconds timeout{10'000};
    std::chrono::seconds cache_ttl{300};
    /// How long nothing is asked after the platform failed to answer.
    std::chrono::seconds pause{5};
    RetryPolicy retry{};
    RandomSource random = system_random();
};

class EventTypeCheck {
public:
    /// `sender` and `clock` outlive it.
    EventTypeCheck(EventTypeOptions options, HttpSender& sender,
                   std::shared_ptr<Credentials> credentials, Clock& clock);

    Result<EventTypeAnswer> ask(std::string_view event_type);

private:
    struct Known {
        EventTypeAnswer answer;
        std::chrono::steady_clock::time_point until;
    };
    Result<EventTypeAnswer> fetch(std::string_view event_type);

    EventTypeOptions options_;
    HttpSender& sender_;
    std::shared_ptr<Credentials> credentials_;
    Clock& clock_;
    std::unordered_map<std::string, Known> cache_;
    std::chrono::steady_clock::time_point paused_until_{};
    std::optional<Error> last_error_;
};

}  // namespace symbolon::client
