// A registry as the baseline of a gate: subjects with their versions, what those refer to, and the
// settings that decide. One run is one picture: what was read is not asked for again.
//
// Once the registry could not be reached, everything after it fails at once with the same words.
//
// Example:  auto baseline = make_registry_baseline(*connection->admin,
//                                                  {.name = "http://localhost:8081"});
// Errors:   those of RegistryAdmin; invalid_schema: a version, or what it refers to, is beyond the
//           bounds; check_too_costly: a subject has more versions than are compared
// Threads:  any thread
// Limits:   references_max, reference_depth_max, reference_bytes_max, schema_cache_bytes_max
// Source:   docs/gate.md; REST contract 1.9 and 4.15
// Tested by tests/unit/gate/baseline/registry_baseline_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "gate/model/baseline.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace symbolon::gate {

struct RegistryBaselineOptions {
    std::string name{};  ///< a URL without credentials, a file
    /// Whether the registry is asked for its own verdict; not where it is this same program.
    enum class Server : std::uint8_t { asked, silent };
    Server server = Server::asked;
};

/// `admin` outlives it.
std::unique_ptr<Baseline> make_registry_baseline(client::RegistryAdmin& admin,
                                                 RegistryBaselineOptions options);

}  // namespace symbolon::gate
