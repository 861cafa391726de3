// A store whose records hold the values of sensitive metadata encrypted; above it they are clear.
//
// A record with sealed values names the key beside them: `"metadataKey":"<id>"`, in the header of a
// schema's record or in the value of a config's. Without a secret, values are stored in clear, and
// what was sealed cannot be read.
//
// Example:  SYMBOLON_TRY(auto store, seal_store(std::move(opened), {"the secret", ""}));
// Errors:   cannot_start (a wrong secret, or none where one is needed), store_failed
// Threads:  any thread
// Source:   REST contract DC-1; docs/decisions/0015-sensitive-metadata.md
// Tested by tests/unit/api/sealed_store_test.cpp
#pragma once

#include "core/result.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string>

namespace symbolon {

struct MetadataSecrets {
    std::string secret;  ///< values are sealed under it; empty: not sealed
    std::string old;     ///< opens what was sealed earlier; empty: none
};

/// With an old secret, what is not sealed under the new one yet is written again before the answer.
Result<std::shared_ptr<storage::Store>> seal_store(std::shared_ptr<storage::Store> store,
                                                   const MetadataSecrets& secrets);

}  // namespace symbolon
