// Judges one event by a schema: JSON Schema validates it, Avro and Protobuf validate by encoding.
//
// Example:  SYMBOLON_TRY(const auto event, validator->check(line));
// Errors:   invalid_schema when it is made; malformed_json, malformed_datum of an event, with the
//           places and what the schema wants there
// Units:    bytes
// Threads:  immutable; any thread
// Limits:   datum_bytes_max, event_reasons_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/event_validator_test.cpp
#pragma once

#include "client/codec/avro_json.hpp"
#include "client/registry_client/schema_source.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

/// Whether a text that is not of its `format` is refused.
enum class EventFormats : std::uint8_t { annotate, assert_them };
/// Whether a top-level property that is absent gets the `default` that its JSON Schema names.
/// Avro's defaults are always filled in: the encoding has no absent fields.
enum class FillDefaults : std::uint8_t { no, yes };

struct ValidEvent {
    std::string text;  ///< on one line, otherwise as it came, with the defaults filled in
    std::optional<std::string> body;  ///< as an Avro or Protobuf schema encodes it
    Json value;
};

class EventValidator {
public:
    /// REQUIRES: schema->parsed is there.
    static Result<std::unique_ptr<EventValidator>> open(RegisteredSchemaPtr schema,
                                                        EventFormats formats, FillDefaults defaults,
                                                        const AvroJsonOptions& json = {});
    ~EventValidator();
    EventValidator(const EventValidator&) = delete;
    EventValidator& operator=(const EventValidator&) = delete;
    EventValidator(EventValidator&&) = delete;
    EventValidator& operator=(EventValidator&&) = delete;

    Result<ValidEvent> check(std::string_view text) const;

private:
    struct Parts;
    explicit EventValidator(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// JSON without blanks between its tokens; numbers and strings as written. REQUIRES: it is JSON.
std::string to_one_line(std::string_view json_text);

}  // namespace symbolon::client
