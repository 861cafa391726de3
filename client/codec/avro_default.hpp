// The value that a field of the reader has when the writer did not write it.
//
// A union's default belongs to the first branch of its JSON type, and what a record's default
// leaves out is filled with the fields' own.
//
// Example:  SYMBOLON_CHECK(append_default(field, value));
// Errors:   invalid_schema when the default does not fit its type, check_too_costly
// Threads:  any thread
// Limits:   default_cells_max, datum_depth_max
// Source:   Avro 1.12 specification, "Complex Types", "Records"
// Tested by tests/unit/client/codec/avro_decode_test.cpp
#pragma once

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

namespace symbolon::client {

/// Appends the default of `field` to `out`, which keeps copies of its texts.
/// REQUIRES: it has one.
Status append_default(const compat::avro::AvroField& field, AvroValue& out);

}  // namespace symbolon::client
