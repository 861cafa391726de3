// Turns a validated event into a normalised record, as a mapping file says.
//
// The file is JSON or YAML: an object `fields` from output names to rules, kept in this order.
//
//   {"fields": {
//     "interaction_id": {"from": ["/detail/interaction/id"], "required": true},
//     "queue_name":     {"from": ["/detail/interaction/queue/name", "/detail/queueName"]},
//     "attributes":     {"from": ["/detail/interaction/attributes"], "default": {}},
//     "source":         {"value": "genesys"},
//     "processed_at":   {"now": true}}}
//
// from      JSON pointers into the event; the first that leads to a value other than null counts.
//           A single pointer may stand without a list, and be all of the rule.
// required  true: without such a value the event is refused.
// default   what stands there without such a value; null when not said.
// value     a constant.
// now       true: the time of the transformation, RFC 3339 in UTC with milliseconds and Z.
//
// A rule has exactly one of from, value and now.
//
// Example:  SYMBOLON_TRY(auto mapping, Mapping::parse(file_text));
//           SYMBOLON_TRY(auto record, mapping.apply(event, clock.wall_now()));
// Errors:   parse: cannot_start, naming the field
//           apply: malformed_datum, naming field and pointers
// Units:    bytes, counts
// Threads:  immutable; any thread
// Limits:   mapping_bytes_max, mapping_fields_max, mapping_pointers_max, json_depth_max
// Source:   contract of the event clients, section 4.4
// Tested by tests/unit/client/gateway/mapping_test.cpp
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

/// A JSON pointer (RFC 6901), taken apart.
class JsonPointer {
public:
    /// malformed_request for a text that is none.
    static Result<JsonPointer> parse(std::string_view text);
    /// nullptr when it leads nowhere.
    const Json* find(const Json& value) const;
    const std::string& text() const { return text_; }

private:
    std::string text_;
    std::vector<std::string> steps_;
};

/// "2026-03-01T09:30:00.123Z"
std::string to_rfc3339(std::chrono::system_clock::time_point time);

class Mapping {
public:
    static Result<Mapping> parse(std::string_view text);

    /// The record as JSON text, its fields in the file's order.
    Result<std::string> apply(const Json& event, std::chrono::system_clock::time_point now) const;

private:
    enum class Kind { from, constant, now };
    struct Rule {
        std::string field;
        Kind kind = Kind::from;
        bool required = false;
        std::vector<JsonPointer> pointers;
        Json value;  ///< the constant, or the default
    };
    struct Reader;

    std::vector<Rule> rules_;
};

}  // namespace symbolon::client
