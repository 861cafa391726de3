// A second opinion on Avro pairs for tests only: no memory, no cleverness, slow, obviously right.
//
// Threads:  any thread
// Source:   Avro 1.12 specification, "Schema Resolution"; avro-compat.md, "The check"
// Tested by tests/unit/compat/avro_check_test.cpp
#pragma once

#include "compat/parsed_schema.hpp"

#include <cstdint>
#include <optional>

namespace symbolon::tests {

/// Whether all data of `writer` can be read with `reader`; nullopt when that took too many steps,
/// or when a reader field's aliases match several writer fields. REQUIRES: both are Avro schemas.
std::optional<bool> is_readable_naively(const compat::ParsedSchema& reader,
                                        const compat::ParsedSchema& writer,
                                        std::uint64_t steps_max = 20'000'000);

}  // namespace symbolon::tests
