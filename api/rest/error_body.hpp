// An Error as the response that the contract asks for.
//
// Example:  to_response(error, default_media_type, {}).body == R"({"error_code":404,…})"
// Threads:  any thread
// Source:   REST contract 1.4 and section 2
// Tested by tests/unit/api/rest/router_test.cpp
#pragma once

#include "api/rest/http.hpp"
#include "api/rest/router.hpp"
#include "core/error.hpp"

#include <string_view>

namespace symbolon::rest {

Response to_response(const Error& error, std::string_view media_type,
                     const RouterSettings& settings);

}  // namespace symbolon::rest
