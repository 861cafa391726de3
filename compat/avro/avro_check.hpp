// Can data of one Avro schema be read with another? The reference's answer, made sound.
//
// Errors:   check_too_costly
// Threads:  any thread
// Limits:   check_steps_max, check_depth_max, findings_max, findings_bytes_max
// Source:   Avro 1.12 specification, "Schema Resolution"; avro-compat.md, "The check";
//           docs/parity.md, "Avro: unsound verdicts of the reference"
// Tested by tests/unit/compat/avro_check_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

namespace symbolon::compat::avro {

/// Findings when data of `writer` is read with `reader`; empty means readable.
Result<Findings> check_reading(const AvroSchema& reader, const AvroSchema& writer);

}  // namespace symbolon::compat::avro
