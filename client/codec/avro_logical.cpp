#include "client/codec/avro_logical.hpp"

#include "client/codec/avro_logical_bytes.hpp"
#include "client/codec/avro_logical_time.hpp"
#include "compat/avro/avro_logical.hpp"
#include "core/guid.hpp"

#include <array>
#include <cstddef>

namespace symbolon::client {

namespace {

using compat::avro::AvroNode;
using compat::avro::LogicalType;

struct LogicalName {
    std::string_view name;
    LogicalKind kind;
};
constexpr std::array logical_names{
    LogicalName{"date", LogicalKind::date},
    LogicalName{"time-millis", LogicalKind::time_millis},
    LogicalName{"time-micros", LogicalKind::time_micros},
    LogicalName{"timestamp-millis", LogicalKind::timestamp_millis},
    LogicalName{"timestamp-micros", LogicalKind::timestamp_micros},
    LogicalName{"timestamp-nanos", LogicalKind::timestamp_nanos},
    LogicalName{"local-timestamp-millis", LogicalKind::local_timestamp_millis},
    LogicalName{"local-timestamp-micros", LogicalKind::local_timestamp_micros},
    LogicalName{"local-timestamp-nanos", LogicalKind::local_timestamp_nanos},
    LogicalName{"duration", LogicalKind::duration},
};

TimeUnit unit_of(LogicalKind kind) {
    switch (kind) {
        case LogicalKind::time_micros:
        case LogicalKind::timestamp_micros:
        case LogicalKind::local_timestamp_micros:
            return TimeUnit::micros;
        case LogicalKind::timestamp_nanos:
        case LogicalKind::local_timestamp_nanos:
            return TimeUnit::nanos;
        default:
            return TimeUnit::millis;
    }
}

bool is_time_of_day(LogicalKind kind) {
    return kind == LogicalKind::time_millis || kind == LogicalKind::time_micros;
}

Zone zone_of(LogicalKind kind) {
    return kind >= LogicalKind::local_timestamp_millis ? Zone::local : Zone::utc;
}

}  // namespace

LogicalKind find_logical_kind(const AvroNode& node) {
    if (node.logical == LogicalType::none) {
        return LogicalKind::none;
    }
    if (node.logical == LogicalType::decimal) {
        return LogicalKind::decimal;
    }
    const compat::JsonNode* name = compat::avro::find_property(node.properties, "logicalType");
    if (name == nullptr) {
        return LogicalKind::none;
    }
    if (name->text == "uuid") {
        return node.kind == AvroKind::fixed ? LogicalKind::uuid_fixed : LogicalKind::none;
    }
    for (const LogicalName& row : logical_names) {
        if (row.name == name->text) {
            return row.kind;
        }
    }
    return LogicalKind::none;
}

bool append_logical(std::string& out, const AvroNode& node, AvroView value) {
    const LogicalKind kind = find_logical_kind(node);
    if (kind == LogicalKind::none) {
        return false;
    }
    const std::size_t begin = out.size();
    out += '"';
    if (kind == LogicalKind::decimal) {
        append_decimal(out, value.text(), compat::avro::decimal_digits(node).scale);
    } else if (kind == LogicalKind::uuid_fixed) {
        out += to_guid(value.text());
    } else if (kind == LogicalKind::duration) {
        append_duration(out, value.text());
    } else if (kind == LogicalKind::date) {
        append_date(out, value.as_integer());
    } else if (!is_time_of_day(kind)) {
        append_time_stamp(out, value.as_integer(), unit_of(kind), zone_of(kind));
    } else if (!append_time_of_day(out, value.as_integer(), unit_of(kind))) {
        out.resize(begin);
        return false;
    }
    out += '"';
    return true;
}

LogicalReading<std::int64_t> read_logical_integer(LogicalKind kind, std::string_view text) {
    LogicalReading<std::int64_t> reading;
    std::int64_t number = 0;
    if (kind == LogicalKind::date) {
        reading.problem = parse_date(text, number);
        if (reading.problem.empty() && (number < INT32_MIN || number > INT32_MAX)) {
            reading.problem = "is further from 1970 than 32 bits of days reach";
        }
    } else if (is_time_of_day(kind)) {
        reading.problem = parse_time_of_day(text, unit_of(kind), number);
    } else {
        reading.problem = parse_time_stamp(text, unit_of(kind), zone_of(kind), number);
    }
    if (reading.problem.empty()) {
        reading.value = number;
    }
    return reading;
}

LogicalReading<std::string> read_logical_bytes(const AvroNode& node, std::string_view text) {
    LogicalReading<std::string> reading;
    std::string bytes;
    switch (find_logical_kind(node)) {
        case LogicalKind::uuid_fixed:
            reading.problem = parse_uuid(text, bytes);
            break;
        case LogicalKind::duration:
            reading.problem = parse_duration(text, bytes);
            break;
        default: {
            std::optional<std::size_t> size;
            if (node.kind == AvroKind::fixed) {
                size = static_cast<std::size_t>(node.definition->size);
            }
            reading.problem =
                parse_decimal_bytes(text, compat::avro::decimal_digits(node), size, bytes);
        }
    }
    if (reading.problem.empty()) {
        reading.value = std::move(bytes);
    }
    return reading;
}

}  // namespace symbolon::client
