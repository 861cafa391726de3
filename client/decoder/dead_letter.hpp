// What becomes of an event that is not decoded: the queue it goes to, the reason, and its record.
//
// {"status":"routed_to_dlq","reason":…,"schema_id":…,"version":…,"retry_eligible":…,"error":…,
//  "original_event":…,"attempt":…,"event_type":…,"origin":…,"timestamp":…} and, in the diagnostic
// queue, "raw_schema"; "topic", "key" and "headers" when the event has them. An original event that
// is JSON stands there as it is, any other as {"payload_base64":…}.
//
// Example:  sink.write({{.value = to_text(letter), .key = letter.key}});
// Errors:   none
// Units:    timestamp: milliseconds since the epoch
// Threads:  values
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/dead_letter_test.cpp
#pragma once

#include "client/wire/framing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class Queue : std::uint8_t { retry, dead_letter, diagnostic };

struct QueueRow {
    Queue queue;
    std::string_view name;    ///< in counts and metrics
    std::string_view status;  ///< in records
};
inline constexpr std::array queue_table{
    QueueRow{Queue::retry, "retry", "routed_to_retry"},
    QueueRow{Queue::dead_letter, "dead_letter", "routed_to_dlq"},
    QueueRow{Queue::diagnostic, "diagnostic", "routed_to_diagnostic"},
};
constexpr const QueueRow& row_of(Queue queue) {
    return queue_table[static_cast<std::size_t>(queue)];
}

enum class Reason : std::uint8_t {
    backward_incompatible_schema,
    missing_schema_metadata,
    schema_not_found,
    schema_unparseable,
    payload_corrupt,
    event_too_large,
    event_type_unknown,
    registry_unavailable,
    registry_not_authorised,
    platform_unavailable,
    platform_not_authorised,
};

/// Whether the same event may be decoded later without a change to it or to the guard.
enum class Retry : std::uint8_t { useless, eligible };

struct ReasonRow {
    Reason reason;
    std::string_view name;
    Retry retry;
    std::string_view meaning;
};
inline constexpr std::array reason_table{
    ReasonRow{Reason::backward_incompatible_schema, "backward_incompatible_schema", Retry::useless,
              "the evolution guard has flagged the subject"},
    ReasonRow{Reason::missing_schema_metadata, "missing_schema_metadata", Retry::useless,
              "the event does not say which schema it has"},
    ReasonRow{Reason::schema_not_found, "schema_not_found", Retry::eligible,
              "the registry has no such schema, or takes no such question"},
    ReasonRow{Reason::schema_unparseable, "schema_unparseable", Retry::useless,
              "the registry's schema does not parse"},
    ReasonRow{Reason::payload_corrupt, "payload_corrupt", Retry::useless,
              "the bytes are not what the schema says, or unpack to too much"},
    ReasonRow{Reason::event_too_large, "event_too_large", Retry::useless,
              "the event, or its record, is beyond the bounds; the error says of what"},
    ReasonRow{Reason::event_type_unknown, "event_type_unknown", Retry::eligible,
              "the platform knows no such event type"},
    ReasonRow{Reason::registry_unavailable, "registry_unavailable", Retry::eligible,
              "the registry did not answer"},
    ReasonRow{Reason::registry_not_authorised, "registry_not_authorised", Retry::eligible,
              "the registry refused our credentials"},
    ReasonRow{Reason::platform_unavailable, "platform_unavailable", Retry::eligible,
              "the event platform did not answer"},
    ReasonRow{Reason::platform_not_authorised, "platform_not_authorised", Retry::eligible,
              "the event platform refused our credentials"},
};
constexpr const ReasonRow& row_of(Reason reason) {
    return reason_table[static_cast<std::size_t>(reason)];
}

/// Nobody answered, or we were refused: no fault of the event.
constexpr bool is_unavailable(Reason reason) {
    return reason == Reason::registry_unavailable || reason == Reason::registry_not_authorised ||
           reason == Reason::platform_unavailable || reason == Reason::platform_not_authorised;
}

namespace detail {
constexpr bool decoder_rows_match_enums() {
    for (std::size_t at = 0; at < reason_table.size(); ++at) {
        if (reason_table[at].reason != static_cast<Reason>(at)) {
            return false;
        }
    }
    for (std::size_t at = 0; at < queue_table.size(); ++at) {
        if (queue_table[at].queue != static_cast<Queue>(at)) {
            return false;
        }
    }
    return reason_table.size() == static_cast<std::size_t>(Reason::platform_not_authorised) + 1 &&
           queue_table.size() == static_cast<std::size_t>(Queue::diagnostic) + 1;
}
}  // namespace detail
static_assert(detail::decoder_rows_match_enums(), "one row per value, in enum order");

struct DeadLetter {
    Queue queue = Queue::dead_letter;
    Reason reason = Reason::payload_corrupt;
    std::string error{};
    std::string schema_id{"null"};  ///< JSON: as the event names it, a subject or an id
    std::string version{"null"};    ///< JSON
    std::string event_type{"unknown"};
    std::string original_event{};  ///< JSON, without line breaks
    std::string raw_schema{};      ///< of a schema that does not parse
    std::string origin{};
    std::string topic{};
    std::string key{};
    PayloadHeaders headers{};
    int attempt = 0;  ///< visits to the retry queue because it could not be decoded
    std::int64_t timestamp_ms = 0;
};

/// The record, without line breaks.
std::string to_text(const DeadLetter& letter);

/// JSON for the bytes of an event: themselves where they are an object of JSON that cannot be
/// taken for one of our own wrappers, else {"payload_base64":…}.
std::string original_event_of(std::string_view bytes);

/// The text as a JSON string; a stray byte becomes U+FFFD.
std::string to_json_string(std::string_view text);

}  // namespace symbolon::client
