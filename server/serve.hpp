// Runs the server: store, registry, routes, listener; until a signal asks to stop.
//
// Example:  serve(options, warnings);
// Errors:   cannot_start, store_failed: a message that says what to do
// Threads:  the main thread, before any other thread exists
// Source:   docs/operations.md
// Tested by tests/e2e/hostile_http.py
#pragma once

#include "core/result.hpp"
#include "server/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon::server {

/// Tells its address when requests are answered; returns after the drain.
Status serve(const ServeOptions& options, const std::vector<std::string>& warnings);

/// Prints "listening on http://HOST:PORT" for whoever started the program.
void tell_address(std::string_view url);

}  // namespace symbolon::server
