// A second opinion on Protobuf pairs for tests only: no memory, no cleverness, slow, word for word
// what the contract says. It shares the parser's tree with the engine and nothing else.
//
// Threads:  any thread
// Source:   protobuf-compat.md 4, 5 and 6
// Tested by tests/unit/compat/proto_metamorphic_test.cpp
#pragma once

#include "compat/parsed_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::tests {

struct NaiveProtoDiff {
    std::vector<std::string> differences;  ///< "FIELD_ADDED #/M/1", sorted
    bool compatible = true;
};

/// All that changed from `original` to `update`; nullopt when that took too many steps.
/// REQUIRES: both are Protobuf schemas.
std::optional<NaiveProtoDiff> diff_naively(const compat::ParsedSchema& original,
                                           const compat::ParsedSchema& update,
                                           std::uint64_t steps_max = 20'000);

}  // namespace symbolon::tests
