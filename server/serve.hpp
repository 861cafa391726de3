// Runs the server: store, registry, routes, listener; until a signal asks to stop.
//
// Example:  serve(options, warnings, stdout);
// Errors:   cannot_start, store_failed: a message that says what to do
// Threads:  the main thread, before any other thread exists
// Source:   docs/operations.md
// Tested by tests/e2e/hostile_http.py
#pragma once

#include "core/result.hpp"
#include "server/options.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace symbolon::server {

/// Prints "listening on http://HOST:PORT" to `out` when requests are answered; returns after the
/// drain.
Status serve(const ServeOptions& options, const std::vector<std::string>& warnings, std::FILE* out);

}  // namespace symbolon::server
