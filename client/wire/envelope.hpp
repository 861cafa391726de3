// EventBridge's envelope: JSON around an event whose data are bytes of a registered schema.
//
// Example:  SYMBOLON_TRY(const Envelope envelope, parse_envelope(line));
// Errors:   malformed_json; malformed_datum, with PayloadFault::missing_metadata and the name of
//           the field where one is missing or of another type
// Units:    bytes
// Threads:  any thread
// Limits:   json_depth_max
// Source:   docs/clients.md
// Tested by tests/unit/client/wire/envelope_test.cpp
#pragma once

#include "core/ids.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>

namespace symbolon::client {

struct Envelope {
    std::string subject;  ///< detail.schema_id
    Version version;      ///< detail.schema_version, a number or numeric text
    std::string event_type = "unknown";
    std::string payload;  ///< what detail.avro_payload stands for: a container file or a bare body
};

Result<Envelope> parse_envelope(std::string_view text);
/// The least that is one; what else EventBridge puts around it is not needed to read it.
std::string to_text(const Envelope& envelope);

/// What an envelope says of itself, as far as it can be read: for the record of one that is bad.
struct EnvelopeClaims {
    std::string subject{};     ///< empty: not told
    std::string version{};     ///< as written
    std::string event_type{};  ///< empty: not told
};
EnvelopeClaims find_envelope_claims(std::string_view text);

}  // namespace symbolon::client
