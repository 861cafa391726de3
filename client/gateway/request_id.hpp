// The id by which a request is told in answers, records and logs.
//
// Example:  make_request_id() == "0b0e7a3c-5d0a-4c11-9a6e-2f4f0f1f9d52"
// Threads:  any thread
// Source:   RFC 9562, section 5.4
// Tested by tests/unit/client/gateway/gateway_test.cpp
#pragma once

#include <string>

namespace symbolon::client {

/// A random UUID of version 4. It need not be hard to guess.
std::string make_request_id();

}  // namespace symbolon::client
