// Knows the keys of the events that were taken within a sliding window, so that an event that is
// delivered twice is sent once.
//
// The window begins with the event that was taken; a duplicate does not prolong it. An event that
// has none of the pointers' values has no key and is never a duplicate.
//
// Example:  if (!seen.take(find_key(event, pointers), clock.now())) …  // a duplicate
// Errors:   malformed_request for a text that is no JSON Pointer
// Units:    seconds; keys
// Threads:  one at a time
// Limits:   duplicate_keys_bytes_max
// Source:   docs/clients.md; RFC 6901
// Tested by tests/unit/client/producer/deduplicator_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::client {

/// A JSON Pointer, taken apart.
struct EventPointer {
    std::vector<std::string> steps;
};

Result<EventPointer> parse_event_pointer(std::string_view text);
/// nullptr: there is no such place.
const Json* find_value(const Json& event, const EventPointer& pointer);
/// The values at the pointers as one text; empty: there is none of them.
std::string to_key(const Json& event, const std::vector<EventPointer>& pointers);

struct DuplicateOptions {
    /// None: nothing is a duplicate.
    std::vector<std::string> pointers{"/interactionId"};
    std::chrono::seconds window{300};
    std::size_t keys_max = 10'000;
};

class Deduplicator {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    Deduplicator(std::chrono::seconds window, std::size_t keys_max)
        : window_(window), keys_max_(keys_max) {}

    /// True when the key is new, and then it is remembered; false: a duplicate.
    bool take(std::string_view key, TimePoint now);
    /// The event of this key was rejected after all and may come again.
    void forget(std::string_view key);
    std::size_t keys() const { return taken_.size(); }

private:
    struct Entry {
        std::string key;
        TimePoint at;
    };
    void drop_oldest();

    std::chrono::seconds window_;
    std::size_t keys_max_;
    std::size_t bytes_ = 0;
    std::deque<Entry> order_;                           // oldest first; may hold forgotten ones
    std::unordered_map<std::string, TimePoint> taken_;  // by key
};

}  // namespace symbolon::client
