// Deletes for good what retention no longer asks for, or lists it.
//
// Example:  SYMBOLON_CHECK(prune("sqlite:symbolon.db", PruneDepth::list, stdout));
// Errors:   cannot_start, store_failed
// Threads:  one at a time
// Limits:   prune_versions_max a commit
// Source:   docs/operations.md
// Tested by tests/e2e/process.py
#pragma once

#include "core/result.hpp"

#include <cstdio>
#include <string_view>

namespace symbolon::server {

/// List: beside a running server too. Remove: takes the store's lock, so the server must be
/// stopped.
enum class PruneDepth { list, remove };

/// Prints one line a version to `out`, its fields separated by tabs, and the count to standard
/// error.
Status prune(std::string_view store_url, PruneDepth depth, std::FILE* out);

}  // namespace symbolon::server
