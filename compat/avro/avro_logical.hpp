// Which logical types the reference recognises: only those change where a property is printed.
//
// Threads:  any thread
// Source:   Avro 1.12 specification, "Logical Types"; avro-compat.md, "Texts" 2 and 3
// Tested by tests/unit/compat/avro_parse_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

namespace symbolon::compat::avro {

/// REQUIRES: all of the node but its logical type is set; names inside may still be unresolved.
LogicalType find_logical_type(const AvroNode& node);

struct DecimalDigits {
    std::int32_t precision;
    std::int32_t scale;
};
/// REQUIRES: node.logical == LogicalType::decimal.
DecimalDigits decimal_digits(const AvroNode& node);

}  // namespace symbolon::compat::avro
