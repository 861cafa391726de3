// Equality of Avro schemas: the reference's own, and the one that look-ups need.
//
// Threads:  any thread
// Limits:   none: every pair of records is compared once
// Source:   REST contract LOOK-3; avro-compat.md, "Parsing" 1
// Tested by tests/unit/compat/avro_equal_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

namespace symbolon::compat::avro {

/// Equal names, fields, defaults, orders and properties; docs, aliases and enum defaults may
/// differ. A type may be defined twice when its definitions are equal in this sense.
bool equal_definitions(const AvroNode& left, const AvroNode& right);
/// The same with docs, aliases and enum defaults.
bool equal_in_all(const AvroNode& left, const AvroNode& right);

}  // namespace symbolon::compat::avro
