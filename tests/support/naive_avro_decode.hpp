// A second opinion on Avro's binary encoding for tests only: it walks both schemas for every value
// and makes JSON at once; slow, obviously right.
//
// Example:  const NaiveReading reading = read_naively(*writer, *reader, bytes);
// Threads:  any thread
// Source:   Avro 1.12 specification, "Binary Encoding" and "Schema Resolution"
// Tested by tests/unit/client/codec/avro_differential_test.cpp
#pragma once

#include "compat/parsed_schema.hpp"
#include "core/json.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace symbolon::tests {

struct NaiveReading {
    std::optional<Json> value{};  ///< in Avro's JSON encoding; nullopt: cannot be read
    std::size_t used = 0;         ///< bytes
    bool gave_up = false;         ///< too many steps, or a choice that depends on itself
};

/// REQUIRES: both are Avro schemas; the reader's aliases name no two fields of one record.
NaiveReading read_naively(const compat::ParsedSchema& writer, const compat::ParsedSchema& reader,
                          std::string_view bytes, std::size_t steps_max = 100'000);

}  // namespace symbolon::tests
