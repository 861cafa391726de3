// A decoded value in Avro's JSON encoding, for tests: simple, and apart from the real writer.
//
// Example:  EXPECT_EQ(to_avro_json(plan->schema(), value.root()), R"({"price":1})"_json);
// Threads:  any thread
// Tested by tests/unit/client/codec/avro_evolution_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/json.hpp"

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

namespace symbolon::tests {

/// One character U+0000 to U+00FF for each byte.
inline std::string to_latin1_text(std::string_view bytes) {
    std::string text;
    for (const char sign : bytes) {
        const auto byte = static_cast<unsigned char>(sign);
        if (byte < 0x80) {
            text += sign;
        } else {
            text += static_cast<char>(0xC0 | byte >> 6);
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

inline Json to_avro_json(double real) {
    if (std::isnan(real)) {
        return "NaN";
    }
    if (std::isinf(real)) {
        return real > 0 ? "Infinity" : "-Infinity";
    }
    return real;
}

inline std::string branch_key(const compat::avro::AvroNode& branch) {
    return branch.definition != nullptr ? to_string(branch.definition->name)
                                        : std::string(to_string(branch.kind));
}

inline Json to_avro_json(const compat::avro::AvroNode& type, client::AvroView value) {
    using compat::avro::AvroKind;
    if (value.kind() != type.kind) {
        std::abort();
    }
    switch (type.kind) {
        case AvroKind::null:
            return nullptr;
        case AvroKind::boolean:
            return value.as_boolean();
        case AvroKind::int32:
        case AvroKind::int64:
            return value.as_integer();
        case AvroKind::float32:
        case AvroKind::float64:
            return to_avro_json(value.as_real());
        case AvroKind::string:
            return std::string(value.text());
        case AvroKind::bytes:
        case AvroKind::fixed:
            return to_latin1_text(value.text());
        case AvroKind::enumeration:
            return std::string(type.definition->symbols[value.index()]);
        case AvroKind::union_of: {
            const auto& branch = *type.branches[value.index()];
            const Json inner = to_avro_json(branch, value.first());
            return branch.kind == AvroKind::null ? inner : Json{{branch_key(branch), inner}};
        }
        case AvroKind::record: {
            Json record = Json::object();
            client::AvroView part = value.first();
            for (const auto& field : type.definition->fields) {
                record[std::string(field.name)] = to_avro_json(*field.type, part);
                part = part.next();
            }
            return record;
        }
        default: {
            Json items = type.kind == AvroKind::array ? Json::array() : Json::object();
            client::AvroView part = value.first();
            for (std::uint32_t at = 0; at < value.count(); ++at) {
                if (type.kind == AvroKind::array) {
                    items.push_back(to_avro_json(*type.item, part));
                } else {
                    const std::string key(part.text());
                    part = part.next();
                    items[key] = to_avro_json(*type.item, part);
                }
                part = part.next();
            }
            return items;
        }
    }
}

/// The bytes that hexadecimal digits stand for.
inline std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        bytes += static_cast<char>(std::stoi(std::string(digits.substr(at, 2)), nullptr, 16));
    }
    return bytes;
}

}  // namespace symbolon::tests
