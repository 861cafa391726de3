// Contexts as a base URL: takes "/contexts/{ctx}" off a path and qualifies the names behind it.
//
// Example:  "/contexts/.dev/subjects/s/versions" becomes "/subjects/:.dev:s/versions"
// Errors:   malformed_request for a context name with a colon inside
// Threads:  any thread
// Source:   REST contract 1.8
// Tested by tests/unit/api/rest/context_rewrite_test.cpp
#pragma once

#include "api/rest/http.hpp"
#include "api/rest/request_target.hpp"

#include <string>
#include <string_view>

namespace symbolon::rest {

/// ".ctx" for "ctx", ".ctx", ":.ctx:"; "." for the default context (CTX-P1).
Result<std::string> parse_context_name(std::string_view text);

/// Rewrites `target` in place; other paths stay as they are.
Status rewrite_context_path(Method method, RequestTarget& target);

}  // namespace symbolon::rest
