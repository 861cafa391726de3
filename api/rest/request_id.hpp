// The X-Request-ID of a response: the client's own, or a fresh one.
//
// Threads:  any thread
// Source:   REST contract 1.6
// Tested by tests/unit/api/rest/router_test.cpp
#pragma once

#include "api/rest/http.hpp"

#include <string>

namespace symbolon::rest {

/// The client's value when it sent exactly one that is not blank; a fresh one otherwise.
std::string request_id_of(const Request& request);

}  // namespace symbolon::rest
