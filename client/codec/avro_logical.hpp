// Logical types as people write them: ISO 8601 and decimal texts, both ways.
//
//   decimal                     "-12.50": all digits of the scale; exact
//   date                        "2026-03-01"
//   time-millis, time-micros    "13:05:00.250"
//   timestamp-*                 "2026-03-01T13:05:00.250Z"; any zone is read
//   local-timestamp-*           "2026-03-01T13:05:00.250"
//   uuid (string, fixed)        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
//   duration                    "P2M1DT3.250S"; years, weeks, hours and minutes are read, too
//
// Years beyond 9999 have a sign, "+12026-03-01"; those before year 1 as well, "-0044-03-15". What
// does not fit its logical type (a time of day of 25 hours) has no such text. Decimals of more
// than decimal_bytes_max bytes or decimal_scale_max places are "0x" and their bytes in hexadecimal.
//
// Example:  append_logical(out, schema, value) || append_raw(…)
// Errors:   a text that does not fit is told in words
// Units:    the units of the logical type
// Threads:  any thread
// Limits:   decimal_bytes_max, decimal_scale_max
// Source:   Avro 1.12 specification, "Logical Types"
// Tested by tests/unit/client/codec/avro_logical_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class LogicalKind : std::uint8_t {
    none,  ///< or one without a text of its own
    decimal,
    date,
    time_millis,
    time_micros,
    timestamp_millis,
    timestamp_micros,
    timestamp_nanos,
    local_timestamp_millis,
    local_timestamp_micros,
    local_timestamp_nanos,
    uuid_fixed,
    duration,
};
/// Of a node whose logical type is valid where it stands.
LogicalKind find_logical_kind(const compat::avro::AvroNode& node);
constexpr bool is_whole_number(LogicalKind kind) {
    return kind >= LogicalKind::date && kind <= LogicalKind::local_timestamp_nanos;
}

/// Appends the text in quotation marks. False, with nothing appended, when the value has none.
bool append_logical(std::string& out, const compat::avro::AvroNode& node, AvroView value);

/// What a text comes to, or what is wrong with it: "has no time zone; …".
template <class T>
struct LogicalReading {
    std::optional<T> value{};
    std::string problem{};
};
/// REQUIRES: is_whole_number(kind).
LogicalReading<std::int64_t> read_logical_integer(LogicalKind kind, std::string_view text);
/// The bytes of a decimal, a uuid or a duration. REQUIRES: the node is of one of these kinds.
LogicalReading<std::string> read_logical_bytes(const compat::avro::AvroNode& node,
                                               std::string_view text);

}  // namespace symbolon::client
