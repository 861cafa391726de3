// Days and times of day as ISO 8601 texts, over all that 64 bits hold.
//
// Example:  append_time_stamp(out, 1'772'370'300'250, TimeUnit::millis, Zone::utc)
// Errors:   parse functions answer what is wrong in words, or an empty text
// Units:    days since 1970-01-01; milliseconds, microseconds or nanoseconds as TimeUnit says
// Threads:  any thread
// Source:   ISO 8601 with its expanded years; RFC 3339
// Tested by tests/unit/client/codec/avro_logical_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace symbolon::client {

enum class TimeUnit : std::uint8_t { millis, micros, nanos };
enum class Zone : std::uint8_t { local, utc };

void append_date(std::string& out, std::int64_t days);
/// False, with nothing appended, when a day is not that long.
bool append_time_of_day(std::string& out, std::int64_t time, TimeUnit unit);
void append_time_stamp(std::string& out, std::int64_t time, TimeUnit unit, Zone zone);

std::string parse_date(std::string_view text, std::int64_t& days);
std::string parse_time_of_day(std::string_view text, TimeUnit unit, std::int64_t& time);
std::string parse_time_stamp(std::string_view text, TimeUnit unit, Zone zone, std::int64_t& time);

}  // namespace symbolon::client
