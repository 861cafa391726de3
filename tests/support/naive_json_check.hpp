// A second opinion on pairs of small JSON Schemas for tests only: no memory, no cleverness, slow.
//
// Knows what JsonSchemaMaker makes: draft-07, and as much of 2020-12, without references to other
// texts.
//
// Threads:  any thread
// Source:   json-schema-compat.md 3 and 6 to 9
// Tested by tests/unit/compat/json_properties_test.cpp
#pragma once

#include "compat/parsed_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace symbolon::tests {

/// Whether `update` reads all that `original` writes, as the reference decides it; nullopt when
/// that took too many steps. REQUIRES: both are JSON Schemas of the kind above.
std::optional<bool> json_reads_naively(const std::string& update, const std::string& original,
                                       compat::Policy policy, std::uint64_t steps_max = 200'000);

}  // namespace symbolon::tests
