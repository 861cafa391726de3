#include "compat/avro/avro_logical.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace symbolon::compat::avro {

namespace {

struct LogicalRow {
    std::string_view name;
    AvroKind kind;
    std::int32_t size;  ///< of fixed, 0 for any
};

constexpr std::array logical_rows{
    LogicalRow{"date", AvroKind::int32, 0},
    LogicalRow{"time-millis", AvroKind::int32, 0},
    LogicalRow{"time-micros", AvroKind::int64, 0},
    LogicalRow{"timestamp-millis", AvroKind::int64, 0},
    LogicalRow{"timestamp-micros", AvroKind::int64, 0},
    LogicalRow{"timestamp-nanos", AvroKind::int64, 0},
    LogicalRow{"local-timestamp-millis", AvroKind::int64, 0},
    LogicalRow{"local-timestamp-micros", AvroKind::int64, 0},
    LogicalRow{"local-timestamp-nanos", AvroKind::int64, 0},
    LogicalRow{"uuid", AvroKind::string, 0},
    LogicalRow{"uuid", AvroKind::fixed, 16},
    LogicalRow{"duration", AvroKind::fixed, 12},
    LogicalRow{"big-decimal", AvroKind::bytes, 0},
};

std::optional<std::int32_t> int_property(const AvroNode& node, std::string_view key) {
    const JsonNode* property = find_property(node.properties, key);
    if (property == nullptr || property->kind != JsonKind::int32) {
        return std::nullopt;
    }
    return static_cast<std::int32_t>(property->integer);
}

bool is_decimal(const AvroNode& node) {
    if (node.kind != AvroKind::bytes && node.kind != AvroKind::fixed) {
        return false;
    }
    const auto precision = int_property(node, "precision");
    const bool has_scale = find_property(node.properties, "scale") != nullptr;
    const auto scale = has_scale ? int_property(node, "scale") : std::optional<std::int32_t>{0};
    if (!precision || !scale || *precision <= 0 || *scale < 0 || *scale > *precision) {
        return false;
    }
    // Digits that fit into the bits of a fixed, one of which is the sign.
    const double bits = node.kind == AvroKind::fixed ? 8.0 * node.definition->size - 1 : INT32_MAX;
    return node.kind == AvroKind::bytes || *precision <= std::floor(std::log10(2.0) * bits);
}

bool is_record_of_two(const AvroNode& node) {
    return node.kind == AvroKind::record && node.definition->fields.size() == 2;
}

bool is_variant(const AvroNode& node) {
    const auto has_bytes = [&node](std::string_view name) {
        const auto at = find_field(*node.definition, name, 0);
        return at && node.definition->fields[*at].type->kind == AvroKind::bytes;
    };
    return is_record_of_two(node) && has_bytes("metadata") && has_bytes("value");
}

}  // namespace

LogicalType find_logical_type(const AvroNode& node) {
    const JsonNode* name = find_property(node.properties, "logicalType");
    if (name == nullptr || name->kind != JsonKind::string) {
        return LogicalType::none;
    }
    if (name->text == "decimal") {
        return is_decimal(node) ? LogicalType::decimal : LogicalType::none;
    }
    const bool in_table =
        std::any_of(logical_rows.begin(), logical_rows.end(), [&](const LogicalRow& row) {
            return row.name == name->text && row.kind == node.kind &&
                   (row.size == 0 || row.size == node.definition->size);
        });
    const bool is_map =
        name->text == "map" && node.kind == AvroKind::array && is_record_of_two(*node.item);
    const bool is_known = in_table || is_map || (name->text == "variant" && is_variant(node));
    return is_known ? LogicalType::other : LogicalType::none;
}

DecimalDigits decimal_digits(const AvroNode& node) {
    return {int_property(node, "precision").value_or(0), int_property(node, "scale").value_or(0)};
}

}  // namespace symbolon::compat::avro
